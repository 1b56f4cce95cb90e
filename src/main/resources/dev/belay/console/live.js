// The stream of what happens. One for the page; every view hears of it here.

/** Sent to views: "news" with facts, "anew" where everything should be asked again, "line". */
export const live = new EventTarget();

/** connecting, live or reconnecting; for people. */
live.line = "connecting";

let last;
let source;
let attempt;

function line(state) {
  if (live.line !== state) {
    live.line = state;
    live.dispatchEvent(new Event("line"));
  }
}

function heard(event) {
  last = event.lastEventId || last;
  if (live.line !== "live") {
    const back = live.line === "reconnecting";
    line("live");
    if (back) {
      live.dispatchEvent(new Event("anew"));
    }
  }
}

function open() {
  // The browser reconnects by itself and says where it was; where it gives up, a new one is made.
  const stream = new EventSource(last ? `/api/v1/stream?after=${encodeURIComponent(last)}` : "/api/v1/stream");
  source = stream;
  stream.addEventListener("hello", heard);
  stream.addEventListener("reset", (event) => {
    heard(event);
    live.dispatchEvent(new Event("anew"));
  });
  stream.addEventListener("news", (event) => {
    heard(event);
    live.dispatchEvent(new CustomEvent("news", { detail: JSON.parse(event.data) }));
  });
  stream.addEventListener("error", () => {
    line("reconnecting");
    if (stream.readyState === EventSource.CLOSED) {
      clearTimeout(attempt);
      attempt = setTimeout(open, 3000);
    }
  });
}

function close() {
  clearTimeout(attempt);
  source?.close();
  source = undefined;
  // Where it was broken off already, everything is asked anew once it is back.
  if (live.line === "live") {
    line("connecting");
  }
}

/** A browser has few connections for all its tabs, so that those which nobody looks at take none. */
function attend() {
  if (document.hidden) {
    close();
  } else if (!source) {
    open();
  }
}

/** Begins to listen, whenever somebody looks at the page; once for the page. */
export function listen() {
  document.addEventListener("visibilitychange", attend);
  window.addEventListener("pageshow", attend);
  window.addEventListener("pagehide", close);
  attend();
}

/** At most one question a second, however much happens. */
const PAUSE = 1000;
/** Countdowns and ages go on without news; what was missed is seen then at the latest. */
const SELDOM = 30000;

/**
 * What a view shows: asked at first, and again after news that concerns it; nothing else is asked while nobody looks at
 * the page. A Lit controller.
 */
export class Asked {
  value;
  error;

  constructor(host, ask, concerns = () => true) {
    this.host = host;
    this.ask = ask;
    this.heard = (event) => {
      if (event?.type !== "news" || concerns(event.detail)) this.soon();
    };
    this.looked = () => {
      if (this.missed && !document.hidden) this.now();
    };
    host.addController(this);
  }

  hostConnected() {
    live.addEventListener("news", this.heard);
    live.addEventListener("anew", this.heard);
    document.addEventListener("visibilitychange", this.looked);
    this.seldom = setInterval(this.heard, SELDOM);
    this.now();
  }

  hostDisconnected() {
    live.removeEventListener("news", this.heard);
    live.removeEventListener("anew", this.heard);
    document.removeEventListener("visibilitychange", this.looked);
    clearInterval(this.seldom);
    clearTimeout(this.later);
    this.later = undefined;
  }

  soon() {
    this.later ??= setTimeout(() => {
      this.later = undefined;
      if (document.hidden) {
        this.missed = true;
      } else {
        this.now();
      }
    }, PAUSE);
  }

  /** Asks now; of answers that overtake each other the newest question's counts. */
  async now() {
    this.missed = false;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const value = await this.ask();
      if (turn === this.turn) {
        this.value = value;
        this.error = undefined;
      }
    } catch (error) {
      if (turn === this.turn) {
        this.error = error.message;
      }
    }
    this.host.requestUpdate();
  }
}
