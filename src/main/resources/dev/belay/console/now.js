// What is going on now: the view that somebody opens who was just woken up.
import "./services.js";
import { get } from "./api.js";
import { banner } from "./banner.js";
import { card, standing } from "./card.js";
import { Asked } from "./live.js";
import { to } from "./route.js";
import { View, empty, html, nothing, waiting } from "./view.js";

const OPEN_SHOWN = 12;
const OVER_SHOWN = 5;

class NowView extends View {
  constructor() {
    super();
    this.asked = new Asked(this, async () => {
      const [status, health, open, over] = await Promise.all([
        get("/api/v1/status"),
        get("/api/v1/health"),
        get("/api/v1/incidents", { state: "open", order: "urgent", limit: OPEN_SHOWN }),
        get("/api/v1/incidents", { state: "closed", limit: OVER_SHOWN }),
      ]);
      return { status, health, open: open.incidents, over: over.incidents };
    });
  }

  render() {
    const now = this.asked.value;
    if (!now) {
      return html`<h1>Now</h1>${waiting(this.asked)}`;
    }
    const more = now.status.openIncidents - now.open.length;
    return html`
      <h1 class="unseen">Now</h1>
      ${this.asked.error ? waiting(this.asked) : nothing} ${banner(now.status, now.health)}
      <section aria-labelledby="open">
        <h2 id="open">Open incidents <span class="count">${now.status.openIncidents}</span></h2>
        ${now.open.length === 0
          ? empty(
              "Nothing is wrong that Belay knows of.",
              "An incident opens when an alert fires whose labels a service of the rules matches, or when a trigger of one is crossed. It then stands here, with what Belay would do and how long you have to object.",
            )
          : html`<div class="cards">${now.open.map(card)}</div>`}
        ${more > 0 ? html`<p class="soft">And ${more} more; they come first among the services below, each with its incident behind its name.</p>` : nothing}
      </section>
      <service-table></service-table>
      ${now.over.length > 0
        ? html`<section aria-labelledby="over">
            <h2 id="over">Lately over</h2>
            <ul class="rows">
              ${now.over.map(
                (incident) => html`<li>
                  <a class="foreign" href=${to("incidents", incident.id)}>${incident.service}</a> ${standing(incident)}
                  <span class="grow">${incident.outcome?.sentence ?? ""}</span>
                  <span class="soft"><time-ago at=${incident.closedAt}></time-ago></span>
                </li>`,
              )}
            </ul>
          </section>`
        : nothing}
    `;
  }
}
customElements.define("now-view", NowView);
