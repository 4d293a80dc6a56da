import { BlockList, isIP, isIPv4 } from 'node:net';
import { AppError } from '#core/errors.ts';

/** The request would reach a machine or a port that nothing from outside may be sent to. */
export class AddressNotAllowed extends AppError {
  readonly code = 'address_not_allowed';
  readonly status = 422;
}

// Special-purpose ranges, not global: https://www.iana.org/assignments/iana-ipv4-special-registry
const CLOSED_4 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  CLOSED_4.addSubnet(net, bits, 'ipv4');

/** Global unicast; all else of IPv6 is closed, and so is what is carved out of it. */
const OPEN_6 = new BlockList();
OPEN_6.addSubnet('2000::', 3, 'ipv6');
const CLOSED_6 = new BlockList();
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  CLOSED_6.addSubnet(net, bits, 'ipv6');

/** Where instances of clouds keep their credentials: closed even to a host that the settings open. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

/** An address on the open internet? IPv4 inside IPv6 is looked at as what it is. */
export function isPublic(address: string): boolean {
  const inner = embedded(address);
  if (inner !== null) return isPublic(inner);
  if (isIPv4(address)) return !CLOSED_4.check(address, 'ipv4');
  return isIP(address) === 6 && OPEN_6.check(address, 'ipv6') && !CLOSED_6.check(address, 'ipv6');
}

function isLinkLocal(address: string): boolean {
  const inner = embedded(address);
  if (inner !== null) return isLinkLocal(inner);
  return LINK_LOCAL.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** The IPv4 address in ::ffff:a.b.c.d (mapped) and 64:ff9b::a.b.c.d (NAT64), however it is written. */
function embedded(address: string): string | null {
  if (isIP(address) !== 6) return null;
  const groups = groupsOf(address);
  const head = groups.slice(0, 6).join(':');
  if (head !== '0:0:0:0:0:ffff' && head !== '64:ff9b:0:0:0:0') return null;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Eight groups, without leading zeros. */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.split('%')[0]}]/`);
  const [left = '', right] = hostname.slice(1, -1).split('::');
  const [before, after] = [left.split(':').filter(Boolean), (right ?? '').split(':').filter(Boolean)];
  return right === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

// Ports of other protocols (https://fetch.spec.whatwg.org/#port-blocking): nobody is to speak SMTP or Redis through us.
const OTHER_PROTOCOLS = new Set([
  1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9200, 10080,
  11211, 27017,
]);

/** What an installation opens within its own network: `erp.internal`, `erp.internal:8443`, `10.0.0.5`, `192.168.1.0/24`. */
export interface NetPolicy {
  readonly internalHosts: readonly string[];
}

/** @throws AddressNotAllowed for another scheme, a name and password in the address, or a port of another protocol */
export function checkUrl(url: URL, policy: NetPolicy): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new AddressNotAllowed(`Only http and https addresses can be asked; this one begins with ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new AddressNotAllowed('An address must not hold a name and password; keep them in a connection');
  if (url.hostname === '') throw new AddressNotAllowed('The address names no host');
  const port = portOf(url);
  const open = port === 80 || port === 443 || (port >= 1_024 && !OTHER_PROTOCOLS.has(port));
  if (!open && !policy.internalHosts.includes(`${hostOf(url)}:${port}`))
    throw new AddressNotAllowed(`Port ${port} belongs to another protocol: use 80, 443 or one above 1023`);
}

/**
 * Checks what a host name stands for, after it was resolved: all addresses, or none.
 * @throws AddressNotAllowed one of them is not on the open internet and the installation did not open it
 */
export function checkAddresses(url: URL, addresses: readonly string[], policy: NetPolicy): void {
  for (const address of addresses) {
    if (isPublic(address) || isOpened(url, address, policy)) continue;
    const host = hostOf(url);
    const what = host === address ? address : `${host} (${address})`;
    throw new AddressNotAllowed(
      `${what} is inside a private network. Steward asks only hosts on the open internet; an administrator can open others with ALLOWED_INTERNAL_HOSTS`,
    );
  }
}

function isOpened(url: URL, address: string, { internalHosts }: NetPolicy): boolean {
  const host = hostOf(url);
  const plain = embedded(address) ?? address;
  return internalHosts.some((entry) => {
    if (inRange(plain, entry)) return true;
    return !isLinkLocal(address) && (entry === host || entry === `${host}:${portOf(url)}`);
  });
}

function inRange(address: string, entry: string): boolean {
  const [net = '', bits] = entry.split('/');
  const family = isIP(net);
  if (family === 0 || family !== isIP(address)) return false;
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(net, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), name);
  return list.check(address, name);
}

/** Host of a URL as resolvers know it: no brackets, no closing dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
