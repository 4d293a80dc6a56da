import type { Ask } from '#core/net/dns.ts';
import { domainOf } from '../dns/names.ts';
import { appliedPolicy, isReportUri, organisationalDomain, walkTree, type Applied, type Walk } from '../dns/tree-walk.ts';
import { finding, notAsked, txt, type Finding } from '../finding.ts';
import type { Patient } from '../patient.ts';

/** RFC 9989: the policy by the tree walk, without any list of public suffixes. */
export async function checkDmarc(ask: Ask, patient: Patient): Promise<readonly Finding[]> {
  const { domain, address } = patient;
  const walk = await walkTree(ask, domain);
  if (walk.failed !== null) return [notAsked('dmarc', walk.failed)];
  const found = walk.stops.flatMap(({ domain: at, texts }) => texts.map((text) => txt(`_dmarc.${at}`, text)));
  const double = walk.stops.find(({ texts }) => texts.length > 1);
  if (double !== undefined) {
    return [
      finding('dmarc', {
        state: 'bad',
        says: `_dmarc.${double.domain} has ${double.texts.length} policies. Receivers take none of them.`,
        fix: 'Delete all but one.',
        found,
      }),
    ];
  }
  const applied = appliedPolicy(walk, await exists(ask, domain));
  if (applied === null) {
    return [
      finding('dmarc', {
        state: 'bad',
        says: `${domain} has no DMARC policy, and neither has any domain above it. Gmail, Yahoo and Outlook ask for one of all who send much.`,
        fix: 'Publish this record. It refuses nothing yet, and has reports sent to you.',
        found,
        publish: txt(`_dmarc.${domain}`, `v=DMARC1; p=none; rua=mailto:${address}`),
      }),
    ];
  }
  return [judged(walk, applied, found, patient), ...(await reports(ask, applied))];
}

/** Does the DNS know anything of it? Only a plain no counts (RFC 9989, 3.2.13: neither A, AAAA nor MX; here: no such name). */
async function exists(ask: Ask, domain: string): Promise<boolean> {
  const answers = await Promise.all([ask.a(domain), ask.aaaa(domain), ask.mx(domain)]);
  return !answers.every(({ kind }) => kind === 'none');
}

function judged(walk: Walk, applied: Applied, found: Finding['found'], { address }: Patient): Finding {
  const { record, policy } = applied;
  const at = `_dmarc.${applied.domain}`;
  if (policy === null || applied.tag === 'rua') {
    return finding('dmarc', {
      state: 'bad',
      says:
        policy === null
          ? `The policy at ${at} can’t be used: p= is missing or is none of none, quarantine and reject.`
          : `The policy at ${at} counts as none: ${record.p === null ? 'p= is missing or wrong' : `${record.invalid.join(', ')} is none of none, quarantine and reject`}.`,
      fix: 'Publish this one in its place.',
      found,
      publish: txt(at, `v=DMARC1; p=${record.p ?? 'none'}; rua=${record.rua[0] ?? `mailto:${address}`}`),
    });
  }
  const organisation = organisationalDomain(walk);
  const whose = applied.where === 'own' ? '' : ` It stands at ${applied.domain}${applied.tag === 'p' ? '' : `, as ${applied.tag}=`}.`;
  const testing = record.t && policy !== 'none' ? ` t=y: receivers do one step less.` : '';
  const strict = strictness(record.adkim, record.aspf);
  const aligned = `Aligned is what belongs to ${organisation}${strict === '' ? '' : `; ${strict}`}.`;
  const gone =
    record.gone.length === 0
      ? ''
      : ` ${record.gone.map((tag) => `${tag}=`).join(', ')} mean${record.gone.length === 1 ? 's' : ''} nothing since RFC 9989.`;
  const odd = record.invalid.length === 0 ? '' : ` ${record.invalid.map((tag) => `${tag}=`).join(', ')} can’t be read and is passed over.`;
  return finding('dmarc', {
    state: odd !== '' || (policy !== 'none' && record.gone.includes('pct')) ? 'warn' : policy === 'none' ? 'note' : 'good',
    says: `${SAYS[policy]}${whose}${testing} ${aligned}${gone}${odd}`,
    fix:
      odd !== '' || record.gone.length > 0
        ? `Take the tags out of the record${record.gone.includes('pct') ? '; to go slowly, write t=y' : ''}.`
        : policy === 'none'
          ? 'Once the reports show only mail of yours, ask for more: p=quarantine.'
          : null,
    found,
  });
}

const SAYS = {
  none: 'Receivers deliver what fails, and report it: the policy only watches.',
  quarantine: 'Receivers put what fails into Junk.',
  reject: 'Receivers refuse what fails.',
} as const;

function strictness(adkim: 'r' | 's', aspf: 'r' | 's'): string {
  if (adkim === 's' && aspf === 's') return 'strictly, the very same domain for SPF and DKIM';
  if (adkim === 's') return 'for DKIM strictly the very same domain';
  return aspf === 's' ? 'for SPF strictly the very same domain' : '';
}

/** RFC 9990: a destination outside of the organisation must have agreed. */
async function reports(ask: Ask, { domain, record }: Applied): Promise<readonly Finding[]> {
  const { rua } = record;
  if (rua.length === 0) {
    return [
      finding('dmarc_reports', {
        state: 'note',
        says: 'Nobody receives reports: you never hear who sends as you.',
        fix: `Add rua=mailto:you@${domain} to the record at _dmarc.${domain}.`,
      }),
    ];
  }
  const odd = rua.filter((uri) => !isReportUri(uri));
  if (odd.length > 0) {
    return [
      finding('dmarc_reports', {
        state: 'warn',
        says: `${odd.join(', ')} is no address for reports: write mailto: and an address.`,
        fix: `Correct rua= in the record at _dmarc.${domain}.`,
      }),
    ];
  }
  const own = organisationalDomain(await walkTree(ask, domain));
  const refused: string[] = [];
  for (const host of new Set(rua.map((uri) => domainOf(uri.replace(/![0-9]+[kmgt]?$/i, ''))))) {
    if (host === domain || organisationalDomain(await walkTree(ask, host)) === own) continue;
    const answer = await ask.txt(`${domain}._report._dmarc.${host}`);
    if (answer.kind === 'failed') return [notAsked('dmarc_reports', `${domain}._report._dmarc.${host}: ${answer.why}`)];
    if (answer.kind === 'none' || !answer.records.some((text) => /^\s*v\s*=\s*DMARC1\s*(;|$)/.test(text))) refused.push(host);
  }
  const [host] = refused;
  if (host === undefined)
    return [
      finding('dmarc_reports', { state: 'good', says: `Reports go to ${rua.map((uri) => uri.replace(/^mailto:/i, '')).join(', ')}.` }),
    ];
  return [
    finding('dmarc_reports', {
      state: 'warn',
      says: `Reports should go to ${host}, which has not agreed to take any for ${domain}: receivers send none.`,
      fix: `Whoever runs ${host} publishes this record; or name an address at ${domain}.`,
      publish: txt(`${domain}._report._dmarc.${host}`, 'v=DMARC1'),
    }),
  ];
}
