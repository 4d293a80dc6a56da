import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { enrol } from '../operations/enrol.ts';
import { whyOperation } from '../operations/why.ts';
import { createWorkflow } from '../operations/workflows.ts';
import { cancelRun } from '../operations/runs.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const Lead = z.object({ id: z.uuid(), personId: z.uuid() });
const aLead = async (more: Record<string, unknown> = {}) =>
  Lead.parse(
    await callByName(
      app,
      'leads.create',
      { name: 'Ann Lee', email: `why-${newId()}@people.test`, enrol: false, ...more },
      app.company.admin,
    ),
  );

const letter = (id: string, subject = 'Hello {{ person.first_name }}') => ({
  id, title: `Letter ${id}`, type: 'message', input: { class: 'commercial', subject, text: 'Shall we talk about your boiler?' },
}); // prettier-ignore
const wait = { id: 'pause', title: 'Three days', type: 'wait', input: { for: { days: 3 } } };

let made = 0;
/** A letter, a choice by source with a letter on either side, three days, a last letter. */
async function aWorkflow(active = true, stopOn: readonly string[] = []) {
  const choice = {
    id: 'fair', title: 'From the fair?', type: 'branch', input: { condition: { field: 'lead.source', is: 'fair' } },
    then: [letter('from_fair')], otherwise: [letter('from_elsewhere')],
  }; // prettier-ignore
  const name = `why-${++made}`;
  const definition = {
    name,
    title: `Why ${made}`,
    subject: 'lead',
    triggers: [{ on: 'manual' }],
    stopOn,
    settings: {},
    steps: [letter('first'), choice, wait, letter('last')],
  };
  return app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active });
}
const ask = (workflowId: string, personId: string) => app.call(whyOperation, { workflowId, personId });
const states = (answer: { steps: readonly { stepId: string; state: string }[] }) =>
  Object.fromEntries(answer.steps.map((step) => [step.stepId, step.state]));

test('what left, what another way was taken for, and what is still ahead', async () => {
  const workflow = await aWorkflow();
  const lead = await aLead({ source: 'fair' });
  await app.call(enrol, { workflowId: workflow.id, leadIds: [lead.id] });
  await app.drain();
  const answer = await ask(workflow.id, lead.personId);
  expect(states(answer)).toEqual({ first: 'captured', from_fair: 'later', from_elsewhere: 'other_way', last: 'ahead' });
  expect(answer.says).toBe('They are in it');
  // One letter a day at most.
  expect(answer.steps[1]).toMatchObject({ says: expect.stringMatching(/^It is written and waits for its moment/), at: expect.any(Date) });
  expect(answer.steps[2]?.says).toBe('Another way was taken at “From the fair?”');
  expect(answer.steps[3]).toMatchObject({ says: 'The run is at “Letter from_fair”', messageId: null });
  expect(answer.steps[0]?.messageId).not.toBeNull();
});

test('what the gate blocked, with its reason and what to do; what a run that ended did not get to', async () => {
  const workflow = await aWorkflow();
  const lead = await aLead({ source: 'web' });
  await app.call(enrol, { workflowId: workflow.id, leadIds: [lead.id] });
  await app.drain();
  await callByName(
    app,
    'consent.set',
    { personId: lead.personId, topic: 'marketing', state: 'withdrawn', evidence: { note: 'called' } },
    app.company.admin,
  );
  for (let days = 0; days < 10; days += 1) {
    app.clock.advance({ days: 1 });
    await app.drain();
  }
  const blocked = (await ask(workflow.id, lead.personId)).steps.find((step) => step.stepId === 'last');
  expect(blocked).toMatchObject({ state: 'blocked', says: expect.stringMatching(/^The gate blocked it: /) });
  expect(blocked?.reasons.length).toBeGreaterThan(0);

  const other = await aLead();
  await app.call(enrol, { workflowId: workflow.id, leadIds: [other.id] });
  await app.drain();
  const run = (await ask(workflow.id, other.personId)).run;
  await app.call(cancelRun, { runId: run?.id ?? '' });
  const over = await ask(workflow.id, other.personId);
  expect(over.says).toBe('Their run was ended');
  expect(over.steps.find((step) => step.stepId === 'last')).toMatchObject({ state: 'over', at: expect.any(Date) });
});

test('an end that an event brought is told in words', async () => {
  const workflow = await aWorkflow(true, ['person.opted_out']);
  const lead = await aLead();
  await app.call(enrol, { workflowId: workflow.id, leadIds: [lead.id] });
  await app.drain();
  await callByName(
    app,
    'consent.set',
    { personId: lead.personId, topic: 'marketing', state: 'withdrawn', evidence: { note: 'called' } },
    app.company.admin,
  );
  await app.drain();
  const last = (await ask(workflow.id, lead.personId)).steps.find((step) => step.stepId === 'last');
  expect(last).toMatchObject({ state: 'over', says: 'The run was ended before it: they opt out' });
});

test('who never was in it is told what keeps them out', async () => {
  const workflow = await aWorkflow(false);
  const lead = await aLead();
  await callByName(app, 'leads.update', { leadId: lead.id, status: 'lost' }, app.company.admin);
  const answer = await ask(workflow.id, lead.personId);
  expect(answer).toMatchObject({ run: null, says: 'They never were in it, and can not enter' });
  expect(answer.reasons).toMatchObject([{ says: 'The workflow is off' }, { says: '1 is converted or lost', detail: 'the lead is lost' }]);
  expect(new Set(Object.values(states(answer)))).toEqual(new Set(['never']));
  await expect(ask(workflow.id, newId())).rejects.toThrow(/There is no person/);
});
