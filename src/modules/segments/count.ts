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
 * Cost, in PostgreSQL's units, up to which a count is exact: as much as a look at the sample costs where each person asks for a row of
 * another table. With pages in memory (MEMORY below) a unit is 2 to 8 µs on the machine of bench/people.ts: 10 to 50 ms.
 */
const DEAREST = 6_000;
/** What is counted over and over is in memory: a page anywhere costs about as much as the next one. */
const MEMORY: Statement = { name: 'segments.memory', text: 'set local random_page_cost = 1.1' };
/** People that an estimate looks at: 10 % of a company are then known to within ± 1.2 % of the company. */
const SAMPLE = 2_500;
/** From here on the number of all people is remembered; below, a number that stands still would look broken, and nobody waits for it. */
const LARGE = 20_000;
const FRESH_MS = 60_000;
/** A total of this age is no longer given while it is counted anew. */
const STALE_MS = 10 * 60_000;

interface Total {
  readonly total: number;
  readonly at: number;
  refreshing: boolean;
}

const totals = new WeakMap<Runtime, Map<string, Total>>();
const TOTAL: Statement = { name: 'segments.total', text: 'select count(*)::int as count from people where company_id = $1' };

/** Everyone. Of many people the number of the last minute, counted anew beside the answers: nobody waits a second time for a million. */
async function totalOf(tx: Transaction, runtime: Runtime, companyId: string): Promise<number> {
  const known = totals.get(runtime) ?? new Map<string, Total>();
  totals.set(runtime, known);
  const count = async (within: Transaction): Promise<number> => {
    const at = runtime.clock.now().getTime();
    const [row] = await within.query<{ count: number }>(TOTAL, [companyId]);
    const total = row?.count ?? 0;
    known.set(companyId, { total, at, refreshing: false });
    return total;
  };
  const found = known.get(companyId);
  const age = found === undefined ? Number.POSITIVE_INFINITY : runtime.clock.now().getTime() - found.at;
  if (found === undefined || found.total <= LARGE || age > STALE_MS) return count(tx);
  if (age > FRESH_MS && !found.refreshing) {
    found.refreshing = true;
    runtime.database.read(companyId, count).catch((error: unknown) => {
      found.refreshing = false;
      runtime.log.warn({ err: error, companyId }, 'people were not counted anew');
    });
  }
  return found.total;
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
  if (where.sql === 'true') return { count: total, estimated: false, atMost: null, total };
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
