import type { Statement, Transaction } from '#core/database/database.ts';
import { readTraceparent, traceparent, type TraceContext } from './tracing.ts';

const LINK: Statement = {
  name: 'traces.link',
  text: `insert into traces (id, company_id, trace, created_at)
         select id, company_id, trace, $2::timestamptz from json_to_recordset($1::json) as x (id uuid, company_id uuid, trace text) on conflict (id) do nothing`,
};
const OF: Statement = { name: 'traces.of', text: 'select id, trace from traces where id = any ($1::uuid[])' };
const OLD: Statement = { name: 'traces.old', text: 'delete from traces where created_at < $1' };

export interface TraceLink {
  /** Of an event, run or effect. */
  readonly id: string;
  readonly companyId: string;
  readonly trace: TraceContext;
}

/** Carries a trace through the outbox and the job queue. Called only while traces are exported. */
export async function linkTraces(tx: Transaction, links: readonly TraceLink[], now: Date): Promise<void> {
  if (links.length === 0) return;
  const rows = links.map(({ id, companyId, trace }) => ({ id, company_id: companyId, trace: traceparent(trace) }));
  await tx.query(LINK, [JSON.stringify(rows), now]);
}

/** What is above each of these, where anything is. */
export async function tracesOf(tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, TraceContext>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<{ id: string; trace: string }>(OF, [ids]);
  return new Map(
    rows.flatMap(({ id, trace }) => {
      const context = readTraceparent(trace);
      return context === undefined ? [] : [[id, context] as const];
    }),
  );
}

/** Longer than any step waits for its vendor, and than people look back. */
const KEPT_MS = 60 * 86_400_000;

export async function forgetTraces(tx: Transaction, now: Date): Promise<void> {
  await tx.query(OLD, [new Date(now.getTime() - KEPT_MS)]);
}
