// The rules in force, where they come from, and how each fared.
import { get, send } from "./api.js";
import { Asked } from "./live.js";
import { say } from "./say.js";
import { View, empty, html, nothing, waiting } from "./view.js";
import { may } from "./who.js";

const SHOWN = 50;

class RulesView extends View {
  static properties = { query: { state: true }, shown: { state: true } };

  constructor() {
    super();
    this.query = "";
    this.shown = SHOWN;
    this.asked = new Asked(this, async () => {
      const source = await get("/api/v1/rules/source");
      // Rules change by a reload only, and may be large: they are asked for once.
      if (this.digest !== source.digest) {
        this.rules = await get("/api/v1/rules");
        this.digest = source.digest;
      }
      const { since, records } = await get("/api/v1/records");
      return { since, source, records: this.byRemediation(records) };
    });
  }

  /** The record of each remediation by service; fleets' services count under their own names. */
  byRemediation(records) {
    return new Map(records.map((record) => [`${record.service}\n${record.remediation}`, record]));
  }

  render() {
    return html`
      <h1>Rules</h1>
      <p class="lead">What people wrote, in the words in which Belay understood it, and how often each remediation called for something, acted, and was right.</p>
      ${this.asked.value ? this.all() : waiting(this.asked)}
    `;
  }

  all() {
    const { services, fleets, environments, alertRules } = this.rules;
    const folded = this.query.toLowerCase();
    const found = services.filter((rule) => rule.name.toLowerCase().includes(folded));
    return html`
      ${this.source()}
      ${services.length + fleets.length === 0
        ? empty("No rules are in force.", "Belay only observes. Write a file for a service into the folder of the rules, check it with belay check, and start Belay again.")
        : nothing}
      ${services.length > 8
        ? html`<input type="search" placeholder="Find by name" aria-label="Find rules by name" @input=${(event) => { this.query = event.target.value.trim(); this.shown = SHOWN; }} />`
        : nothing}
      ${fleets.map((fleet) => this.rule(fleet.pattern, `Fleet ${fleet.name}`, fleet.workloads))}
      ${found.slice(0, this.shown).map((rule) => this.rule(rule, rule.name, rule.workload))}
      ${found.length > this.shown ? html`<button type="button" @click=${() => (this.shown += SHOWN)}>Show more of ${found.length}</button>` : nothing}
      ${environments.length > 0
        ? html`<h2>Environments</h2>
            <ul class="rows">${environments.map((each) => html`<li><strong class="foreign">${each.name}</strong><span class="grow soft foreign">${[each.cluster, each.namespace].filter(Boolean).join(" / ")}</span><span>at most ${each.mode}</span></li>`)}</ul>`
        : nothing}
      ${alertRules.length > 0
        ? html`<h2>Alerts</h2>
            <ul class="rows">${alertRules.map((each) => html`<li><strong class="foreign">${each.alert}</strong><code class="grow foreign">${each.expr}</code><span class="soft">for ${each.hold}</span></li>`)}</ul>`
        : nothing}
    `;
  }

  /** Which text is in force, since when, and why a later one is not. */
  source() {
    const { digest, readAt, trouble, reloads } = this.asked.value.source;
    return html`<div class="notice ${trouble ? "warn" : "calm"}">
      <span class="sign" aria-hidden="true">${trouble ? "!" : "≡"}</span>
      <div>
        <strong>In force: rules ${digest},</strong> read <time-ago at=${readAt}></time-ago>.
        ${trouble ? html`What was read last is not in force: <span class="foreign">${trouble}</span>` : nothing}
      </div>
      ${reloads && may("admin") ? html`<button type="button" @click=${() => this.reload()}>Read them anew</button>` : nothing}
    </div>`;
  }

  async reload() {
    try {
      say((await send("POST", "/-/reload", {})).said, "good");
    } catch (failure) {
      say(failure.message, "bad");
    }
    this.asked.now();
  }

  rule(rule, title, workload) {
    return html`<article class="card rule">
      <header><h2 class="foreign">${title}</h2></header>
      <dl class="facts">
        ${fact("Workload", workload)} ${fact("Alerts that match", rule.match.join(", "))} ${fact("Triggers", rule.triggers.join("; "))}
        ${fact("Cooldown", rule.cooldown)} ${fact("Actions an hour", rule.actionsPerHour)}
      </dl>
      ${rule.remediations.length === 0 ? html`<p class="soft">It only follows alerts and releases.</p>` : nothing}
      ${rule.remediations.map((remediation) => this.remediation(rule.name, remediation))}
    </article>`;
  }

  remediation(service, remediation) {
    const record = this.asked.value.records.get(`${service}\n${remediation.name}`);
    return html`<section class="remediation">
      <h3><span class="foreign">${remediation.name}</span> <span class="soft">mode ${remediation.mode}${remediation.blame ? `, blames a release of the last ${remediation.blame}` : ""}</span></h3>
      <p class="soft foreign">When: ${remediation.when.join(" or ")}</p>
      <ol>${remediation.ladder.map((step) => html`<li class="foreign">${step.words}<span class="soft">${step.lease ? `, for ${step.lease}` : ""}${step.verify ? `, watched for ${step.verify}` : ""}</span></li>`)}</ol>
      ${record
        ? html`<dl class="record">
            ${number("called for", record.began)}${number("acted", record.acted)}${number("right", record.right, record.right > 0 ? "good" : "")}${number("wrong", record.wrong, record.wrong > 0 ? "bad" : "")}${number("vetoed", record.vetoed)}${number("refused", record.refused)}
          </dl>`
        : html`<p class="soft">It called for nothing in the last month.</p>`}
    </section>`;
  }
}

function fact(name, value) {
  return value === undefined || value === "" ? nothing : html`<div><dt>${name}</dt><dd class="foreign">${value}</dd></div>`;
}

function number(name, value, tone = "") {
  return html`<div class=${tone}><dt>${name}</dt><dd>${value}</dd></div>`;
}
customElements.define("rules-view", RulesView);
