// Questions and answers to Belay's API. The browser adds the credentials; there are no cookies.

async function exchange(path, options) {
  let response;
  try {
    // By the whole address: where a page was opened with a password in its own, a relative one is refused.
    response = await fetch(new URL(path, location.origin), { ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch {
    throw new Error("Belay cannot be reached; what is shown may be old.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.error ?? `Belay answered ${response.status}.`);
  }
  return body;
}

/** Asks; parameters without a value are left out. */
export function get(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== "") {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return exchange(text ? `${path}?${text}` : path, { method: "GET" });
}

/** Answers. */
export function send(method, path, body) {
  return exchange(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
