import type { Statement, Transaction } from '#core/database/database.ts';
import type { Condition } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { CompiledCondition } from '#core/fields/compile.ts';
import { personsWhere } from './fields/registry.ts';

export interface Count {
  /** How many people fit. */
  readonly count: number;
  /** Judged from a sample, not counted. */
  readonly estimated: boolean;
  /** When nobody of the sample fits: at most about so many do (95 %, rule of three). Null when counted. */
  readonly atMost: number | null;
  /** All people of the company. */
  readonly total: number;
}

/** An unnamed statement is planned for its values each time, and no connection keeps it. */
const unnamed = (text: string): Statement => ({ name: '', text });

/**
 * Cost, in PostgreSQL's units, up to which a count is exact. With pages in memory (MEMORY below) a unit is 5 to 10 µs on the machine of
 * bench/people.ts: 20 to 40 ms.
 */
const DEAREST = 4_000;
/** What is counted over and over is in memory: a page anywhere costs about as much as the next one. */
const MEMORY: Statement = { name: 'segments.memory', text: 'set local random_page_cost = 1.1' };
/** People that an estimate looks at: 10 % of a company are then known to within ± 0.9 % of the company. */
const SAMPLE = 4_000;
const TOTAL_FOR_MS = 60_000;

const totals = new WeakMap<Runtime, Map<string, { readonly total: number; readonly at: number }>>();
const TOTAL: Statement = { name: 'segments.total', text: 'select count(*)::int as count from people where company_id = $1' };

/** Everyone, counted once a minute and company. */
async function totalOf(tx: Transaction, runtime: Runtime, companyId: string): Promise<number> {
  const known = totals.get(runtime) ?? new Map<string, { total: number; at: number }>();
  totals.set(runtime, known);
  const now = runtime.clock.now().getTime();
  const found = known.get(companyId);
  // A small company is counted anew: nobody waits for that, and a number that stands still looks broken.
  if (found !== undefined && found.total > 20_000 && now - found.at < TOTAL_FOR_MS) return found.total;
  const [row] = await tx.query<{ count: number }>(TOTAL, [companyId]);
  const total = row?.count ?? 0;
  known.set(companyId, { total, at: now });
  return total;
}

interface Plan {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Total Cost': number } }[];
}

/** Counts where that is cheap; else judges from a random sample of pages of the table (it keeps the same sample, so that numbers don't dance). */
export async function countPersons(tx: Transaction, runtime: Runtime, companyId: string, condition: Condition): Promise<Count> {
  const [where, total] = await Promise.all([
    personsWhere(tx, runtime, companyId, condition),
    totalOf(tx, runtime, companyId),
    tx.query(MEMORY, []),
  ]);
  if (await isCheap(tx, where)) {
    const [row] = await tx.query<{ count: number }>(
      unnamed(`select count(*)::int as count from people p where p.company_id = $1 and ${where.sql}`),
      where.values,
    );
    return { count: row?.count ?? 0, estimated: false, atMost: null, total };
  }
  const [row] = await tx.query<{ hits: number; seen: number }>(
    unnamed(
      `select count(*) filter (where ${where.sql})::int as hits, count(*)::int as seen from people p ${sampled(total)} where p.company_id = $1`,
    ),
    where.values,
  );
  const { hits, seen } = row ?? { hits: 0, seen: 0 };
  if (seen === 0) return { count: 0, estimated: true, atMost: total, total };
  return {
    count: Math.min(total, Math.round((hits / seen) * total)),
    estimated: true,
    atMost: hits === 0 ? Math.ceil((3 / seen) * total) : null,
    total,
  };
}

export interface SamplePerson {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

/** A few of those who fit: the newest where that is cheap to say, else some of the sample. */
export async function somePersons(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  condition: Condition,
  limit: number,
): Promise<SamplePerson[]> {
  const [where] = await Promise.all([personsWhere(tx, runtime, companyId, condition), tx.query(MEMORY, [])]);
  const cheap = await isCheap(tx, where);
  const from = cheap ? '' : sampled(await totalOf(tx, runtime, companyId), 4);
  return tx.query<SamplePerson>(
    unnamed(`select p.id, p.full_name as name, p.email from people p ${from} where p.company_id = $1 and ${where.sql}
              ${cheap ? 'order by p.created_at desc, p.id desc' : ''} limit ${Math.trunc(limit)}`),
    where.values,
  );
}

async function isCheap(tx: Transaction, where: CompiledCondition): Promise<boolean> {
  const [row] = await tx.query<Plan>(
    unnamed(`explain (format json) select count(*) from people p where p.company_id = $1 and ${where.sql}`),
    where.values,
  );
  return (row?.['QUERY PLAN'][0]?.Plan['Total Cost'] ?? Number.POSITIVE_INFINITY) <= DEAREST;
}

function sampled(total: number, times = 1): string {
  const percent = Math.min(100, Math.max(0.01, (100 * SAMPLE * times) / Math.max(1, total)));
  return `tablesample system (${percent.toFixed(4)}) repeatable (42)`;
}
