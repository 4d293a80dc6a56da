const OWN = /^(127\.|localhost$|\[::1\]|0\.0\.0\.0)/;

/** Without a public address the server can only name its own; the one in the address bar works better then. */
export function reachable(address: string): string {
  const url = new URL(address, location.origin);
  return OWN.test(url.hostname) ? location.origin + url.pathname : url.href;
}

/** The same inside a piece of HTML. `url`: the form's address in it. */
export function reachableIn(html: string, url: string): string {
  const own = new URL(url, location.origin);
  return OWN.test(own.hostname) ? html.replaceAll(own.origin, location.origin) : html;
}
