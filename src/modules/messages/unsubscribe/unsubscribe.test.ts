import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { updatePersonOperation } from '#modules/people/operations/people.ts';
import { ensurePerson, parseName } from '#modules/people/public.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { getMessage } from '../operations/messages.ts';
import { sendEmail } from '../operations/send.ts';
import { linkToken } from '../tokens.ts';

let app: TestApp;
beforeAll(async () => void (app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } })));
afterAll(() => app.close());

const rows = <Row extends object>(text: string, ...values: unknown[]) =>
  app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));

/** Somebody who got a mail; the path of its unsubscribe link. */
async function aReader(email: string) {
  const sent = await app.call(sendEmail, { to: email, name: 'Ann Example', template: 'welcome' });
  await app.drain();
  const { headers, personId } = await app.call(getMessage, { messageId: sent.id });
  const url = new URL(/<([^>]+)>/.exec(headers['List-Unsubscribe'] ?? '')?.[1] ?? '');
  return { path: url.pathname, personId: personId ?? '', preferences: url.pathname.replace('/u/', '/p/') };
}
const state = async (personId: string) => {
  const [person] = await rows<{ out: boolean }>('select opted_out_at is not null as out from people where id = $1', personId);
  const log = await rows<{ state: string; source: string; topic: string; evidence: object }>(
    'select state, source, topic, evidence from consent_log where person_id = $1 order by id',
    personId,
  );
  const listed = await rows<{ reason: string }>(
    'select s.reason from suppressions s join people p on p.email = s.address where p.id = $1',
    personId,
  );
  return { out: person?.out, log, listed: listed.map((row) => row.reason) };
};
const oneClick = (path: string) =>
  app.http.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  });
const form = (path: string, payload: string) =>
  app.http.inject({ method: 'POST', url: path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload });

test('GET shows a page with a button, sets no cookie and changes nothing', async () => {
  const { path, personId } = await aReader('get@reader.test');
  const page = await app.http.inject({ method: 'GET', url: path });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('<button type="submit">Unsubscribe</button>');
  expect(page.headers['set-cookie']).toBeUndefined();
  expect(page.body).not.toMatch(/<script|src=|https?:\/\//);
  expect(await state(personId)).toEqual({ out: false, log: [], listed: [] });
});

test('POST acts at once, without cookie or redirect; the next commercial mail is blocked, a second POST changes nothing', async () => {
  const { path, personId } = await aReader('post@reader.test');
  const answer = await oneClick(path);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['set-cookie']).toBeUndefined();
  const after = await state(personId);
  expect(after).toMatchObject({ out: true, log: [{ state: 'withdrawn', source: 'one_click', topic: 'marketing' }], listed: ['opt_out'] });
  expect(after.log[0]?.evidence).toMatchObject({ message_id: expect.any(String) });
  await app.drain();
  expect((await oneClick(path)).statusCode).toBe(200);
  expect((await state(personId)).log).toHaveLength(1);
  const next = await app.call(sendEmail, { to: 'post@reader.test', template: 'welcome' });
  expect(next).toMatchObject({ state: 'blocked' });
  const reset = await app.call(sendEmail, { to: 'post@reader.test', subject: 'Your receipt', text: 'Attached.', class: 'transactional' });
  expect(reset.decision).toBe('send');
});

test('a link that we did not sign is not found, whatever it says', async () => {
  const { path } = await aReader('forged@reader.test');
  for (const forged of [`${path.slice(0, -4)}AAAA`, '/u/x', `/u/${'A'.repeat(86)}`, '/p/..%2f..']) {
    expect(
      (
        await app.http.inject({
          method: 'POST',
          url: forged,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: 'List-Unsubscribe=One-Click',
        })
      ).statusCode,
    ).toBe(404);
  }
});

test('a link still works when its message and its person are gone', async () => {
  const personId = await app.runtime.database.write(app.company.companyId, (tx) =>
    ensurePerson(tx, app.company.companyId, 'erased@reader.test', parseName('Ann'), app.clock.now()),
  );
  const token = linkToken(app.runtime.secrets, { companyId: app.company.companyId, personId, messageId: crypto.randomUUID() });
  await app.runtime.system.write((tx) => tx.query({ name: 'test.erase', text: 'delete from people where id = $1' }, [personId]));
  expect((await oneClick(`/u/${token}`)).statusCode).toBe(200);
});

