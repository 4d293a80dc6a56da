import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { applyStatus, type LeadStatus } from '#modules/leads/public.ts';
import { tagKey, upsertTags } from '#modules/people/public.ts';
import type { Applied } from './apply.ts';
import type { Change, JournalRow, Outcome } from './change.ts';
import { restoreLeads } from './links.ts';

const SINCE = 'was changed since';

/** Gives these rows what they held before. A row that somebody changed since is left alone and named. */
export function undoOf(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  switch (change.action) {
    case 'set_status':
      return undoStatus(tx, change, rows, at);
    case 'assign':
      return undoAssign(tx, change, rows);
    case 'add_tags':
      return undoAddTags(tx, change, rows);
    case 'remove_tags':
      return undoRemoveTags(tx, change, rows, at);
    case 'delete':
      return undoDelete(tx, change, rows);
  }
}

const outcomesOf = (rows: readonly JournalRow[], undone: ReadonlySet<string>, reason: (row: JournalRow) => string): Outcome[] =>
  rows.map((row) =>
    undone.has(row.rowId) ? { rowId: row.rowId, state: 'undone' } : { rowId: row.rowId, state: 'refused', reason: reason(row) },
  );

/** The journal of these rows as JSON for the database. */
const entriesOf = (rows: readonly JournalRow[]) =>
  JSON.stringify(rows.map((row) => ({ row_id: row.rowId, person_id: row.personId, before: row.before, version: row.version })));

const UNTOUCHED: Statement = {
  name: 'bulk.undo.status.untouched',
  text: `select l.id, e.before ->> 'status' as status, p.opted_out_at is not null as "optedOut"
           from jsonb_to_recordset($2::jsonb) as e(row_id uuid, before jsonb, version timestamptz)
           join leads l on l.id = e.row_id and l.company_id = $1 and l.updated_at = e.version
           join people p on p.id = l.person_id order by l.id for update of l`,
};
/** The row is then what it was, so that a change before this one can be taken back, too. */
const SAME_AGE: Statement = {
  name: 'bulk.undo.status.age',
  text: `update leads l set updated_at = (e.before ->> 'updated_at')::timestamptz from jsonb_to_recordset($2::jsonb) as e(row_id uuid, before jsonb)
          where l.id = e.row_id and l.company_id = $1 and l.id = any($3::uuid[])`,
};

async function undoStatus(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  const entries = entriesOf(rows);
  const untouched = await tx.query<{ id: string; status: LeadStatus; optedOut: boolean }>(UNTOUCHED, [change.companyId, entries]);
  const wanted = untouched.map((row) => ({ companyId: change.companyId, leadId: row.id, to: row.status, reason: 'undo' }));
  const { changed, events } = await applyStatus(tx, wanted, at);
  const undone = new Set(changed.map((row) => row.leadId));
  await tx.query(SAME_AGE, [change.companyId, entries, [...undone]]);
  const known = new Map(untouched.map((row) => [row.id, row]));
  const reason = ({ rowId }: JournalRow) => {
    const row = known.get(rowId);
    if (row === undefined) return SINCE;
    return row.optedOut ? 'opted out: only new consent with evidence brings the person back' : 'another lead of this person is open';
  };
  return { outcomes: outcomesOf(rows, undone, reason), events };
}

const ownerBack = (table: 'leads' | 'people'): Statement => ({
  name: `bulk.undo.assign.${table}`,
  text: `update ${table} t set updated_at = (e.before ->> 'updated_at')::timestamptz,
             owner_id = (select u.id from users u where u.id = (e.before ->> 'owner_id')::uuid and u.company_id = $1)
           from jsonb_to_recordset($2::jsonb) as e(row_id uuid, before jsonb, version timestamptz)
          where t.id = e.row_id and t.company_id = $1 and t.updated_at = e.version returning t.id`,
});
const OWNER_BACK = { leads: ownerBack('leads'), people: ownerBack('people') };

async function undoAssign(tx: Transaction, change: Change, rows: readonly JournalRow[]): Promise<Applied> {
  const back = await tx.query<{ id: string }>(OWNER_BACK[change.noun], [change.companyId, entriesOf(rows)]);
  return { outcomes: outcomesOf(rows, new Set(back.map((row) => row.id)), () => SINCE), events: [] };
}

const UNTAG: Statement = {
  name: 'bulk.undo.untag',
  text: `delete from person_tags pt using jsonb_to_recordset($2::jsonb) as e(person_id uuid, keys jsonb), tags t
          where pt.company_id = $1 and pt.person_id = e.person_id and t.id = pt.tag_id and t.company_id = $1 and e.keys ? t.name_key
         returning pt.person_id as "personId"`,
};
const RETAG: Statement = {
  name: 'bulk.undo.retag',
  text: `insert into person_tags (company_id, person_id, tag_id, created_at)
         select distinct $1::uuid, e.person_id, t.id, $3::timestamptz from jsonb_to_recordset($2::jsonb) as e(person_id uuid, keys jsonb)
           join tags t on t.company_id = $1 and e.keys ? t.name_key join people p on p.id = e.person_id and p.company_id = $1
         on conflict (person_id, tag_id) do nothing returning person_id as "personId"`,
};

function tagsOf(row: JournalRow): string[] {
  // Written by addTags and removeTags.
  return (row.before as { tags: string[] } | null)?.tags ?? [];
}
const keysOf = (rows: readonly JournalRow[]) =>
  JSON.stringify(rows.map((row) => ({ person_id: row.personId, keys: tagsOf(row).map(tagKey) })));

function tagOutcomes(change: Change, rows: readonly JournalRow[], people: readonly { personId: string }[], name: string): Applied {
  const touched = new Set(people.map((row) => row.personId));
  const undone = new Set(rows.filter((row) => touched.has(row.personId)).map((row) => row.rowId));
  const events = [...touched].map((personId): DomainEvent => ({
    name,
    companyId: change.companyId,
    subject: { type: 'person', id: personId },
    personId,
    payload: { tags: [...(change.settings.tags ?? [])] },
  }));
  return { outcomes: outcomesOf(rows, undone, () => SINCE), events };
}

async function undoAddTags(tx: Transaction, change: Change, rows: readonly JournalRow[]): Promise<Applied> {
  const people = await tx.query<{ personId: string }>(UNTAG, [change.companyId, keysOf(rows)]);
  return tagOutcomes(change, rows, people, 'person.untagged');
}

async function undoRemoveTags(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  await upsertTags(tx, change.companyId, [...new Set(rows.flatMap(tagsOf))], at);
  const people = await tx.query<{ personId: string }>(RETAG, [change.companyId, keysOf(rows), at]);
  return tagOutcomes(change, rows, people, 'person.tagged');
}

async function undoDelete(tx: Transaction, change: Change, rows: readonly JournalRow[]): Promise<Applied> {
  const back = await restoreLeads(tx, change.companyId, entriesOf(rows));
  const undone = new Set(back.map((row) => row.id));
  const events = back.map((row): DomainEvent => ({
    name: 'lead.restored',
    companyId: change.companyId,
    subject: { type: 'lead', id: row.id },
    personId: row.personId,
  }));
  return { outcomes: outcomesOf(rows, undone, () => 'the person is a lead again'), events };
}
