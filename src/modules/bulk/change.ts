import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { ACTIONS, NOUNS, STATES, type BulkSettings } from './tables.ts';

/** No such bulk change in this company. */
export class BulkChangeNotFound extends NotFound {
  override readonly code = 'bulk_change_not_found';
}

export const BulkChange = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  noun: z.enum(NOUNS),
  action: z.enum(ACTIONS),
  settings: z.object({ status: z.string().optional(), ownerId: z.uuid().nullable().optional(), tags: z.array(z.string()).optional() }),
  state: z.enum(STATES).describe('running and undoing: look again; the counts grow'),
  total: z.int().describe('Rows that were meant'),
  changed: z.int(),
  skipped: z.int(),
  undone: z.int(),
  refused: z.int().describe('Rows that could not be taken back, since they were changed meanwhile'),
  left: z
    .array(z.object({ rowId: z.uuid(), personId: z.uuid(), name: z.string(), reason: z.string() }))
    .describe('The first 50 rows skipped or refused, and why'),
  error: z.string().nullable(),
  createdBy: z.uuid().nullable(),
  undoUntil: z.date(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type BulkChange = z.output<typeof BulkChange>;

/** What the runner needs of it. */
export interface Change {
  readonly id: string;
  readonly companyId: string;
  readonly noun: BulkChange['noun'];
  readonly action: BulkChange['action'];
  readonly settings: BulkSettings;
  readonly state: BulkChange['state'];
}

/** A journal row under way. */
export interface JournalRow {
  readonly rowId: string;
  readonly personId: string;
  readonly before: unknown;
  readonly version: Date | null;
}

/** What became of a row. */
export interface Outcome {
  readonly rowId: string;
  readonly state: 'changed' | 'skipped' | 'undone' | 'refused';
  readonly reason?: string;
  readonly before?: unknown;
  readonly version?: Date;
}

const LEFT = `(select coalesce(jsonb_agg(jsonb_build_object('rowId', r.row_id, 'personId', r.person_id, 'name', r.name, 'reason', r.reason)), '[]')
    from (select j.row_id, j.person_id, coalesce(nullif(p.full_name, ''), p.email, 'Unnamed') as name, coalesce(j.reason, '') as reason
            from bulk_change_rows j join people p on p.id = j.person_id
           where j.change_id = b.id and j.state in ('skipped', 'refused') order by j.state, j.row_id limit 50) r)`;

const GET: Statement = {
  name: 'bulk.get',
  text: `select b.id, b.company_id as "companyId", b.noun, b.action, b.settings, b.state, b.total, b.changed, b.skipped, b.undone, b.refused, ${LEFT} as left,
                b.error, b.created_by as "createdBy", b.undo_until as "undoUntil", b.created_at as "createdAt", b.updated_at as "updatedAt"
           from bulk_changes b where b.id = $1 and b.company_id = $2`,
};
const LOCK: Statement = {
  name: 'bulk.lock',
  text: `select id, company_id as "companyId", noun, action, settings, state from bulk_changes where id = $1 and company_id = $2 for update`,
};

/** @throws BulkChangeNotFound */
export async function getChange(tx: Transaction, companyId: string, id: string): Promise<BulkChange> {
  const [change] = await tx.query<BulkChange>(GET, [id, companyId]);
  if (change === undefined) throw new BulkChangeNotFound('There is no such bulk change; it may be older than a week');
  return change;
}

/** Locked against a second runner. @throws BulkChangeNotFound */
export async function lockChange(tx: Transaction, companyId: string, id: string): Promise<Change> {
  const [change] = await tx.query<Change>(LOCK, [id, companyId]);
  if (change === undefined) throw new BulkChangeNotFound('There is no such bulk change; it may be older than a week');
  return change;
}

const TAKE: Statement = {
  name: 'bulk.rows',
  text: `select row_id as "rowId", person_id as "personId", before, version from bulk_change_rows
          where company_id = $1 and change_id = $2 and state = $3 order by row_id limit $4`,
};

export function rowsIn(tx: Transaction, change: Change, state: 'waiting' | 'changed', most: number): Promise<JournalRow[]> {
  return tx.query<JournalRow>(TAKE, [change.companyId, change.id, state, most]);
}

const NOTE: Statement = {
  name: 'bulk.note',
  text: `with outcome as (
      select * from jsonb_to_recordset($3::jsonb) as o(row_id uuid, state text, reason text, before jsonb, version timestamptz)
    ), noted as (
      update bulk_change_rows r set state = o.state, reason = o.reason, before = coalesce(o.before, r.before), version = coalesce(o.version, r.version)
        from outcome o where r.company_id = $1 and r.change_id = $2 and r.row_id = o.row_id returning r.state
    )
    update bulk_changes b set updated_at = $4,
        changed = b.changed + (select count(*) from noted where state = 'changed'),
        skipped = b.skipped + (select count(*) from noted where state = 'skipped'),
        undone = b.undone + (select count(*) from noted where state = 'undone'),
        refused = b.refused + (select count(*) from noted where state = 'refused')
      where b.id = $2 and b.company_id = $1`,
};

/** Writes the journal and the counts, with the change itself, in one transaction. */
export async function note(tx: Transaction, change: Change, outcomes: readonly Outcome[], at: Date): Promise<void> {
  const rows = outcomes.map(({ rowId, state, reason, before, version }) => ({
    row_id: rowId,
    state,
    reason: reason ?? null,
    before: before ?? null,
    version: version ?? null,
  }));
  await tx.query(NOTE, [change.companyId, change.id, JSON.stringify(rows), at]);
}

const SETTLE: Statement = {
  name: 'bulk.settle',
  text: 'update bulk_changes set state = $3, error = $4, updated_at = $5 where id = $1 and company_id = $2',
};

export async function settle(
  tx: Transaction,
  change: Change,
  state: BulkChange['state'],
  at: Date,
  error: string | null = null,
): Promise<void> {
  await tx.query(SETTLE, [change.id, change.companyId, state, error, at]);
}
