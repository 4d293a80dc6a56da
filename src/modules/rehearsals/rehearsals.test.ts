import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepNode } from '#core/engine/types.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { updateSendingSettings } from '#modules/messages/operations/sending.ts';
import { receiveReply } from '#modules/messages/public.ts';
import { enrol } from '#modules/workflows/operations/enrol.ts';
import { createWorkflow } from '#modules/workflows/operations/workflows.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { aCrowd, FakeMailServer, liveThrough, tableDigests, whatHappened, whatWasRehearsed } from '#testing/rehearsal.ts';
import { rehearsalPeople, rehearsalPerson } from './operations/people.ts';
import { startRehearsal } from './operations/start.ts';

/** A Friday, two days before the clocks go forward in America, three weeks before they do in Europe. */
const START = new Date('2026-03-06T15:20:00.000Z');
const DAY_MS = 86_400_000;

const server = new FakeMailServer();
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { SENDING: 'launched', SENDING_HOURS: '09:00-17:00' }, connectors: server.connectors, start: START });
  await app.call(createConnection, { connector: 'fake', credentials: {} });
  await app.call(updateSendingSettings, { days: [1, 2, 3, 4, 5], dailyLimit: 20, capPerDay: 1, capPerWeek: 3 });
});
afterAll(() => app.close());

const letter = (id: string, subject: string): StepNode => ({
  id,
  title: `Letter ${id}`,
  type: 'message',
  input: {
    class: 'commercial',
    subject,
    text: `Dear {{ person.first_name | default: "friend" }},\n\n{{ lead.status }}: shall we talk about ${id}?`,
  },
});

const steps: StepNode[] = [
  letter('hello', 'Hello {{ person.name }}'),
  { id: 'two_days', title: 'Two days', type: 'wait', input: { for: { days: 2 } } },
  {
    id: 'heating',
    title: 'Oil?',
    type: 'branch',
    input: { condition: { field: 'person.custom.heat', is: 'oil' } },
    then: [letter('oil', 'Your oil heating, {{ person.first_name }}')],
    otherwise: [{ id: 'call', title: 'Call', type: 'task', input: { title: 'Call them' } }],
  },
  { id: 'write', title: 'Write', type: 'generate', input: { kind: 'follow_up_1' } },
  { id: 'letter', title: 'Send it', type: 'message', input: { class: 'commercial', from: 'write' } },
  { id: 'answer', title: 'An answer?', type: 'wait', input: { events: ['message.replied'], within: { days: 10 } } },
  letter('last', 'Bye'),
  { id: 'end', title: 'End', type: 'end', input: { outcome: 'no_reply' } },
];

async function aSequence(name: string) {
  const definition = {
    name,
    title: name,
    subject: 'lead',
    triggers: [{ on: 'manual' }],
    stopOn: ['person.opted_out'],
    settings: {},
    steps,
  };
  return app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true });
}

const owner = <T extends object>(text: string) => queryAs<T>(app.target, 'owner', text);

test(
  'what is rehearsed is what then happens, message for message, and the rehearsal itself leaves no trace',
  { timeout: 180_000 },
  async () => {
    const workflow = await aSequence('crowd');
    const crowd = await aCrowd(app.runtime.system, app.company.companyId, 90, START);
    await app.drain();
    const personIds = crowd.map((one) => one.personId);
    const answering = crowd[0]?.personId ?? '';
    const kept = ['rehearsals', 'rehearsal_people', 'rehearsal_messages', 'audit_log'];
    const before = await tableDigests(owner, kept);
    server.sealed = true;
    const rehearsal = await app.call(startRehearsal, {
      workflowId: workflow.id,
      personIds,
      days: 30,
      replies: 'person',
      replyPersonId: answering,
      replyDay: 14,
      wait: true,
    });
    server.sealed = false;
    expect(rehearsal.error).toBeNull();
    expect(rehearsal.state).toBe('done');
    expect(await tableDigests(owner, kept)).toEqual(before);
    expect({ calls: server.calls, sent: server.sent }).toEqual({ calls: [], sent: [] });

    await app.call(enrol, { workflowId: workflow.id, personIds });
    const reply = async () => {
      const [last] = await owner<{ id: string }>(
        `select id from messages where person_id = '${answering}' and direction = 'outbound' and state = 'sent' order by sent_at desc, id desc limit 1`,
      );
      await app.runtime.system.write((tx) => receiveReply(tx, app.runtime, app.company.companyId, last?.id ?? ''));
    };
    const until = new Date(START.getTime() + 30 * DAY_MS);
    const world = { system: app.runtime.system, clock: app.clock, drain: app.drain };
    await liveThrough(world, until, [{ at: new Date(START.getTime() + 14 * DAY_MS), act: reply }]);

    const [said, happened] = [
      await whatWasRehearsed(app.runtime.system, rehearsal.id),
      await whatHappened(app.runtime.system, workflow.id, until),
    ];
    expect(said.length).toBeGreaterThan(150);
    expect(said).toEqual(happened);
    const sent = server.sent.filter((mail) => mail.to.address.endsWith('@crowd.test'));
    expect(sent.length).toBe(said.filter((one) => one.state === 'sent').length);
    expect(rehearsal.summary?.messages.sent).toBe(sent.length);
    expect(Math.max(...(rehearsal.summary?.days ?? []).map((day) => day.sent))).toBe(20);
  },
);

test('people worth a look come first, with their whole way', { timeout: 120_000 }, async () => {
  const workflow = await aSequence('edges');
  const crowd = await aCrowd(app.runtime.system, (await app.aCompany()).companyId, 1, app.clock.now());
  expect(crowd).toHaveLength(1);
  const rows = await owner<{ id: string }>(`select id from people where company_id = '${app.company.companyId}' order by id limit 60`);
  const rehearsal = await app.call(startRehearsal, { workflowId: workflow.id, personIds: rows.map((row) => row.id), wait: true });
  const people = await app.call(rehearsalPeople, { rehearsalId: rehearsal.id, notable: true });
  const kinds = new Set(people.items.flatMap((one) => one.edge));
  for (const kind of ['opted_out', 'no_email', 'missing_name', 'unusual_characters', 'longest_name', 'odd_time_zone', 'duplicate'])
    expect(kinds).toContain(kind);
  const reached = people.items.find((one) => one.sent > 0);
  const way = await app.call(rehearsalPerson, { rehearsalId: rehearsal.id, personId: reached?.personId ?? '' });
  expect(way.path.map((leg) => leg.stepId)).toContain('hello');
  expect(way.messages[0]?.text).toMatch(/^Dear/);
});
