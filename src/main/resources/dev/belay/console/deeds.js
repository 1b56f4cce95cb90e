// What a person can do here, each with its question and its answer.
import { send } from "./api.js";
import { change } from "./change.js";
import { confirm } from "./confirm.js";
import { say } from "./say.js";
import { html } from "./view.js";

async function attempt(deed) {
  try {
    say(await deed(), "good");
  } catch (error) {
    say(error.message, "bad");
  }
}

/** Answers Belay about an incident, by a word of its API. */
function answer(incident, word, body) {
  return attempt(async () => (await send("POST", `/api/v1/incidents/${encodeURIComponent(incident.id)}/${word}`, body)).said);
}

/** Approves exactly the action and the plan that are shown: where others ask meanwhile, Belay refuses. */
export async function approve(incident) {
  const run = incident.run;
  const why = await confirm({
    title: `Approve for ${incident.service}?`,
    body: html`<p>Belay does this at once, without waiting for its countdown:</p>${change(run.plan)}`,
    deed: "Approve and do it",
  });
  if (why !== undefined) {
    await answer(incident, "approve", { action: run.action, plan: run.plan?.digest });
  }
}

/** Objects, at once: there may be no time to ask back, and nothing is changed by it. */
export function veto(incident) {
  return answer(incident, "veto", { action: incident.run?.action ?? incident.stopped });
}

/** Takes the incident in hand: for a while nobody is told, and nothing is begun for it. */
export function takeInHand(incident) {
  return answer(incident, "snooze", { for: "30m" });
}

/** Says that somebody has seen it, so that nobody else is called. */
export function acknowledge(incident) {
  return answer(incident, "acknowledge", {});
}

/** Holds everything. */
export async function hold() {
  const why = await confirm({
    title: "Put everything on hold?",
    body: html`<ul>
      <li>Belay begins nothing more, for any service, until somebody releases it. A restart does not end it.</li>
      <li>A change whose countdown runs out meanwhile is not made.</li>
      <li>What is being changed right now is seen to its end; mitigations stay in force.</li>
    </ul>`,
    deed: "Hold everything",
    needsWhy: true,
    tone: "danger",
  });
  if (why !== undefined) {
    await attempt(async () => {
      await send("POST", "/api/v1/hold", { why });
      return "Everything is on hold.";
    });
  }
}

/** Ends the hold. */
export async function release(held) {
  const why = await confirm({
    title: "Release the hold?",
    body: html`<p>It was set by ${held}.</p><p>Belay then acts again by its rules; mitigations whose time is over are undone at once.</p>`,
    deed: "Release",
  });
  if (why !== undefined) {
    await attempt(async () => {
      await send("DELETE", "/api/v1/hold", {});
      return "The hold is over.";
    });
  }
}
