import type { Ask, Answer } from '#core/net/dns.ts';
import { domainOf, plainName } from '../dns/names.ts';
import { appliedPolicy, isAligned, walkTree } from '../dns/tree-walk.ts';
import { finding, type Finding } from '../finding.ts';
import { borderOf, headersOf, receiverSays, type Header } from './received.ts';

/** A probe as it arrived. */
export interface Arrived {
  readonly raw: Uint8Array;
  /** Address that it was sent as. */
  readonly address: string;
  readonly folder: 'inbox' | 'junk' | 'other';
  readonly folderName: string;
  readonly mailbox: string;
  readonly seconds: number;
}

export interface Judged {
  readonly findings: readonly Finding[];
  /** Selectors of good signatures of the sender's own domain. */
  readonly selectors: readonly string[];
}

/** Examines the bytes that were delivered, as a receiver does: signatures over them, SPF of who brought them, and whether these speak for the sender. */
export async function judgeProbe(ask: Ask, arrived: Arrived): Promise<Judged> {
  const headers = headersOf(arrived.raw);
  const author = domainOf(arrived.address);
  const [signatures, spf] = await Promise.all([verify(ask, arrived.raw), senderPolicy(ask, headers)]);
  const good = signatures.filter(({ result }) => result === 'pass');
  const dmarc = await policyOf(ask, author, good, spf);
  const findings = [
    arrival(arrived),
    signed(signatures, author),
    passed(spf),
    dmarc,
    unsubscribable(headers, good),
    receiver(headers),
  ].filter((one) => one !== null);
  return { findings, selectors: [...new Set(good.filter(({ domain }) => domain === author).map(({ selector }) => selector))] };
}

function arrival({ folder, folderName, mailbox, seconds }: Arrived): Finding {
  const when = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  if (folder === 'junk')
    return finding('probe_arrival', {
      state: 'bad',
      says: `It arrived at ${mailbox} after ${when}, in ${folderName}: the receiver takes it for junk.`,
      fix: 'Mend what is wrong below. Is everything good, the receiver does not know you yet: begin with few mails, to people who answer.',
    });
  if (seconds > 15 * 60)
    return finding('probe_arrival', {
      state: 'warn',
      says: `It arrived at ${mailbox} after ${when}.`,
      fix: 'Mail servers that do not know a sender let it wait. Send another probe tomorrow.',
    });
  return finding('probe_arrival', { state: 'good', says: `It arrived at ${mailbox} after ${when}, in ${folderName}.` });
}

interface Signature {
  readonly domain: string;
  readonly selector: string;
  readonly result: string;
  readonly comment: string;
  readonly bits: number | null;
  /** Names of the header fields under it, lower case. */
  readonly covers: readonly string[];
}

/** RFC 6376 and RFC 8463 by mailauth, with our own questions to the DNS. */
async function verify(ask: Ask, raw: Uint8Array): Promise<readonly Signature[]> {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js');
  const { results } = await dkimVerify(Buffer.from(raw), { resolver: resolverOf(ask) });
  return results.flatMap(({ signingDomain, selector, status, signingHeaders, modulusLength }) =>
    signingDomain === undefined || selector === undefined
      ? []
      : [
          {
            domain: plainName(signingDomain),
            selector,
            result: status.result,
            comment: status.comment ?? '',
            bits: modulusLength ?? null,
            covers: (signingHeaders?.keys ?? '')
              .toLowerCase()
              .split(':')
              .map((name) => name.trim()),
          },
        ],
  );
}

/** As mailauth asks: records, or an error with the code of Node. */
function resolverOf(ask: Ask) {
  const records = <T>(answer: Answer<T>): readonly T[] => {
    if (answer.kind === 'found') return answer.records;
    const code = answer.kind === 'failed' ? 'ETIMEOUT' : answer.why === 'no_name' ? 'ENOTFOUND' : 'ENODATA';
    throw Object.assign(new Error(answer.why), { code });
  };
  return async (name: string, type: string): Promise<string[][] | string[]> => {
    if (type === 'TXT') return records(await ask.txt(name)).map((text) => [text]);
    if (type === 'A') return [...records(await ask.a(name))];
    if (type === 'AAAA') return [...records(await ask.aaaa(name))];
    // mailauth reads `exchange` of these; its types know text alone
    if (type === 'MX') return records(await ask.mx(name)) as unknown as string[];
    if (type === 'PTR') return [...records(await ask.ptr(addressOf(name)))];
    return records<string>({ kind: 'none', why: 'no_records' }).slice();
  };
}

