import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSecrets } from '#core/secrets.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { simpleParser } from 'mailparser';
import fc from '#testing/property.ts';
import { importLeads } from '#modules/leads/operations/import-runs.ts';
import { sendEmail } from '../operations/send.ts';
import { getMessage, listMessages } from '../operations/messages.ts';
import { messageHits, trackingFigures, trackingPeople, updateTracking } from '../operations/tracking.ts';
import { machineByItself } from './agents.ts';
import { trackHtml } from './rewrite.ts';
import { tendHits } from './tend.ts';
import { readTrackedUrl, trackedUrl } from './tokens.ts';

const BASE = 'https://steward.acme.test';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const secrets = openSecrets(['a secret for this test alone']);
const ids = { companyId: crypto.randomUUID(), messageId: crypto.randomUUID() };

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: { SENDING: 'launched', STEWARD_PUBLIC_URL: BASE, POSTAL_ADDRESS: '1 High Street', SENDING_HOURS: 'always' },
  });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const TEXT = 'Read https://acme.test/one?a=1&b=2 and https://acme.test/two or https://acme.test/three';

/** A company that counts (or not), and one mail of it that somebody has. */
async function aMailOut(counting: Partial<Parameters<typeof count>[1]> = {}, consent = true) {
  const company = await app.aCompany();
  const as = company.admin;
  const credentials = { host: '127.0.0.1', port: sink.port, security: 'none', from_email: 'us@acme.test' };
  await app.call(createConnection, { connector: 'smtp', credentials }, { as });
  await count(company, { opens: true, clicks: true, ...counting });
  const to = `${crypto.randomUUID().slice(0, 8)}@example.test`;
  const given = consent ? { consent: { basis: 'consent' as const, evidence: 'They agreed at the counter' } } : {};
  await app.call(importLeads, { filename: 'a.csv', content: `name,email\nAnn Lee,${to}`, enrol: false, ...given }, { as });
  const sent = await app.call(sendEmail, { to, subject: 'News', text: TEXT, class: consent ? 'commercial' : 'transactional' }, { as });
  await app.drain();
  const mail = await simpleParser(sink.mails.find((one) => one.to === to)?.raw ?? '');
  const html = mail.html === false ? '' : mail.html;
  const urls = [...html.matchAll(/(?:href|src)="(https:\/\/steward\.acme\.test\/[co]\/[^"]+)"/g)].map(([, url]) =>
    (url ?? '').replaceAll('&amp;', '&'),
  );
  return {
    company,
    as,
    id: sent.id,
    to,
    html,
    text: mail.text ?? '',
    links: urls.filter((url) => url.includes('/c/')),
    pixel: urls.find((url) => url.includes('/o/')) ?? '',
  };
}
const count = (company: TestCompany, settings: { opens?: boolean; clicks?: boolean; who?: 'all'; notTemplates?: string[] }) =>
  app.call(updateTracking, settings, { as: company.admin });
const visit = (url = '', headers: Record<string, string> = { 'user-agent': FIREFOX }) =>
  app.http.inject({ method: 'GET', url: url.slice(BASE.length), headers });
const judged = async () => {
  await app.advance({ seconds: 21 });
  await tendHits(app.runtime);
};
type Out = Awaited<ReturnType<typeof aMailOut>>;
const line = async ({ as }: Out) => (await app.call(listMessages, { direction: 'outbound' }, { as })).items[0];
const hits = async ({ as, id }: Out) =>
  (await app.call(messageHits, { messageId: id }, { as })).items.map(({ kind, link, machine }) => [kind, link, machine]);

test('off until an admin says otherwise: no picture, no link by way of us', async () => {
  const out = await aMailOut({ opens: false, clicks: false });
  expect(out.html).toContain('href="https://acme.test/two"');
  expect([out.links, out.pixel]).toEqual([[], '']);
});

test('a person opens and follows one link: told once, at its first time, and the answer leads where the mail said', async () => {
  const out = await aMailOut();
  expect(out.text).toContain('https://acme.test/one?a=1&b=2');
  expect(out.links).toHaveLength(4); // three that one sees, one that nobody does
  await app.advance({ hours: 1 });
  expect((await visit(out.pixel)).headers).toMatchObject({ 'content-type': 'image/gif', 'cache-control': 'no-store, private' });
  const followed = await visit(out.links[0]);
  expect([followed.statusCode, followed.headers['location']]).toEqual([302, 'https://acme.test/one?a=1&b=2']);
  await judged();
  const first = await line(out);
  expect(first?.openedAt).toBeInstanceOf(Date);
  expect(first?.clickedAt).toBeInstanceOf(Date);
  await visit(out.pixel);
  await judged();
  expect(await line(out)).toMatchObject({ openedAt: first?.openedAt, clickedAt: first?.clickedAt });
  expect(await hits(out)).toEqual([
    ['open', null, null],
    ['click', 1, null],
    ['open', null, null],
  ]);
  const { items } = await app.call(trackingFigures, { by: 'template' }, { as: out.as });
  expect(items).toEqual([{ key: '', sent: 1, counted: 1, opened: 1, clicked: 1, answered: 0, machine: 0 }]);
  const people = (what: 'clicked' | 'machine') => app.call(trackingPeople, { by: 'template', key: '', what }, { as: out.as });
  expect((await people('clicked')).items.map(({ toEmail }) => toEmail)).toEqual([out.to]);
  expect((await people('machine')).items).toEqual([]);
});

