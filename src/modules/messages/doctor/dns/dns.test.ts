import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dnsServer, type DnsServer } from '#testing/dns.ts';
import type { Ask } from '#core/net/dns.ts';
import { openAsk, remembering } from './ask.ts';
import { parseDmarc } from './dmarc-record.ts';
import { parseKey } from './dkim-key.ts';
import { parseSpf } from './spf-record.ts';
import { permits, walkSpf } from './spf-walk.ts';
import { appliedPolicy, isAligned, namesOfWalk, organisationalDomain, walkTree } from './tree-walk.ts';

/** TXT records in memory, for properties; what the protocol does is tested on a real server. */
function zoneAsk(txts: Readonly<Record<string, readonly string[]>>): Ask {
  const none = () => Promise.resolve({ kind: 'none', why: 'no_name' } as const);
  return remembering({
    txt: (name) => Promise.resolve(txts[name] === undefined ? { kind: 'none', why: 'no_name' } : { kind: 'found', records: txts[name] }),
    a: none,
    aaaa: none,
    mx: none,
    ptr: none,
  });
}

describe('asking', () => {
  let server: DnsServer;
  beforeAll(async () => void (server = await dnsServer()));
  afterAll(() => server.close());

  test('a missing name, a name without such records, a server that fails and one that is silent are told apart', async () => {
    server.set({ 'here.test': { A: ['192.0.2.1'] }, 'broken.test': { fails: 'SERVFAIL' } });
    const ask = openAsk([server.address]);
    expect(await ask.txt('gone.test')).toEqual({ kind: 'none', why: 'no_name' });
    expect(await ask.txt('here.test')).toEqual({ kind: 'none', why: 'no_records' });
    expect(await ask.txt('broken.test')).toEqual({ kind: 'failed', why: 'the name server failed (SERVFAIL)' });
    expect(await openAsk(['127.0.0.1:1']).txt('here.test')).toMatchObject({ kind: 'failed' });
    expect(await ask.txt(`${'x'.repeat(64)}.test`), 'what is no name is not asked for').toEqual({ kind: 'none', why: 'no_name' });
  });

  test('what does not go into a datagram comes by TCP; strings of one record are one text; a question is asked once', async () => {
    const long = `v=DKIM1; p=${'A'.repeat(700)}`;
    server.set({ 'long.test': { TXT: [long] }, 'alias.test': { CNAME: 'long.test' } });
    const ask = openAsk([server.address]);
    expect(await ask.txt('long.test')).toEqual({ kind: 'found', records: [long] });
    expect(await ask.txt('LONG.test')).toEqual({ kind: 'found', records: [long] });
    expect(await ask.txt('alias.test')).toEqual({ kind: 'found', records: [long] });
    expect(server.askedByTcp).toEqual(['TXT long.test', 'TXT alias.test']);
  });
});

