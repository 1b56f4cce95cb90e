// What people did: who approved, objected, held, released and had rules read anew.
import { get } from "./api.js";
import { Asked } from "./live.js";
import { to } from "./route.js";
import { View, empty, html, nothing, pill, waiting } from "./view.js";

const DID = {
  person_approved: ["good", "✓", "Approved"],
  person_vetoed: ["bad", "✕", "Vetoed"],
  incident_snoozed: ["calm", "◷", "Took in hand"],
  person_acknowledged: ["calm", "✓", "On it"],
  answer_forbidden: ["warn", "⊘", "Not allowed"],
  held: ["warn", "❚❚", "Held"],
  hold_released: ["calm", "▶", "Released"],
  reload_accepted: ["calm", "↻", "Reloaded"],
  reload_refused: ["warn", "⊘", "Not reloaded"],
};

class PeopleView extends View {
  constructor() {
    super();
    this.asked = new Asked(this, () => get("/api/v1/audit", { limit: 500 }));
  }

  render() {
    const audit = this.asked.value;
    return html`
      <h1>People</h1>
      <p class="lead">What people did, as the journal has it. "Claimed" is a name that no password proved.</p>
      ${!audit
        ? waiting(this.asked)
        : audit.deeds.length === 0
          ? empty("Nobody did anything in the last month.", "Approvals, vetoes, holds and reloads stand here with their time and their person, whichever way they came.")
          : html`<ol class="events plain">
              ${audit.deeds.map(
                (deed) => html`<li>
                  <p class="event-head">
                    <time-ago at=${deed.at}></time-ago> ${pill(...(DID[deed.did] ?? ["calm", "•", deed.did.replaceAll("_", " ")]))}
                    <strong class="foreign">${deed.person}</strong>
                    ${deed.incident ? html`<a class="foreign" href=${to("incidents", deed.incident)}>${deed.incident}</a>` : nothing}
                  </p>
                  <p class="foreign">${deed.sentence}</p>
                </li>`,
              )}
            </ol>`}
    `;
  }
}
customElements.define("people-view", PeopleView);
