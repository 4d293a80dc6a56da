import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { createInteraction } from '#modules/leads/operations/interactions.ts';
import {
  createLeadOperation as createLead,
  getLeadOperation as getLead,
  listLeadsOperation as listLeads,
  updateLeadOperation as updateLead,
} from '#modules/leads/operations/leads.ts';
import { countLeads, countLeadsFast } from '#modules/leads/operations/overview.ts';
import { countPeopleOperation, createPersonOperation, listPeopleOperation } from '#modules/people/operations/people.ts';
import { tagPersons, withdrawConsent } from '#modules/people/public.ts';
import { createSegment } from '#modules/segments/operations/segments.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { checkBulk, getBulk, startBulk, undoBulk } from './operations.ts';
import { tendChanges } from './run.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let serial = 0;
const aLead = (more: { status?: 'new' | 'qualified'; source?: string; notes?: string } = {}) =>
  app.call(createLead, { name: `Lead ${++serial}`, email: `bulk-${serial}@example.com`, ...more });
const tagsOf = async (leadId: string) =>
  (await app.call(listLeads, { limit: 500, fields: ['tags'] })).items.find((lead) => lead.id === leadId)?.tags;
/** Every column of these leads, as the database holds them. */
const rowsOf = (ids: readonly string[]) =>
  app.runtime.system.read((tx) => tx.query({ name: 't.rows', text: 'select * from leads where id = any($1::uuid[]) order by id' }, [ids]));

