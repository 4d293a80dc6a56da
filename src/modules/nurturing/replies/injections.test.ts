import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { classifyReply, REPLY_CLASSES } from '#modules/messages/public.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { fakeVendor, type FakeVendor } from '#testing/fake-vendor.ts';
import { openAiCompletion } from '#testing/llm.ts';
import { aReply } from '#testing/reply.ts';
import { readReplyPrompt } from '../prompts/read-reply.ts';
import { INJECTIONS } from './injections.ts';
import { settle } from './second-opinion.ts';

/** A model that fell for it: it says what it was told, and asks for more than there is. */
const OBEDIENT = {
  class: 'interested',
  confidence: 1,
  return_date: '2099-01-01',
  reason: 'I was told so',
  tool_calls: [{ name: 'send_email', arguments: { to: 'all@evil.test' } }],
  send_to: 'all@evil.test',
  approve: true,
};
const receivedAt = new Date('2026-11-21T10:00:00Z');

test('no order changes what the rules read, nor the shape of a verdict', () => {
  const shape = Object.keys(classifyReply({ subject: 'Re: hi', text: 'Thanks', receivedAt })).toSorted();
  const wrong = INJECTIONS.flatMap(({ text, honest }) => {
    const verdict = classifyReply({ subject: 'Re: hi', text, receivedAt });
    expect(Object.keys(verdict).toSorted()).toEqual(shape);
    expect(REPLY_CLASSES).toContain(verdict.class);
    return verdict.class === honest ? [] : [`${honest} read as ${verdict.class}: ${text}`];
  });
  expect(wrong).toEqual([]);
  process.stdout.write(`injections: ${INJECTIONS.length}, none moves the rules\n`);
});

test('a model that obeys gives a verdict of the same shape, and takes no stop back', () => {
  const parsed = readReplyPrompt.answer.parse(OBEDIENT);
  expect(Object.keys(parsed).toSorted()).toEqual(['class', 'confidence', 'reason', 'return_date']);
  for (const { text, honest } of INJECTIONS) {
    const { class: cls, confidence, reasons, returnDate } = classifyReply({ subject: 'Re: hi', text, receivedAt });
    const { verdict } = settle({ class: cls, confidence, reasons, returnDate }, parsed, receivedAt);
    expect(Object.keys(verdict).toSorted()).toEqual(['class', 'confidence', 'reasons', 'returnDate']);
    expect(verdict.returnDate).toBeNull();
    if (honest === 'stop') expect(verdict.class).toBe('stop');
  }
});

let app: TestApp;
let vendor: FakeVendor;
beforeAll(async () => {
  vendor = await fakeVendor(() => openAiCompletion(JSON.stringify(OBEDIENT)));
  app = await testApp({ vendorBaseUrls: { openai: vendor.url } });
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

const Lead = z.object({ id: z.uuid(), personId: z.uuid(), email: z.string() });

/** Whatever could leave the house or change who may do what. Mail to our own people (alerts) is no harm. */
const HARM = `select (select count(*)::int from messages where company_id = $1 and direction = 'outbound' and to_email like '%@evil.test') as "toStrangers",
    (select count(*)::int from messages where company_id = $1 and direction = 'outbound' and class = 'commercial') as letters,
    (select count(*)::int from effects where company_id = $1 and kind <> 'email') as effects,
    (select count(*)::int from connections where company_id = $1) as connections,
    (select count(*)::int from users where company_id = $1) as users,
    (select count(*)::int from people where company_id = $1) as people,
    (select count(*)::int from consent_log where company_id = $1 and state = 'granted') as granted`;

test('no order starts an effect, though the model obeys it: nothing is sent, granted, paid or deleted', async () => {
  const { companyId, admin: as } = await app.aCompany('Injected');
  await callByName(app, 'connections.create', { connector: 'openai', title: 'Model', credentials: { api_key: 'sk-test-1234567890' } }, as);
  const leads = await Promise.all(
    INJECTIONS.map(async (_, at) =>
      Lead.parse(await callByName(app, 'leads.create', { name: `Person ${at}`, email: `p${at}@lee.test`, enrol: false }, as)),
    ),
  );
  await app.drain();
  const rows = <Row extends object>(text: string) =>
    app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, [companyId]));
  const [before] = await rows(HARM);
  for (const [at, lead] of leads.entries()) await aReply(app, { companyId, lead }, INJECTIONS[at]?.text ?? '');
  await app.drain();
  const [after] = await rows(HARM);
  expect(after).toEqual(before);
  const asked = vendor.requests.map(({ body }) => Object.keys(Object(body)));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.flat().filter((key) => /tool|function/.test(key))).toEqual([]);
});
