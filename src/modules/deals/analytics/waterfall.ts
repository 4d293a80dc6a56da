import type { StageRow } from '../save/types.ts';
import type { MoveKind } from '../tables.ts';
import type { SumRow } from './sums.ts';

/**
 * What is added up. - `open`: the value of open deals; winning and losing take deals out of it. - `weighted`: the same times their probability; moves
 * between stages show. - `booked`: open deals by probability, and won ones whole: winning adds what was still uncertain.
 */
export const MEASURES = ['open', 'weighted', 'booked'] as const;
export type Measure = (typeof MEASURES)[number];

export interface Bar {
  readonly kind: MoveKind;
  /** Signed: start and all bars make the end. */
  readonly cents: number;
  /** Moves of this kind. */
  readonly moves: number;
}

export interface Waterfall {
  readonly startCents: number;
  readonly startDeals: number;
  readonly bars: readonly Bar[];
  readonly endCents: number;
  readonly endDeals: number;
}

/** What a sum counts towards the measure. */
export function measured(row: Pick<SumRow, 'cents' | 'weighted'>, stage: Pick<StageRow, 'kind'> | undefined, measure: Measure): number {
  if (stage === undefined || stage.kind === 'lost') return 0;
  if (stage.kind === 'won') return measure === 'booked' ? row.cents : 0;
  return measure === 'open' ? row.cents : row.weighted;
}

const ORDER: readonly MoveKind[] = ['new', 'up', 'down', 'won', 'lost', 'reopened', 'value_up', 'value_down', 'reweighted', 'reassigned'];

/** From what stood at the start and what happened since. Balances by construction: each move counts once, on both of its sides. */
export function waterfall(
  start: readonly SumRow[],
  flows: readonly SumRow[],
  stages: ReadonlyMap<string, Pick<StageRow, 'kind'>>,
  measure: Measure,
  pipelineStages?: ReadonlySet<string>,
): Waterfall {
  const inside = (row: SumRow) => pipelineStages === undefined || pipelineStages.has(row.stageId);
  const total = (rows: readonly SumRow[]) =>
    rows.filter(inside).reduce((sum, row) => sum + measured(row, stages.get(row.stageId), measure), 0);
  const open = (rows: readonly SumRow[]) =>
    rows.filter((row) => inside(row) && stages.get(row.stageId)?.kind === 'open').reduce((sum, row) => sum + row.n, 0);
  const byKind = Map.groupBy(flows, (row) => row.kind);
  const bars = ORDER.map((kind): Bar => {
    const rows = byKind.get(kind) ?? [];
    return { kind, cents: total(rows), moves: rows.filter(inside).reduce((sum, row) => sum + row.moves, 0) };
  }).filter((bar) => bar.cents !== 0 || bar.moves !== 0);
  const startCents = total(start);
  return {
    startCents,
    startDeals: open(start),
    bars,
    endCents: startCents + bars.reduce((sum, bar) => sum + bar.cents, 0),
    endDeals: open(start) + open(flows),
  };
}
