import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { checkEnrolment, enrol, removeFromSequence } from '../operations/enrol.ts';
import { workflowPeople, workflowResults } from '../operations/results.ts';
import { createWorkflow } from '../operations/workflows.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const Lead = z.object({ id: z.uuid(), personId: z.uuid() });
/** A lead nobody enrols by itself. */
async function aLead(name: string, more: Record<string, unknown> = {}) {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}-${newId()}@people.test`;
  return Lead.parse(await callByName(app, 'leads.create', { name, email, enrol: false, ...more }, app.company.admin));
}

let made = 0;
/** A letter, three days, a second letter. */
async function aSequence() {
  const name = `sequence-${++made}`;
  const letter = (id: string) => ({
    id,
    title: id,
    type: 'message',
    input: {
      class: 'commercial',
      subject: 'Hello {{ person.first_name }}',
      text: 'Shall we talk about your boiler, {{ person.first_name }}?',
    },
  });
  const steps = [letter('hello'), { id: 'pause', title: 'Three days', type: 'wait', input: { for: { days: 3 } } }, letter('again')];
  const definition = { name, title: `Sequence ${made}`, subject: 'lead', triggers: [{ on: 'manual' }], stopOn: [], settings: {}, steps };
  return app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true });
}

/** A mail of the person comes in, as reading a mailbox stores it. */
async function replies(personId: string, replyTo: string | null = null): Promise<void> {
  const id = newId();
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 'test.reply',
        text: `insert into messages (id, company_id, class, direction, state, person_id, from_email, to_email, text, thread_id, reply_to_id, created_at)
               values ($1, $2, 'transactional', 'inbound', 'received', $3, 'them@people.test', 'us@acme.test', 'Yes, do call', $1, $4, $5)`,
      },
      [id, app.company.companyId, personId, replyTo, app.clock.now()],
    ),
  );
}

const kinds = (findings: readonly { kind: string; count: number }[]) => Object.fromEntries(findings.map((one) => [one.kind, one.count]));

test('the check names who can not enter and what to know of the others, and starts nothing', async () => {
  const [first, other] = [await aSequence(), await aSequence()];
  const free = await aLead('Free Fran');
  const gone = await aLead('Gone Gil');
  await callByName(app, 'leads.update', { leadId: gone.id, status: 'unsubscribed' }, app.company.admin);
  const lost = await aLead('Lost Lou');
  await callByName(app, 'leads.update', { leadId: lost.id, status: 'lost' }, app.company.admin);
  const busy = await aLead('Busy Bea');
  await app.call(enrol, { workflowId: other.id, leadIds: [busy.id] });
  const answered = await aLead('Answered Ann');
  await replies(answered.personId);
  const [ada, bob] = [await aLead('Ada Firm'), await aLead('Bob Firm')];
  const firm = { id: newId() };
  await app.runtime.system.write((tx) =>
    tx.query(
      { name: 'test.firm', text: `insert into organisations (id, company_id, name, name_key) values ($1, $2, 'Firm Ltd', 'firm ltd')` },
      [firm.id, app.company.companyId],
    ),
  );
  for (const { personId } of [ada, bob]) await callByName(app, 'people.update', { personId, organisationId: firm.id }, app.company.admin);
  await replies(bob.personId);

  const leadIds = [free, gone, lost, busy, answered, ada].map((lead) => lead.id);
  const looked = await app.call(checkEnrolment, { workflowId: first.id, leadIds });
  expect(looked).toMatchObject({ asked: 6, enter: 4, leftOut: 2 });
  expect(kinds(looked.findings)).toEqual({ opted_out: 1, closed: 1, other_sequence: 1, replied: 1, colleague_replied: 1 });
  expect(looked.findings.find((one) => one.kind === 'colleague_replied')).toMatchObject({
    barrier: false,
    says: '1 has a colleague who replied',
    people: [{ personId: ada.personId, name: 'Ada Firm', detail: expect.stringMatching(/^Bob Firm on \d{4}-/) }],
  });
  expect(looked.findings.find((one) => one.kind === 'other_sequence')?.people[0]?.detail).toBe(other.title);
  expect((await app.call(workflowResults, { workflowId: first.id })).runs).toBe(0);

  const went = await app.call(enrol, { workflowId: first.id, leadIds, leaveOut: ['other_sequence', 'replied'] });
  expect(went).toMatchObject({ started: 2, leftOut: 4 });
  const inIt = await app.call(workflowPeople, { workflowId: first.id });
  expect(inIt.items.map((one) => one.name).toSorted()).toEqual(['Ada Firm', 'Free Fran']);
  expect(kinds((await app.call(checkEnrolment, { workflowId: first.id, leadIds })).findings)).toMatchObject({ in_it_already: 2 });
});

test('an enrolment is taken back as a whole, and only its own runs', async () => {
  const sequence = await aSequence();
  const [before, a, b] = [await aLead('Before Bo'), await aLead('Anna'), await aLead('Berta')];
  await app.call(enrol, { workflowId: sequence.id, leadIds: [before.id] });
  const { enrolmentId, started } = await app.call(enrol, {
    workflowId: sequence.id,
    leadIds: [before.id, a.id],
    personIds: [b.personId, a.personId],
  });
  expect(started).toBe(2);
  expect(await app.call(removeFromSequence, { workflowId: sequence.id, enrolmentId })).toEqual({ ended: 2 });
  expect(await app.call(removeFromSequence, { workflowId: sequence.id, enrolmentId })).toEqual({ ended: 0 });
  const live = await app.call(workflowPeople, { workflowId: sequence.id, outcome: 'under_way' });
  expect(live.items.map((one) => one.name)).toEqual(['Before Bo']);
  expect(await app.call(removeFromSequence, { workflowId: sequence.id, leadIds: [before.id] })).toEqual({ ended: 1 });
});

test('results count people step by step, and each number opens just these people', async () => {
  const sequence = await aSequence();
  const leads = [await aLead('Rita Reply'), await aLead('Sam Silent'), await aLead('Tess Optout')];
  await app.call(enrol, { workflowId: sequence.id, leadIds: leads.map((lead) => lead.id) });
  await app.drain();
  const [sent] = await app.runtime.system.read((tx) =>
    tx.query<{ id: string }>({ name: 'test.sent', text: `select id from messages where person_id = $1 and direction = 'outbound'` }, [
      leads[0]?.personId,
    ]),
  );
  await replies(leads[0]?.personId ?? '', sent?.id ?? null);
  await app.advance({ days: 3 });
  const results = await app.call(workflowResults, { workflowId: sequence.id });
  const hello = results.steps.find((step) => step.stepId === 'hello');
  expect(hello).toEqual({ stepId: 'hello', reached: 3, sent: 3, blocked: 0, bounced: 0, replied: 1 });
  expect(results.outcomes.reduce((sum, one) => sum + one.count, 0)).toBe(3);
  for (const step of results.steps)
    for (const result of ['reached', 'sent', 'blocked', 'replied'] as const) {
      const { items } = await app.call(workflowPeople, { workflowId: sequence.id, stepId: step.stepId, result });
      expect(items, `${step.stepId} ${result}`).toHaveLength(step[result]);
    }
  const { items } = await app.call(workflowPeople, { workflowId: sequence.id, stepId: 'hello', result: 'replied' });
  expect(items.map((one) => one.name)).toEqual(['Rita Reply']);
  expect((await app.call(workflowPeople, { workflowId: sequence.id, q: 'silent' })).items).toHaveLength(1);
});

test('nobody of another company can be enrolled, and a sequence that is off takes nobody', async () => {
  const sequence = await aSequence();
  await expect(app.call(enrol, { workflowId: sequence.id, leadIds: [newId()] })).rejects.toMatchObject({ status: 404 });
  await expect(app.call(enrol, { workflowId: sequence.id })).rejects.toMatchObject({ fields: [{ path: 'lead_ids' }] });
  const stranger = await app.aCompany('Other');
  const theirs = Lead.parse(await callByName(app, 'leads.create', { name: 'Theirs', email: 'theirs@people.test' }, stranger.admin));
  await expect(app.call(enrol, { workflowId: sequence.id, personIds: [theirs.personId] })).rejects.toMatchObject({ status: 404 });
});
