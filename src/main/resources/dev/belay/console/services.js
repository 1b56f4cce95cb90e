// The services. There may be ten thousand: Belay is asked for the part that is looked at, and only
// that part is in the page.
import { get } from "./api.js";
import { Asked } from "./live.js";
import { to } from "./route.js";
import { View, empty, html, nothing, pill, waiting } from "./view.js";

const PAGE = 100;
const MARGIN = 6;
const PAGES_KEPT = 20;
const TYPING = 200;

const HEALTH = {
  healthy: ["good", "✓", "healthy"],
  unhealthy: ["bad", "!", "unhealthy"],
  unknown: ["calm", "?", "unknown"],
};

class ServiceTable extends View {
  static properties = { query: { state: true }, first: { state: true }, last: { state: true }, rowHeight: { state: true } };

  constructor() {
    super();
    this.query = "";
    this.first = 0;
    this.last = 0;
    this.rowHeight = 44;
    this.pages = new Map();
    // News makes every page old; those in sight are asked again, the others when they are.
    this.asked = new Asked(this, () => this.ask());
  }

  async ask() {
    const query = this.query;
    const from = Math.floor(this.first / PAGE);
    const to = Math.floor(Math.max(this.first, this.last - 1) / PAGE);
    const asked = [];
    for (let page = from; page <= to; page++) {
      asked.push(this.page(query, page));
    }
    const found = await Promise.all(asked);
    if (query === this.query) {
      for (const page of this.pages.keys()) {
        if (page < from || page > to) this.pages.get(page).old = true;
      }
      found.forEach((answer, i) => this.pages.set(from + i, { rows: answer.services }));
      while (this.pages.size > PAGES_KEPT) {
        this.pages.delete([...this.pages.keys()].find((page) => page < from || page > to));
      }
    }
    return { total: found[0].total };
  }

  page(query, page) {
    return get("/api/v1/services", { query, order: "trouble", offset: page * PAGE, limit: PAGE });
  }

  updated() {
    if (!this.measured && this.asked.value) {
      this.measured = true;
      // How soon somebody sees their services; a browser's tools show it.
      performance.mark("services");
      this.look();
      new ResizeObserver(() => this.look()).observe(this.querySelector(".window"));
    }
  }

  /** Which rows are in sight. */
  look() {
    const element = this.querySelector(".window");
    if (!element) return;
    this.rowHeight = parseFloat(getComputedStyle(element).getPropertyValue("--row")) || 44;
    this.first = Math.max(0, Math.floor(element.scrollTop / this.rowHeight) - MARGIN);
    this.last = Math.ceil((element.scrollTop + element.clientHeight) / this.rowHeight) + MARGIN;
    if (this.missing()) {
      this.asked.now();
    }
  }

  missing() {
    const total = this.asked.value?.total ?? 0;
    for (let page = Math.floor(this.first / PAGE); page * PAGE < Math.min(this.last, total); page++) {
      if (!this.pages.has(page) || this.pages.get(page).old) return true;
    }
    return false;
  }

  search(event) {
    const text = event.target.value;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      this.query = text.trim();
      this.pages.clear();
      this.first = 0;
      this.last = Math.min(this.last, PAGE);
      const element = this.querySelector(".window");
      if (element) element.scrollTop = 0;
      this.asked.now();
    }, TYPING);
  }

  render() {
    const total = this.asked.value?.total;
    return html`<section aria-labelledby="services">
      <div class="head">
        <h2 id="services">Services ${total === undefined ? nothing : html`<span class="count">${total}</span>`}</h2>
        <input type="search" placeholder="Find by name" aria-label="Find services by name" autocomplete="off" @input=${this.search} />
      </div>
      ${total === undefined ? waiting(this.asked) : total === 0 ? this.none() : this.table(total)}
    </section>`;
  }

  none() {
    return this.query
      ? empty(`No service has "${this.query}" in its name.`)
      : empty("The rules have no services.", "Write one file for each in the folder of the rules, or a fleet that finds them; belay check tells what is read from it.");
  }

  table(total) {
    const last = Math.min(this.last, total);
    const rows = [];
    for (let i = this.first; i < last; i++) {
      rows.push(this.row(this.pages.get(Math.floor(i / PAGE))?.rows[i % PAGE], i));
    }
    const small = total <= 8;
    return html`<div class="services" role="table" aria-label="Services, those in trouble first" aria-rowcount=${total + 1}>
      <div class="service-head" role="row" aria-rowindex="1">
        <span role="columnheader">Service</span><span role="columnheader">Health</span>
        <span role="columnheader">Release</span><span role="columnheader">Runs</span><span role="columnheader">Baseline</span>
      </div>
      <div class="window ${small ? "small" : ""}" role="rowgroup" tabindex=${small ? nothing : "0"} aria-label="Rows" @scroll=${this.look}>
        <div class="space" .style=${`height: ${total * this.rowHeight}px`}>
          <div class="slice" .style=${`transform: translateY(${this.first * this.rowHeight}px)`}>${rows}</div>
        </div>
      </div>
    </div>`;
  }

  row(service, i) {
    if (!service) {
      return html`<div class="service" role="row" aria-rowindex=${i + 2}><span role="cell" class="soft">…</span></div>`;
    }
    const target = service.incident ? to("incidents", service.incident) : to("decisions", "", { service: service.name });
    return html`<div class="service" role="row" aria-rowindex=${i + 2}>
      <span role="cell" class="name"><a class="foreign" href=${target} title=${service.name}>${service.name}</a></span>
      <span role="cell" class="health">${pill(...(HEALTH[service.health] ?? HEALTH.unknown))}
        ${service.hold ? pill("warn", "❚❚", "held") : nothing}
        ${service.leases > 0 ? pill("warn", "◷", "mitigated") : nothing}
      </span>
      <span role="cell" class="release foreign" title=${service.release?.label ?? ""}>${service.release?.label ?? "–"}</span>
      <span role="cell" class="runs foreign" title=${image(service.present)}>${image(service.present)}</span>
      <span role="cell" class="baseline foreign" title=${image(service.baseline)}>${image(service.baseline)}</span>
    </div>`;
  }
}

function image(revision) {
  return revision ? revision.images.map((name) => name.split("/").at(-1)).join(", ") : "–";
}
customElements.define("service-table", ServiceTable);
