import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { StageKind } from '../tables.ts';

/** What of a deal's row its standing hangs on. */
export interface Stood {
  readonly status: StageKind | undefined;
  readonly stageId: string;
  readonly ownerId: string | null;
  readonly productId: string | null;
  readonly source: string | null;
  readonly baseCents: number;
  readonly stageSince: Date | null;
  /** `YYYY-MM-DD` */
  readonly closeDate: string | null;
  readonly slips: number;
}

/** These columns of `deals`, as Stood. */
export const STOOD = `status, stage_id as "stageId", owner_id as "ownerId", product_id as "productId", source, base_cents::float8 as "baseCents", stage_since as "stageSince",
  close_date::text as "closeDate", slips`;

/** Adds; what is not there yet begins. In the order of the key, so that two writers wait for each other instead of blocking each other. */
const ADD: Statement = {
  name: 'deals.standing.add',
  text: `insert into deal_standing as s (company_id, dim, what, day, value, stage_id, n, cents)
         select $1, e.* from unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::uuid[], $7::bigint[], $8::bigint[]) as e
         on conflict (company_id, dim, what, day, value, stage_id) do update set n = s.n + excluded.n, cents = s.cents + excluded.cents`,
};
/** Where no day is meant. */
const NO_DAY = '0001-01-01';

interface Sum {
  readonly key: readonly [dim: string, what: string, day: string, value: string, stageId: string];
  n: number;
  cents: number;
}

/** What open deals add to the sums of what stands; with `sign` -1, what their going takes away. */
export class StandingSums {
  readonly #sums = new Map<string, Sum>();

  add(deal: Stood, sign: 1 | -1): void {
    if (deal.status !== 'open') return;
    const facts: [what: string, day: string][] = deal.slips > 0 ? [['slipped', NO_DAY]] : [];
    if (deal.stageSince !== null) {
      facts.push(['dated', NO_DAY], ['since', deal.stageSince.toISOString().slice(0, 10)]);
      if (deal.closeDate !== null) facts.push(['closing', NO_DAY], ['close', deal.closeDate]);
    }
    const dims = [
      ['all', ''],
      ['owner', deal.ownerId ?? ''],
      ['product', deal.productId ?? ''],
      ['source', deal.source ?? ''],
    ] as const;
    for (const [what, day] of facts) {
      for (const [dim, value] of dims) {
        const key = [dim, what, day, value, deal.stageId] as const;
        const text = key.join('\u0000');
        let sum = this.#sums.get(text);
        if (sum === undefined) this.#sums.set(text, (sum = { key, n: 0, cents: 0 }));
        sum.n += sign;
        sum.cents += sign * deal.baseCents;
      }
    }
  }

  async write(tx: Transaction, companyId: string): Promise<void> {
    const sums = [...this.#sums]
      .filter(([, sum]) => sum.n !== 0 || sum.cents !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, sum]) => sum);
    if (sums.length === 0) return;
    const part = (index: 0 | 1 | 2 | 3 | 4) => arrayOf(sums.map((sum) => sum.key[index]));
    await tx.query(ADD, [companyId, part(0), part(1), part(2), part(3), part(4), arrayOf(sums.map(({ n }) => String(n))), arrayOf(sums.map(({ cents }) => String(cents)))]); // prettier-ignore
  }
}
