import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import type { Principal } from '#core/operation/principal.ts';
import { createInteraction } from '#modules/leads/operations/interactions.ts';
import { createLeadOperation, updateLeadOperation } from '#modules/leads/operations/leads.ts';
import { changeLeadStatus } from '#modules/leads/public.ts';
import { createNote } from '#modules/people/operations/notes.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { listActivity } from './operations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const aLead = (as: Principal, name = 'Ann Lee') =>
  app.call(createLeadOperation, { name, email: `ann-${newId()}@acme.test`, enrol: false }, { as });

test('tells who did what to whom, newest first; what the engine did has no user', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  const lead = await aLead(admin);
  app.clock.advance({ minutes: 1 });
  await app.call(updateLeadOperation, { leadId: lead.id, status: 'contacted' }, { as: admin });
  app.clock.advance({ minutes: 1 });
  await app.call(createNote, { personId: lead.personId, content: 'likes tea' }, { as: admin });
  app.clock.advance({ minutes: 1 });
  await app.runtime.system.write((tx) =>
    changeLeadStatus(tx, app.runtime, [{ companyId, leadId: lead.id, to: 'engaged', reason: 'reply' }]),
  );
  await app.drain();
  const { items } = await app.call(listActivity, {}, { as: admin });
  const ann = { id: lead.personId, name: 'Ann Lee' };
  const ada = { id: userId, name: 'Ada Admin' };
  expect(items).toMatchObject([
    { kind: 'status_changed', person: ann, user: null, data: { from: 'contacted', to: 'engaged', reason: 'reply' } },
    { kind: 'note', person: ann, user: ada, text: 'likes tea' },
    { kind: 'status_changed', person: ann, user: ada, data: { from: 'new', to: 'contacted' } },
    { kind: 'lead_created', person: ann, user: ada },
  ]);
});

test('shows what was asked for: by kind, by colleague, nothing of another company', async () => {
  const { admin, userId } = await app.aCompany();
  const other = await app.aCompany();
  const lead = await aLead(admin);
  await aLead(other.admin, 'Not yours');
  await app.call(createInteraction, { leadId: lead.id, type: 'call', direction: 'inbound', content: 'rang' }, { as: admin });
  await app.call(createNote, { personId: lead.personId, content: 'note' }, { as: admin });
  await app.drain();
  const kinds = async (input: object) => (await app.call(listActivity, input, { as: admin })).items.map((item) => item.kind).toSorted();
  expect(await kinds({})).toEqual(['call', 'lead_created', 'note', 'score_reached']);
  expect(await kinds({ kind: ['note', 'lead_created'] })).toEqual(['lead_created', 'note']);
  expect(await kinds({ kind: ['merged'] })).toEqual([]);
  expect(await kinds({ userId })).toEqual(['call', 'lead_created', 'note']);
  await expect(app.call(listActivity, { userId: other.userId }, { as: admin })).rejects.toMatchObject({ status: 404 });
});

test('pages through touches and facts mixed, without a gap or a repeat', async () => {
  const { admin } = await app.aCompany();
  const leads = [];
  for (let n = 0; n < 6; n += 1) {
    const lead = await aLead(admin, `Person ${n}`);
    leads.push(lead);
    await app.call(createNote, { personId: lead.personId, content: `note ${n}` }, { as: admin });
    if (n % 2 === 0) app.clock.advance({ seconds: 7 });
  }
  await app.drain();
  const all = (await app.call(listActivity, { limit: 100 }, { as: admin })).items.map((item) => item.id);
  expect(all).toHaveLength(12);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await app.call(listActivity, { limit: 5, ...(cursor === undefined ? {} : { cursor }) }, { as: admin });
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(all);
});
