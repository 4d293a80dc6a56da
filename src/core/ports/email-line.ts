/** Line breaks would start a new header; other controls have no place in one. */
export function line(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** An address for the envelope: what could end the command or open a parameter is refused by the server, never sent on. */
export function address(text: string): string {
  return line(text).replace(/[<>\s]/g, '');
}

/** Needs no quotes in a display name (RFC 5322, 3.2.3). */
const PLAIN_NAME = /^[\p{L}\p{N} ]+$/u;

/** `Name <address>` as mail services take it: they encode what is beyond ASCII, quotes are ours. */
export function mailbox({ name, address: at }: { readonly name: string; readonly address: string }): string {
  const said = line(name);
  if (said === '') return address(at);
  return `${PLAIN_NAME.test(said) ? said : `"${said.replace(/["\\]/g, '\\$&')}"`} <${address(at)}>`;
}
