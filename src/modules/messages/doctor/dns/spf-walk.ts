import { BlockList, isIPv6 } from 'node:net';
import type { Answer, Ask } from '#core/net/dns.ts';
import { plainName } from './names.ts';
import { isSpf, parseSpf, type SpfRecord, type Term } from './spf-record.ts';

/** RFC 7208, 4.6.4: terms that ask the DNS, void answers, and names of one `mx`. Above, receivers answer permerror. */
export const MOST_LOOKUPS = 10;
export const MOST_VOIDS = 2;
const MOST_EXCHANGES = 10;
/** A walk goes on beyond ten, so that the number can be told; not for ever. */
const LONGEST_WALK = 60;

export interface SpfTerm extends Term {
  /** Addresses that it lets through, of `ip4`, `ip6`, `a` and `mx`. */
  readonly networks: readonly { readonly ip: string; readonly bits: number }[];
  /** What it leads to, of `include` and `redirect`. */
  readonly leads: SpfNode | null;
}

/** The record of one domain, with all that it leads to. */
export interface SpfNode {
  readonly domain: string;
  /** Null: there is none, or several. */
  readonly record: SpfRecord | null;
  /** All that begin with `v=spf1`. */
  readonly texts: readonly string[];
  readonly terms: readonly SpfTerm[];
  readonly missing: boolean;
}

export interface SpfWalk {
  readonly root: SpfNode;
  /** Terms that ask the DNS when nothing matches before the end: include, a, mx, ptr, exists and redirect. */
  readonly lookups: number;
  /** Of these, how many found nothing. */
  readonly voids: number;
  /** What makes receivers answer permerror, in words. */
  readonly faults: readonly string[];
  /** What could not be asked. */
  readonly failed: readonly string[];
}

/**
 * Reads the SPF record of a domain and everything that it includes, as a receiver does for a machine that nothing in it lets through: the
 * longest way.
 */
export async function walkSpf(ask: Ask, domain: string): Promise<SpfWalk> {
  const count = { lookups: 0, voids: 0 };
  const faults: string[] = [];
  const failed: string[] = [];

  function noted<T>(name: string, answer: Answer<T>): readonly T[] {
    if (answer.kind === 'failed') failed.push(`${name}: ${answer.why}`);
    return answer.kind === 'found' ? answer.records : [];
  }

  async function node(name: string, from: string | null): Promise<SpfNode> {
    const answer = await ask.txt(name);
    const texts = noted(name, answer).filter(isSpf);
    if (answer.kind === 'none' && from !== null) count.voids += 1;
    const [text, second] = texts;
    if (second !== undefined) faults.push(`${name} has ${texts.length} SPF records, and only one may be there`);
    if (text === undefined && from !== null && answer.kind !== 'failed') faults.push(`“${from}” leads to ${name}, which has no SPF record`);
    const record = text === undefined || second !== undefined ? null : parseSpf(text);
    faults.push(...(record?.faults ?? []).map((fault) => `${fault} (in the record of ${name})`));
    return { domain: name, record, texts, terms: record === null ? [] : await terms(name, record), missing: answer.kind === 'none' };
  }

  async function terms(name: string, { terms: all }: SpfRecord): Promise<readonly SpfTerm[]> {
    const read: SpfTerm[] = [];
    for (const term of inOrder(all)) read.push(await one(name, term));
    return read;
  }

  async function one(name: string, term: Term): Promise<SpfTerm> {
    const still = { ...term, networks: [], leads: null };
    if (term.kind === 'ip4') return { ...still, networks: [{ ip: term.value, bits: term.cidr4 }] };
    if (term.kind === 'ip6') return { ...still, networks: [{ ip: term.value, bits: term.cidr6 }] };
    if (!ASKS.has(term.kind)) return still;
    count.lookups += 1;
    // A macro is drawn anew for each mail (RFC 7208, 7): nobody can ask for it beforehand.
    if (count.lookups > LONGEST_WALK || term.value.includes('%') || term.kind === 'ptr') return still;
    const target = term.value === '' ? name : plainName(term.value);
    if (term.kind === 'include' || term.kind === 'redirect') return { ...still, leads: await node(target, term.text) };
    if (term.kind === 'exists') {
      if (noted(target, await ask.a(target)).length === 0) count.voids += 1;
      return still;
    }
    const hosts = term.kind === 'a' ? [target] : await exchanges(target);
    const networks = (await Promise.all(hosts.map((host) => addresses(host, term)))).flat();
    if (term.kind === 'a' && networks.length === 0) count.voids += 1;
    return { ...still, networks };
  }

  async function exchanges(name: string): Promise<readonly string[]> {
    const records = noted(name, await ask.mx(name));
    if (records.length === 0) count.voids += 1;
    if (records.length > MOST_EXCHANGES) faults.push(`mx of ${name} names ${records.length} mail servers, more than ${MOST_EXCHANGES}`);
    return records.slice(0, MOST_EXCHANGES).map(({ exchange }) => exchange);
  }

  async function addresses(host: string, { cidr4, cidr6 }: Term): Promise<SpfTerm['networks']> {
    const [four, six] = await Promise.all([ask.a(host), ask.aaaa(host)]);
    return [...noted(host, four).map((ip) => ({ ip, bits: cidr4 })), ...noted(host, six).map((ip) => ({ ip, bits: cidr6 }))];
  }

  const root = await node(plainName(domain), null);
  if (count.lookups > MOST_LOOKUPS) faults.push(`it takes ${count.lookups} look-ups in the DNS, and ${MOST_LOOKUPS} are allowed`);
  if (count.voids > MOST_VOIDS) faults.push(`${count.voids} of its look-ups find nothing, and ${MOST_VOIDS} are allowed`);
  return { root, ...count, faults: [...new Set(faults)], failed: [...new Set(failed)] };
}

