// An incident as a card: what is wrong, what will be done and when, and what a person can say to it.
import { change } from "./change.js";
import { acknowledge, approve, hold, takeInHand, veto } from "./deeds.js";
import { to } from "./route.js";
import { learn } from "./time.js";
import { html, nothing, pill } from "./view.js";
import { may } from "./who.js";

const PHASES = {
  observing: ["calm", "◌", "Working out what to do"],
  proposed: ["warn", "?", "Waits for approval"],
  countdown: ["warn", "◔", "Counting down"],
  preflight: ["calm", "◌", "Asking the cluster"],
  permit: ["calm", "◌", "Asking for leave"],
  acting: ["calm", "▶", "Being done"],
  inspecting: ["warn", "?", "Not known whether done"],
  settling: ["calm", "▶", "Rolling out"],
  verifying: ["calm", "◎", "Watching whether it helps"],
};

/** In a word, where an incident stands. */
export function standing(incident) {
  if (incident.state === "closed") {
    const good = ["verified", "verified_in_part", "resolved", "restored"].includes(incident.outcome?.label);
    return pill(good ? "good" : "calm", good ? "✓" : "■", "Over");
  }
  if (incident.run) {
    return pill(...(PHASES[incident.run.phase] ?? ["calm", "◌", incident.run.phase]));
  }
  return pill("bad", "!", incident.paged ? "A person is needed" : "Open, nothing under way");
}

/** What a person can say to it now, as far as they may. */
export function answers(incident) {
  const run = incident.run;
  const can = run?.answers ?? [];
  if (incident.state !== "open") {
    return nothing;
  }
  if (!may("operator")) {
    return html`<p class="soft">To answer needs the role operator.</p>`;
  }
  return html`<div class="actions">
    ${can.includes("approve") ? html`<button type="button" class="primary" @click=${() => approve(incident)}>Approve…</button>` : nothing}
    ${can.includes("veto") || (!run && incident.stopped) ? html`<button type="button" class="danger" @click=${() => veto(incident)}>Veto</button>` : nothing}
    ${incident.paged ? html`<button type="button" @click=${() => acknowledge(incident)}>I am on it</button>` : nothing}
    ${incident.inHandsOf ? nothing : html`<button type="button" title="For 30 minutes nobody is told, and nothing is begun for it" @click=${() => takeInHand(incident)}>Take in hand, 30 min</button>`}
    ${can.includes("approve") && may("admin") ? html`<button type="button" @click=${hold}>Hold everything…</button>` : nothing}
  </div>`;
}

/** Who has it in hand, where somebody has. */
export function inHand(incident) {
  return incident.inHandsOf
    ? html`<p><strong class="foreign">${incident.inHandsOf}</strong> has it in hand until <time-ago at=${incident.snoozedUntil}></time-ago>; until then nobody is told and nothing is begun.</p>`
    : nothing;
}

/** What is under way, with its time and its change. */
export function underWay(incident) {
  const run = incident.run;
  if (!run) {
    return nothing;
  }
  learn(run.deadline, run.secondsLeft);
  const counts = ["proposed", "countdown", "verifying"].includes(run.phase);
  const words = { proposed: "to approve it", countdown: "to object", verifying: "for the trouble to end" };
  return html`<div class="under-way">
    <p>
      ${counts ? html`<time-left at=${run.deadline}></time-left> <span class="soft">${words[run.phase]}</span>` : nothing}
    </p>
    <p>${run.standing}${run.blamed ? html` Blamed: <strong class="foreign">${run.blamed}</strong>.` : nothing}</p>
    ${change(run.plan)}
  </div>`;
}

/** The card. */
export function card(incident) {
  return html`<article class="card" aria-labelledby=${`card-${incident.id}`}>
    <header>
      <h3 id=${`card-${incident.id}`}><a class="foreign" href=${to("incidents", incident.id)}>${incident.service}</a></h3>
      ${standing(incident)}
    </header>
    <p class="foreign">${incident.cause}</p>
    <p class="soft">${incident.id} · <time-ago at=${incident.openedAt}></time-ago></p>
    ${inHand(incident)} ${underWay(incident)} ${answers(incident)}
  </article>`;
}
