import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureLead } from '#modules/leads/operations/capture.ts';
import { sendEmail } from '#modules/messages/operations/send.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { setConsent } from '../operations/consent.ts';
import { getPersonOperation, updatePersonOperation } from '../operations/people.ts';
import { createNote } from '../operations/notes.ts';
import { keepNamedOptOuts } from '../named-opt-outs.ts';
import { personColumns } from '../person-tables.ts';
import { PersonMerged, MergeUndoRefused } from './errors.ts';
import { isMovedAsItIs } from './move.ts';
import { mergeOperation, mergePreview, undoMergeOperation } from './operations.ts';

let app: TestApp;
beforeAll(async () => void (app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } })));
afterAll(() => app.close());

const rows = <Row extends object>(text: string, ...values: unknown[]) =>
  app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));
const aPerson = async (email: string, name = 'Ann Example', more: { phone?: string; notes?: string } = {}) => {
  const { lead } = await app.call(captureLead, { email, name, enrol: false, ...more });
  if (lead === null) throw new Error('no lead');
  return lead;
};
const optOut = (personId: string) => app.call(setConsent, { personId, state: 'withdrawn', evidence: { note: 'on the phone' } });

/** Everything that hangs off people, without the moments of the last change. */
async function world(): Promise<Map<string, string>> {
  const columns = await app.runtime.system.read((tx) => personColumns(tx));
  const tables = [...new Set([...columns.map((column) => column.table), 'people', 'person_emails'])].filter(
    // what is worked out from the rest anew, or goes on (the feed), is not looked at
    (table) =>
      !['person_merges', 'opt_out_journal', 'outbox', 'lead_scores', 'conversion_predictions', 'segment_members', 'activities'].includes(
        table,
      ),
  );
  const found = new Map<string, string>();
  for (const table of tables) {
    const [row] = await rows<{ all: string }>(
      `select coalesce(jsonb_agg(to_jsonb(t) - 'updated_at' - 'address_hash' order by to_jsonb(t)::text)::text, '') as all from (select * from "${table}" order by 1, 2) t`,
    );
    found.set(table, row?.all ?? '');
  }
  return found;
}

test('two become one: addresses, notes, mails and the further lead are kept; the old id says where to look', async () => {
  const a = await aPerson('one@merge.test', 'Ann One', { phone: '+49 30 111111', notes: 'first' });
  const b = await aPerson('two@merge.test', 'Ann Two', { phone: '+49 30 222222', notes: 'second' });
  await app.call(createNote, { personId: b.personId, content: 'She likes tea' });
  await app.call(sendEmail, { to: 'two@merge.test', template: 'welcome' });
  await app.drain();
  const preview = await app.call(mergePreview, { personId: a.personId, otherId: b.personId });
  expect(preview).toMatchObject({ openLeads: 2, optedOut: false, emails: ['one@merge.test', 'two@merge.test'] });
  expect(preview.moves).toMatchObject({ person_emails: 1, messages: 1, leads: 1 });

  const merged = await app.call(mergeOperation, { personId: a.personId, otherId: b.personId, fields: { name: 'other' } });
  expect(merged.person).toMatchObject({ fullName: 'Ann Two', email: 'one@merge.test' });
  const person = await app.call(getPersonOperation, { personId: a.personId });
  expect(person.emails).toEqual(['one@merge.test', 'two@merge.test']);
  expect(await rows('select status, notes from leads where person_id = $1', a.personId)).toEqual([
    { status: 'contacted', notes: 'first\n\nsecond' },
  ]);
  expect(await rows('select content from interactions where person_id = $1 and type = $2', a.personId, 'note')).toHaveLength(1);
  expect(await rows('select 1 from person_phones where person_id = $1', a.personId)).toHaveLength(1);
  const gone = app.call(getPersonOperation, { personId: b.personId });
  await expect(gone).rejects.toThrow(PersonMerged);
  await expect(gone).rejects.toMatchObject({ fields: [{ path: 'person_id', message: a.personId }] });
});

test('undo brings every row back as it was, and a later hand’s word stands', async () => {
  const a = await aPerson('three@merge.test', 'Bea Three', { phone: '+49 30 333333' });
  const b = await aPerson('four@merge.test', 'Bea Four', { phone: '+49 30 444444', notes: 'note of four' });
  await app.call(createNote, { personId: a.personId, content: 'of three' });
  await app.call(createNote, { personId: b.personId, content: 'of four' });
  await optOut(b.personId);
  await app.drain();
  const before = await world();
  app.clock.advance({ minutes: 1 });
  const { mergeId, optedOut } = await app.call(mergeOperation, {
    personId: a.personId,
    otherId: b.personId,
    fields: { email: 'other', phone: 'other' },
  });
  expect(optedOut).toBe(true);
  await app.drain();
  expect(await world()).not.toEqual(before);
  await app.call(undoMergeOperation, { mergeId });
  await app.drain();
  const after = await world();
  for (const [table, was] of before) expect({ table, rows: after.get(table) }).toEqual({ table, rows: was });

  const again = await app.call(mergeOperation, { personId: a.personId, otherId: b.personId });
  await app.call(updatePersonOperation, { personId: a.personId, fullName: 'Bea Three-Four' });
  await app.call(undoMergeOperation, { mergeId: again.mergeId });
  expect(await app.call(getPersonOperation, { personId: a.personId })).toMatchObject({ fullName: 'Bea Three-Four', optedOutAt: null });
  await expect(app.call(undoMergeOperation, { mergeId: again.mergeId })).rejects.toThrow(MergeUndoRefused);
});

