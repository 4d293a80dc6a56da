import { isIP } from 'node:net';
import type { Ask } from '#core/net/dns.ts';
import { includes, MOST_LOOKUPS, permits, walkSpf, type SpfNode, type SpfWalk } from '../dns/spf-walk.ts';
import { finding, notAsked, txt, type DnsRecord, type Finding } from '../finding.ts';
import type { Patient } from '../patient.ts';
import { providerOf } from '../providers.ts';

/** RFC 7208. */
export async function checkSpf(ask: Ask, patient: Patient): Promise<Finding> {
  const { domain } = patient;
  const walk = await walkSpf(ask, domain);
  const found = walk.root.texts.map((text) => txt(domain, text));
  const wanted = wantedTerm(patient);
  const [only, second] = walk.root.texts;
  if (only === undefined) {
    if (walk.failed[0] !== undefined) return notAsked('spf', walk.failed[0]);
    return noRecord(patient, wanted);
  }
  if (second !== undefined) {
    return finding('spf', {
      state: 'bad',
      says: `${domain} has ${walk.root.texts.length} SPF records. Only one may be there: receivers take none of them.`,
      fix: 'Delete them, and publish this one in their place.',
      found,
      publish: txt(domain, merged(walk.root.texts, wanted)),
    });
  }
  if (walk.faults[0] !== undefined) {
    const many = walk.lookups > MOST_LOOKUPS;
    return finding('spf', {
      state: 'bad',
      says: `Receivers can’t use the record: ${walk.faults.join('; ')}.`,
      fix: many
        ? `Take out what you no longer send by: ${costs(walk.root)}. A sub-domain for newsletters has a record of its own.`
        : 'Mend the record at your DNS provider.',
      found,
    });
  }
  if (walk.failed[0] !== undefined) return { ...notAsked('spf', walk.failed[0]), found };
  return judged(ask, patient, walk, found, wanted);
}

function noRecord(patient: Patient, wanted: string | null): Finding {
  const { domain } = patient;
  if (hasOwnEnvelope(patient)) {
    return finding('spf', {
      state: 'note',
      says: `${domain} has no SPF record. Mail by ${patient.connectionTitle ?? 'this service'} is checked against a domain that the service sets up, so this one need not have one.`,
      fix: 'A probe tells which domain it is, and whether it passes.',
    });
  }
  return finding('spf', {
    state: 'bad',
    says: `${domain} has no SPF record, so receivers can’t tell your mail from a forgery.`,
    fix: 'Publish this record at your DNS provider.',
    publish: txt(domain, `v=spf1 ${wanted ?? 'mx'} ~all`),
  });
}

async function judged(ask: Ask, patient: Patient, walk: SpfWalk, found: readonly DnsRecord[], wanted: string | null): Promise<Finding> {
  const { domain } = patient;
  const [record] = walk.root.texts;
  const end = endOf(walk.root);
  const used = `${walk.lookups} of ${MOST_LOOKUPS} look-ups`;
  if (end === '+') {
    return finding('spf', {
      state: 'bad',
      says: `The record ends with +all: every machine of the world may send as ${domain}.`,
      fix: 'Publish this one in its place.',
      found,
      publish: txt(domain, (record ?? '').replace(/\s\+?all\b/i, ' ~all')),
    });
  }
  const listed = await isListed(ask, patient, walk.root);
  if (listed === 'missing') {
    return finding('spf', {
      state: providerOf(patient.route) !== null || patient.route?.spf != null ? 'bad' : 'warn',
      says:
        providerOf(patient.route) !== null || patient.route?.spf != null
          ? `The record does not let ${patient.connectionTitle ?? 'your provider'} send for ${domain}.`
          : `${patient.route?.server?.host ?? 'Your server'} is not in the record. Where your provider sends by other machines, that may be right: a probe tells.`,
      fix: 'Publish this one in its place.',
      found,
      publish: wanted === null ? null : txt(domain, inserted(record ?? 'v=spf1 ~all', wanted)),
    });
  }
  if (end === null || end === '?') {
    return finding('spf', {
      state: 'warn',
      says: `The record says nothing of machines that are not in it, so a forgery looks no worse than your mail. It takes ${used}.`,
      fix: 'Publish this one in its place.',
      found,
      publish: txt(domain, `${(record ?? '').replace(/\s\?all\b/i, '')} ~all`),
    });
  }
  if (walk.lookups >= MOST_LOOKUPS - 1 || walk.root.terms.some(({ kind }) => kind === 'ptr')) {
    return finding('spf', {
      state: 'warn',
      says:
        walk.lookups >= MOST_LOOKUPS - 1
          ? `The record takes ${used}: one more include of a provider of yours, and receivers take none of it.`
          : 'The record has ptr, which nobody should use any more: many receivers pass over it.',
      fix: `Take out what you no longer send by: ${costs(walk.root)}.`,
      found,
    });
  }
  const who =
    listed === 'in'
      ? `${patient.connectionTitle ?? 'Your server'} may send for ${domain}`
      : `${domain} has one good record; whether it covers what you send by, a probe tells`;
  return finding('spf', { state: 'good', says: `${who}. It takes ${used}.`, found });
}