/** `1.2.0.192.in-addr.arpa` is 192.0.2.1. */
function addressOf(name: string): string {
  const four = /^([\d.]+)\.in-addr\.arpa$/i.exec(name)?.[1];
  if (four !== undefined) return four.split('.').toReversed().join('.');
  const six = /^([\da-f.]+)\.ip6\.arpa$/i.exec(name)?.[1];
  return (
    six
      ?.split('.')
      .toReversed()
      .join('')
      .replace(/(.{4})(?=.)/g, '$1:') ?? name
  );
}

function signed(signatures: readonly Signature[], author: string): Finding {
  if (signatures.length === 0)
    return finding('probe_dkim', {
      state: 'bad',
      says: 'The mail bears no signature.',
      fix: 'Turn on DKIM at your mail service.',
    });
  const shown = (one: Signature) => `${one.selector}._domainkey.${one.domain}`;
  const good = signatures.filter(({ result }) => result === 'pass');
  const own = good.find(({ domain }) => domain === author);
  if (own !== undefined) {
    const weak = own.bits !== null && own.bits > 0 && own.bits < 2048 ? `, with a short key of ${own.bits} bits` : '';
    return finding('probe_dkim', {
      state: 'good',
      says: `Signed as ${author} with the key at ${shown(own)}${weak}, and nothing was changed on the way.`,
    });
  }
  if (good[0] !== undefined)
    return finding('probe_dkim', {
      state: 'note',
      says: `Signed as ${good.map(({ domain }) => domain).join(', ')}, not as ${author}.`,
      fix: `Have your mail service sign as ${author}: verify the domain there.`,
    });
  const [broken] = signatures;
  if (signatures.every(({ result }) => result === 'temperror'))
    return finding('probe_dkim', {
      state: 'unknown',
      says: 'The key of its signature could not be asked for.',
      fix: 'Send another probe later.',
    });
  return finding('probe_dkim', {
    state: 'bad',
    says: `Its signature does not hold (${broken === undefined ? '' : `${shown(broken)}: ${broken.comment === '' ? broken.result : broken.comment}`}).`,
    fix: 'Either the published key is another one, or something on the way changes the mail after it was signed: a footer, a virus scanner.',
  });
}

interface Spf {
  readonly result: string;
  /** Of the envelope. */
  readonly domain: string;
  readonly ip: string;
  readonly comment: string;
}

/** RFC 7208 by mailauth, over the machine that brought the mail. Null: nobody can tell which that was. */
async function senderPolicy(ask: Ask, headers: readonly Header[]): Promise<Spf | null> {
  const border = borderOf(headers);
  const path = headers.find(({ name }) => name === 'return-path')?.value ?? headers.find(({ name }) => name === 'x-envelope-from')?.value;
  const envelope = /<?([^<>\s]+@[^<>\s]+)>?/.exec(path ?? '')?.[1];
  if (border === null || envelope === undefined) return null;
  const { spf } = await import('mailauth/lib/spf/index.js');
  const { status } = await spf({ sender: envelope, ip: border.ip, helo: border.helo, mta: 'steward.invalid', resolver: resolverOf(ask) });
  return { result: status.result, domain: domainOf(envelope), ip: border.ip, comment: String(status.comment || '') };
}

