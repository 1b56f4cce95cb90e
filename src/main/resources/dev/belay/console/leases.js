// Mitigations in force: each is lent for a time, and then undone.
import { get } from "./api.js";
import { change } from "./change.js";
import { Asked } from "./live.js";
import { to } from "./route.js";
import { learn } from "./time.js";
import { View, empty, html, nothing, pill, waiting } from "./view.js";

class LeasesView extends View {
  constructor() {
    super();
    this.asked = new Asked(this, async () => (await get("/api/v1/leases")).leases);
  }

  render() {
    const leases = this.asked.value;
    return html`
      <h1>Leases</h1>
      <p class="lead">What Belay has changed for a time: flags and limits. When the time is over it puts back what was there, unless a person has changed it since.</p>
      ${!leases
        ? waiting(this.asked)
        : leases.length === 0
          ? empty("No mitigation is in force.", "A step of a remediation that sets flags or applies a limit has a lease, such as lease: 30m. While it runs it stands here, with its end and with what undoes it.")
          : html`<div class="cards">${leases.map((lease) => this.lease(lease))}</div>`}
    `;
  }

  lease(lease) {
    learn(lease.deadline, lease.secondsLeft);
    const holding = lease.phase === "holding";
    return html`<article class="card">
      <header><h2 class="foreign">${lease.service}</h2>${holding ? pill("warn", "◷", "In force") : pill("calm", "▶", "Being undone")}</header>
      ${holding ? html`<p><time-left at=${lease.deadline}></time-left> <span class="soft">until it is undone</span></p>` : nothing}
      <p>${lease.standing}</p>
      ${lease.attempts > 0 ? html`<p>It was tried ${lease.attempts} times in vain.</p>` : nothing}
      <p class="soft">For <a href=${to("incidents", lease.incident)}>${lease.incident}</a>. What undoes it:</p>
      ${change(lease.undo)}
    </article>`;
  }
}
customElements.define("leases-view", LeasesView);
