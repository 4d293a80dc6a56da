import type { Statement, Transaction } from '#core/database/database.ts';
import { errorCode } from '#core/database/pg-error.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import { refreshContacts } from '../contacts.ts';
import { personColumns, quoted } from '../person-tables.ts';
import { partConsent } from './consent.ts';
import { MergeNotFound, MergeUndoRefused } from './errors.ts';
import { readJournal, type JournalEntry } from './journal.ts';
import { markMerge } from './merge.ts';
import { setColumns, statement } from './move.ts';
import type { ConsentBefore } from './tables.ts';

const LOAD: Statement = {
  name: 'people.merge.load',
  text: `select survivor_id as "survivorId", into_id as "intoId", absorbed_id as "absorbedId", consent_before as before, undone_at as "undoneAt"
           from person_merges where id = $1 and company_id = $2 for update`,
};
const LOCK: Statement = { name: 'people.merge.lock_one', text: 'select id from people where id = $1 and company_id = $2 for update' };
const ADDRESSES: Statement = {
  name: 'people.merge.addresses',
  text: 'select email, person_id as "personId" from person_emails where company_id = $1 and email = any($2::text[])',
};
const DONE: Statement = {
  name: 'people.merge.undone',
  text: 'update person_merges set undone_at = $3, undone_by = $4 where id = $1 and company_id = $2',
};
/** A primary address that the person no longer has: the oldest of the others. */
const PRIMARY: Statement = {
  name: 'people.merge.primary',
  text: `update people p set email = (select e.email from person_emails e where e.person_id = p.id and e.company_id = $1 order by e.created_at, e.email limit 1)
          where p.company_id = $1 and p.id = any($2::uuid[])
            and p.email is not null and not exists (select from person_emails e where e.person_id = p.id and e.company_id = $1 and e.email = p.email)`,
};
const TOUCH: Statement = {
  name: 'people.merge.touch',
  text: 'update people set updated_at = $3 where company_id = $1 and id = any($2::uuid[])',
};

export interface Undone {
  readonly survivorId: string;
  readonly absorbedId: string;
}

/**
 * Takes a merge back: rows go where they came from, fields get their old values unless somebody changed them since, consent is what each
 * had, and every refusal since the merge counts for both. What was added since stays with the survivor.
 * @throws MergeNotFound, MergeUndoRefused with the reason
 */
export async function undoMerge(tx: Transaction, companyId: string, mergeId: string, by: string | null, at: Date): Promise<Undone> {
  const [merge] = await tx.query<{ survivorId: string; intoId: string; absorbedId: string; before: ConsentBefore; undoneAt: Date | null }>(
    LOAD,
    [mergeId, companyId],
  );
  if (merge === undefined) throw new MergeNotFound('There is no such merge; see GET /api/people/merges');
  const { survivorId, absorbedId, before } = merge;
  if (merge.undoneAt !== null) throw new MergeUndoRefused('This merge was taken back already');
  if (survivorId !== merge.intoId)
    throw new MergeUndoRefused('This person was merged into somebody else since; take that merge back first');
  await tx.query(LOCK, [survivorId, companyId]);
  const journal = await readJournal(tx, companyId, mergeId);
  await refuseTakenAddresses(tx, companyId, survivorId, journal);
  await markMerge(tx, mergeId);
  const known = new Map((await personColumns(tx)).map((column) => [column.table, column.columns]));
  try {
    for (const entry of journal) await takeBack(tx, companyId, entry, known);
  } catch (error) {
    if (errorCode(error) === '23503')
      throw new MergeUndoRefused('Something that belonged to one of the two (an owner, a list, a template) was deleted since', {
        cause: error,
      });
    if (errorCode(error) === '23505')
      throw new MergeUndoRefused('Something that may be there once was made anew since: a second lead or run', { cause: error });
    throw error;
  }
  await tx.query(PRIMARY, [companyId, [survivorId, absorbedId]]);
  const moved = journal.find((entry) => entry.table === 'consent_log')?.rows.map((row) => String(row['id'])) ?? [];
  await markMerge(tx, '');
  await partConsent(tx, { companyId, mergeId, survivorId, absorbedId, before, moved, at });
  await tx.query(DONE, [mergeId, companyId, at, by]);
  await tx.query(TOUCH, [companyId, [survivorId, absorbedId], at]);
  await refreshContacts(tx, companyId, [survivorId, absorbedId]);
  return { survivorId, absorbedId };
}