/** Does mail of this sender have the vendor's own domain in its envelope? */
function hasOwnEnvelope({ route }: Patient): boolean {
  const provider = providerOf(route);
  return route !== null && (route.server === undefined ? route.spf === null : provider !== null && provider.include === null);
}

/** The mechanism that lets this sender's machines through. */
function wantedTerm(patient: Patient): string | null {
  const { route } = patient;
  if (hasOwnEnvelope(patient)) return null;
  const include = providerOf(route)?.include ?? null;
  if (include !== null) return `include:${include}`;
  if (route?.spf != null) return route.spf;
  const host = route?.server?.host;
  if (host === undefined || route?.server?.loopback === true) return null;
  if (isIP(host) !== 0) return `${isIP(host) === 6 ? 'ip6' : 'ip4'}:${host}`;
  return `a:${host}`;
}

async function isListed(ask: Ask, patient: Patient, root: SpfNode): Promise<'in' | 'missing' | 'unknown'> {
  const wanted = wantedTerm(patient);
  if (wanted === null) return 'unknown';
  if (wanted.startsWith('include:')) return includes(root, wanted.slice('include:'.length)) ? 'in' : 'missing';
  const host = patient.route?.server?.host ?? '';
  const ips = isIP(host) === 0 ? await addressesOf(ask, host) : [host];
  const said = ips.map((ip) => permits(root, ip));
  if (said.length === 0 || said.includes('unsure')) return 'unknown';
  return said.every((verdict) => verdict === 'pass') ? 'in' : 'missing';
}

export async function addressesOf(ask: Ask, host: string): Promise<readonly string[]> {
  const answers = await Promise.all([ask.a(host), ask.aaaa(host)]);
  return answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
}

/** What is said of all others; null: nothing. */
function endOf(node: SpfNode): string | null {
  const last = node.terms.at(-1);
  if (last?.kind === 'all') return last.qualifier;
  return last?.kind === 'redirect' && last.leads !== null ? endOf(last.leads) : null;
}

/** Which terms cost most, for those who must shorten. */
function costs(root: SpfNode): string {
  const cost = (node: SpfNode): number =>
    node.terms.reduce(
      (sum, { kind, leads }) => sum + (['ip4', 'ip6', 'all', 'exp', 'other'].includes(kind) ? 0 : 1) + (leads === null ? 0 : cost(leads)),
      0,
    );
  return root.terms
    .filter(({ leads }) => leads !== null)
    .map(({ text, leads }) => ({ text, cost: 1 + (leads === null ? 0 : cost(leads)) }))
    .toSorted((a, b) => b.cost - a.cost)
    .slice(0, 4)
    .map(({ text, cost: of }) => `${text} (${of})`)
    .join(', ');
}

/** Before `all` or `redirect`, where it still counts. */
function inserted(record: string, term: string): string {
  const words = record.trim().split(/ +/);
  const end = words.findIndex((word) => /^([+?~-]?all|redirect=.*)$/i.test(word));
  return (end < 0 ? [...words, term] : [...words.slice(0, end), term, ...words.slice(end)]).join(' ');
}

/** One record of several: each mechanism once, the strictest end. */
function merged(texts: readonly string[], wanted: string | null): string {
  const words = texts.flatMap((text) => text.trim().split(/ +/).slice(1));
  const mechanisms = [...new Set(words.filter((word) => !/^[+?~-]?all$|=/i.test(word)))];
  const end = words.some((word) => word.toLowerCase() === '-all') ? '-all' : '~all';
  const whole = wanted === null || mechanisms.includes(wanted) ? mechanisms : [...mechanisms, wanted];
  return ['v=spf1', ...whole, end].join(' ');
}
