// How Belay itself stands: what holds it back comes before everything else on the page.
import { hold, release } from "./deeds.js";
import { html, nothing } from "./view.js";
import { may } from "./who.js";

function notice(tone, sign, title, body, action = nothing) {
  return html`<div class="notice ${tone}">
    <span class="sign" aria-hidden="true">${sign}</span>
    <div><strong>${title}</strong> ${body}</div>
    ${action}
  </div>`;
}

/** The banner, of a status and of the checks of health. */
export function banner(status, health) {
  const troubles = (health?.checks ?? []).filter((check) => check.trouble && check.name !== "inputs");
  const silent = status.inputs.filter((input) => input.silentSince);
  const notices = [
    ...troubles
      .filter((check) => check.required)
      .map((check) => notice("bad", "✕", `Not ready (${check.name}):`, `${check.trouble}.`)),
    status.hold
      ? notice(
          "warn",
          "❚❚",
          "Everything is on hold.",
          html`<span class="foreign">${status.hold}</span>. Nothing is done until it is released.`,
          may("admin") ? html`<button type="button" @click=${() => release(status.hold)}>Release…</button>` : nothing,
        )
      : nothing,
    status.brakeSince
      ? notice("warn", "▲", "The storm brake is engaged", html`since <time-ago at=${status.brakeSince}></time-ago>: so many services are in trouble that it is no single bad release. Nothing is done until it calms down; a person is needed.`)
      : nothing,
    ...silent.map((input) =>
      notice("warn", "?", `Nothing is heard of ${input.input}`, html`since <time-ago at=${input.silentSince}></time-ago>. What rests on it is unknown, and nothing is concluded from it. ${input.trouble ?? ""}`),
    ),
    ...troubles
      .filter((check) => !check.required)
      .map((check) => notice("warn", "!", `Degraded (${check.name}):`, `${check.trouble}.`)),
  ].filter((each) => each !== nothing);
  return html`<section class="banner" aria-label="How Belay stands">
    ${notices.length > 0
      ? notices
      : notice(
          "good",
          "✓",
          "Belay is at work.",
          status.openIncidents === 0 ? "No incident is open." : "It sees to what is open below.",
          may("admin") ? html`<button type="button" class="quiet" @click=${hold}>Hold everything…</button>` : nothing,
        )}
  </section>`;
}