test.each([
  ['looks at once', 0, (out: Out) => [out.pixel, out.links[0]], FIREFOX, 'at_once'],
  ['takes all links', 3_600, (out: Out) => out.links.slice(0, 3), FIREFOX, 'all_links'],
  ['follows what no reader sees', 3_600, (out: Out) => [out.links[0], out.links[3]], FIREFOX, 'hidden_link'],
  ['says what it is', 3_600, (out: Out) => [out.links[0]], 'Barracuda Sentinel (EE)', 'program'],
  ['loads pictures ahead', 3_600, (out: Out) => [out.pixel], 'Mozilla/5.0', 'prefetch'],
] as const)('a machine that %s is no person', async (_, afterS, which, agent, reason) => {
  const out = await aMailOut();
  await app.advance({ seconds: afterS });
  for (const url of which(out)) await visit(url, { 'user-agent': agent });
  await judged();
  expect(await line(out)).toMatchObject({ openedAt: null, clickedAt: null });
  expect(new Set((await hits(out)).map(([, , machine]) => machine))).toEqual(new Set([reason]));
  expect((await app.call(trackingFigures, {}, { as: out.as })).items).toMatchObject([{ opened: 0, clicked: 0, machine: 1 }]);
});

test('nothing is counted of transactional mail, nor without consent where that is asked for, nor after it was switched off', async () => {
  const plain = await aMailOut({}, false);
  expect([plain.links, plain.pixel]).toEqual([[], '']);
  const out = await aMailOut();
  await count(out.company, { opens: false, clicks: false });
  await app.advance({ hours: 1 });
  expect((await visit(out.links[0])).statusCode).toBe(302);
  expect(await hits(out)).toEqual([]);
});

test('no open door: another target, another word or no target lead nowhere; unsubscribing stays as it is', async () => {
  const out = await aMailOut();
  const [url = ''] = out.links;
  const word = new URL(url).pathname;
  for (const path of [`${word}?u=${encodeURIComponent('https://evil.test/')}`, word, `${word.slice(0, -2)}AA${new URL(url).search}`]) {
    const answer = await app.http.inject({ method: 'GET', url: path });
    expect([answer.statusCode, answer.headers['location']]).toEqual([404, undefined]);
  }
  expect((await visit(out.links[3])).headers['location']).toBeUndefined();
  expect(out.html).toMatch(/href="https:\/\/steward\.acme\.test\/u\//);
  // Seen in the app by a colleague: nobody has read it.
  expect((await app.call(getMessage, { messageId: out.id }, { as: out.as })).html).not.toContain('/o/');
});

test('what no longer than so many days is kept goes', async () => {
  const out = await aMailOut();
  await app.advance({ hours: 1 });
  await visit(out.pixel);
  await app.call(updateTracking, { keepDays: 1 }, { as: out.as });
  await app.advance({ hours: 25 });
  await tendHits(app.runtime);
  expect(await hits(out)).toEqual([]);
});

test('any link comes back as it was written, and only with its own target', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.integer({ min: 1, max: 60_000 }), (target, link) => {
      const { pathname, searchParams } = new URL(trackedUrl(secrets, BASE, ids, link, target));
      const word = pathname.replace('/c/', '');
      expect(searchParams.get('u')).toBe(target);
      expect(readTrackedUrl(secrets, word, target)).toEqual({ ...ids, link });
      expect(readTrackedUrl(secrets, word, `${target}x`)).toBeNull();
    }),
    { numRuns: 40 },
  );
});

test('only what leads out is rewritten', () => {
  const html = `<a href="mailto:a@b.test">x</a><a href='${BASE}/u/abc'>x</a><a href="https://a.test" data-untracked>x</a><a href="#top">x</a><a class="y" href='https://b.test/?a=1&amp;b=2'>x</a>`;
  const made = trackHtml(secrets, BASE, ids, { opens: false, clicks: true }, html);
  expect(made.match(/\/c\//g)).toHaveLength(2);
  expect(made).toContain(encodeURIComponent('https://b.test/?a=1&b=2'));
  expect(made).toContain('data-untracked');
});

test('what a request says of itself', () => {
  const of = (agent: string, more = {}) => machineByItself('GET', { 'user-agent': agent, ...more });
  expect(of(FIREFOX)).toBeNull();
  expect(of('Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)')).toBeNull();
  expect(of(FIREFOX, { 'sec-purpose': 'prefetch;prerender' })).toBe('prefetch');
  expect(of('')).toBe('program');
  expect(of('curl/8.9')).toBe('program');
  expect(machineByItself('HEAD', { 'user-agent': FIREFOX })).toBe('program');
});