const ASKS = new Set(['include', 'a', 'mx', 'ptr', 'exists', 'redirect']);

/** As they are looked at: nothing behind `all`, and `redirect` last, where there is no `all` (RFC 7208, 6.1). */
function inOrder(all: readonly Term[]): readonly Term[] {
  const end = all.findIndex(({ kind }) => kind === 'all');
  if (end >= 0) return all.slice(0, end + 1).filter(({ kind }) => kind !== 'redirect');
  return [...all.filter(({ kind }) => kind !== 'redirect'), ...all.filter(({ kind }) => kind === 'redirect')];
}

export type SpfVerdict = 'pass' | 'fail' | 'softfail' | 'neutral' | 'unsure';

const SAID: Readonly<Record<Term['qualifier'], SpfVerdict>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };

/** What the record says of mail from this address. `unsure`: it hangs on a term that cannot be asked beforehand. */
export function permits(node: SpfNode, ip: string): SpfVerdict {
  for (const term of node.terms) {
    if (term.kind === 'all') return SAID[term.qualifier];
    if (term.kind === 'redirect' && term.leads !== null) return permits(term.leads, ip);
    if (term.kind === 'include') {
      if (term.leads === null) return 'unsure';
      const inside = permits(term.leads, ip);
      if (inside === 'pass') return SAID[term.qualifier];
      if (inside === 'unsure') return 'unsure';
    }
    if (term.kind === 'exists' || term.kind === 'ptr') return 'unsure';
    if (term.networks.length === 0 && term.value.includes('%')) return 'unsure';
    if (term.networks.some((network) => isWithin(ip, network))) return SAID[term.qualifier];
  }
  return 'neutral';
}

function isWithin(ip: string, network: { readonly ip: string; readonly bits: number }): boolean {
  const family = isIPv6(network.ip) ? 'ipv6' : 'ipv4';
  if ((family === 'ipv6') !== isIPv6(ip)) return false;
  const list = new BlockList();
  list.addSubnet(network.ip, network.bits, family);
  return list.check(ip, family);
}

/** Does the record lead to this domain, on whatever way? */
export function includes(node: SpfNode, domain: string): boolean {
  return node.terms.some(({ leads }) => leads !== null && (leads.domain === domain || includes(leads, domain)));
}
