// A signal against its threshold, with what happened marked on it. The chart is drawn; what it shows
// is said in words beside it too.
import { utc } from "./time.js";
import { View, html, nothing } from "./view.js";

const HEIGHT = 240;
const NIGHT = matchMedia("(prefers-color-scheme: dark)");
/** So much is shown before an incident and after it. */
const AROUND = 10 * 60;

/** Whether a moment, in milliseconds since 1970, is shown of an incident; one that is open has no end. */
export function isAround(at, since, until) {
  return at / 1000 >= Date.parse(since) / 1000 - AROUND && (!until || at / 1000 <= Date.parse(until) / 1000 + AROUND);
}

const UNITS = {
  error_rate: [(value) => `${+(value * 100).toFixed(1)} %`, "Share of requests that fail"],
  response_time: [(value) => `${+value.toFixed(3)} s`, "Response time"],
  availability: [(value) => `${+(value * 100).toFixed(2)} %`, "Availability"],
  health_check_failures: [(value) => `${+(value * 100).toFixed(1)} %`, "Share of health checks that fail"],
};

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** So many rows of letters stand above a chart, each so high, and a letter so wide, in pixels. */
const ROWS = 3;
const ROW = 13;
const LETTER = 12;

/**
 * Where letters stand that belong to these places, from the left to the right: in the lowest row
 * where there is room, and where there is none in any, aside in that with the most.
 */
export function stagger(places) {
  const right = Array(ROWS).fill(-Infinity);
  return places.map((place) => {
    const free = right.findIndex((end) => end <= place);
    const row = free >= 0 ? free : right.indexOf(Math.min(...right));
    const at = Math.max(place, right[row]);
    right[row] = at + LETTER;
    return { at, row };
  });
}

class SignalChart extends View {
  static properties = { trigger: {}, marks: {}, since: {}, until: {} };

  connectedCallback() {
    super.connectedCallback();
    this.redraw = () => this.draw();
    NIGHT.addEventListener("change", this.redraw);
    this.resized = new ResizeObserver(() => this.plot?.setSize({ width: this.wide(), height: HEIGHT }));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    NIGHT.removeEventListener("change", this.redraw);
    this.resized.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  async firstUpdated() {
    const [{ default: Plot }] = await Promise.all([import("uplot"), this.sheet()]);
    this.Plot = Plot;
    this.resized.observe(this.querySelector(".plot"));
    this.draw();
  }

  /** The library's own style sheet, once for the page. */
  sheet() {
    const href = new URL("./lib/uplot.css", import.meta.url).href;
    if (document.querySelector(`link[href="${href}"]`)) return undefined;
    return new Promise((resolve) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve });
      document.head.append(link);
    });
  }

  updated() {
    if (this.Plot) this.draw();
  }

  wide() {
    return Math.max(200, this.querySelector(".plot")?.clientWidth ?? 200);
  }

  /** The readings around the incident, in seconds. */
  around() {
    const times = [];
    const values = [];
    this.trigger.at.forEach((at, i) => {
      if (isAround(at, this.since, this.until)) {
        times.push(at / 1000);
        values.push(this.trigger.values[i]);
      }
    });
    return [times, values];
  }

  draw() {
    if (!this.Plot || !this.isConnected) return;
    const [times, values] = this.around();
    this.plot?.destroy();
    this.plot = undefined;
    if (times.length < 2) return;
    const say = this.unit()[0];
    const [ink, soft, lineColour, accent, bad] = ["--ink", "--soft", "--line", "--accent", "--bad"].map(colour);
    const axis = { stroke: soft, grid: { stroke: lineColour, width: 1 }, ticks: { stroke: lineColour }, font: "12px system-ui" };
    const highest = Math.max(this.trigger.threshold, ...values.filter((value) => value !== null));
    this.plot = new this.Plot(
      {
        width: this.wide(),
        height: HEIGHT,
        tzDate: (seconds) => this.Plot.tzDate(new Date(seconds * 1e3), "Etc/UTC"),
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        padding: [6 + ROWS * ROW, 8, 0, 0],
        scales: { y: { range: [0, highest * 1.15 || 1] } },
        axes: [
          { ...axis, values: (_, splits) => splits.map((at) => new Date(at * 1000).toISOString().slice(11, 19)), space: 80 },
          { ...axis, values: (_, splits) => splits.map(say), size: 62 },
        ],
        series: [
          {},
          { stroke: accent, width: 2, spanGaps: false, points: { show: times.length < 40 } },
          { stroke: bad, width: 1.5, dash: [6, 4], points: { show: false } },
        ],
        hooks: { draw: [(plot) => this.mark(plot, times, ink)] },
      },
      [times, values, times.map(() => this.trigger.threshold)],
      this.querySelector(".plot"),
    );
  }

  /** A line with a letter for each mark in sight; letters that would lie on each other are staggered. */
  mark(plot, times, ink) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = ink;
    ctx.fillStyle = ink;
    ctx.lineWidth = devicePixelRatio;
    ctx.font = `bold ${12 * devicePixelRatio}px system-ui`;
    const marks = this.inSight(times).sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
    const lines = marks.map((mark) => Math.round(plot.valToPos(Date.parse(mark.at) / 1000, "x", true)));
    const letters = stagger(lines.map((x) => x / devicePixelRatio - 4));
    marks.forEach((mark, i) => {
      const x = lines[i];
      ctx.globalAlpha = 0.55;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.globalAlpha = 1;
      const { at, row } = letters[i];
      ctx.fillText(mark.letter, at * devicePixelRatio, bbox.top - (5 + row * ROW) * devicePixelRatio);
    });
    ctx.restore();
  }

  inSight(times) {
    return this.marks.filter((mark) => {
      const at = Date.parse(mark.at) / 1000;
      return at >= times[0] && at <= times.at(-1);
    });
  }

  unit() {
    return UNITS[this.trigger.signal] ?? [(value) => String(value), this.trigger.signal];
  }

  render() {
    const [times, values] = this.around();
    const [say, what] = this.unit();
    const known = values.filter((value) => value !== null);
    const unknown = values.length - known.length;
    const summary =
      known.length === 0
        ? "Nothing was read around that time."
        : `${what}: last ${say(known.at(-1))}, worst ${say(this.trigger.above ? Math.max(...known) : Math.min(...known))}, bad ${this.trigger.above ? "above" : "below"} ${say(this.trigger.threshold)}.${unknown > 0 ? ` ${unknown} of ${values.length} readings are unknown.` : ""}`;
    const marks = times.length > 1 ? this.inSight(times) : [];
    return html`<figure class="chart">
      <figcaption><strong class="foreign">${this.trigger.name}</strong> <span class="soft">${summary}</span></figcaption>
      <div class="plot" role="img" aria-label=${summary}></div>
      ${marks.length > 0
        ? html`<ul class="marks">${marks.map((mark) => html`<li><b aria-hidden="true">${mark.letter}</b> <span class="soft">${utc(mark.at)}</span> <span class="foreign">${mark.words}</span></li>`)}</ul>`
        : nothing}
    </figure>`;
  }
}
customElements.define("signal-chart", SignalChart);
