// The page: who Belay is, how the line stands, the ways to the views, and the view that is asked for.
import "./confirm.js";
import "./decisions.js";
import "./incident.js";
import "./leases.js";
import "./now.js";
import "./people.js";
import "./releases.js";
import "./rules.js";
import "./time.js";
import { listen, live } from "./live.js";
import { here, to } from "./route.js";
import { say } from "./say.js";
import { View, html, nothing } from "./view.js";
import { learnWho, who } from "./who.js";

const VIEWS = [
  ["now", "Now"],
  ["decisions", "Decisions"],
  ["leases", "Leases"],
  ["rules", "Rules"],
  ["releases", "Releases"],
  ["people", "People"],
];

/** What is worth interrupting somebody for who looks at another part of the page. */
const SPOKEN = new Set(["incident_opened", "incident_closed", "held", "hold_released", "brake_engaged", "brake_released", "input_moved"]);

class BelayApp extends View {
  static properties = { place: { state: true }, line: { state: true }, known: { state: true } };

  connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
    this.place = here();
    this.line = live.line;
    window.addEventListener("hashchange", () => this.move());
    live.addEventListener("line", () => (this.line = live.line));
    live.addEventListener("news", ({ detail }) => this.speak(detail));
    learnWho()
      .catch(() => {})
      .finally(() => (this.known = true));
    listen();
  }

  async move() {
    this.place = here();
    await this.updateComplete;
    window.scrollTo(0, 0);
    this.querySelector("main").focus();
  }

  speak(news) {
    const spoken = news.facts.filter((fact) => SPOKEN.has(fact.kind) && fact.sentence);
    if (spoken.length > 0) {
      say(spoken.length > 1 ? `${spoken[0].sentence} And ${spoken.length - 1} more.` : spoken[0].sentence);
    }
  }

  view() {
    const { view, subject, params } = this.place;
    switch (view) {
      case "now":
        return html`<now-view></now-view>`;
      case "incidents":
        return html`<incident-view .incident=${subject}></incident-view>`;
      case "decisions":
        return html`<decisions-view .service=${params.get("service") ?? ""} .act=${params.get("act") ?? ""}></decisions-view>`;
      case "leases":
        return html`<leases-view></leases-view>`;
      case "rules":
        return html`<rules-view></rules-view>`;
      case "releases":
        return html`<releases-view .service=${params.get("service") ?? ""}></releases-view>`;
      case "people":
        return html`<people-view></people-view>`;
      default:
        return html`<h1>Nothing is here</h1><p>The address is of no view. <a href=${to("now")}>Go to what is going on now</a>.</p>`;
    }
  }

  render() {
    const current = this.place.view;
    const title = VIEWS.find(([key]) => key === current)?.[1] ?? this.place.subject;
    document.title = `${title || "Belay"} · Belay`;
    return html`
      <a class="skip" href="#main" @click=${this.skip}>Skip to the content</a>
      <header class="top">
        <a class="brand" href=${to("now")}>Belay</a>
        <nav aria-label="Views">
          <ul>
            ${VIEWS.map(
              ([key, words]) => html`<li><a href=${to(key)} aria-current=${current === key ? "page" : nothing}>${words}</a></li>`,
            )}
          </ul>
        </nav>
        <p class="line ${this.line}" role="status">
          <span class="sign" aria-hidden="true">${this.line === "live" ? "●" : "○"}</span>${this.line === "live" ? "live" : `${this.line}…`}
        </p>
      </header>
      <main id="main" tabindex="-1">${this.known ? this.view() : html`<p class="soft">One moment.</p>`}</main>
      <footer class="bottom soft">
        ${this.known ? html`<span>${who.user ? `${who.user}, ` : ""}${who.role}</span>` : nothing}
        <span>All times are UTC.</span> <a href="/api/openapi.json">API</a>
      </footer>
      <say-line></say-line>
      <confirm-dialog></confirm-dialog>
    `;
  }

  skip(event) {
    event.preventDefault();
    this.querySelector("main").focus();
  }
}
customElements.define("belay-app", BelayApp);