describe('the tree walk of RFC 9989', () => {
  test('asks for the name, then one label less each time, and never more than eight', () => {
    expect(namesOfWalk('a.b.c.d.e.f.g.h.i.j.mail.example.com')).toEqual([
      'a.b.c.d.e.f.g.h.i.j.mail.example.com',
      'g.h.i.j.mail.example.com',
      'h.i.j.mail.example.com',
      'i.j.mail.example.com',
      'j.mail.example.com',
      'mail.example.com',
      'example.com',
      'com',
    ]);
    expect(namesOfWalk('Mail.Example.COM.')).toEqual(['mail.example.com', 'example.com', 'com']);
    expect(namesOfWalk('a.b.c.d.e.f.example.com')).toHaveLength(8);
  });

  const organisationOf = async (domain: string, zone: Record<string, string[]>) =>
    organisationalDomain(
      await walkTree(zoneAsk(Object.fromEntries(Object.entries(zone).map(([name, texts]) => [`_dmarc.${name}`, texts]))), domain),
    );

  test.each([
    ['no record at all: the name itself', 'a.mail.example.com', {}, 'a.mail.example.com'],
    ['the shortest name with a record', 'a.mail.example.com', { 'mail.example.com': [''], 'example.com': [''] }, 'example.com'],
    ['psd=n ends it', 'a.mail.example.com', { 'mail.example.com': ['; psd=n'], 'example.com': [''] }, 'mail.example.com'],
    ['psd=y: one label below', 'a.mail.example.com', { com: ['; psd=y'] }, 'example.com'],
    ['psd=y of where it began counts for nothing', 'example.bank', { 'example.bank': ['; psd=y'], bank: [''] }, 'example.bank'],
    ['two records at one name are none', 'a.example.com', { 'a.example.com': [''], 'example.com': ['', '; p=none'] }, 'a.example.com'],
  ])('%s', async (_, domain, zone, expected) => {
    const records = Object.fromEntries(
      Object.entries(zone).map(([name, ends]) => [name, ends.map((end: string) => `v=DMARC1; p=reject${end}`)]),
    );
    expect(await organisationOf(domain, records)).toBe(expected);
  });

  test('finds what a slow reading of the RFC finds, for any tree', async () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const record = fc.constantFrom(
      'v=DMARC1; p=none',
      'v=DMARC1; p=reject; psd=n',
      'v=DMARC1; p=reject; psd=y',
      'v=DMARC1;p=none;psd=u',
      'spf?',
    );
    const tree = fc
      .array(label, { minLength: 1, maxLength: 11 })
      .chain((labels) =>
        fc.tuple(fc.constant(labels), fc.array(fc.array(record, { maxLength: 2 }), { minLength: labels.length, maxLength: labels.length })),
      );
    await fc.assert(
      fc.asyncProperty(tree, async ([labels, records]) => {
        const suffix = (from: number) => labels.slice(from).join('.');
        const zone = Object.fromEntries(labels.map((_, i) => [`_dmarc.${suffix(i)}`, records[i] ?? []]));
        const asked: string[] = [];
        const ask = zoneAsk(zone);
        const noted = (name: string) => {
          asked.push(name);
          return ask.txt(name);
        };
        const walk = await walkTree({ txt: noted }, suffix(0));

        // Step by step as it stands in 4.10, on numbers of labels.
        const single = (name: string) => {
          const texts = (zone[`_dmarc.${name}`] ?? []).filter((text) => text.startsWith('v=DMARC1'));
          return texts.length === 1 ? (texts[0] ?? '') : null;
        };
        const ends = (text: string | null) => text !== null && /psd=[yn]/.test(text);
        const seen = [suffix(0)];
        if (!ends(single(suffix(0)))) {
          let x = labels.length < 8 ? labels.length - 1 : 7;
          while (x > 0) {
            const name = labels.slice(labels.length - x).join('.');
            seen.push(name);
            if (ends(single(name))) break;
            x -= 1;
          }
        }
        expect(asked).toEqual(seen.map((name) => `_dmarc.${name}`));
        expect(asked.length).toBeLessThanOrEqual(8);
        const with_ = seen.filter((name) => single(name) !== null);
        const n = with_.find((name) => single(name)?.includes('psd=n'));
        const y = with_.find((name) => name !== suffix(0) && single(name)?.includes('psd=y'));
        const below = y === undefined ? undefined : labels.slice(labels.length - y.split('.').length - 1).join('.');
        expect(organisationalDomain(walk)).toBe(n ?? below ?? with_.at(-1) ?? suffix(0));
      }),
      { numRuns: 300 },
    );
  });

  test('the policy: the domain’s own, else the organisation’s for sub-domains, np for names that do not exist', async () => {
    const zone = zoneAsk({ '_dmarc.example.com': ['v=DMARC1; p=reject; sp=quarantine; np=none; rua=mailto:d@example.com'] });
    expect(appliedPolicy(await walkTree(zone, 'example.com'), true)).toMatchObject({ where: 'own', policy: 'reject', tag: 'p' });
    const walk = await walkTree(zone, 'news.example.com');
    expect(appliedPolicy(walk, true)).toMatchObject({ where: 'organisation', domain: 'example.com', policy: 'quarantine', tag: 'sp' });
    expect(appliedPolicy(walk, false)).toMatchObject({ policy: 'none', tag: 'np' });
    const suffix = zoneAsk({ '_dmarc.bank': ['v=DMARC1; p=reject; psd=y'] });
    expect(appliedPolicy(await walkTree(suffix, 'mail.acme.bank'), true)).toMatchObject({
      where: 'suffix',
      domain: 'bank',
      policy: 'reject',
    });
  });

  test('a record without a good p counts as none where it names an address for reports, else for nothing', async () => {
    const of = async (text: string) => appliedPolicy(await walkTree(zoneAsk({ '_dmarc.example.com': [text] }), 'example.com'), true);
    expect(await of('v=DMARC1; rua=mailto:d@example.com')).toMatchObject({ policy: 'none', tag: 'rua' });
    expect(await of('v=DMARC1; p=reject; sp=maybe; rua=mailto:d@example.com')).toMatchObject({ policy: 'none' });
    expect(await of('v=DMARC1; p=often')).toMatchObject({ policy: null });
    expect(await of('v=DMARC2; p=reject')).toBeNull();
    expect(parseDmarc('v=DMARC1; p=reject; pct=10; ri=3600')).toMatchObject({ p: 'reject', gone: ['pct', 'ri'] });
  });

  test('aligned is the same organisation, or strictly the same domain; nobody knows when the DNS fails', async () => {
    const zone = zoneAsk({ '_dmarc.example.com': ['v=DMARC1; p=none'], '_dmarc.other.com': ['v=DMARC1; p=none'] });
    expect(await isAligned(zone, 'news.example.com', 'bounce.example.com', 'r')).toBe(true);
    expect(await isAligned(zone, 'news.example.com', 'bounce.example.com', 's')).toBe(false);
    expect(await isAligned(zone, 'example.com', 'other.com', 'r')).toBe(false);
    const failing = { txt: () => Promise.resolve({ kind: 'failed', why: 'x' } as const) };
    expect(await isAligned(failing, 'a.example.com', 'example.com', 'r')).toBeNull();
  });
});