test('an opt-out outlives the person: the address is blocked when it comes again', async () => {
  const { path, personId } = await aReader('again@reader.test');
  await oneClick(path);
  await app.drain();
  await app.runtime.system.write((tx) => tx.query({ name: 'test.erase', text: 'delete from people where id = $1' }, [personId]));
  await app.runtime.system.write((tx) =>
    tx.query({ name: 'test.forget', text: `update suppressions set address = null where address = 'again@reader.test'` }, []),
  );
  const next = await app.call(sendEmail, { to: 'again@reader.test', template: 'welcome' });
  expect(next).toMatchObject({ state: 'blocked' });
});

test('the preference page switches one topic off, all off, and on again by the person alone', async () => {
  const { path, preferences, personId } = await aReader('choose@reader.test');
  const page = (await app.http.inject({ method: 'GET', url: preferences })).body;
  expect(page).toMatch(/value="follow_up" checked/);
  expect(page).toMatch(/value="news">/); // nobody ticked it yet
  expect(page).toContain('You may also send me news and offers by email. I can withdraw this at any time.');
  expect(await app.call(sendEmail, { to: 'choose@reader.test', template: 'welcome', topic: 'news' })).toMatchObject({ state: 'blocked' });

  await form(preferences, 'topic=news');
  await app.drain();
  expect(await state(personId)).toMatchObject({
    out: false,
    log: expect.arrayContaining([
      expect.objectContaining({
        topic: 'news',
        state: 'granted',
        evidence: expect.objectContaining({ topic_version: 1, wording: expect.stringContaining('news and offers') }),
      }),
    ]),
  });
  app.clock.advance({ days: 2 });
  expect(await app.call(sendEmail, { to: 'choose@reader.test', template: 'welcome' })).toMatchObject({ state: 'blocked' });
  expect(await app.call(sendEmail, { to: 'choose@reader.test', template: 'welcome', topic: 'news' })).toMatchObject({ decision: 'send' });

  await form(preferences, 'none=1');
  await app.drain();
  expect(await state(personId)).toMatchObject({ out: true, listed: ['opt_out'] });
  expect(await app.call(sendEmail, { to: 'choose@reader.test', template: 'welcome', topic: 'news' })).toMatchObject({ state: 'blocked' });

  await form(preferences, 'topic=news&topic=follow_up');
  await app.drain();
  expect(await state(personId)).toMatchObject({ out: false, listed: [] });
  app.clock.advance({ days: 9 });
  expect(await app.call(sendEmail, { to: 'choose@reader.test', template: 'welcome' })).toMatchObject({ decision: 'send' });
  expect((await oneClick(path)).statusCode).toBe(200);
  expect((await state(personId)).out).toBe(true);
});

test('who reads German finds the way out in German: under the mail, and on its pages; a stranger in what the browser likes', async () => {
  const { id } = await app.call(sendEmail, { to: 'deutsch@reader.test', name: 'Anna Beispiel', template: 'welcome' });
  const { personId } = await app.call(getMessage, { messageId: id });
  await app.call(updatePersonOperation, { personId: personId ?? '', language: 'de-AT' });
  await app.drain();
  const { html, text, headers } = await app.call(getMessage, { messageId: id });
  const { pathname } = new URL(/<([^>]+)>/.exec(headers['List-Unsubscribe'] ?? '')?.[1] ?? '');
  expect(text).toMatch(/\nKeine E-Mails mehr: https?:\/\/.*\nAuswählen, was Sie erhalten: https?:/);
  // What was written stays in its own language, and each says which it is.
  expect(html).toContain('<html lang="en">');
  expect(html).toContain('<span lang="de">');
  const pages = [await app.http.inject(pathname), await app.http.inject(pathname.replace('/u/', '/p/')), await oneClick(pathname)];
  for (const page of pages) expect(page.body).toContain('<html lang="de">');
  expect(pages[0]?.body).toContain('<button type="submit">Abmelden</button>');
  expect(pages[2]?.body).toContain('Erledigt. Sie sind abgemeldet.');
  const lost = await app.http.inject({ url: '/u/nothing', headers: { 'accept-language': 'pl,en;q=0.5' } });
  expect(lost.body).toContain('<html lang="pl">');
});
