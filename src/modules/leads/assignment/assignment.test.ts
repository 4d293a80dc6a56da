import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import {
  applyAssignment,
  createAssignmentRule,
  deleteAssignmentRule,
  leadOrigin,
  listAssignmentRules,
  setAbsence,
  updateAssignmentRule,
} from '../operations/assignment.ts';
import { createLeadOperation } from '../operations/leads.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

async function aUser(name: string): Promise<string> {
  const id = newId();
  const text = `insert into users (id, company_id, username, email, full_name, hashed_password) values ($1, $2, $3, $4, $5, 'x')`;
  await app.runtime.system.write((tx) =>
    tx.query({ name: 't.user', text }, [id, app.company.companyId, `${name}-${id}`, `${name}-${id}@acme.test`.toLowerCase(), name]),
  );
  return id;
}
let serial = 0;
const aLead = (more: object = {}) => app.call(createLeadOperation, { email: `assign-${++serial}@example.com`, ...more });
async function onlyRules(
  ...rules: Parameters<typeof app.call<typeof createAssignmentRule.input, typeof createAssignmentRule.output>>[1][]
) {
  for (const rule of (await app.call(listAssignmentRules, {})).items) await app.call(deleteAssignmentRule, { ruleId: rule.id });
  const made = [];
  for (const rule of rules) made.push(await app.call(createAssignmentRule, rule));
  return made;
}
const counted = (owners: readonly (string | null)[]) =>
  owners.reduce((map, owner) => map.set(owner, (map.get(owner) ?? 0) + 1), new Map<string | null, number>());

