// Questions and answers to Belay's API. The browser adds the credentials; there are no cookies.

/** Longer than Belay takes for what it answers at all. */
const SECONDS_AT_MOST = 20;

function silence(asks) {
  const left = asks ? "what is shown may be old" : "whether it heard is not known, so look before you try again";
  return `Belay has not answered for ${SECONDS_AT_MOST} s; ${left}. If many of its pages are open, close some.`;
}

async function exchange(path, options) {
  const signal = AbortSignal.timeout(SECONDS_AT_MOST * 1000);
  let response;
  let body;
  try {
    // By the whole address: where a page was opened with a password in its own, a relative one is refused.
    response = await fetch(new URL(path, location.origin), { ...options, signal, headers: { Accept: "application/json", ...options.headers } });
    body = await response.json().catch((error) => {
      if (signal.aborted) throw error;
      return {};
    });
  } catch {
    throw new Error(signal.aborted ? silence(options.method === "GET") : "Belay cannot be reached; what is shown may be old.");
  }
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
