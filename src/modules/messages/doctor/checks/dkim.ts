import type { Ask } from '#core/net/dns.ts';
import { parseKey, type DkimKey } from '../dns/dkim-key.ts';
import { finding, notAsked, txt, type Finding, type State } from '../finding.ts';
import type { Patient } from '../patient.ts';
import { providerOf } from '../providers.ts';

interface Looked {
  readonly selector: string;
  readonly name: string;
  readonly records: readonly string[];
  readonly failed: string | null;
}

/**
 * RFC 6376 and RFC 8463. The DNS cannot list selectors: those are asked for that a person named, that a probe was signed with, and that the
 * service is known to use.
 */
export async function checkDkim(ask: Ask, patient: Patient): Promise<Finding> {
  const { domain, selectors, route } = patient;
  const usual = [...(route?.selectors ?? []), ...(providerOf(route)?.selectors ?? [])];
  const sure = [...new Set([...selectors.seen, ...selectors.named])];
  const all = [...new Set([...sure, ...usual])];
  const looked = await Promise.all(all.map((selector) => look(ask, domain, selector)));
  const there = looked.filter(({ records }) => records.length > 0);
  const failed = looked.find((one) => one.failed !== null);
  const lost = looked.filter(({ selector, records, failed: why }) => sure.includes(selector) && records.length === 0 && why === null);
  const found = there.flatMap(({ name, records }) => records.map((record) => txt(name, record)));
  if (lost[0] !== undefined) {
    return finding('dkim', {
      state: 'bad',
      says: `There is no key at ${lost.map(({ name }) => name).join(', ')}, and ${selectors.seen.includes(lost[0].selector) ? 'your mail is signed with it' : 'you named it'}: its signature can’t be checked.`,
      fix: 'Publish the record again that your mail service shows for this selector.',
      found,
    });
  }
  if (there.length === 0) {
    if (failed !== undefined) return notAsked('dkim', `${failed.name}: ${failed.failed ?? ''}`);
    return finding('dkim', {
      state: usual.length > 0 ? 'bad' : 'warn',
      says:
        usual.length > 0
          ? `There is no key under the usual names (${usual.map((one) => `${one}._domainkey.${domain}`).join(', ')}), so mail is not signed as ${domain}.`
          : `Nobody knows yet what your mail is signed with: the DNS can’t list keys.`,
      fix:
        usual.length > 0
          ? `Turn on DKIM at ${patient.connectionTitle ?? 'your mail service'}, and publish the records that it shows. Named otherwise? Send a probe, or name the selector.`
          : 'Send a probe: its signature names the key. Or name the selector, if you know it.',
    });
  }
  const judged = there.map(judge);
  const worst = (['bad', 'warn'] as const).flatMap((state) => judged.find((one) => one.state === state) ?? [])[0];
  if (worst !== undefined) return finding('dkim', { ...worst, found });
  if (failed !== undefined && sure.includes(failed.selector)) return { ...notAsked('dkim', failed.failed ?? ''), found };
  return finding('dkim', {
    state: 'good',
    says: `${judged.map(({ says }) => says).join(' ')}${selectors.seen.length > 0 ? ' Your mail is signed with it.' : ' A probe shows whether mail is signed with it.'}`,
    found,
  });
}

async function look(ask: Ask, domain: string, selector: string): Promise<Looked> {
  const name = `${selector}._domainkey.${domain}`;
  const answer = await ask.txt(name);
  return {
    selector,
    name,
    records: answer.kind === 'found' ? answer.records : [],
    failed: answer.kind === 'failed' ? answer.why : null,
  };
}

function judge({ name, records }: Looked): { readonly state: State; readonly says: string; readonly fix?: string } {
  const [text = '', second] = records;
  if (second !== undefined)
    return {
      state: 'bad',
      says: `${name} has ${records.length} records, and only one may be there.`,
      fix: 'Delete all but the current one.',
    };
  const key = parseKey(text);
  if (key === null)
    return { state: 'bad', says: `What stands at ${name} is no key.`, fix: 'Publish the record that your mail service shows.' };
  if (key.revoked)
    return {
      state: 'bad',
      says: `The key at ${name} is revoked: its p= is empty.`,
      fix: 'Publish the record that your mail service shows now.',
    };
  if (key.faults[0] !== undefined)
    return {
      state: 'bad',
      says: `The key at ${name} can’t be used: ${key.faults.join('; ')}.`,
      fix: 'Publish the record that your mail service shows.',
    };
  return strength(name, key);
}

function strength(name: string, key: DkimKey): { readonly state: State; readonly says: string; readonly fix?: string } {
  const renew = 'Have your mail service make a key of 2048 bits, and publish it.';
  if (key.bits !== null && key.bits < 1024)
    return { state: 'bad', says: `The key at ${name} has ${key.bits} bits: receivers take none below 1024.`, fix: renew };
  if (key.testing)
    return {
      state: 'warn',
      says: `The key at ${name} says t=y, “we only test”: receivers may treat your mail as if it were not signed.`,
      fix: 'Take t=y out of the record.',
    };
  if (key.bits !== null && key.bits < 2048)
    return { state: 'warn', says: `The key at ${name} has ${key.bits} bits. It still counts; 2048 are the rule today.`, fix: renew };
  if (key.type === 'ed25519')
    return { state: 'good', says: `${name} holds an Ed25519 key. Not every receiver knows these: sign with RSA beside it.` };
  return { state: 'good', says: `${name} holds an RSA key of ${key.bits ?? 0} bits.` };
}
