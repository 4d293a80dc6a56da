import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Answer, Ask } from '#core/net/dns.ts';

/** Milliseconds for one try; the second one doubles it. */
const TRY_MS = 2_500;
const TRIES = 2;

const FAILURES: Readonly<Record<string, string>> = {
  ESERVFAIL: 'the name server failed (SERVFAIL)',
  EREFUSED: 'the name server refused to answer',
  ETIMEOUT: 'the name server did not answer in time',
  ECONNREFUSED: 'no name server can be reached',
  EFORMERR: 'the name server did not understand the question',
  ENOTIMP: 'the name server does not know this kind of question',
  EBADRESP: 'the answer makes no sense',
};

/**
 * Asks the name servers of this machine, or those given: `9.9.9.9`, `[2620:fe::fe]:53`, `127.0.0.1:5353`. An answer too large for UDP is
 * fetched by TCP.
 */
export function openAsk(servers: readonly string[]): Ask {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  return remembering({
    txt: (name) => asked(name, async (valid) => (await resolver.resolveTxt(valid)).map((parts) => parts.join(''))),
    a: (name) => asked(name, (valid) => resolver.resolve4(valid)),
    aaaa: (name) => asked(name, (valid) => resolver.resolve6(valid)),
    mx: (name) => asked(name, (valid) => resolver.resolveMx(valid)),
    ptr: (ip) => (isIP(ip) === 0 ? Promise.resolve({ kind: 'none', why: 'no_name' }) : answered(() => resolver.reverse(ip))),
  });
}

/** What is no name of the DNS has no records, and is not asked for (RFC 1035, 2.3.4). */
function asked<T>(name: string, query: (name: string) => Promise<T[]>): Promise<Answer<T>> {
  const bare = name.replace(/\.$/, '');
  const valid = bare !== '' && bare.length <= 253 && bare.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= 63);
  return valid ? answered(() => query(bare)) : Promise.resolve({ kind: 'none', why: 'no_name' });
}

async function answered<T>(query: () => Promise<T[]>): Promise<Answer<T>> {
  try {
    const records = await query();
    return records.length === 0 ? { kind: 'none', why: 'no_records' } : { kind: 'found', records };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOTFOUND') return { kind: 'none', why: 'no_name' };
    if (code === 'ENODATA') return { kind: 'none', why: 'no_records' };
    return { kind: 'failed', why: FAILURES[code] ?? `the name server could not be asked (${code === '' ? String(error) : code})` };
  }
}

/** One answer for each question, however many checks ask it. */
export function remembering(ask: Ask): Ask {
  const known = new Map<string, Promise<Answer<unknown>>>();
  const once =
    <T>(kind: string, query: (name: string) => Promise<Answer<T>>) =>
    (name: string): Promise<Answer<T>> => {
      const key = `${kind} ${name.toLowerCase()}`;
      const found = known.get(key);
      if (found !== undefined) return found as Promise<Answer<T>>; // put there under the same kind
      const made = query(name);
      known.set(key, made);
      return made;
    };
  return {
    txt: once('txt', ask.txt),
    a: once('a', ask.a),
    aaaa: once('aaaa', ask.aaaa),
    mx: once('mx', ask.mx),
    ptr: once('ptr', ask.ptr),
  };
}
