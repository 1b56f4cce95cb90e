// The dialog before a deed that cannot be taken back: it says exactly what will be done.
import { View, html, nothing } from "./view.js";

let dialog;

/**
 * Asks a person. Answers undefined where they go back, else what they wrote as the reason.
 * @param {{title, body, deed, needsWhy, tone}} question
 */
export function confirm(question) {
  return dialog.ask(question);
}

class ConfirmDialog extends View {
  static properties = { question: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    dialog = this;
  }

  async ask(question) {
    this.question = question;
    await this.updateComplete;
    const element = this.querySelector("dialog");
    element.returnValue = "";
    const field = this.querySelector("input");
    if (field) field.value = "";
    element.showModal();
    return new Promise((resolve) => {
      element.addEventListener(
        "close",
        () => {
          resolve(element.returnValue === "do" ? (field?.value.trim() ?? "") : undefined);
          this.question = undefined;
        },
        { once: true },
      );
    });
  }

  submit(event) {
    event.preventDefault();
    this.querySelector("dialog").close("do");
  }

  render() {
    const q = this.question;
    return html`<dialog aria-labelledby="confirm-title">
      ${q
        ? html`<form @submit=${this.submit}>
            <h2 id="confirm-title">${q.title}</h2>
            <div class="confirm-body">${q.body}</div>
            ${q.needsWhy
              ? html`<label>Why? Whoever finds it reads this.
                  <input name="why" required maxlength="500" autocomplete="off" autofocus />
                </label>`
              : nothing}
            <div class="actions">
              <button type="submit" class=${q.tone ?? "primary"} ?autofocus=${!q.needsWhy}>${q.deed}</button>
              <button type="button" @click=${() => this.querySelector("dialog").close()}>Go back</button>
            </div>
          </form>`
        : nothing}
    </dialog>`;
  }
}
customElements.define("confirm-dialog", ConfirmDialog);
