import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Facts } from '#core/engine/types.ts';
import { createCustomField } from '#modules/people/operations/custom-fields.ts';
import { getPersonOperation } from '#modules/people/operations/people.ts';
import { createWorkflow, startWorkflow } from '#modules/workflows/operations/workflows.ts';
import { workflowVocabulary } from '#modules/workflows/operations/vocabulary.ts';
import { listRuns } from '#modules/workflows/operations/runs.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createLeadOperation, getLeadOperation } from './operations/leads.ts';

const about = (subject: string, name: string, set: Facts) => ({
  name,
  title: name,
  subject,
  triggers: [{ on: 'manual' }],
  steps: [
    { id: 'note', title: 'Note it', type: 'update', input: { set } },
    { id: 'fin', title: 'Fin', type: 'end', input: {} },
  ],
});

describe('the update step', () => {
  let app: TestApp;
  let leadId = '';
  let personId = '';
  beforeAll(async () => {
    app = await testApp();
    await app.call(createCustomField, { label: 'Heat', type: 'choice', options: ['oil', 'gas'] });
    const lead = await app.call(createLeadOperation, { name: 'Ann Lee', email: 'ann@firm.example' });
    leadId = lead.id;
    personId = lead.personId;
    await app.drain();
  });
  afterAll(() => app.close());

  async function run(definition: ReturnType<typeof about>, subjectId: string) {
    const { id } = await app.call(createWorkflow, { definition, active: true });
    await app.call(startWorkflow, { workflowId: id, subjectIds: [subjectId] });
    await app.drain();
    return (await app.call(listRuns, { workflowId: id })).items[0];
  }

  test('offers a form for leads and people, with a control for each field', async () => {
    const { subjects } = await app.call(workflowVocabulary, {});
    const of = (type: string) => subjects.find((one) => one.type === type)?.updates;
    expect(of('lead')).toMatchObject({
      properties: {
        status: { title: 'Status' },
        ownerId: { 'x-widget': 'user' },
        custom: { 'x-widget': 'custom' },
        addTags: { type: 'array' },
      },
    });
    expect(of('person')).toMatchObject({ properties: { ownerId: { 'x-widget': 'user' }, custom: { 'x-widget': 'custom' } } });
    expect(of('company')).toBeNull();
  });

  test('sets status, owner, source, tags and fields of a lead, and tells of it', async () => {
    const ownerId = app.company.userId;
    const set = {
      status: 'qualified',
      ownerId,
      source: 'referral',
      addTags: ['Hot', 'Oil'],
      custom: { heat: 'oil' },
      timeZone: 'Asia/Kolkata',
    };
    expect(await run(about('lead', 'hot', set), leadId)).toMatchObject({ state: 'done', error: null });
    expect(await app.call(getLeadOperation, { leadId })).toMatchObject({ status: 'qualified', source: 'referral', ownerId });
    const person = await app.call(getPersonOperation, { personId });
    expect(person).toMatchObject({ custom: { heat: 'oil' }, timeZone: 'Asia/Kolkata' });
    expect(person.tags.map((tag) => tag.name)).toEqual(['Hot', 'Oil']);
    const assigned = { name: 'test.assigned', text: 'select reason, told_at is not null as told from lead_assignments where lead_id = $1' };
    const told = await app.runtime.system.read((tx) => tx.query(assigned, [leadId]));
    expect(told).toEqual([{ reason: 'by a workflow', told: true }]);
  });

  test('takes tags and fields from a person, and leaves what it does not name', async () => {
    expect(await run(about('person', 'cold', { removeTags: ['hot'], custom: { heat: null } }), personId)).toMatchObject({ state: 'done' });
    const person = await app.call(getPersonOperation, { personId });
    expect(person).toMatchObject({ custom: {}, timeZone: 'Asia/Kolkata' });
    expect(person.tags.map((tag) => tag.name)).toEqual(['Oil']);
  });

  test('refuses what no workflow may set, and what sets nothing, before it is saved', async () => {
    const faulty = [{ status: 'unsubscribed' }, { email: 'x@y.example' }, {}, { timeZone: 'Mars/Olympus' }];
    for (const set of faulty) await expect(app.call(createWorkflow, { definition: about('lead', 'faulty', set) })).rejects.toThrow();
  });

  test('a field that is none of theirs fails the run with its name, and nothing is set', async () => {
    const failed = await run(about('person', 'odd', { custom: { shoe: '42' }, language: 'de' }), personId);
    expect(failed).toMatchObject({ state: 'failed' });
    expect(failed?.error).toContain('custom');
    expect(await app.call(getPersonOperation, { personId })).toMatchObject({ language: null });
  });
});