describe('SPF', () => {
  test('look-ups and void ones are counted as a plain reading of the RFC counts them, through whatever includes', async () => {
    const names = ['r.test', 's1.test', 's2.test', 's3.test', 's4.test', 's5.test'];
    // Each domain leads to later ones only, so that there is no ring; `gone.test` is never there.
    const record = (i: number) =>
      fc.tuple(
        fc.array(
          fc.oneof(
            fc.constantFrom(...names.slice(i + 1), 'gone.test').map((to) => `include:${to}`),
            fc.constantFrom(
              'a:gone.test',
              'mx:gone.test',
              'exists:gone.test',
              'ptr',
              'ip4:192.0.2.0/24',
              'ip6:2001:db8::/32',
              'exists:%{i}.gone.test',
            ),
          ),
          { maxLength: 4 },
        ),
        fc.constantFrom('', ' ~all', ' -all', ...names.slice(i + 1).map((to) => ` redirect=${to}`)),
      );
    await fc.assert(
      fc.asyncProperty(fc.tuple(...names.map((_, i) => record(i))), async (records) => {
        const texts = records.map(([terms, end]) => `v=spf1${terms.map((term) => ` ${term}`).join('')}${end}`);
        const zone = Object.fromEntries(names.map((name, i) => [name, [texts[i] ?? '']]));
        const plain = (name: string): { lookups: number; voids: number } => {
          let [lookups, voids] = [0, 0];
          for (const word of (zone[name]?.[0] ?? '').split(' ').slice(1)) {
            if (word.endsWith('all')) break;
            if (word.startsWith('ip')) continue;
            lookups += 1;
            const to = /^(?:include:|redirect=)(.*)/.exec(word)?.[1];
            if (to !== undefined && zone[to] !== undefined) {
              const inside = plain(to);
              lookups += inside.lookups;
              voids += inside.voids;
            } else if (word !== 'ptr' && !word.includes('%')) voids += 1;
          }
          return { lookups, voids };
        };
        const expected = plain('r.test');
        fc.pre(expected.lookups <= 60);
        const walk = await walkSpf(zoneAsk(zone), 'r.test');
        expect({ lookups: walk.lookups, voids: walk.voids }).toEqual(expected);
        expect(walk.faults.some((fault) => fault.includes('look-ups in the DNS'))).toBe(expected.lookups > 10);
      }),
      { numRuns: 300 },
    );
  });

  test('a ring of includes ends, and is a fault', async () => {
    const walk = await walkSpf(zoneAsk({ 'a.test': ['v=spf1 include:b.test ~all'], 'b.test': ['v=spf1 include:a.test ~all'] }), 'a.test');
    expect(walk.faults).toEqual([expect.stringMatching(/look-ups in the DNS, and 10 are allowed/)]);
  });

  test('an address passes by what the record leads to, by networks and by qualifiers', async () => {
    const ask: Ask = {
      ...zoneAsk({
        'a.test': ['v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 a:mail.a.test/28 include:b.test ~all'],
        'b.test': ['v=spf1 ip6:2001:db8::/32 -all'],
      }),
      a: (name) =>
        Promise.resolve(name === 'mail.a.test' ? { kind: 'found', records: ['198.51.100.17'] } : { kind: 'none', why: 'no_name' }),
    };
    const { root, faults } = await walkSpf(ask, 'a.test');
    expect(faults).toEqual([]);
    expect(
      ['192.0.2.9', '192.0.2.10', '198.51.100.30', '198.51.100.33', '2001:db8::1', '203.0.113.1'].map((ip) => permits(root, ip)),
    ).toEqual(['fail', 'pass', 'pass', 'softfail', 'pass', 'softfail']);
  });

  test.each([
    ['v=spf1 ip4:300.1.1.1 ~all', /is no network/],
    ['v=spf1 includes:b.test ~all', /is no term/],
    ['v=spf1 include: ~all', /names no domain/],
    ['v=spf1 ip6:192.0.2.1 ~all', /is no network/],
    ['v=spf1 a/40 ~all', /larger than an address/],
    ['v=spf1 redirect=a.test redirect=b.test', /stands twice/],
  ])('%s has a fault', (text, fault) => {
    expect(parseSpf(text).faults).toEqual([expect.stringMatching(fault)]);
  });

  test('what is usual has none', () => {
    expect(
      parseSpf(
        'v=spf1 a mx a:mail.example.com mx/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.google.com exists:%{i}._x.example.com exp=why.example.com -all',
      ).faults,
    ).toEqual([]);
  });
});

