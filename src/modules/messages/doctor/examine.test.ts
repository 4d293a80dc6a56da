import { generateKeyPairSync } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dnsServer, type DnsServer, type Zone } from '#testing/dns.ts';
import { smtpSink } from '#testing/smtp-sink.ts';
import { checkTls } from './checks/tls.ts';
import { openAsk } from './dns/ask.ts';
import { examine } from './examine.ts';
import type { Check } from './finding.ts';
import type { Patient } from './patient.ts';
import { compare } from './store.ts';

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const NOW = new Date('2026-11-02T09:00:00Z');

const patient: Patient = {
  address: 'ann@acme.test',
  domain: 'acme.test',
  replyDomain: 'acme.test',
  route: { spf: 'include:_spf.google.com', selectors: ['google'] },
  connectionTitle: 'Gmail',
  selectors: { named: [], seen: [] },
  publicUrl: 'https://steward.acme.test',
  loopback: false,
};
const healthy: Zone = {
  'acme.test': { TXT: ['v=spf1 include:_spf.google.com ~all'], MX: [[10, 'mx.acme.test']] },
  'mx.acme.test': { A: ['203.0.113.7'] },
  '_spf.google.com': { TXT: ['v=spf1 ip4:203.0.113.0/24 -all'] },
  'google._domainkey.acme.test': { TXT: [`v=DKIM1; k=rsa; p=${KEY}`] },
  '_dmarc.acme.test': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@acme.test'] },
};

let server: DnsServer;
beforeAll(async () => void (server = await dnsServer()));
afterAll(() => server.close());

/** Findings by check. */
async function look(zone: Zone, changes: Partial<Patient> = {}) {
  server.set(zone);
  const found = await examine(openAsk([server.address]), { ...patient, ...changes }, NOW);
  return (check: Check) => found.find((one) => one.check === check);
}

test('a sender whose records are right has nothing to do', async () => {
  const of = await look(healthy);
  for (const check of ['spf', 'dkim', 'dmarc', 'dmarc_reports', 'mx', 'unsubscribe'] as const)
    expect(of(check), check).toMatchObject({ state: 'good', fix: null, publish: null });
  expect(of('spf')).toMatchObject({
    says: 'Gmail may send for acme.test. It takes 1 of 10 look-ups.',
    found: [{ name: 'acme.test', type: 'TXT' }],
  });
  expect([of('bimi')?.state, of('mta_sts')?.state]).toEqual(['note', 'note']);
});

test('a new domain is told each record to publish, whole', async () => {
  const of = await look({});
  expect(of('spf')).toMatchObject({
    state: 'bad',
    publish: { name: 'acme.test', type: 'TXT', value: 'v=spf1 include:_spf.google.com ~all' },
  });
  expect(of('dkim')).toMatchObject({ state: 'bad', says: expect.stringContaining('google._domainkey.acme.test') });
  expect(of('dmarc')).toMatchObject({
    state: 'bad',
    publish: { name: '_dmarc.acme.test', value: 'v=DMARC1; p=none; rua=mailto:ann@acme.test' },
  });
  expect(of('mx')).toMatchObject({ state: 'bad' });
});

test('a name server that fails is no missing record', async () => {
  const failing = Object.fromEntries(Object.keys(healthy).map((name) => [name, { fails: 'SERVFAIL' as const }]));
  const of = await look(failing);
  for (const check of ['spf', 'dkim', 'dmarc', 'mx'] as const)
    expect(of(check), check).toMatchObject({ state: 'unknown', publish: null, says: expect.stringContaining('could not be asked') });
});