function passed(spf: Spf | null): Finding {
  if (spf === null)
    return finding('probe_spf', {
      state: 'note',
      says: 'The mailbox does not tell which machine brought it, so SPF can’t be checked here.',
    });
  const what = `${spf.ip} sent it for ${spf.domain}`;
  if (spf.result === 'pass') return finding('probe_spf', { state: 'good', says: `${what}, and may.` });
  if (spf.result === 'temperror') return finding('probe_spf', { state: 'unknown', says: `${what}; whether it may could not be asked.` });
  return finding('probe_spf', {
    state: 'bad',
    says: `${what}, and the SPF record of ${spf.domain} ${spf.result === 'none' ? 'is missing' : `says ${spf.result}`}.`,
    fix: `Let ${spf.ip} send in the SPF record of ${spf.domain}.`,
  });
}

/** RFC 9989: a good signature, or SPF, of the same organisation as the author's domain. */
async function policyOf(ask: Ask, author: string, good: readonly Signature[], spf: Spf | null): Promise<Finding> {
  const walk = await walkTree(ask, author);
  if (walk.failed !== null)
    return finding('probe_dmarc', {
      state: 'unknown',
      says: `The policy could not be asked for: ${walk.failed}.`,
      fix: 'Send another probe later.',
    });
  const record = appliedPolicy(walk, true)?.record ?? null;
  const [adkim, aspf] = [record?.adkim ?? 'r', record?.aspf ?? 'r'] as const;
  const [byKey, byPath] = await Promise.all([
    Promise.all(good.map(async ({ domain }) => ((await isAligned(ask, author, domain, adkim)) === true ? domain : null))),
    spf?.result === 'pass' ? isAligned(ask, author, spf.domain, aspf) : false,
  ]);
  const key = byKey.find((domain) => domain !== null);
  const ways = [...(key == null ? [] : [`the signature of ${key}`]), ...(byPath === true ? [`SPF of ${spf?.domain ?? ''}`] : [])];
  if (ways.length > 0)
    return finding('probe_dmarc', {
      state: key == null ? 'warn' : 'good',
      says: `${upper(ways.join(' and '))} speak${ways.length === 1 ? 's' : ''} for ${author}${record === null ? ', though there is no policy yet' : ''}.`,
      fix: key == null ? 'A forwarded mail loses SPF: sign as your own domain, too.' : null,
    });
  return finding('probe_dmarc', {
    state: 'bad',
    says: `Neither a signature nor SPF speaks for ${author}: to a receiver, this mail is a forgery.`,
    fix: `Have your mail service sign as ${author}.`,
  });
}

const upper = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** RFC 8058, 4: receivers show the button only where a good signature covers both fields. */
function unsubscribable(headers: readonly Header[], good: readonly Signature[]): Finding | null {
  const both = ['list-unsubscribe', 'list-unsubscribe-post'];
  const missing = both.filter((field) => !headers.some(({ name }) => name === field));
  if (missing.length > 0)
    return finding('probe_unsubscribe', {
      state: 'bad',
      says: `${missing.join(' and ')} got lost on the way.`,
      fix: 'Your mail service takes them out: ask it to leave them, or send by another.',
    });
  if (good.length === 0) return null;
  const uncovered = both.filter((field) => !good.some(({ covers }) => covers.includes(field)));
  if (good.some(({ covers }) => both.every((field) => covers.includes(field))))
    return finding('probe_unsubscribe', { state: 'good', says: 'A good signature covers both unsubscribe headers.' });
  return finding('probe_unsubscribe', {
    state: 'bad',
    says: `No signature covers ${uncovered.length === 0 ? 'both headers at once' : uncovered.join(' and ')}: Gmail and Yahoo show no unsubscribe button.`,
    fix: 'Have your mail service sign both fields, or turn on the DKIM of a service that does.',
  });
}

function receiver(headers: readonly Header[]): Finding | null {
  const said = receiverSays(headers, borderOf(headers));
  if (said === null || said.results.size === 0) return null;
  const shown = [...said.results].map(([what, result]) => `${what} ${result}`).join(', ');
  const failed = ['dkim', 'spf', 'dmarc'].some((what) => ['fail', 'permerror', 'softfail'].includes(said.results.get(what) ?? ''));
  return finding('probe_receiver', { state: failed ? 'warn' : 'good', says: `${said.by} says: ${shown}.` });
}
