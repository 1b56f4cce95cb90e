// An incident's story: what was wrong, what was decided and why, what was done, and what became of it.
import { get } from "./api.js";
import { answers, inHand, standing, underWay } from "./card.js";
import { change } from "./change.js";
import { isAround } from "./chart.js";
import { evidence } from "./decisions.js";
import { Asked } from "./live.js";
import { deploymentLog } from "./releases.js";
import { to } from "./route.js";
import { View, empty, html, nothing, waiting } from "./view.js";

const SIGNS = {
  alert_fired: ["bad", "!", "Alert"],
  alert_ended: ["good", "✓", "Alert"],
  trigger_moved: ["warn", "∿", "Trigger"],
  release_recorded: ["calm", "⇧", "Release"],
  release_joined: ["calm", "⇧", "Release"],
  revision_ran: ["calm", "⇧", "Rollout"],
  revision_judged: ["calm", "≡", "Verdict"],
  incident_opened: ["bad", "!", "Opened"],
  incident_closed: ["good", "■", "Over"],
  decided: ["calm", "≡", "Decision"],
  run_moved: ["warn", "◔", "Plan"],
  run_ended: ["calm", "■", "Ended"],
  permit_answered: ["warn", "≡", "Leave"],
  action_intended: ["warn", "▶", "Action"],
  action_ended: ["calm", "▶", "Action"],
  lease_moved: ["calm", "◷", "Lease"],
  lease_ended: ["calm", "◷", "Lease"],
  person_approved: ["good", "☺", "Person"],
  person_vetoed: ["bad", "☺", "Person"],
  incident_snoozed: ["calm", "☺", "Person"],
  snooze_ended: ["calm", "☺", "Person"],
  person_acknowledged: ["calm", "☺", "Person"],
  page_escalated: ["bad", "!", "Called"],
  held: ["warn", "❚❚", "Hold"],
  hold_released: ["calm", "▶", "Hold"],
  reload_accepted: ["calm", "↻", "Reload"],
  reload_refused: ["warn", "↻", "Reload"],
  brake_engaged: ["warn", "▲", "Storm"],
  brake_released: ["calm", "▲", "Storm"],
  input_moved: ["warn", "?", "Input"],
};

class IncidentView extends View {
  static properties = { incident: {} };

