import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import { workflow } from '#core/engine/builder.ts';
import { module } from '#core/module.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { callByName } from '#testing/by-name.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { sendEmail } from '../operations/send.ts';
import { messageStep } from './step.ts';

/** A letter, a wait, a second letter. */
const letters = module({
  name: 'letters',
  operations: [],
  workflows: [
    {
      active: true,
      definition: workflow(
        'letters',
        {
          title: 'Letters',
          subject: 'lead',
          triggers: [{ on: 'event', event: 'lead.created' }],
          stopOn: ['message.replied', 'person.opted_out', 'message.bounced'],
        },
        (w) => [
          w.step('First', messageStep, { template: 'nurture-first' }),
          w.wait('Three days', { days: 3 }),
          w.step('Second', messageStep, { template: 'nurture-follow-up-1' }),
        ],
      ),
    },
  ],
});

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: { SENDING: 'launched', FROM_EMAIL: 'us@acme.test' },
    modules: [...modules.filter((one) => one.name !== 'nurturing'), letters],
  });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});
afterEach(() => sink.fault(() => 'accept'));

interface Row {
  readonly id: string;
  readonly state: string;
  readonly subject: string;
  readonly text: string;
  readonly state_reason: string | null;
  readonly message_id: string;
  readonly in_reply_to: string | null;
  readonly step_id: string;
  readonly verdict: { decision: string; stage: string; reasons: { rule: string }[]; passed: string[] };
}
const messagesOf = (companyId: string) =>
  app.runtime.system.read((tx) =>
    tx.query<Row>(
      { name: 'test.messages', text: `select * from messages where company_id = $1 and direction = 'outbound' order by created_at, id` },
      [companyId],
    ),
  );
const timelineOf = (companyId: string) =>
  app.runtime.system.read((tx) =>
    tx.query<{ status: string; direction: string; content: string }>(
      { name: 'test.timeline', text: `select status, direction, content from interactions where company_id = $1 order by created_at, id` },
      [companyId],
    ),
  );

async function aConnectedCompany(): Promise<TestCompany> {
  const company = await app.aCompany();
  await app.call(
    createConnection,
    { connector: 'smtp', credentials: { host: '127.0.0.1', port: sink.port, from_email: 'us@acme.test', from_name: 'Acme' } },
    { as: company.admin },
  );
  return company;
}
const aLead = (company: TestCompany, email: string, name = 'Ann Example') =>
  app.call(createLeadOperation, { email, name }, { as: company.admin });
const rulesOf = (row: Row | undefined) => row?.verdict.reasons.map((reason) => reason.rule);

test('without a connection the message is captured: nothing leaves, and it can be read', async () => {
  const company = await app.aCompany();
  const before = sink.counts.size;
  await aLead(company, 'ann@captured.test');
  await app.drain();
  const [message] = await messagesOf(company.companyId);
  expect(message).toMatchObject({ state: 'captured', text: expect.stringContaining('Hi Ann,') });
  expect(message?.verdict).toMatchObject({ decision: 'send', stage: 'hand' });
  expect(message?.verdict.passed).toContain('suppression');
  expect(sink.counts.size).toBe(before);
  expect(await timelineOf(company.companyId)).toMatchObject([{ status: 'captured', direction: 'outbound' }]);
});

test('with a connection it arrives once, with its way out in the head and in the text; three days later the second, in the same conversation', async () => {
  const company = await aConnectedCompany();
  await aLead(company, 'ann@sent.test');
  await app.drain();
  const [first] = await messagesOf(company.companyId);
  expect(first?.state).toBe('sent');
  expect(sink.counts.get(first?.message_id ?? '')).toBe(1);
  const raw = sink.mails.find((mail) => mail.messageId === first?.message_id)?.raw.replace(/=\r?\n/g, '') ?? '';
  expect(raw).toMatch(/^List-Unsubscribe: <http:\/\/127\.0\.0\.1:\d+\/u\/[\w-]{86}>\r?$/m);
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  expect(raw).toContain('Acme, 1 High Street, Springfield');

  await app.advance({ days: 3 });
  const [, second] = await messagesOf(company.companyId);
  expect(second).toMatchObject({ state: 'sent', in_reply_to: first?.message_id });
  expect(await app.effects(company.companyId)).toMatchObject([{ state: 'confirmed' }, { state: 'confirmed' }]);
  expect((await timelineOf(company.companyId)).map((touch) => touch.status)).toEqual(['sent', 'sent']);
});

