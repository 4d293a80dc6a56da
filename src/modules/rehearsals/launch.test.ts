import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepNode } from '#core/engine/types.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { updateSendingSettings } from '#modules/messages/operations/sending.ts';
import { checkEnrolment, enrol } from '#modules/workflows/operations/enrol.ts';
import { publishWorkflow, workflowCohorts } from '#modules/workflows/operations/versions.ts';
import { createWorkflow } from '#modules/workflows/operations/workflows.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { aCrowd, FakeMailServer } from '#testing/rehearsal.ts';
import { launchRehearsal } from './operations/launch.ts';
import { startRehearsal } from './operations/start.ts';

let app: TestApp;
let personIds: string[] = [];
beforeAll(async () => {
  app = await testApp({ settings: { SENDING: 'launched' }, connectors: new FakeMailServer().connectors });
  await app.call(createConnection, { connector: 'fake', credentials: {} });
  personIds = (await aCrowd(app.runtime.system, app.company.companyId, 5, app.clock.now())).map((one) => one.personId);
  await app.call(updateSendingSettings, { rehearseAbove: 2 });
});
afterAll(() => app.close());

function steps(subject: string, kind = 'commercial'): StepNode[] {
  return [
    {
      id: 'hello',
      title: 'Hello',
      type: 'message',
      input: { class: kind, subject, text: 'Hello {{ person.first_name | default: "you" }}' },
    },
  ];
}
const definitionOf = (name: string, nodes: StepNode[]) => ({
  name,
  title: name,
  subject: 'lead',
  triggers: [{ on: 'manual' }],
  stop_on: [],
  settings: {},
  steps: JSON.parse(JSON.stringify(nodes)),
});
const aSequence = (name: string, nodes = steps('Hello')) =>
  app.call(createWorkflow, { definition: definitionOf(name, nodes), active: true });

test('more people than the company allows enter only with a rehearsal that still holds', async () => {
  const { id: workflowId } = await aSequence('asked');
  const many = personIds.slice(0, 3);
  await expect(app.call(enrol, { workflowId, personIds: many })).rejects.toThrow(
    '3 people would get commercial mail; above 2 it is rehearsed first',
  );
  expect((await app.call(checkEnrolment, { workflowId, personIds: many })).rehearsed).toMatchObject({
    needed: true,
    holds: false,
    rehearsalId: null,
  });
  expect((await app.call(checkEnrolment, { workflowId, personIds: many.slice(1) })).rehearsed.needed).toBe(false);

  const rehearsal = await app.call(startRehearsal, { workflowId, personIds: many, days: 3, wait: true });
  expect((await app.call(checkEnrolment, { workflowId, personIds: many })).rehearsed).toMatchObject({
    holds: true,
    hash: rehearsal.hash,
    changes: [],
  });
  await expect(app.call(enrol, { workflowId, personIds: many })).rejects.toThrow('give the hash');
  const rehearsalHash = rehearsal.hash ?? '';
  await expect(app.call(enrol, { workflowId, personIds: [...many, personIds[4] ?? ''], rehearsalHash })).rejects.toThrow('1 person is new');
  await expect(app.call(enrol, { workflowId, personIds: many, rehearsalHash: 'of nothing' })).rejects.toThrow('No rehearsal');
  expect(await app.call(enrol, { workflowId, personIds: many, rehearsalHash })).toMatchObject({ started: 3 });
});

test('what has changed since is said: the steps, the limits, a person', async () => {
  const { id: workflowId } = await aSequence('changes');
  const many = personIds.slice(0, 3);
  const { hash } = await app.call(startRehearsal, { workflowId, personIds: many, days: 3, wait: true });
  const rehearsalHash = hash ?? '';
  const says = async () => (await app.call(checkEnrolment, { workflowId, personIds: many })).rehearsed.changes.map((change) => change.says);
  expect(await says()).toEqual([]);
  await app.call(updateSendingSettings, { dailyLimit: 7 });
  expect(await says()).toEqual(['How mail is sent has changed: limits, hours, the sender or the mail server']);
  await app.call(updateSendingSettings, { dailyLimit: null });
  await app.runtime.system.write((tx) =>
    tx.query({ name: '', text: `update people set full_name = 'Another' where company_id = $1 and id = $2` }, [
      app.company.companyId,
      many[0],
    ]),
  );
  expect(await says()).toEqual(['1 person has changed: their facts, consent, or mail since']);
  await app.call(publishWorkflow, { workflowId, definition: definitionOf('changes', steps('Another subject')) });
  expect(await says()).toContain('The steps have changed');
  await expect(app.call(enrol, { workflowId, personIds: many, rehearsalHash })).rejects.toThrow(
    'The steps have changed; 1 person has changed',
  );
});

test('mail that does not sell is never asked for a rehearsal', async () => {
  const { id: workflowId } = await aSequence('plain', steps('Your order', 'transactional'));
  expect(await app.call(enrol, { workflowId, personIds: personIds.slice(0, 3) })).toMatchObject({ started: 3 });
});

test('a draft that was rehearsed is published with its hash, and nothing else is', async () => {
  const { id: workflowId } = await aSequence('drafted');
  const definition = definitionOf('drafted', steps('A better hello'));
  const { hash } = await app.call(startRehearsal, { workflowId, personIds: personIds.slice(0, 2), definition, days: 3, wait: true });
  const rehearsalHash = hash ?? '';
  expect((await app.call(workflowCohorts, { workflowId, definition })).rehearsed).toMatchObject({ holds: true, hash });
  const other = definitionOf('drafted', steps('The best hello'));
  expect((await app.call(workflowCohorts, { workflowId, definition: other })).rehearsed?.changes).toMatchObject([{ part: 'definition' }]);
  await expect(app.call(publishWorkflow, { workflowId, definition: other, rehearsalHash })).rejects.toThrow('The steps have changed');
  expect((await app.call(publishWorkflow, { workflowId, definition, rehearsalHash })).published).toBe(2);
});

test('a rehearsal is launched as it was seen: those who entered, once', async () => {
  const { id: workflowId } = await aSequence('launched');
  const { id: rehearsalId, summary } = await app.call(startRehearsal, { workflowId, personIds, days: 3, wait: true });
  expect(await app.call(launchRehearsal, { rehearsalId })).toMatchObject({ started: summary?.entered });
  await expect(app.call(launchRehearsal, { rehearsalId })).resolves.toMatchObject({ started: 0 });
});
