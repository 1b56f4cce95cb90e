// Times: in UTC, as Belay and its logs have them, and how long ago, as people think.

const DAY = 86400;
let skew = 0;

/** What Belay's clock says, as far as an answer told; a browser's clock may be wrong. */
export function now() {
  return Date.now() + skew;
}

/** Learns Belay's clock from a deadline and the seconds that Belay says are left until it. */
export function learn(deadline, secondsLeft) {
  if (secondsLeft > 0) {
    const off = Date.parse(deadline) - secondsLeft * 1000 - Date.now();
    skew = Math.abs(off) > 2500 ? off : 0;
  }
}

/** 12:03:04, with the date where it is not today's. */
export function utc(at) {
  const text = new Date(at).toISOString();
  const clock = text.slice(11, 19);
  return text.slice(0, 10) === new Date(now()).toISOString().slice(0, 10) ? clock : `${text.slice(0, 10)} ${clock}`;
}

/** 3 min ago. */
export function ago(at) {
  const seconds = Math.round((now() - Date.parse(at)) / 1000);
  if (seconds < 0) {
    return `in ${span(-seconds)}`;
  }
  return seconds < 2 ? "just now" : `${span(seconds)} ago`;
}

function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / DAY)} d`;
}

function left(until) {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now()) / 1000));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Elements that tick by themselves, so that a second's passing renders nothing else anew. */
const ticking = new Set();
setInterval(() => ticking.forEach((element) => element.tick()), 1000);

class Ticking extends HTMLElement {
  static observedAttributes = ["at"];
  connectedCallback() {
    ticking.add(this);
    this.tick();
  }
  disconnectedCallback() {
    ticking.delete(this);
  }
  attributeChangedCallback() {
    this.tick();
  }
}

/** <time-ago at="2026-11-24T10:00:00Z">: a moment. */
class TimeAgo extends Ticking {
  tick() {
    const at = this.getAttribute("at");
    if (!at || !this.isConnected) return;
    const text = `${utc(at)} UTC · ${ago(at)}`;
    if (!this.time) {
      this.time = document.createElement("time");
      this.replaceChildren(this.time);
    }
    if (this.time.textContent !== text) {
      this.time.dateTime = at;
      this.time.textContent = text;
    }
  }
}

/** <time-left at="…">: how long until then. */
class TimeLeft extends Ticking {
  tick() {
    const at = this.getAttribute("at");
    if (!at || !this.isConnected) return;
    this.setAttribute("role", "timer");
    this.textContent = left(at);
    this.classList.toggle("soon", Date.parse(at) - now() < 30000);
  }
}

customElements.define("time-ago", TimeAgo);
customElements.define("time-left", TimeLeft);
