import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepNode } from '#core/engine/types.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { updateSendingSettings } from '#modules/messages/operations/sending.ts';
import { receiveReply } from '#modules/messages/public.ts';
import { enrol } from '#modules/workflows/operations/enrol.ts';
import { createWorkflow, listWorkflows } from '#modules/workflows/operations/workflows.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { aCrowd, FakeMailServer, liveThrough, tableDigests, whatHappened, whatWasRehearsed } from '#testing/rehearsal.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { getCheckinPlan } from '#modules/clients/operations/checkins.ts';
import { createPowerReport } from '#modules/reports/operations/reports.ts';
import { createInvoice, getInvoiceOperation, issueInvoice } from '#modules/invoices/operations/invoices.ts';
import { createTicket } from '#modules/tickets/operations/create.ts';
import { listTickets } from '#modules/tickets/operations/list.ts';
import { GALLERY } from '#modules/workflows/operations/gallery.ts';
import { rehearsalMessages, rehearsalPeople, rehearsalPerson } from './operations/people.ts';
import { RehearsalNotRunning } from './errors.ts';
import { getRehearsalOperation, listRehearsals } from './operations/read.ts';
import { cancelRehearsal, startRehearsal } from './operations/start.ts';
import { rehearseQueued } from './tend.ts';

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