test('a hard bounce suppresses the address, stops the run and shows on the timeline', async () => {
  const company = await aConnectedCompany();
  sink.fault((to) => (to === 'gone@bounce.test' ? 'refuse_recipient' : 'accept'));
  await aLead(company, 'gone@bounce.test');
  await app.drain();
  await app.advance({ days: 4 });
  const all = await messagesOf(company.companyId);
  expect(all.map((row) => row.state)).toEqual(['refused']);
  expect((await timelineOf(company.companyId)).map((touch) => touch.status)).toEqual(['bounced']);
  const listed = await app.runtime.system.read((tx) =>
    tx.query<{ address: string; reason: string }>(
      { name: 'test.suppressed', text: 'select address, reason from suppressions where company_id = $1' },
      [company.companyId],
    ),
  );
  expect(listed).toEqual([{ address: 'gone@bounce.test', reason: 'bounce' }]);
});

test('a busy server is tried again; the mail arrives once', async () => {
  const company = await aConnectedCompany();
  sink.fault((to) => (to === 'ann@busy.test' ? 'busy_data' : 'accept'));
  await aLead(company, 'ann@busy.test');
  await app.drain();
  expect((await messagesOf(company.companyId)).map((row) => row.state)).toEqual(['queued']);
  sink.fault(() => 'accept');
  await app.advance({ minutes: 10 });
  const [message] = await messagesOf(company.companyId);
  expect(message?.state).toBe('sent');
  expect(sink.counts.get(message?.message_id ?? '')).toBe(1);
});

test('a lost answer is in doubt: never sent again by itself', async () => {
  const company = await aConnectedCompany();
  sink.fault((to) => (to === 'ann@doubt.test' ? 'drop_after_data' : 'accept'));
  await aLead(company, 'ann@doubt.test');
  await app.drain();
  sink.fault(() => 'accept');
  await app.advance({ days: 1 });
  const [message] = await messagesOf(company.companyId);
  expect(message).toMatchObject({ state: 'in_doubt' });
  expect(sink.counts.get(message?.message_id ?? '')).toBe(1);
  expect(await app.effects(company.companyId)).toMatchObject([{ state: 'in_doubt' }]);
  const [effect] = await app.effects(company.companyId);
  await app.runtime.system.write((tx) => app.runtime.effects.decide(tx, effect?.id ?? '', 'happened'));
  expect((await messagesOf(company.companyId))[0]?.state).toBe('sent');
});

test('a template with a gap is blocked with its reason, and the run goes on', async () => {
  const company = await aConnectedCompany();
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 'test.template',
        text: `insert into message_templates (id, company_id, key, version, title, class, subject, body) values (gen_random_uuid(), $1, 'nurture-first', 1, 'Mine', 'commercial', 'Hi', 'Dear {{ person.nickname }}')`,
      },
      [company.companyId],
    ),
  );
  await aLead(company, 'ann@gap.test');
  await app.drain();
  const [message] = await messagesOf(company.companyId);
  expect(message).toMatchObject({ state: 'blocked', state_reason: expect.stringContaining('person.nickname') });
  expect(rulesOf(message)).toEqual(['unresolved_variable']);
  await app.advance({ days: 3 });
  expect((await messagesOf(company.companyId)).map((row) => row.state)).toEqual(['blocked', 'sent']);
});

test('what waits for somebody who opts out is blocked at once, not at its hour', async () => {
  const company = await aConnectedCompany();
  const lead = await aLead(company, 'ann@waits.test');
  await app.drain();
  await app.call(sendEmail, { to: 'ann@waits.test', subject: 'One more', text: 'Hello' }, { as: company.admin });
  const waiting = async () => (await messagesOf(company.companyId)).find(({ subject }) => subject === 'One more');
  expect(await waiting()).toMatchObject({ state: 'queued', state_reason: expect.stringContaining('cap') });
  await callByName(
    app,
    'consent.set',
    { personId: lead.personId, topic: 'marketing', state: 'withdrawn', evidence: { note: 'called' } },
    company.admin,
  );
  await app.drain();
  expect(await waiting()).toMatchObject({ state: 'blocked', state_reason: expect.stringContaining('opted out') });
});
