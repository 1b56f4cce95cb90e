// What every view is: an element in the page's own document rather than in a shadow, so that one
// style sheet serves all, and labels, ids and landmarks belong to one page.
import { LitElement, html, nothing } from "lit";

export class View extends LitElement {
  createRenderRoot() {
    return this;
  }
}

export { html, nothing };

/** What stands where there is nothing, and says what would. */
export function empty(title, ...lines) {
  return html`<div class="empty"><p class="empty-title">${title}</p>${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}

/** What a page shows while its data is not there: why, if there is a why. */
export function waiting(asked) {
  if (asked.error) {
    return html`<p class="trouble" role="alert">${asked.error}</p>`;
  }
  return html`<p class="soft" aria-busy="true">One moment.</p>`;
}

/** A state in words with a sign before it: never by colour alone. */
export function pill(tone, sign, words) {
  return html`<span class="pill ${tone}"><span class="sign" aria-hidden="true">${sign}</span>${words}</span>`;
}
