// Where the page is: what follows the # in its address, so that every view can be sent to others.

/** The view, what it is about, and parameters: #/decisions?service=covet. */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map(decode);
  return { view: parts[0] || "now", subject: parts[1] ?? "", params: new URLSearchParams(query) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An address of this page. */
export function to(view, subject = "", params = {}) {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${subject ? `/${encodeURIComponent(subject)}` : ""}${query ? `?${query}` : ""}`;
}
