/** What the SMTP connector says when the server turned the recipient down: `The mail server refused the recipient: 550 5.1.1 …` */
const REFUSED_RECIPIENT = /refused the recipient: (5\d\d)(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/;

/**
 * Does this refusal mean that the address is no good? Only then is it suppressed. A full mailbox (x.2.2), a policy about us
 * (x.7.x) or a server that is out of order (x.3, x.4) says nothing against the address (RFC 3463).
 */
export function isHardBounce(reason: string): boolean {
  const match = REFUSED_RECIPIENT.exec(reason);
  if (match === null) return false;
  const [, status, enhanced] = match;
  if (enhanced !== undefined) return isPermanentAddress(enhanced);
  return status === '550' || status === '551' || status === '553';
}

/** X.1.x bad address, X.2.1 mailbox disabled (RFC 3463, 3.2 and 3.3). The class of a report must be 5. */
export function isPermanentAddress(enhanced: string): boolean {
  return /^5\.1\.\d+$/.test(enhanced) || enhanced === '5.2.1';
}
