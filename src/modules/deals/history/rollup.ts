import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Move, Standing } from './replay.ts';

/** Sums of one key of deal_rollup. */
interface Sum {
  readonly key: readonly [dim: string, grain: string, start: string, value: string, stageId: string, kind: string];
  n: number;
  cents: number;
  weighted: number;
  moves: number;
  stayS: number;
  cycleS: number;
}

/** Adds; what is not there yet begins. In the order of the key, so that two writers wait for each other instead of blocking each other. */
const ADD: Statement = {
  name: 'deals.rollup.add',
  text: `insert into deal_rollup as r (company_id, dim, grain, start, value, stage_id, kind, n, cents, weighted, moves, stay_s, cycle_s)
         select $1, e.* from unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::uuid[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[]) as e
         on conflict (company_id, dim, grain, start, value, stage_id, kind) do update set n = r.n + excluded.n, cents = r.cents + excluded.cents,
           weighted = r.weighted + excluded.weighted, moves = r.moves + excluded.moves, stay_s = r.stay_s + excluded.stay_s, cycle_s = r.cycle_s + excluded.cycle_s`,
};

/** What moves add to the sums; with `sign` -1, what their going takes away. */
export class RollupSums {
  readonly #sums = new Map<string, Sum>();

  add(move: Move, sign: 1 | -1): void {
    const day = new Date(move.at).toISOString().slice(0, 10);
    if (move.from !== null) this.#side(move, move.from, day, -sign, { moves: 0, stayS: sign * move.stayS, cycleS: 0 });
    this.#side(move, move.to, day, sign, { moves: sign, stayS: 0, cycleS: sign * move.cycleS });
  }

  #side(move: Move, at: Standing, day: string, sign: number, more: { moves: number; stayS: number; cycleS: number }): void {
    const dims = [
      ['all', ''],
      ['owner', at.ownerId ?? ''],
      ['product', at.productId ?? ''],
      ['source', at.source ?? ''],
    ] as const;
    for (const [dim, value] of dims) {
      for (const [grain, start] of [
        ['d', day],
        ['m', `${day.slice(0, 7)}-01`],
      ] as const) {
        const key = [dim, grain, start, value, at.stageId, move.kind] as const;
        const text = key.join('\u0000');
        let sum = this.#sums.get(text);
        if (sum === undefined) this.#sums.set(text, (sum = { key, n: 0, cents: 0, weighted: 0, moves: 0, stayS: 0, cycleS: 0 }));
        sum.n += sign;
        sum.cents += sign * at.cents;
        sum.weighted += sign * at.weighted;
        sum.moves += more.moves;
        sum.stayS += more.stayS;
        sum.cycleS += more.cycleS;
      }
    }
  }

  async write(tx: Transaction, companyId: string): Promise<void> {
    const sums = [...this.#sums]
      .filter(([, s]) => s.n !== 0 || s.cents !== 0 || s.weighted !== 0 || s.moves !== 0 || s.stayS !== 0 || s.cycleS !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, sum]) => sum);
    if (sums.length === 0) return;
    const part = (index: 0 | 1 | 2 | 3 | 4 | 5) => arrayOf(sums.map((sum) => sum.key[index]));
    const number = (pick: (sum: Sum) => number) => arrayOf(sums.map((sum) => String(pick(sum))));
    await tx.query(ADD, [
      companyId, part(0), part(1), part(2), part(3), part(4), part(5), number((s) => s.n), number((s) => s.cents), number((s) => s.weighted),
      number((s) => s.moves), number((s) => s.stayS), number((s) => s.cycleS),
    ]); // prettier-ignore
  }
}
