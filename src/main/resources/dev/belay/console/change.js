// What a change does: before and after, side by side.
import { html, nothing } from "./view.js";

function row(what, from, to) {
  return html`<tr>
    <th scope="row">${what}</th>
    <td class="before"><span class="sign" aria-hidden="true">−</span><span>${from}</span></td>
    <td class="after"><span class="sign" aria-hidden="true">+</span><span>${to}</span></td>
  </tr>`;
}

function setting(change) {
  return row(change.path, change.before ?? "(absent)", change.after ?? "(absent)");
}

function whole(object) {
  return html`<details><summary>as the rules have it</summary><pre>${JSON.stringify(JSON.parse(object.contents), null, 2)}</pre></details>`;
}

function rows(plan) {
  if (plan.flags && Object.keys(plan.flags).length > 0) {
    return Object.entries(plan.flags).map(([flag, change]) =>
      row(flag, change.from || "(absent)", change.to || "(absent)"),
    );
  }
  if (plan.toImages?.length > 0) {
    const many = Math.max(plan.fromImages?.length ?? 0, plan.toImages.length);
    const images = Array.from({ length: many }, (_, i) =>
      row(many > 1 ? `image ${i + 1}` : "image", plan.fromImages?.[i] ?? "(none)", plan.toImages[i] ?? "(none)"),
    );
    return [...images, ...(plan.changes ?? []).map(setting)];
  }
  if (plan.objects?.length > 0) {
    const made = plan.kind === "rate_limit";
    return plan.objects.map((object) =>
      made ? row(object.name, "absent, or as it is", whole(object)) : row(object.name, whole(object), "deleted"),
    );
  }
  return [];
}

/** A plan as a table of before and after. */
export function change(plan) {
  if (!plan) {
    return nothing;
  }
  const lines = rows(plan);
  return html`<div class="change">
    <p class="change-words">${plan.words}</p>
    ${lines.length > 0
      ? html`<table>
          <caption class="soft">${plan.target ? `In ${plan.target}` : "What changes"}</caption>
          <thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
          <tbody>${lines}</tbody>
        </table>`
      : nothing}
  </div>`;
}