  constructor() {
    super();
    this.asked = new Asked(
      this,
      async () => {
        const story = await get(`/api/v1/incidents/${encodeURIComponent(this.incident)}`);
        const readings = await get(`/api/v1/services/${encodeURIComponent(story.incident.service)}/readings`);
        return { ...story, charts: together(story.charts, readings.triggers, story.incident) };
      },
      (news) => !this.asked.value || concerns(news, this.asked.value.incident.service),
    );
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has("incident")) {
      this.asked.value = undefined;
      this.asked.now();
    }
  }

  render() {
    const story = this.asked.value;
    if (!story) {
      return html`<h1 class="foreign">${this.incident}</h1>
        ${waiting(this.asked)} ${this.asked.error ? html`<p><a href=${to("now")}>Go to what is going on now</a></p>` : nothing}`;
    }
    const incident = story.incident;
    const marks = this.marks(story);
    return html`
      <p class="crumb"><a href=${to("now")}>Now</a> / <span class="foreign">${incident.id}</span></p>
      <div class="head">
        <h1 class="foreign">${incident.service}</h1>
        ${standing(incident)}
      </div>
      <p class="lead foreign">${incident.cause}</p>
      <p class="soft">
        Opened <time-ago at=${incident.openedAt}></time-ago>${incident.closedAt ? html`, over <time-ago at=${incident.closedAt}></time-ago>` : nothing}
        · <a href=${to("releases", "", { service: incident.service })}>its releases</a>
        · <a href=${to("decisions", "", { service: incident.service })}>its decisions</a>
        · <a href=${`/api/v1/incidents/${encodeURIComponent(incident.id)}/report`} download=${`${incident.id}.md`}>its post-mortem</a>
        · ${deploymentLog(incident.service, 30, "its service's deployment log")}
      </p>
      ${this.asked.error ? waiting(this.asked) : nothing}
      ${incident.outcome ? html`<div class="notice calm"><span class="sign" aria-hidden="true">■</span><div><strong>How it ended:</strong> ${incident.outcome.sentence}</div></div>` : nothing}
      ${incident.state === "open"
        ? html`<section class="card" aria-label="What is under way">
            ${incident.run ? nothing : html`<p>Nothing is under way.</p>`} ${inHand(incident)} ${underWay(incident)} ${answers(incident)}
            ${incident.run?.votes.length > 0 ? html`<h3>Why that release is blamed</h3>${evidence(incident.run.votes)}` : nothing}
          </section>`
        : nothing}
      ${this.changes(story)}
      <section aria-labelledby="signal">
        <h2 id="signal">The signal</h2>
        ${story.charts.length === 0
          ? empty("There is no chart.", "No trigger of this service was read around that time. What was concluded from alerts is in the story below.")
          : story.charts.map(
              (trigger) => html`<signal-chart .trigger=${trigger} .marks=${marks} .since=${incident.openedAt} .until=${incident.closedAt}></signal-chart>`,
            )}
      </section>
      <section aria-labelledby="story">
        <h2 id="story">The story</h2>
        <ol class="events">${story.timeline.map((event) => this.event(event))}</ol>
        ${story.timelineLeftOut > 0 ? html`<p class="soft">${story.timelineLeftOut} events in the middle are left out; belay explain ${incident.id} tells them all.</p>` : nothing}
      </section>
    `;
  }

  /** What was set out on, each with what became of it. */
  changes(story) {
    const done = story.timeline.filter((event) => event.kind === "action_intended");
    return done.length === 0
      ? nothing
      : html`<section aria-labelledby="changes">
          <h2 id="changes">What was done</h2>
          ${done.map(
            (event) => html`<div class="card">
              <p class="soft"><time-ago at=${event.at}></time-ago></p>
              <p><strong>Outcome:</strong> <span class="foreign">${event.outcome}</span></p>
              ${change(event.plan)}
            </div>`,
          )}
        </section>`;
  }

  /** What is marked on the chart. */
  marks(story) {
    const marks = [];
    for (const event of story.timeline) {
      // What is said of a release later has no such word.
      if (event.kind === "release_recorded" && / began /.test(event.sentence)) marks.push({ at: event.at, letter: "R", words: event.sentence });
      if (event.kind === "alert_fired") marks.push({ at: event.at, letter: "A", words: event.sentence });
      if (event.kind === "trigger_moved" && / fires\.$/.test(event.sentence)) marks.push({ at: event.at, letter: "T", words: event.sentence });
      if (event.kind === "action_intended") marks.push({ at: event.at, letter: "D", words: event.sentence });
      if (event.phase === "verifying") marks.push({ at: event.at, letter: "V", words: event.sentence });
      if (event.kind === "incident_closed") marks.push({ at: event.at, letter: "E", words: event.sentence });
    }
    return marks;
  }

  event(event) {
    const [tone, sign, word] = SIGNS[event.kind] ?? ["calm", "•", event.kind.replaceAll("_", " ")];
    if (!event.sentence) {
      return nothing;
    }
    return html`<li class=${tone}>
      <p class="event-head"><span class="sign" aria-hidden="true">${sign}</span><strong>${word}</strong> <time-ago class="soft" at=${event.at}></time-ago></p>
      <p class="foreign">${event.reason && event.kind === "decided" ? event.sentence.replace(/ \[[^]*\]$/, "") : event.sentence}</p>
      ${evidence(event.evidence)}
      ${event.plan && event.kind === "action_intended" ? html`<details><summary>Before and after</summary>${change(event.plan)}</details>` : nothing}
    </li>`;
  }
}
/** Of a fact so many services are named at most. */
const NAMED_AT_MOST = 20;

/** Whether news is of the service, or may be: of all, or of more than are named. An alert's end names none, and is waited for. */
function concerns(news, service) {
  return (
    news.more > 0 ||
    news.facts.some(({ kind, services }) =>
      services.length === 0 ? kind !== "alert_ended" : services.length >= NAMED_AT_MOST || services.includes(service),
    )
  );
}

/** What was written down of each trigger, and what was read of it since; of others, what was read around the incident. */
function together(written, read, incident) {
  const charts = new Map(written.map((chart) => [chart.name, chart]));
  for (const chart of read) {
    const before = charts.get(chart.name);
    if (before) {
      charts.set(chart.name, joined(before, chart));
    } else if (chart.at.some((at) => isAround(at, incident.openedAt, incident.closedAt))) {
      charts.set(chart.name, chart);
    }
  }
  return [...charts.values()];
}

function joined(written, read) {
  const points = new Map(read.at.map((at, i) => [at, read.values[i]]));
  written.at.forEach((at, i) => points.set(at, written.values[i]));
  const at = [...points.keys()].sort((one, other) => one - other);
  return { ...written, at, values: at.map((moment) => points.get(moment)) };
}
customElements.define("incident-view", IncidentView);
