import type { Transaction } from '#core/database/database.ts';
import { named } from '../named.ts';
import type { MoveKind } from '../tables.ts';
import { spansOf } from './spans.ts';

export const DIMENSIONS = ['owner', 'product', 'source'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Deals of which owner, product or source; all without it. `value`: an id, or the text of a source; empty: those that have none. */
export interface Slice {
  readonly dim: Dimension;
  readonly value: string;
}

/** What stages gained (negative: lost) by moves of one kind. Whole cents in the company's currency. */
export interface SumRow {
  /** Of the dimension that was asked for; empty otherwise. */
  readonly value: string;
  readonly stageId: string;
  readonly kind: MoveKind;
  readonly n: number;
  readonly cents: number;
  readonly weighted: number;
  /** Moves into the stage. */
  readonly moves: number;
  /** Seconds that deals had stood in the stage that they left. */
  readonly stayS: number;
  /** Seconds from the first day to the close, of deals that were closed into it. */
  readonly cycleS: number;
}

const MEASURES = ['n', 'cents', 'weighted', 'moves', 'stay_s', 'cycle_s'];
const KINDS = `'{new,up,down,won,lost,reopened,value_up,value_down,reweighted,reassigned}'::text[]`;
const COLUMN = {
  all: `''`,
  owner: `coalesce(owner_id::text, '')`,
  product: `coalesce(product_id::text, '')`,
  source: `coalesce(source, '')`,
};

/** Both sides of the moves of a part of a day. The kinds are named so that the index by kind and time serves it. */
function movesIn(dim: Dimension | 'all', from: string, to: string): string {
  const value = COLUMN[dim];
  const old = dim === 'all' ? value : value.replace(/(owner_id|product_id|source)/, 'from_$1');
  const where = `company_id = $1 and kind = any (${KINDS}) and at >= ${from}::timestamptz and at < ${to}::timestamptz`;
  return `select ${value} as value, stage_id, kind, 1::bigint as n, cents, weighted, 1::bigint as moves, 0::bigint as stay_s, cycle_s from deal_moves where ${where}
    union all select ${old}, from_stage_id, kind, -1, -from_cents, -from_weighted, 0, stay_s, 0 from deal_moves where ${where} and from_stage_id is not null`;
}

function statement(dim: Dimension | 'all', sliced: boolean, byValue: boolean) {
  const kept = (grain: string, from: string, to: string) =>
    `select value, stage_id, kind, ${MEASURES.join(', ')} from deal_rollup where company_id = $1 and dim = '${dim}' and grain = '${grain}' and start >= ${from}::date and start < ${to}::date${sliced ? ' and value = $12' : ''}`;
  const moves = (from: string, to: string) =>
    sliced ? `select * from (${movesIn(dim, from, to)}) m where value = $12` : movesIn(dim, from, to);
  return named(
    'deals.sums',
    `select ${byValue ? 'value' : `''`} as value, stage_id as "stageId", kind, ${MEASURES.map((m) => `sum(${m})::float8 as ${m === 'stay_s' ? '"stayS"' : m === 'cycle_s' ? '"cycleS"' : m}`).join(', ')}
      from (${moves('$2', '$3')} union all ${kept('d', '$4', '$5')} union all ${kept('m', '$6', '$7')} union all ${kept('d', '$8', '$9')} union all ${moves('$10', '$11')}) every
     group by 1, 2, 3`,
  );
}

/**
 * What happened in [from, to), by stage and kind: since ever without `from`, which is what stands at `to`. Of whole months and days from the sums that are kept, of the rest
 * from the moves: any instant is exact. `by`: told apart by owner, product or source; `slice`: of one of them only.
 */
export function sumsIn(
  tx: Transaction,
  companyId: string,
  range: { readonly from: Date | null; readonly to: Date },
  how: { readonly slice?: Slice | undefined; readonly by?: Dimension | undefined } = {},
): Promise<SumRow[]> {
  const { head, daysBefore, months, daysAfter, tail } = spansOf(range.from, range.to);
  const dim = how.slice?.dim ?? how.by ?? 'all';
  const values = [
    companyId,
    ...head,
    ...daysBefore,
    ...months,
    ...daysAfter,
    ...tail,
    ...(how.slice === undefined ? [] : [how.slice.value]),
  ];
  return tx.query<SumRow>(statement(dim, how.slice !== undefined, how.by !== undefined), values);
}
