import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import type { Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { refreshContacts } from '../contacts.ts';
import { PersonNotFound } from '../errors.ts';
import { personColumns, type PersonColumn } from '../person-tables.ts';
import { consentBefore, moveLog, settle, strictest, type StateRow } from './consent.ts';
import { chosen, mergeFields, type Choice } from './fields.ts';
import { writeJournal, type JournalEntry } from './journal.ts';
import { joinLeads } from './leads.ts';
import { changeRow, isMovedAsItIs, moveRows, takeRows } from './move.ts';
import { runsToStop, stopRuns } from './runs.ts';

/** In the order of their ids, so that two merges at once wait for each other instead of for ever. */
const LOCK: Statement = {
  name: 'people.merge.lock',
  text: 'select to_jsonb(p) as row from people p where p.company_id = $1 and p.id = any($2::uuid[]) order by p.id for update',
};
const BEGIN: Statement = {
  name: 'people.merge.insert',
  text: `insert into person_merges (id, company_id, survivor_id, into_id, absorbed_id, consent_before, merged_by, created_at) values ($1, $2, $3, $3, $4, $5, $6, $7)`,
};
const MARK: Statement = { name: 'people.merge.mark', text: `select set_config('steward.merge', $1, true)` };

/** Until the end of the transaction: the opt-out triggers of 0080_consent.sql leave the list alone. */
export async function markMerge(tx: Transaction, mergeId: string): Promise<void> {
  await tx.query(MARK, [mergeId]);
}

/** Both rows, locked. @throws PersonNotFound, Conflict when they are one */
export async function lockPair(
  tx: Transaction,
  companyId: string,
  survivorId: string,
  absorbedId: string,
): Promise<[ours: Facts, theirs: Facts]> {
  if (survivorId === absorbedId) throw new Conflict('These are one and the same person already; name two');
  const rows = (await tx.query<{ row: Facts }>(LOCK, [companyId, [survivorId, absorbedId]])).map(({ row }) => row);
  const ours = rows.find((row) => row['id'] === survivorId);
  const theirs = rows.find((row) => row['id'] === absorbedId);
  if (ours === undefined || theirs === undefined)
    throw new PersonNotFound('One of the two people is not here; list them with GET /api/people');
  return [ours, theirs];
}

export interface MergeRequest {
  readonly companyId: string;
  readonly survivorId: string;
  readonly absorbedId: string;
  /** Field by field; what is not named: the survivor's, or the other one's where the survivor has none. */
  readonly choices: Readonly<Record<string, Choice>>;
  readonly by: string | null;
  readonly at: Date;
}

export interface Merged {
  readonly mergeId: string;
  /** Rows that changed hands, by table. */
  readonly moved: Readonly<Record<string, number>>;
  readonly runsStopped: number;
  readonly optedOut: boolean;
}

/**
 * Makes one person of two, in the caller's transaction: everything that hangs off the absorbed one, found in the catalogue, hangs off the
 * survivor; the strictest consent wins; a journal holds what it takes to undo it.
 * @throws PersonNotFound, Conflict, InvalidInput
 */
export async function mergePeople(tx: Transaction, runtime: Runtime, request: MergeRequest): Promise<Merged> {
  const { companyId, survivorId, absorbedId, choices, by, at } = request;
  const [ours, theirs] = await lockPair(tx, companyId, survivorId, absorbedId);
  const columns = await personColumns(tx);
  const fields = mergeFields(await writableColumns(tx), ours, theirs);
  const changes = chosen(fields, ours, theirs, choices);

  const mergeId = newId();
  const stop = await runsToStop(tx, companyId, survivorId, absorbedId);
  const before = await consentBefore(tx, companyId, survivorId, absorbedId);
  await tx.query(BEGIN, [mergeId, companyId, survivorId, absorbedId, JSON.stringify(before), by, at]);
  await markMerge(tx, mergeId);
  const runsStopped = await stopRuns(tx, runtime.engine, companyId, stop);

  const done: JournalEntry[] = await joinLeads(tx, companyId, columns, survivorId, absorbedId, at);
  done.push(await takeRows(tx, 'duplicate_pairs', '(d.a_id = $2 or d.b_id = $2)', [companyId, absorbedId]));
  for (const column of movable(columns)) done.push(...(await moveRows(tx, companyId, column, absorbedId, survivorId, 'person')));
  const log = await moveLog(tx, mergeId, false, null);
  done.push({
    table: 'consent_log',
    action: 'moved',
    column: 'person_id',
    from: absorbedId,
    to: survivorId,
    rows: log.map((id) => ({ id })),
  });
  // Rows of consent_state as JSON, read a moment ago.
  await settle(tx, companyId, survivorId, strictest(survivorId, before.states as unknown as StateRow[]));

  done.push(await takeRows(tx, 'people', 'd.id = $2', [companyId, absorbedId]));
  done.push(...(await changeRow(tx, companyId, 'people', survivorId, ours, { ...changes, updated_at: at.toISOString() })));
  done.push(...(await keepNumber(tx, companyId, survivorId, changes, ours, theirs, at)));
  await refreshContacts(tx, companyId, [survivorId]);
  await writeJournal(tx, companyId, mergeId, done);

  const moved: Record<string, number> = {};
  for (const entry of done)
    if (entry.action === 'moved' && entry.rows.length > 0) moved[entry.table] = (moved[entry.table] ?? 0) + entry.rows.length;
  return { mergeId, moved, runsStopped, optedOut: before.people.some((person) => person.opted_out_at !== null) };
}

/** Subjects last: a run whose subject is the person keeps its place until its person_id has moved. */
function movable(columns: readonly PersonColumn[]): PersonColumn[] {
  return columns.filter(isMovedAsItIs).toSorted((a, b) => Number(a.names === 'subject') - Number(b.names === 'subject'));
}

const COLUMNS: Statement = {
  name: 'people.merge.columns',
  text: `select a.attname as name from pg_attribute a where a.attrelid = 'people'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
};

/** What a person has: later migrations included. */
export async function writableColumns(tx: Transaction): Promise<string[]> {
  return (await tx.query<{ name: string }>(COLUMNS, [])).map((row) => row.name);
}

const ADD_NUMBER: Statement = {
  name: 'people.merge.number',
  text: `insert into person_phones (id, company_id, person_id, phone, phone_raw, label, created_at)
         select $3, $1, $2, $4, $5, $6, $7 where not exists (select from person_phones f where f.company_id = $1 and f.person_id = $2 and (f.phone = $4 or f.phone_raw = $5))
         returning id`,
};

/** The number that was not chosen stays as a further one. */
async function keepNumber(
  tx: Transaction,
  companyId: string,
  survivorId: string,
  changes: Facts,
  ours: Facts,
  theirs: Facts,
  at: Date,
): Promise<JournalEntry[]> {
  const now = changes['phone'] ?? changes['phone_raw'];
  const other = [ours, theirs].find(
    (row) => (row['phone_raw'] ?? row['phone'] ?? null) !== null && (row['phone'] ?? row['phone_raw']) !== now,
  );
  if (other === undefined) return [];
  const rows = await tx.query<{ id: string }>(ADD_NUMBER, [
    companyId, survivorId, newId(), other['phone'] ?? null, other['phone_raw'] ?? other['phone'], other['phone_label'] ?? null, at,
  ]); // prettier-ignore
  return [{ table: 'person_phones', action: 'added', rows: rows.map(({ id }) => ({ id })) }];
}