test('the strictest consent wins; an opt-out after the merge counts for both when it is taken back', async () => {
  const a = await aPerson('five@merge.test');
  const b = await aPerson('six@merge.test');
  const { mergeId } = await app.call(mergeOperation, { personId: a.personId, otherId: b.personId });
  app.clock.advance({ minutes: 1 });
  await optOut(a.personId);
  app.clock.advance({ minutes: 1 });
  await app.call(undoMergeOperation, { mergeId });
  for (const to of ['five@merge.test', 'six@merge.test']) {
    expect(await app.call(sendEmail, { to, template: 'welcome' })).toMatchObject({ state: 'blocked' });
  }
  for (const { personId } of [a, b]) expect((await app.call(getPersonOperation, { personId })).optedOutAt).not.toBeNull();
});

test('a file says no of somebody who is out by a merge: the address that it names stays out after the undo, and a second reading writes nothing', async () => {
  const [a, b] = [await aPerson('named@merge.test'), await aPerson('out-before@merge.test')];
  await optOut(b.personId);
  const { mergeId } = await app.call(mergeOperation, { personId: a.personId, otherId: b.personId });
  const file = { filename: 'out.csv', content: 'email,name,status\nnamed@merge.test,Ann,unsubscribed\n' };
  expect(await app.call(captureLead, file)).toMatchObject({ created: 0, merged: 0, optOutsKept: 1 });
  const listed = await rows<{ all: string }>('select jsonb_agg(to_jsonb(s) order by id)::text as all from suppressions s');
  app.clock.advance({ minutes: 1 });
  await app.call(captureLead, { ...file, filename: 'again.csv' });
  expect(await rows('select jsonb_agg(to_jsonb(s) order by id)::text as all from suppressions s')).toEqual(listed);
  await app.call(undoMergeOperation, { mergeId });
  expect((await app.call(getPersonOperation, { personId: a.personId })).optedOutAt).toBeNull();
  for (const to of ['named@merge.test', 'out-before@merge.test'])
    expect(await app.call(sendEmail, { to, template: 'welcome' })).toMatchObject({ state: 'blocked' });
});

test('a no that names no address, of two who are one: after the undo both stay out', async () => {
  const [a, b] = [await aPerson('nameless@merge.test'), await aPerson('other-half@merge.test')];
  await optOut(b.personId);
  app.clock.advance({ minutes: 1 });
  const { mergeId } = await app.call(mergeOperation, { personId: a.personId, otherId: b.personId });
  const { companyId } = app.company;
  const said = [{ personId: a.personId, emails: [], evidence: { row: 2 } }];
  const entries = () => rows('select id from consent_log where person_id = $1', a.personId);
  const before = await entries();
  for (let times = 0; times < 2; times += 1) {
    app.clock.advance({ minutes: 1 });
    const context = { companyId, source: 'import', at: app.clock.now() };
    await app.runtime.database.write(companyId, (tx) => keepNamedOptOuts(tx, context, said));
  }
  expect((await entries()).length).toBe(before.length + 1);
  app.clock.advance({ minutes: 1 });
  await app.call(undoMergeOperation, { mergeId });
  for (const { personId } of [a, b]) expect((await app.call(getPersonOperation, { personId })).optedOutAt).not.toBeNull();
});

test('a chain is undone from its end; what cannot be undone says why', async () => {
  const [a, b, c] = [await aPerson('c1@merge.test'), await aPerson('c2@merge.test'), await aPerson('c3@merge.test')];
  const first = await app.call(mergeOperation, { personId: b.personId, otherId: a.personId });
  const second = await app.call(mergeOperation, { personId: c.personId, otherId: b.personId });
  await expect(app.call(getPersonOperation, { personId: a.personId })).rejects.toMatchObject({ fields: [{ message: c.personId }] });
  await expect(app.call(undoMergeOperation, { mergeId: first.mergeId })).rejects.toThrow('take that merge back first');
  await app.call(undoMergeOperation, { mergeId: second.mergeId });
  await app.call(undoMergeOperation, { mergeId: first.mergeId });
  expect((await app.call(getPersonOperation, { personId: a.personId })).emails).toEqual(['c1@merge.test']);
});

test('every table with people in it is moved, or it is known why not', async () => {
  const columns = await app.runtime.system.read((tx) => personColumns(tx));
  const left = columns.filter(
    (column) => column.names === 'person' && !(column.writable && column.primaryKey.length > 0 && isMovedAsItIs(column)),
  );
  expect([...new Set(left.map((column) => column.table))].toSorted()).toEqual([
    'consent_log',
    'consent_state',
    'duplicate_pairs',
    'leads',
    'opt_out_journal',
  ]);
});
