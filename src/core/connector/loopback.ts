import { isIPv4 } from 'node:net';

/** Does this host name the machine itself (RFC 6761, RFC 5735, RFC 4291)? A name that merely resolves there does not count. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