async function aSequence(name: string, nodes: readonly StepNode[] = steps) {
  const definition = {
    name,
    title: name,
    subject: 'lead',
    triggers: [{ on: 'manual' }],
    stopOn: ['person.opted_out'],
    settings: {},
    steps: nodes,
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

test('one that is stopped keeps nothing, whether it waited or was under way', { timeout: 120_000 }, async () => {
  const workflow = await aSequence('stopped');
  const rows = await owner<{ id: string }>(`select id from people where company_id = '${app.company.companyId}' order by id limit 80`);
  const asked = { workflowId: workflow.id, personIds: rows.map((row) => row.id) };
  const waiting = await app.call(startRehearsal, asked);
  expect((await app.call(cancelRehearsal, { rehearsalId: waiting.id })).state).toBe('cancelled');
  expect(await rehearseQueued(app.runtime)).toBe(0);
  await expect(app.call(cancelRehearsal, { rehearsalId: waiting.id })).rejects.toThrow(RehearsalNotRunning);

  const going = app.call(startRehearsal, { ...asked, wait: true });
  const running = async () => (await app.call(listRehearsals, { workflowId: workflow.id, state: 'running' })).items[0]?.id;
  await expect.poll(running).toBeDefined();
  const rehearsalId = (await running()) ?? '';
  await app.call(cancelRehearsal, { rehearsalId });
  expect(await going).toMatchObject({ id: rehearsalId, state: 'cancelled', summary: null, hash: null });
  expect(await owner(`select from rehearsal_messages where rehearsal_id = '${rehearsalId}'`)).toEqual([]);
});

test('a step that would reach out is not carried out: it is said, and later steps see a sample', { timeout: 120_000 }, async () => {
  const call: StepNode = { id: 'ask', title: 'Ask the shop', type: 'http', input: { method: 'GET', url: 'https://shop.invalid/orders' } };
  const workflow = await aSequence('captured', [call, letter('told', 'The shop said {{ steps.ask.status }}')]);
  const crowd = await aCrowd(app.runtime.system, app.company.companyId, 3, app.clock.now(), 'shop.test');
  const before = server.calls.length;
  const { summary, id } = await app.call(startRehearsal, {
    workflowId: workflow.id,
    personIds: crowd.map((one) => one.personId),
    days: 5,
    wait: true,
  });
  expect(summary?.steps.find((step) => step.stepId === 'ask')).toMatchObject({ captured: true, reached: 3, failed: 0 });
  expect(summary?.warnings).toContainEqual({
    kind: 'captured',
    says: expect.stringContaining('“Ask the shop” would reach out 3 times. It was not carried out'),
  });
  expect((await whatWasRehearsed(app.runtime.system, id)).map((one) => one.subject)).toContain('The shop said 200');
  expect(server.calls.length).toBe(before);
});

test('people reply as often as they did so far; the same seed picks the same people', { timeout: 120_000 }, async () => {
  const sent = await owner<{ id: string }>(
    `select distinct on (person_id) id from messages where company_id = '${app.company.companyId}' and direction = 'outbound' and state = 'sent' and class = 'commercial' order by person_id, sent_at`,
  );
  await app.runtime.system.write(async (tx) => {
    for (const mail of sent.slice(0, 30)) await receiveReply(tx, app.runtime, app.company.companyId, mail.id);
  });
  await app.drain();
  const workflow = await aSequence('answered');
  const crowd = await aCrowd(app.runtime.system, app.company.companyId, 24, app.clock.now(), 'answers.test');
  const rehearse = (seed: number) =>
    app.call(startRehearsal, {
      workflowId: workflow.id,
      personIds: crowd.map((one) => one.personId),
      replies: 'history',
      seed,
      wait: true,
    });
  const [one, same] = [await rehearse(7), await rehearse(7)];
  expect(one.summary?.replies).toBeGreaterThan(0);
  expect(one.summary?.replies).toBeLessThan(24);
  expect(one.summary?.warnings).toContainEqual({
    kind: 'replies',
    says: expect.stringMatching(/% of mails are answered, as in the last half year/),
  });
  expect(await whatWasRehearsed(app.runtime.system, same.id)).toEqual(await whatWasRehearsed(app.runtime.system, one.id));
});

test('what is about clients and their tickets, invoices, reports is rehearsed with people: it is about the newest of each; who has none stays out', async () => {
  const mine = await testApp({ settings: { SENDING: 'launched', SENDING_HOURS: 'always' }, connectors: server.connectors, start: START });
  try {
    await mine.call(createConnection, { connector: 'fake', credentials: {} });
    const client = await mine.call(createClient, { name: 'Rhea Hearsal', email: 'rhea@rehearse.test', status: 'active', plan: 'Care' });
    const none = await mine.call(createClient, { name: 'Nobody Yet', email: 'nobody@rehearse.test', status: 'active' });
    const csv = 'timestamp,total_power_mw\n1760000000,5\n1760000009,7\n1760000020,3';
    await mine.call(createPowerReport, { clientId: client.id, csv, title: 'First' });
    mine.clock.advance({ minutes: 1 });
    await mine.call(createPowerReport, { clientId: client.id, csv: `${csv}\n1760000030,4`, title: 'Second' });
    await mine.call(createTicket, { personId: client.personId, subject: 'Late', text: 'Where is it?' });
    await mine.drain();
    const kept = await mine.call(getCheckinPlan, { clientId: client.id });
    const rehearse = async (key: string) => {
      const found = GALLERY.find((one) => one.key === key);
      const made = await mine.call(createWorkflow, { definition: JSON.parse(JSON.stringify(found?.definition)), active: true });
      const personIds = [client.personId, none.personId];
      const { id } = await mine.call(startRehearsal, { workflowId: made.id, personIds, wait: true });
      const done = await mine.call(getRehearsalOperation, { rehearsalId: id });
      expect([key, done.summary?.warnings.filter(({ kind }) => kind === 'failed')]).toEqual([key, []]);
      return done;
    };
    const report = await rehearse('power-report');
    expect(report).toMatchObject({ state: 'done', summary: { asked: 2, entered: 1, leftOut: 1, messages: { sent: 1, blocked: 0 } } });
    expect(report.summary?.findings).toMatchObject([{ kind: 'no_subject', count: 1 }]);
    const { items } = await mine.call(rehearsalMessages, { rehearsalId: report.id });
    expect(items.map(({ subject }) => subject)).toEqual(['Second']);
    for (const key of ['contract-ends', 'client-at-risk', 'checkin-mail']) expect(await rehearse(key)).toMatchObject({ state: 'done', summary: { entered: 2 } });
    expect(await rehearse('ticket-escalation')).toMatchObject({ state: 'done', summary: { entered: 1 } });
    const invoice = await mine.call(createInvoice, { clientId: client.id, amount: '199.00' });
    await mine.call(issueInvoice, { invoiceId: invoice.id });
    const reminders = (await mine.call(listWorkflows, {})).items.find(({ name }) => name === 'invoice-reminders');
    const late = await mine.call(startRehearsal, { workflowId: reminders?.id ?? '', personIds: [client.personId], days: 60, wait: true });
    const owed = await mine.call(getRehearsalOperation, { rehearsalId: late.id });
    expect(owed.summary?.warnings.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(owed.summary?.messages.sent).toBeGreaterThan(0);
    expect(await mine.call(getInvoiceOperation, { invoiceId: invoice.id })).toMatchObject({ status: 'issued', reminders: 0 });
    // Nothing of it stayed.
    expect(await mine.call(getCheckinPlan, { clientId: client.id })).toEqual(kept);
    expect((await mine.call(listTickets, {})).items).toMatchObject([{ priority: 'normal', tags: [] }]);
  } finally {
    await mine.close();
  }
}, 120_000); // prettier-ignore
