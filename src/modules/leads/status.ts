import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { optEvents, recordConsent } from '#modules/people/public.ts';
import type { LeadStatus } from './tables.ts';

export interface StatusChange {
  readonly companyId: string;
  readonly leadId: string;
  readonly to: LeadStatus;
  /** Skip silently when the lead stands elsewhere. */
  readonly onlyFrom?: readonly LeadStatus[];
  /** Why, for the event: `reply`, `api`, `opted_out` … */
  readonly reason: string;
}

export interface StatusChanged {
  readonly companyId: string;
  readonly leadId: string;
  readonly personId: string;
  readonly from: LeadStatus;
  readonly to: LeadStatus;
}

/**
 * Never revives an opt-out: somebody who opted out may become converted, lost or unsubscribed, nothing else. Never makes a
 * second current lead of a person (unique index leads_current).
 */
const CHANGE: Statement = {
  name: 'leads.status.change',
  text: `with entry as (
      select * from jsonb_to_recordset($1::jsonb) as e(company_id uuid, lead_id uuid, status text, only_from text[])
    ), target as (
      select l.id, l.company_id, l.status as old, e.status as new
        from entry e
        join leads l on l.id = e.lead_id and l.company_id = e.company_id
        join people p on p.id = l.person_id
       where l.status <> e.status
         and (e.only_from is null or l.status = any(e.only_from))
         and (p.opted_out_at is null or e.status in ('converted', 'lost', 'unsubscribed'))
         and (l.status not in ('converted', 'lost') or e.status in ('converted', 'lost') or not exists (
           select from leads other where other.person_id = l.person_id and other.id <> l.id and other.status not in ('converted', 'lost')))
       order by l.id for update of l
    )
    update leads l set status = t.new, updated_at = $2 from target t where l.id = t.id and l.company_id = t.company_id
    returning l.company_id as "companyId", l.id as "leadId", l.person_id as "personId", t.old as "from", l.status as "to"`,
};

/** Changes many at once, under either role, and puts what came of it on the outbox. Answers those that changed. */
export async function changeLeadStatus(
  tx: Transaction,
  runtime: Runtime,
  changes: readonly StatusChange[],
): Promise<readonly StatusChanged[]> {
  const { changed, events } = await applyStatus(tx, changes, runtime.clock.now());
  if (events.length > 0) await runtime.engine.emit(tx, events);
  return changed;
}

/** The same, leaving it to the caller to emit the events. */
export async function applyStatus(
  tx: Transaction,
  changes: readonly StatusChange[],
  at: Date,
): Promise<{ changed: readonly StatusChanged[]; events: readonly DomainEvent[] }> {
  if (changes.length === 0) return { changed: [], events: [] };
  const entries = changes.map((change) => ({
    company_id: change.companyId,
    lead_id: change.leadId,
    status: change.to,
    only_from: change.onlyFrom ?? null,
  }));
  const changed = await tx.query<StatusChanged>(CHANGE, [JSON.stringify(entries), at]);
  const reasons = new Map(changes.map((change) => [change.leadId, change.reason]));
  const reasonOf = (row: StatusChanged) => reasons.get(row.leadId) ?? '';
  const optedOut = await recordConsent(
    tx,
    changed
      .filter((row) => row.to === 'unsubscribed' && reasonOf(row) !== 'opted_out')
      .map((row) => ({
        companyId: row.companyId,
        personId: row.personId,
        state: 'withdrawn',
        source: reasonOf(row),
        evidence: { lead_id: row.leadId },
        at,
      })),
  );
  return { changed, events: [...changed.flatMap((row) => statusEvents(row, reasonOf(row))), ...optEvents(optedOut)] };
}

function statusEvents(row: StatusChanged, reason: string): DomainEvent[] {
  const about = { companyId: row.companyId, subject: { type: 'lead', id: row.leadId }, personId: row.personId };
  const events: DomainEvent[] = [{ ...about, name: 'lead.status_changed', payload: { from: row.from, to: row.to, reason } }];
  if (row.to === 'converted') events.push({ ...about, name: 'lead.converted', payload: { from: row.from } });
  return events;
}