describe('keys of DKIM', () => {
  const rsa = (bits: number, format: 'spki' | 'pkcs1') =>
    generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: format, format: 'der' }).toString('base64');

  test('type and length are read, in both forms that are published', () => {
    expect(parseKey(`v=DKIM1; k=rsa; p=${rsa(1024, 'spki')}`)).toMatchObject({ type: 'rsa', bits: 1024, faults: [] });
    expect(parseKey(`p=${rsa(2048, 'pkcs1')}`)).toMatchObject({ type: 'rsa', bits: 2048, faults: [] });
    expect(parseKey('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')).toMatchObject({ type: 'ed25519', faults: [] });
  });

  test('revoked, testing, cut and foreign keys are told', () => {
    expect(parseKey('v=DKIM1; p=')).toMatchObject({ revoked: true });
    expect(parseKey(`v=DKIM1; t=y:s; p=${rsa(1024, 'spki')}`)).toMatchObject({ testing: true });
    expect(parseKey('v=DKIM1; p=MIGfMA0')?.faults).toEqual([expect.stringMatching(/can’t be read/)]);
    expect(parseKey(`v=DKIM1; h=sha1; s=tlsrpt; p=${rsa(1024, 'spki')}`)?.faults).toHaveLength(2);
    expect(parseKey('v=spf1 ~all')).toBeNull();
  });
});