describe('a new lead', () => {
  test('stays without an owner while there is no rule', async () => {
    expect((await aLead()).ownerId).toBeNull();
  });

  test('goes to colleagues in turn, and says why', async () => {
    const [ann, bob] = [await aUser('Ann'), await aUser('Bob')];
    await onlyRules({ name: 'In turn', userIds: [ann, bob] });
    const leads = [await aLead(), await aLead(), await aLead()];
    expect(leads.map((lead) => lead.ownerId)).toEqual([ann, bob, ann]);
    const origin = await app.call(leadOrigin, { leadId: leads[1]?.id ?? '' });
    expect(origin.owner).toMatchObject({ userId: bob, name: 'Bob', reason: 'Rule “In turn”: in turn' });
  });

  test('thirty at once are shared evenly', async () => {
    const users = [await aUser('A'), await aUser('B'), await aUser('C')];
    await onlyRules({ name: 'Fair', userIds: users });
    const leads = await Promise.all(Array.from({ length: 30 }, () => aLead()));
    expect([...counted(leads.map((lead) => lead.ownerId)).values()]).toEqual([10, 10, 10]);
  });

  test('passes over who is away or can no longer sign in, and comes back to them', async () => {
    const [ann, bob, eve] = [await aUser('Ann'), await aUser('Bob'), await aUser('Eve')];
    await onlyRules({ name: 'Holidays', userIds: [ann, bob, eve] });
    await app.call(setAbsence, { userId: bob, awayUntil: new Date(app.clock.now().getTime() + 86_400_000) });
    await app.runtime.system.write((tx) => tx.query({ name: 't.off', text: 'update users set is_active = false where id = $1' }, [eve]));
    expect([(await aLead()).ownerId, (await aLead()).ownerId]).toEqual([ann, ann]);
    await app.call(setAbsence, { userId: bob, awayUntil: null });
    expect([(await aLead()).ownerId, (await aLead()).ownerId]).toEqual([bob, ann]);
  });

  test('goes to who has the fewest open leads', async () => {
    const [busy, idle] = [await aUser('Busy'), await aUser('Idle')];
    await onlyRules();
    for (let index = 0; index < 3; index += 1) await aLead({ ownerId: busy });
    await onlyRules({ name: 'By load', pick: 'load', userIds: [busy, idle] });
    const owners = [];
    for (let index = 0; index < 5; index += 1) owners.push((await aLead()).ownerId);
    expect(owners).toEqual([idle, idle, idle, busy, idle]);
  });

  test('goes by territory: country of the phone number, source; the first rule that fits decides', async () => {
    const [austria, web, rest] = [await aUser('Austria'), await aUser('Web'), await aUser('Rest')];
    await onlyRules(
      { name: 'Austria', fits: { countries: ['at'] }, userIds: [austria] },
      { name: 'Website', fits: { sources: ['Website'] }, userIds: [web] },
      { name: 'Everybody else', pick: 'fixed', userIds: [rest] },
    );
    expect((await aLead({ phone: '+43 1 5123456', source: 'website' })).ownerId).toBe(austria);
    expect((await aLead({ phone: '+49 30 1234567', source: 'website' })).ownerId).toBe(web);
    expect((await aLead()).ownerId).toBe(rest);
    const lead = await aLead({ phone: '+43 1 5123457' });
    expect((await app.call(leadOrigin, { leadId: lead.id })).owner?.reason).toBe('Rule “Austria”: country AT, only one is asked');
  });

  test('a rule with working hours holds in them only', async () => {
    const [day, night] = [await aUser('Day'), await aUser('Night')];
    await onlyRules(
      { name: 'Office', userIds: [day], hours: { from: '09:00', to: '17:00', days: [1, 2, 3, 4, 5] } },
      { name: 'Others', userIds: [night] },
    );
    expect((await aLead()).ownerId).toBe(day); // Tuesday, ten in Berlin
    app.clock.advance({ seconds: 8 * 3_600 });
    expect((await aLead()).ownerId).toBe(night);
  });

  test('tells its owner once, and by mail as they chose', async () => {
    const owner = await aUser('Told');
    await onlyRules({ name: 'Told', userIds: [owner] });
    const lead = await aLead({ name: 'Kim Lee', source: 'fair' });
    await app.drain();
    const notes = await app.runtime.system.read((tx) =>
      tx.query({ name: 't.notes', text: 'select title, body, link, kind from notifications where user_id = $1' }, [owner]),
    );
    expect(notes).toEqual([
      {
        title: 'New lead: Kim Lee',
        body: 'Source: fair. Rule “Told”: only one is asked.',
        link: `/people/${lead.personId}`,
        kind: 'lead_assigned',
      },
    ]);
    const mails = await app.runtime.system.read((tx) =>
      tx.query({ name: 't.mails', text: `select subject from messages where to_email like 'told-%' and company_id = $1` }, [
        app.company.companyId,
      ]),
    );
    expect(mails).toEqual([{ subject: 'New lead: Kim Lee' }]);
  });
});

test('leads that had no rule can be given away later; those with an owner stay', async () => {
  const user = await aUser('Later');
  await onlyRules();
  const [free, taken] = [await aLead(), await aLead({ ownerId: app.company.userId })];
  await onlyRules({ name: 'Later', userIds: [user] });
  const done = await app.call(applyAssignment, { leadIds: [free.id, taken.id] });
  expect(done).toMatchObject({ assigned: [{ leadId: free.id, userId: user }], left: 1 });
  expect((await app.call(leadOrigin, { leadId: taken.id })).owner).toMatchObject({ userId: app.company.userId, reason: null });
});

test('a rule names active colleagues, each once', async () => {
  const user = await aUser('Once');
  for (const userIds of [[newId()], [user, user]])
    await expect(app.call(createAssignmentRule, { name: 'x', userIds })).rejects.toMatchObject({ code: 'invalid_input' });
  const [rule] = await onlyRules({ name: 'x', userIds: [user] });
  expect(await app.call(updateAssignmentRule, { ruleId: rule?.id ?? '', active: false })).toMatchObject({ active: false, userIds: [user] });
  expect((await aLead()).ownerId).toBeNull();
});