async function refuseTakenAddresses(
  tx: Transaction,
  companyId: string,
  survivorId: string,
  journal: readonly Required<JournalEntry>[],
): Promise<void> {
  const emails = journal
    .filter((entry) => entry.table === 'person_emails' && entry.action === 'moved')
    .flatMap((entry) => entry.rows.map((row) => String(row['email'])));
  const rows = await tx.query<{ email: string; personId: string }>(ADDRESSES, [companyId, emails]);
  const taken = rows.find((row) => row.personId !== survivorId);
  if (taken !== undefined) throw new MergeUndoRefused(`${taken.email} belongs to another person since; take it off there first`);
}

async function takeBack(
  tx: Transaction,
  companyId: string,
  entry: Required<JournalEntry>,
  known: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const table = quoted(entry.table);
  const [first] = entry.rows;
  if (first === undefined || entry.table === 'consent_log') return;
  if (entry.action === 'moved' && entry.column !== null) {
    const on = Object.keys(first).map((key) => `t.${quoted(key)} = k.${quoted(key)}`).join(' and '); // prettier-ignore
    await tx.query(
      statement(`update ${table} t set ${quoted(entry.column)} = $3 from jsonb_populate_recordset(null::${table}, $2::jsonb) k where t.company_id = $1 and t.${quoted(entry.column)} = $4 and ${on}`),
      [companyId, JSON.stringify(entry.rows), entry.from, entry.to],
    ); // prettier-ignore
  } else if (entry.action === 'deleted') {
    const columns = (known.get(entry.table) ?? (await columnsOf(tx, entry.table))).filter((column) => column in first).map(quoted).join(', '); // prettier-ignore
    await tx.query(
      statement(
        `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb) on conflict do nothing`,
      ),
      [JSON.stringify(entry.rows)],
    );
  } else if (entry.action === 'added') {
    await tx.query(statement(`delete from ${table} t where t.company_id = $1 and t.id = any($2::uuid[])`), [
      companyId,
      entry.rows.map((row) => row['id']),
    ]);
  } else if (entry.action === 'changed') {
    await unchange(tx, companyId, entry.table, first, entry.made?.[0] ?? {});
  }
}

/** Only what is still as the merge made it: a later hand's word stands. */
async function unchange(tx: Transaction, companyId: string, table: string, before: Facts, made: Facts): Promise<void> {
  const id = String(before['id']);
  const [now] = await tx.query<{ row: Facts }>(
    statement(`select to_jsonb(t) as row from ${quoted(table)} t where t.company_id = $1 and t.id = $2`),
    [companyId, id],
  );
  if (now === undefined) return;
  const back = Object.keys(made).filter((column) => same(now.row[column], made[column]));
  await setColumns(tx, companyId, table, id, back, before);
}

/** Moments are written in two ways: ours and PostgreSQL's. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'string' && typeof b === 'string' && a !== b && /^\d{4}-\d\d-\d\dT/.test(a)) return Date.parse(a) === Date.parse(b);
  return stable(a ?? null) === stable(b ?? null);
}

/** Keys of jsonb come in PostgreSQL's order. */
function stable(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const COLUMNS: Statement = {
  name: 'people.merge.columns_of',
  text: `select a.attname as name from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
};
async function columnsOf(tx: Transaction, table: string): Promise<string[]> {
  return (await tx.query<{ name: string }>(COLUMNS, [quoted(table)])).map((row) => row.name);
}
