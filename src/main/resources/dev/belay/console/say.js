// One line that says what became of what a person did, or what just happened; screen readers read it.
import { View, html, nothing } from "./view.js";

const SHOWN = 8000;
let line;

/** Shows a sentence for a while. */
export function say(text, tone = "calm") {
  line?.show(text, tone);
}

class SayLine extends View {
  static properties = { text: { state: true }, tone: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    line = this;
  }

  show(text, tone) {
    this.text = text;
    this.tone = tone;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.text = ""), SHOWN);
  }

  render() {
    return html`<div class="say" role="status" aria-live="polite">
      ${this.text ? html`<p class="toast ${this.tone}">${this.text}</p>` : nothing}
    </div>`;
  }
}
customElements.define("say-line", SayLine);
