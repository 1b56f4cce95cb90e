// Who looks at the page, and what they may do: it offers no more than that. Belay checks it anyway.
import { get } from "./api.js";

const RANK = { viewer: 0, operator: 1, admin: 2 };

export const who = { user: undefined, role: "viewer" };

/** Learns it; once for the page. */
export async function learnWho() {
  Object.assign(who, await get("/api/v1/me"));
}

/** Whether they are at least that. */
export function may(role) {
  return (RANK[who.role] ?? 0) >= RANK[role];
}
