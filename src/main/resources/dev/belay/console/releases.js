// What was shipped, the newest first.
import { get } from "./api.js";
import { Asked } from "./live.js";
import { to } from "./route.js";
import { now } from "./time.js";
import { View, empty, html, nothing, pill, waiting } from "./view.js";

const CHANGES = { deployed: "deployed", upgraded: "upgraded", rolled_back: "rolled back", removed: "removed" };

const STUCK_BY = {
  deadline_exceeded: "its deadline passed",
  crash_loop: "containers end again and again",
  image_pull: "an image cannot be had",
};

function stage(release) {
  switch (release.stage) {
    case "stuck":
      return pill("bad", "■", `stuck: ${release.stuckBy.map((why) => STUCK_BY[why] ?? why).join(", ")}`);
    case "progressing":
      return pill("calm", "▶", "under way");
    case "replaced":
      return pill("calm", "◇", "replaced before it was complete");
    default:
      return nothing;
  }
}

/** So many days the deployment log can go back; what is older than 90 is forgotten by default. */
const PERIODS = [7, 30, 90];
const DAY = 86_400_000;

/** A link to a service's deployment log of the last days, a document to keep. */
export function deploymentLog(service, days, words) {
  const from = new Date(now() - days * DAY).toISOString();
  const href = `/api/v1/services/${encodeURIComponent(service)}/report?from=${encodeURIComponent(from)}`;
  return html`<a href=${href} download=${`${service}-deployments.md`}>${words}</a>`;
}

class ReleasesView extends View {
  static properties = { service: {} };

  constructor() {
    super();
    this.asked = new Asked(this, async () => (await get("/api/v1/releases", { service: this.service, limit: 200 })).releases);
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has("service")) this.asked.now();
  }

  render() {
    const releases = this.asked.value;
    return html`
      <h1>Releases</h1>
      <p class="lead">
        ${this.service ? html`Of <strong class="foreign">${this.service}</strong>. <a href=${to("releases")}>Show all</a>.` : "The newest that Belay heard of, from pipelines or from the cluster itself."}
      </p>
      ${this.service
        ? html`<p class="soft">Its deployment log: ${PERIODS.map((days, i) => html`${i > 0 ? " · " : nothing}${deploymentLog(this.service, days, `${days} days`)}`)}</p>`
        : nothing}
      ${!releases
        ? waiting(this.asked)
        : releases.length === 0
          ? empty("No release is known.", "Announce one with POST /api/v1/events, by Kafka, by Argo CD, Flux or GitHub; or let Belay see rollouts in the cluster.")
          : html`<ol class="events plain">${releases.map((release) => this.release(release))}</ol>`}
    `;
  }

  release(release) {
    return html`<li>
      <p class="event-head">
        <time-ago at=${release.startedAt}></time-ago>
        <strong class="foreign">${release.label}</strong>
        <a class="foreign" href=${to("releases", "", { service: release.service })}>${release.service}</a>
        <span>${CHANGES[release.change] ?? release.change}</span>
        ${stage(release)}
      </p>
      <p class="soft foreign">${[release.environment, release.image, release.actor && `by ${release.actor}`, `says ${release.source}`].filter(Boolean).join(" · ")}</p>
      ${release.revision === undefined ? nothing : html`<p class="soft foreign">${[`revision ${release.revision}`, release.owner && `kept by ${release.owner}`, `template ${release.digest}`, release.changeCause].filter(Boolean).join(" · ")}</p>`}
    </li>`;
  }
}
customElements.define("releases-view", ReleasesView);
