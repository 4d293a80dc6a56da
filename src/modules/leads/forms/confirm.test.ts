import { afterAll, beforeAll, expect, test } from 'vitest';
import { addSuppression } from '#modules/messages/operations/suppressions.ts';
import { getMessage, listMessages } from '#modules/messages/operations/messages.ts';
import { consentLogOperation, setConsent } from '#modules/people/operations/consent.ts';
import { getPersonOperation } from '#modules/people/operations/people.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createForm } from '../operations/forms.ts';
import { listLeadsOperation as listLeads } from '../operations/leads.ts';
import { listSubmissionsOperation } from '../operations/submissions.ts';
import { renderedAt } from './rendered.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let serial = 0;
const anEmail = () => `confirm-${++serial}@example.com`;
const FIELDS = [
  { name: 'name', label: 'Name', type: 'text' as const },
  { name: 'email', label: 'Email', type: 'email' as const },
];
const WORDING = 'Send me <news> & offers';
const aForm = () => app.call(createForm, { title: 'News', fields: FIELDS, consentWording: WORDING, confirm: true });

async function send(formId: string, email: string, name = 'Ann Lee'): Promise<void> {
  const rendered = renderedAt(app.runtime.secrets, new Date(app.clock.now().getTime() - 5_000));
  const reply = await app.http.inject({
    method: 'POST',
    url: `/f/${formId}`,
    remoteAddress: `10.2.0.${(serial += 1) % 250}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ rendered, name, email, consent: 'yes' }).toString(),
  });
  expect(reply.statusCode).toBe(200);
  await app.drain();
}
/** Beside what sequences write her. */
async function mailsTo(email: string) {
  const { items } = await app.call(listMessages, { direction: 'outbound', limit: 100 });
  const ours = items.filter((one) => one.toEmail === email && one.class === 'transactional');
  return Promise.all(ours.map((one) => app.call(getMessage, { messageId: one.id })));
}
const linkIn = (text: string | null | undefined) => new URL(/https?:\S+\/confirm\/\S+/.exec(text ?? '')?.[0] ?? '').pathname;
async function personOf(email: string): Promise<string> {
  return (await app.call(listLeads, { q: email })).items[0]?.personId ?? '';
}
const logOf = async (email: string) => (await app.call(consentLogOperation, { personId: await personOf(email) })).items;
const get = (url: string) => app.http.inject({ url });
const yes = (url: string) => app.http.inject({ method: 'POST', url, headers: { 'user-agent': 'Reader 1' } });

test('a ticked box counts once the reader of the address said yes by the button, not by opening the link', async () => {
  const form = await aForm();
  const email = anEmail();
  await send(form.id, email);
  expect(await logOf(email)).toEqual([]);
  const [mail, ...more] = await mailsTo(email);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ class: 'transactional', subject: 'Please confirm your address' });
  expect(mail?.text).toContain(`“${WORDING}”`);

  const link = linkIn(mail?.text);
  for (let looks = 0; looks < 3; looks += 1) expect((await get(link)).body).toContain('Send me &#60;news&#62; &#38; offers');
  expect(await logOf(email)).toEqual([]);

  app.clock.advance({ hours: 2 });
  const done = await yes(link);
  expect(done.statusCode).toBe(200);
  expect(done.body).toContain('Thank you, it is confirmed');
  const log = await logOf(email);
  expect(log).toMatchObject([{ state: 'granted', topic: 'marketing', lawfulBasis: 'consent', source: 'form' }]);
  expect(log[0]?.evidence).toMatchObject({ wording: WORDING, version: 1, confirmed: { user_agent: 'Reader 1' } });
  const { items } = await app.call(listSubmissionsOperation, { formId: form.id });
  expect(items).toMatchObject([{ confirmation: 'confirmed', confirmedAt: app.clock.now() }]);

  expect((await yes(link)).body).toContain('Thank you, it is confirmed');
  expect(await logOf(email)).toHaveLength(1);
});

test('one mail a day, however often somebody types the address; who said no gets none', async () => {
  const form = await aForm();
  const email = anEmail();
  for (const name of ['Ann', 'Anna', 'Annabel']) await send(form.id, email, name);
  expect(await mailsTo(email)).toHaveLength(1);
  app.clock.advance({ days: 1 });
  await send(form.id, email, 'Ann again');
  expect(await mailsTo(email)).toHaveLength(2);

  const gone = anEmail();
  await app.call(addSuppression, { email: gone, reason: 'complaint' });
  await send(form.id, gone);
  expect(await mailsTo(gone)).toEqual([]);
  expect(await logOf(gone)).toEqual([]);
});

test('an opt-out between the box and the yes stands', async () => {
  const form = await aForm();
  const email = anEmail();
  await send(form.id, email);
  const personId = await personOf(email);
  await app.call(setConsent, { personId, topic: 'marketing', state: 'withdrawn', evidence: { note: 'She called' } });
  await yes(linkIn((await mailsTo(email))[0]?.text));
  expect((await app.call(getPersonOperation, { personId })).optedOutAt).not.toBeNull();
});

test('after a month the link is too old; a link that nobody signed is none', async () => {
  const form = await aForm();
  const email = anEmail();
  await send(form.id, email);
  const link = linkIn((await mailsTo(email))[0]?.text);
  app.clock.advance({ days: 31 });
  for (const reply of [await get(link), await yes(link)]) expect(reply.body).toContain('This link is too old');
  expect(await logOf(email)).toEqual([]);

  const other = link.slice(0, -1) + (link.endsWith('A') ? 'Q' : 'A');
  for (const wrong of [other, '/confirm/x', `/confirm/${'A'.repeat(64)}`]) {
    expect((await get(wrong)).statusCode, wrong).toBe(404);
    expect((await yes(wrong)).statusCode, wrong).toBe(404);
  }
});