describe('SPF', () => {
  const spf = async (record: string | readonly string[], more: Zone = {}) =>
    (await look({ ...healthy, ...more, 'acme.test': { TXT: [record].flat() } }))('spf');

  test('a provider that is not in the record is put before its end', async () => {
    expect(await spf('v=spf1 mx ip4:192.0.2.1 -all')).toMatchObject({
      state: 'bad',
      publish: { value: 'v=spf1 mx ip4:192.0.2.1 include:_spf.google.com -all' },
    });
    expect(
      await spf('v=spf1 include:more.test -all', { 'more.test': { TXT: ['v=spf1 include:_spf.google.com ~all'] } }),
      'it may be further in',
    ).toMatchObject({ state: 'good' });
  });

  test('several records become one', async () => {
    expect(await spf(['v=spf1 mx -all', 'v=spf1 include:_spf.google.com ~all', 'some other text'])).toMatchObject({
      state: 'bad',
      says: expect.stringContaining('2 SPF records'),
      publish: { value: 'v=spf1 mx include:_spf.google.com -all' },
    });
  });

  test.each([
    ['v=spf1 include:_spf.google.com +all', 'bad', 'v=spf1 include:_spf.google.com ~all'],
    ['v=spf1 include:_spf.google.com ?all', 'warn', 'v=spf1 include:_spf.google.com ~all'],
    ['v=spf1 include:_spf.google.com', 'warn', 'v=spf1 include:_spf.google.com ~all'],
  ])('%s lets forgeries through', async (record, state, value) => {
    expect(await spf(record)).toMatchObject({ state, publish: { value } });
  });

  test('more than ten look-ups name what costs most', async () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`s${i}.test`, { TXT: ['v=spf1 ip4:192.0.2.1 ~all'] }]));
    const found = await spf('v=spf1 include:big.test include:_spf.google.com ~all', {
      ...many,
      'big.test': {
        TXT: [
          `v=spf1 ${Object.keys(many)
            .map((name) => `include:${name}`)
            .join(' ')} ~all`,
        ],
      },
    });
    expect(found).toMatchObject({
      state: 'bad',
      says: expect.stringContaining('13 look-ups'),
      fix: expect.stringContaining('include:big.test (12)'),
    });
  });

  test('a server of one’s own is looked up in the record by its address', async () => {
    const own = {
      route: { server: { host: 'mail.acme.test', port: 465, tls: 'implicit', loopback: true }, spf: null, selectors: [] },
    } as const;
    const zone = { ...healthy, 'mail.acme.test': { A: ['198.51.100.9'] } };
    const outside = { route: { ...own.route, server: { ...own.route.server, host: 'mail.acme.test', loopback: false, port: 1 } } } as const;
    expect((await look(zone, outside))('spf')).toMatchObject({
      state: 'warn',
      publish: { value: 'v=spf1 include:_spf.google.com a:mail.acme.test ~all' },
    });
    expect((await look({ ...zone, 'acme.test': { TXT: ['v=spf1 ip4:198.51.100.0/28 ~all'] } }, outside))('spf')).toMatchObject({
      state: 'good',
    });
  });
});

test('DKIM: keys that are short, revoked, in test or lost', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const dkim = async (text: string, changes: Partial<Patient> = {}) =>
    (await look({ ...healthy, 'google._domainkey.acme.test': { TXT: [text] } }, changes))('dkim');
  expect(await dkim(`v=DKIM1; p=${short}`)).toMatchObject({ state: 'warn', says: expect.stringContaining('1024 bits') });
  expect(await dkim('v=DKIM1; p=')).toMatchObject({ state: 'bad', says: expect.stringContaining('revoked') });
  expect(await dkim(`v=DKIM1; t=y; p=${KEY}`)).toMatchObject({ state: 'warn', says: expect.stringContaining('t=y') });
  expect(await dkim(`v=DKIM1; p=${KEY}`, { selectors: { named: ['mine'], seen: [] } })).toMatchObject({
    state: 'bad',
    says: expect.stringContaining('you named it'),
  });
  expect((await look({}, { route: null, connectionTitle: null }))('dkim'), 'nobody can list selectors').toMatchObject({
    state: 'warn',
    fix: expect.stringContaining('Send a probe'),
  });
});

test('DMARC: the policy of the organisation, tags that are gone, two records, and reports that nobody agreed to take', async () => {
  const dmarc = async (texts: readonly string[], more: Zone = {}, changes: Partial<Patient> = {}) =>
    look({ ...healthy, '_dmarc.acme.test': { TXT: texts }, ...more }, changes);
  expect(
    (await dmarc(['v=DMARC1; p=reject; sp=quarantine'], {}, { domain: 'news.acme.test', address: 'a@news.acme.test' }))('dmarc'),
  ).toMatchObject({
    says: expect.stringContaining('It stands at acme.test'),
    found: [{ name: '_dmarc.acme.test' }],
  });
  expect((await dmarc(['v=DMARC1; p=reject; pct=20']))('dmarc')).toMatchObject({
    state: 'warn',
    says: expect.stringContaining('pct= means nothing since RFC 9989'),
  });
  expect((await dmarc(['v=DMARC1; p=none', 'v=DMARC1; p=reject']))('dmarc')).toMatchObject({
    state: 'bad',
    says: expect.stringContaining('2 policies'),
  });
  expect((await dmarc(['v=DMARC1; p=none']))('dmarc_reports')).toMatchObject({ state: 'note' });
  const outside = 'v=DMARC1; p=reject; rua=mailto:acme@reports.test';
  expect((await dmarc([outside]))('dmarc_reports')).toMatchObject({
    state: 'warn',
    publish: { name: 'acme.test._report._dmarc.reports.test', value: 'v=DMARC1' },
  });
  expect((await dmarc([outside], { 'acme.test._report._dmarc.reports.test': { TXT: ['v=DMARC1'] } }))('dmarc_reports')).toMatchObject({
    state: 'good',
  });
  expect((await dmarc(['v=DMARC1; p=reject; rua=dmarc@acme.test']))('dmarc_reports')).toMatchObject({
    state: 'warn',
    says: expect.stringContaining('mailto:'),
  });
});