describe('a bulk change', () => {
  test('says how many it will touch, moves what it may, says why not the rest, and undoes to the very rows there were', async () => {
    const [free, out, there] = [
      await aLead({ source: 'fair' }),
      await aLead({ source: 'fair' }),
      await aLead({ source: 'fair', status: 'qualified' }),
    ];
    await app.runtime.system.write((tx) =>
      withdrawConsent(tx, app.runtime, [{ companyId: app.company.companyId, personId: out.personId, source: 'test', evidence: {} }]),
    );
    await app.drain();
    const before = await rowsOf([free.id, out.id, there.id]);
    const what = { action: 'set_status', status: 'qualified', filter: { source: 'fair' } } as const;
    expect(await app.call(checkBulk, what)).toMatchObject({ total: 3 });
    const done = await app.call(startBulk, what);
    expect(done).toMatchObject({ state: 'done', total: 3, changed: 1, skipped: 2 });
    expect(done.left.map((row) => row.reason).toSorted()).toEqual([
      'has this status already',
      'opted out: only new consent with evidence brings the person back',
    ]);
    expect(await app.call(getLead, { leadId: free.id })).toMatchObject({ status: 'qualified' });
    expect(await app.call(undoBulk, { bulkId: done.id })).toMatchObject({ state: 'undone', undone: 1, refused: 0 });
    expect(await rowsOf([free.id, out.id, there.id])).toEqual(before);
    await expect(app.call(undoBulk, { bulkId: done.id })).rejects.toMatchObject({ code: 'nothing_to_undo' });
  });

  test('that unsubscribes withdraws consent, and no undo gives it back', async () => {
    const lead = await aLead();
    const done = await app.call(startBulk, { action: 'set_status', status: 'unsubscribed', leadIds: [lead.id] });
    const undone = await app.call(undoBulk, { bulkId: done.id });
    expect(undone).toMatchObject({ undone: 0, refused: 1, left: [{ rowId: lead.id, reason: expect.stringContaining('opted out') }] });
    expect(await app.call(getLead, { leadId: lead.id })).toMatchObject({ status: 'unsubscribed', optedOut: true });
  });

  test('leaves alone, on undo, a row that somebody changed since, and names it', async () => {
    const [one, two] = [await aLead(), await aLead()];
    const done = await app.call(startBulk, { action: 'assign', ownerId: app.company.userId, leadIds: [one.id, two.id] });
    expect(done).toMatchObject({ changed: 2 });
    app.clock.advance({ minutes: 1 });
    await app.call(updateLead, { leadId: two.id, notes: 'called her' });
    const undone = await app.call(undoBulk, { bulkId: done.id });
    expect(undone).toMatchObject({ undone: 1, refused: 1, left: [{ rowId: two.id, name: two.name, reason: 'was changed since' }] });
    expect((await app.call(getLead, { leadId: one.id })).ownerId).toBeNull();
    expect((await app.call(getLead, { leadId: two.id })).ownerId).toBe(app.company.userId);
  });

  test('of tags adds what is lacking, takes what is there, and gives back exactly that', async () => {
    const [had, had_not] = [await aLead(), await aLead()];
    await app.runtime.database.write(app.company.companyId, (tx) =>
      tagPersons(tx, app.company.companyId, [had.personId], ['VIP'], app.clock.now()),
    );
    const added = await app.call(startBulk, { action: 'add_tags', tags: ['vip', 'Berlin'], leadIds: [had.id, had_not.id] });
    expect(added).toMatchObject({ changed: 2 });
    expect(await tagsOf(had_not.id)).toEqual(['Berlin', 'VIP']);
    expect((await app.call(listLeads, { tag: ' BERLIN ' })).items).toHaveLength(2);
    await app.call(undoBulk, { bulkId: added.id });
    expect([await tagsOf(had.id), await tagsOf(had_not.id)]).toEqual([['VIP'], []]);
    const taken = await app.call(startBulk, { action: 'remove_tags', tags: ['VIP'], leadIds: [had.id, had_not.id] });
    expect(taken).toMatchObject({ changed: 1, skipped: 1 });
    await app.call(undoBulk, { bulkId: taken.id });
    expect([await tagsOf(had.id), await tagsOf(had_not.id)]).toEqual([['VIP'], []]);
  });

  test('deletes leads, keeps their people, and brings both lead and links back', async () => {
    const lead = await aLead({ notes: 'likes tea' });
    const call = await app.call(createInteraction, { leadId: lead.id, type: 'call', direction: 'outbound', content: 'hello' });
    const before = await rowsOf([lead.id]);
    const done = await app.call(startBulk, { action: 'delete', leadIds: [lead.id] });
    await expect(app.call(getLead, { leadId: lead.id })).rejects.toThrow(NotFound);
    expect(await app.call(undoBulk, { bulkId: done.id })).toMatchObject({ undone: 1, refused: 0 });
    expect(await rowsOf([lead.id])).toEqual(before);
    const text = 'select lead_id from interactions where id = $1';
    expect(await app.runtime.system.read((tx) => tx.query({ name: 't.link', text }, [call.id]))).toEqual([{ lead_id: lead.id }]);
  });

  test('does not bring a lead back when the person has become one again', async () => {
    const lead = await aLead();
    const done = await app.call(startBulk, { action: 'delete', leadIds: [lead.id] });
    await app.call(createLead, { name: lead.name, email: lead.email ?? '' });
    expect(await app.call(undoBulk, { bulkId: done.id })).toMatchObject({ undone: 0, refused: 1 });
  });

  test('of many rows goes on behind the answer, is taken up again after a crash, and undoes as a whole', async () => {
    const company = await app.aCompany('Many');
    const as = company.admin;
    const text = `with p as (insert into people (id, company_id, full_name) select gen_random_uuid(), $1, 'P ' || n from generate_series(1, 5000) n returning id)
      insert into leads (id, company_id, person_id) select gen_random_uuid(), $1, id from p`;
    await app.runtime.system.write((tx) => tx.query({ name: 't.many', text }, [company.companyId]));
    const started = await app.call(startBulk, { action: 'set_status', status: 'engaged', filter: { status: 'new' } }, { as });
    expect(started).toMatchObject({ state: 'running', total: 5_000, changed: 0 });
    await expect.poll(async () => (await app.call(getBulk, { bulkId: started.id }, { as })).state).toBe('done');
    expect(await app.call(countLeadsFast, { status: 'engaged' }, { as })).toEqual({ count: 5_000, exact: true });

    // A process that died in the middle left it undoing, with nobody at it.
    const die = `update bulk_changes set state = 'undoing', updated_at = $2 where id = $1`;
    await app.runtime.system.write((tx) => tx.query({ name: 't.die', text: die }, [started.id, app.clock.now()]));
    app.clock.advance({ minutes: 2 });
    expect(await tendChanges(app.runtime)).toBe(1);
    expect(await app.call(getBulk, { bulkId: started.id }, { as })).toMatchObject({ state: 'undone', undone: 5_000, refused: 0 });
    expect((await app.call(countLeads, {}, { as })).byStatus).toMatchObject({ new: 5_000, engaged: 0 });
  });

  test('takes all people that a filter finds, in or out of a segment', async () => {
    const as = (await app.aCompany('Found')).admin;
    for (const name of ['Ann Lee', 'Ben Lee', 'Cem Kaya']) await app.call(createPersonOperation, { fullName: name }, { as });
    const tag = { noun: 'people' as const, action: 'add_tags' as const, tags: ['family'], peopleFilter: { q: 'lee' } };
    expect(await app.call(checkBulk, tag, { as })).toMatchObject({ total: 2 });
    const done = await app.call(startBulk, tag, { as });
    expect(done).toMatchObject({ state: 'done', total: 2, changed: 2 });
    const [tagId] = (await app.call(listPeopleOperation, { q: 'Ann' }, { as })).items.flatMap((person) => person.tags.map(({ id }) => id));
    const tagged = { tagIds: [tagId ?? ''] };
    expect(await app.call(countPeopleOperation, tagged, { as })).toEqual({ count: 2, exact: true });
    expect(await app.call(countPeopleOperation, {}, { as })).toEqual({ count: 3, exact: true });
    const cem = (await app.call(listPeopleOperation, { q: 'kaya' }, { as })).items.map((person) => person.id);
    const segment = await app.call(createSegment, { name: 'By hand', personIds: cem }, { as });
    expect(await app.call(countPeopleOperation, { segmentId: segment.id }, { as })).toEqual({ count: 1, exact: true });
    expect((await app.call(listPeopleOperation, { segmentId: segment.id, sort: 'name' }, { as })).items).toMatchObject([
      { fullName: 'Cem Kaya' },
    ]);
    await app.call(undoBulk, { bulkId: done.id }, { as });
    expect(await app.call(countPeopleOperation, tagged, { as })).toEqual({ count: 0, exact: true });
    await expect(app.call(startBulk, { ...tag, noun: 'leads' }, { as })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test("reaches no other company's rows, by id or by filter", async () => {
    const [mine, other] = [await aLead(), await app.aCompany('Other')];
    const as = other.admin;
    await expect(app.call(startBulk, { action: 'delete', leadIds: [mine.id] }, { as })).rejects.toThrow(NotFound);
    await expect(app.call(startBulk, { action: 'delete', leadIds: [newId()] })).rejects.toThrow(NotFound);
    expect(await app.call(startBulk, { action: 'delete', filter: {} }, { as })).toMatchObject({ total: 0 });
    expect(await app.call(getLead, { leadId: mine.id })).toMatchObject({ id: mine.id });
  });

  test('is forgotten after a week', async () => {
    const lead = await aLead();
    const done = await app.call(startBulk, { action: 'assign', ownerId: app.company.userId, leadIds: [lead.id] });
    app.clock.advance({ days: 8 });
    await expect(app.call(undoBulk, { bulkId: done.id })).rejects.toMatchObject({ code: 'nothing_to_undo' });
    await tendChanges(app.runtime);
    await expect(app.call(getBulk, { bulkId: done.id })).rejects.toThrow(NotFound);
  });
});
