// What Belay decided, and above all what it decided not to do, and why.
import { get } from "./api.js";
import { Asked } from "./live.js";
import { to } from "./route.js";
import { View, empty, html, nothing, pill, waiting } from "./view.js";

const PAGE = 50;
/** Of what is seldom, so many pages that hold none are turned at once. */
const TURNED_AT_MOST = 10;
const KINDS = [["", "All"], ["true", "To act"], ["false", "Not to act"]];

class DecisionsView extends View {
  static properties = { service: {}, act: {}, older: { state: true }, next: { state: true }, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.older = [];
    // Counted up where other decisions are asked for: what was under way is then of no use.
    this.turn = 0;
    // Whether "Older" was pressed: from then on the newest page does not say where to go on.
    this.begun = false;
    this.asked = new Asked(this, async () => {
      const answer = await this.page();
      if (!this.begun) this.next = answer.next;
      return answer.decisions;
    });
  }

  page(before) {
    return get("/api/v1/decisions", { service: this.service, act: this.act, limit: PAGE, before });
  }

  willUpdate(changed) {
    if (this.hasUpdated && (changed.has("service") || changed.has("act"))) {
      this.turn++;
      this.begun = false;
      this.busy = false;
      this.older = [];
      this.problem = undefined;
      this.asked.now();
    }
  }

  async more() {
    const turn = this.turn;
    this.begun = true;
    this.busy = true;
    try {
      let answer;
      let turned = 0;
      do {
        answer = await this.page(this.next);
        if (turn !== this.turn || !this.isConnected) return;
        this.next = answer.next;
      } while (answer.decisions.length === 0 && answer.next && ++turned < TURNED_AT_MOST);
      this.older = [...this.older, ...answer.decisions];
      this.problem = undefined;
    } catch (error) {
      if (turn === this.turn) this.problem = error.message;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  render() {
    return html`
      <h1>Decisions</h1>
      <p class="lead">Every decision, to act or not to, with its reason and what it rests on.</p>
      ${this.service ? html`<p class="soft">Of <strong class="foreign">${this.service}</strong>: <a href=${to("releases", "", { service: this.service })}>its releases and deployment log</a>.</p>` : nothing}
      <div class="head filters">
        <div class="choices" role="group" aria-label="Which decisions">
          ${KINDS.map(
            ([act, words]) =>
              html`<a href=${to("decisions", "", this.params(act))} aria-current=${this.act === act ? "true" : nothing}>${words}</a>`,
          )}
        </div>
        <form @submit=${this.narrow}>
          <input type="search" name="service" .value=${this.service} placeholder="Service, by its whole name" aria-label="Only of this service" autocomplete="off" />
          <button type="submit">Show</button>
        </form>
      </div>
      ${this.asked.value ? this.list() : waiting(this.asked)}
    `;
  }

  params(act, service = this.service) {
    return { ...(service ? { service } : {}), ...(act ? { act } : {}) };
  }

  narrow(event) {
    event.preventDefault();
    location.hash = to("decisions", "", this.params(this.act, event.target.elements.service.value.trim()));
  }

  list() {
    // News moves what is newest; what was asked before it stays where it was.
    const seen = new Set();
    const all = [...this.asked.value, ...this.older].filter((decision) => {
      const key = `${decision.at} ${decision.subject} ${decision.reason.label} ${decision.remediation} ${decision.service}`;
      return !seen.has(key) && seen.add(key);
    });
    if (all.length === 0 && !this.next) {
      return empty("No decision of this kind is known.", "Belay decides whenever an alert, a release or a reading gives it reason to. Most decisions are not to act: no release is to blame, the rules only observe, or something is not known.");
    }
    return html`${all.length === 0 ? html`<p class="soft">None of the newest is of this kind.</p>` : nothing}
      <ol class="events plain">
        ${all.map(
          (decision) => html`<li>
            <p class="event-head">
              <time-ago at=${decision.at}></time-ago>
              ${decision.act ? pill("warn", "▶", "Acting") : pill("calm", "–", "Not acting")}
              ${decision.service ? html`<a class="foreign" href=${to("decisions", "", this.params(this.act, decision.service))}>${decision.service}</a>` : nothing}
              ${decision.remediation ? html`<span class="soft foreign">${decision.remediation}</span>` : nothing}
              ${/-\d+$/.test(decision.subject) ? html`<a class="soft foreign" href=${to("incidents", decision.subject)}>${decision.subject}</a>` : html`<span class="soft foreign">${decision.subject}</span>`}
            </p>
            <p>${decision.reason.sentence}</p>
            ${evidence(decision.evidence)}
          </li>`,
        )}
      </ol>
      ${this.problem ? html`<p class="trouble" role="alert">${this.problem}</p>` : nothing}
      ${this.next ? html`<p class="soft">There may be more before <time-ago at=${this.next}></time-ago>.</p>
            <button type="button" ?disabled=${this.busy} @click=${this.more}>Older</button>` : html`<p class="soft">There is nothing older.</p>`}`;
  }
}

/** What was seen, as a list of names and values. */
export function evidence(pieces) {
  return pieces?.length > 0
    ? html`<dl class="evidence">${pieces.map((piece) => html`<div><dt>${piece.what}</dt><dd class="foreign">${piece.value}</dd></div>`)}</dl>`
    : nothing;
}
customElements.define("decisions-view", DecisionsView);