test('a server of one’s own: its name leads back to it, or Gmail refuses it', async () => {
  const route = { server: { host: 'mail.acme.test', port: 1, tls: 'starttls', loopback: false }, spf: null, selectors: [] } as const;
  const zone = { ...healthy, 'mail.acme.test': { A: ['198.51.100.9'] } };
  expect((await look(zone, { route }))('ptr')).toMatchObject({
    state: 'bad',
    publish: { name: '198.51.100.9', type: 'PTR', value: 'mail.acme.test' },
  });
  const back = (name: string) => ({ ...zone, '9.100.51.198.in-addr.arpa': { PTR: [name] } });
  expect((await look(back('mail.acme.test'), { route }))('ptr')).toMatchObject({ state: 'good' });
  expect((await look(back('host9.rent.test'), { route }))('ptr')).toMatchObject({
    state: 'bad',
    says: expect.stringContaining('does not lead back'),
  });
});

test('encryption: a server without it, and one whose certificate nobody trusts', async () => {
  const sink = await smtpSink();
  const at = (port: number, tls: 'implicit' | 'starttls') => ({
    ...patient,
    route: { server: { host: '127.0.0.1', port, tls, loopback: false }, spf: null, selectors: [] },
  });
  expect(await checkTls(openAsk([server.address]), at(sink.port, 'starttls'), NOW)).toMatchObject({
    state: 'bad',
    says: expect.stringContaining('offers no encryption'),
  });
  await sink.close();
  const own = new SMTPServer({ authOptional: true, logger: false });
  own.on('error', () => undefined); // we hang up in the middle
  await new Promise<void>((done) => own.listen(0, '127.0.0.1', () => done()));
  const address = own.server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  expect(await checkTls(openAsk([server.address]), at(port, 'starttls'), NOW)).toMatchObject({
    state: 'bad',
    says: expect.stringContaining('is not trusted'),
  });
  await new Promise<void>((done) => own.close(done));
  expect(await checkTls(openAsk([server.address]), at(port, 'starttls'), NOW), 'nobody there is no fault of the certificate').toMatchObject(
    { state: 'unknown' },
  );
});

test('answers to a domain without a mail server, or to one that takes none, come back to nobody', async () => {
  const mx = async (zone: Zone) => (await look({ ...healthy, ...zone }))('mx');
  expect(await mx({ 'acme.test': { MX: [[0, '.']] } })).toMatchObject({ state: 'bad', says: expect.stringContaining('null MX') });
  expect(await mx({ 'acme.test': { A: ['203.0.113.1'] } })).toMatchObject({ state: 'warn' });
  expect(await mx({ 'mx.acme.test': {} })).toMatchObject({ state: 'bad', says: expect.stringContaining('mx.acme.test') });
});

test('what was good and is bad is broken, until it is good again; what could not be asked changes nothing', () => {
  const said = (state: 'good' | 'bad' | 'unknown') => [
    { check: 'spf' as const, state, title: '', says: state, fix: null, found: [], publish: null },
  ];
  let at: Parameters<typeof compare>[0] = { known: {}, broken: [] };
  const next = (state: 'good' | 'bad' | 'unknown') => {
    const found = compare(at, said(state));
    at = found;
    return [found.broken.length, found.changes.length];
  };
  expect(next('bad'), 'never good: not broken').toEqual([0, 1]);
  expect(next('good')).toEqual([0, 1]);
  expect(next('unknown')).toEqual([0, 0]);
  expect(next('bad')).toEqual([1, 1]);
  expect(next('unknown')).toEqual([1, 0]);
  expect(next('bad')).toEqual([1, 0]);
  expect(next('good')).toEqual([0, 1]);
});
