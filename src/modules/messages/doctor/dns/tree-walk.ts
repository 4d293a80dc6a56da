import type { Ask } from '#core/net/dns.ts';
import { parseDmarc, type DmarcRecord, type Policy } from './dmarc-record.ts';
import { plainName } from './names.ts';

/** RFC 9989, 4.10: no more questions than these for one name, however many labels it has. */
const MOST_QUERIES = 8;

/** One name of a walk. */
export interface Stop {
  readonly domain: string;
  /** The one policy record there; null where there is none, or several. */
  readonly record: DmarcRecord | null;
  /** What stood there, so far as it begins with `v=DMARC1`. */
  readonly texts: readonly string[];
}

export interface Walk {
  readonly stops: readonly Stop[];
  /** A question could not be asked: what follows from the rest may be wrong. */
  readonly failed: string | null;
}

/**
 * The names that a walk asks, in order: the name itself, then one label less each time; of a name with eight labels or more, the second has
 * seven (RFC 9989, 4.10, steps 3 to 7).
 */
export function namesOfWalk(domain: string): readonly string[] {
  const labels = plainName(domain).split('.');
  const names = [labels.join('.')];
  for (let left = Math.min(labels.length - 1, MOST_QUERIES - 1); left > 0; left--) names.push(labels.slice(-left).join('.'));
  return names;
}

/** Ends at a record with psd=y or psd=n. */
export async function walkTree(ask: Pick<Ask, 'txt'>, domain: string): Promise<Walk> {
  const stops: Stop[] = [];
  let failed: string | null = null;
  for (const name of namesOfWalk(domain)) {
    const answer = await ask.txt(`_dmarc.${name}`);
    if (answer.kind === 'failed') failed ??= `_dmarc.${name}: ${answer.why}`;
    const found = answer.kind === 'found' ? answer.records.flatMap((text) => parseDmarc(text) ?? []) : [];
    const [only, ...others] = found;
    const record = others.length > 0 ? null : (only ?? null);
    stops.push({ domain: name, record, texts: found.map(({ text }) => text) });
    if (record !== null && record.psd !== 'u') break;
  }
  return { stops, failed };
}

/** The organisational domain (RFC 9989, 4.10.2); that of a walk without records is where it began. */
export function organisationalDomain({ stops }: Walk): string {
  const start = stops[0]?.domain ?? '';
  const found = stops.filter(({ record }) => record !== null);
  for (const stop of found) {
    if (stop.record?.psd === 'n') return stop.domain;
    if (stop.record?.psd === 'y' && stop.domain !== start) return oneBelow(start, stop.domain);
  }
  return found.at(-1)?.domain ?? start;
}

/** Of `start`, which lies below `parent`. */
function oneBelow(start: string, parent: string): string {
  return start
    .split('.')
    .slice(-(parent.split('.').length + 1))
    .join('.');
}

/** Which record receivers apply to mail of this domain, and what it asks of them. */
export interface Applied {
  readonly domain: string;
  readonly record: DmarcRecord;
  readonly where: 'own' | 'organisation' | 'suffix';
  /** Null: the record can't be used, and DMARC does not apply at all. */
  readonly policy: Policy | null;
  /** The tag that says so. */
  readonly tag: 'p' | 'sp' | 'np' | 'rua';
}

/**
 * RFC 9989, 4.10.1: the record of the domain, else of its organisational domain, else of the suffix that names itself one.
 * @param exists false: the DNS knows nothing at all of the domain, so `np` counts in the place of `sp`
 */
export function appliedPolicy(walk: Walk, exists: boolean): Applied | null {
  const organisation = organisationalDomain(walk);
  const start = walk.stops[0]?.domain;
  const at = (domain: string | undefined) => walk.stops.find((stop) => stop.domain === domain && stop.record !== null);
  const stop = at(start) ?? at(organisation) ?? walk.stops.findLast(({ record }) => record?.psd === 'y');
  if (stop?.record == null) return null;
  const { domain, record } = stop;
  const where = domain === start ? 'own' : domain === organisation ? 'organisation' : 'suffix';
  const found = { domain, record, where } as const;
  const broken = record.p === null || record.invalid.includes('sp') || record.invalid.includes('np');
  if (broken) return { ...found, policy: record.rua.some(isReportUri) ? 'none' : null, tag: 'rua' };
  if (where === 'own') return { ...found, policy: record.p, tag: 'p' };
  const own = exists ? record.sp : record.np;
  return own === null ? { ...found, policy: record.p, tag: 'p' } : { ...found, policy: own, tag: exists ? 'sp' : 'np' };
}

export function isReportUri(uri: string): boolean {
  return /^mailto:[^\s@,!]+@[^\s@,!]+$/i.test(uri.replace(/![0-9]+[kmgt]?$/i, ''));
}

/** Are two domains aligned: the same, or, relaxed, of the same organisational domain (RFC 9989, 4.4)? */
export async function isAligned(ask: Pick<Ask, 'txt'>, author: string, other: string, mode: 'r' | 's'): Promise<boolean | null> {
  const [a, b] = [plainName(author), plainName(other)];
  if (a === b) return true;
  if (mode === 's') return false;
  const [first, second] = await Promise.all([walkTree(ask, a), walkTree(ask, b)]);
  if (first.failed !== null || second.failed !== null) return null;
  return organisationalDomain(first) === organisationalDomain(second);
}
