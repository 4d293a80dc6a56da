import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Move, Standing } from '../history/replay.ts';
import { RollupSums } from '../history/rollup.ts';
import type { MoveKind } from '../tables.ts';

/** The moves of one deal from an instant on (ms; null: all of them) are these. */
export interface NewMoves {
  readonly dealId: string;
  readonly from: number | null;
  readonly moves: readonly Move[];
}

const OLD: Statement = {
  name: 'deals.moves.old',
  text: `delete from deal_moves m using unnest($2::uuid[], $3::timestamptz[]) as w (deal_id, since)
          where m.company_id = $1 and m.deal_id = w.deal_id and m.at >= w.since
         returning m.deal_id as "dealId", m.seq, m.at, m.kind, m.from_stage_id as "fromStageId", m.stage_id as "stageId", m.from_owner_id as "fromOwnerId", m.owner_id as "ownerId",
           m.from_product_id as "fromProductId", m.product_id as "productId", m.from_source as "fromSource", m.source, m.from_cents::float8 as "fromCents", m.cents::float8 as cents,
           m.from_weighted::float8 as "fromWeighted", m.weighted::float8 as weighted, m.stay_s::float8 as "stayS", m.cycle_s::float8 as "cycleS"`,
};
const KEPT: Statement = {
  name: 'deals.moves.kept',
  text: `select deal_id as "dealId", max(seq) as seq from deal_moves where company_id = $1 and deal_id = any($2::uuid[]) group by deal_id`,
};
const END: Statement = {
  name: 'deals.moves.end',
  text: `update deal_moves m set until = w.until from unnest($2::uuid[], $3::integer[], $4::timestamptz[]) as w (deal_id, seq, until)
          where m.company_id = $1 and m.deal_id = w.deal_id and m.seq = w.seq and m.until is distinct from w.until`,
};
const INSERT: Statement = {
  name: 'deals.moves.insert',
  text: `insert into deal_moves (company_id, deal_id, seq, at, until, kind, from_stage_id, stage_id, from_owner_id, owner_id, from_product_id, product_id, from_source, source,
           from_cents, cents, from_weighted, weighted, stay_s, cycle_s)
         select $1, e.* from unnest($2::uuid[], $3::integer[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[],
           $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[]) as e`,
};

interface OldRow {
  readonly dealId: string;
  readonly seq: number;
  readonly at: Date;
  readonly kind: MoveKind;
  readonly fromStageId: string | null;
  readonly stageId: string;
  readonly fromOwnerId: string | null;
  readonly ownerId: string | null;
  readonly fromProductId: string | null;
  readonly productId: string | null;
  readonly fromSource: string | null;
  readonly source: string | null;
  readonly fromCents: number;
  readonly cents: number;
  readonly fromWeighted: number;
  readonly weighted: number;
  readonly stayS: number;
  readonly cycleS: number;
}

const text = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function moveOf(row: OldRow): Move {
  const from: Standing | null =
    row.fromStageId === null
      ? null
      : { stageId: row.fromStageId, ownerId: row.fromOwnerId, productId: row.fromProductId, source: row.fromSource, cents: row.fromCents, weighted: row.fromWeighted }; // prettier-ignore
  const to: Standing = {
    stageId: row.stageId,
    ownerId: row.ownerId,
    productId: row.productId,
    source: row.source,
    cents: row.cents,
    weighted: row.weighted,
  };
  return { at: row.at.getTime(), until: null, kind: row.kind, from, to, stayS: row.stayS, cycleS: row.cycleS };
}

/** Puts moves in the place of those from an instant on, and keeps the sums of days and months with them: the same statements for one deal and for thousands. */
export async function writeMoves(
  tx: Transaction,
  companyId: string,
  changed: readonly NewMoves[],
  fresh: ReadonlySet<string>,
): Promise<void> {
  const sums = new RollupSums();
  const known = changed.filter(({ dealId }) => !fresh.has(dealId));
  const kept = new Map<string, number>();
  if (known.length > 0) {
    const ids = arrayOf(known.map(({ dealId }) => dealId));
    const old = await tx.query<OldRow>(OLD, [companyId, ids, arrayOf(known.map(({ from }) => text(from) ?? '-infinity'))]);
    for (const row of old) sums.add(moveOf(row), -1);
    for (const row of await tx.query<{ dealId: string; seq: number }>(KEPT, [companyId, ids])) kept.set(row.dealId, row.seq);
    const ends = known.filter(({ dealId }) => kept.has(dealId));
    if (ends.length > 0)
      await tx.query(END, [
        companyId,
        arrayOf(ends.map(({ dealId }) => dealId)),
        arrayOf(ends.map(({ dealId }) => String(kept.get(dealId)))),
        arrayOf(ends.map(({ moves }) => text(moves[0]?.at ?? null))),
      ]);
  }
  const rows = changed.flatMap(({ dealId, moves }) =>
    moves.map((move, index) => ({ dealId, seq: (kept.get(dealId) ?? -1) + 1 + index, move })),
  );
  for (const { move } of rows) sums.add(move, 1);
  if (rows.length > 0) {
    const column = (pick: (row: (typeof rows)[number]) => string | null) => arrayOf(rows.map(pick));
    const from = (pick: (standing: Standing) => string | null) => column(({ move }) => (move.from === null ? null : pick(move.from)));
    const to = (pick: (standing: Standing) => string | null) => column(({ move }) => pick(move.to));
    await tx.query(INSERT, [
      companyId, column((row) => row.dealId), column((row) => String(row.seq)), column(({ move }) => text(move.at)), column(({ move }) => text(move.until)), column(({ move }) => move.kind),
      from((s) => s.stageId), to((s) => s.stageId), from((s) => s.ownerId), to((s) => s.ownerId), from((s) => s.productId), to((s) => s.productId), from((s) => s.source), to((s) => s.source),
      column(({ move }) => String(move.from?.cents ?? 0)), to((s) => String(s.cents)), column(({ move }) => String(move.from?.weighted ?? 0)), to((s) => String(s.weighted)),
      column(({ move }) => String(move.stayS)), column(({ move }) => String(move.cycleS)),
    ]); // prettier-ignore
  }
  await sums.write(tx, companyId);
}

/** Takes all moves of these deals away, with what they added to the sums. */
export async function dropMoves(tx: Transaction, companyId: string, dealIds: readonly string[]): Promise<void> {
  const sums = new RollupSums();
  const old = await tx.query<OldRow>(OLD, [companyId, arrayOf(dealIds), arrayOf(dealIds.map(() => '-infinity'))]);
  for (const row of old) sums.add(moveOf(row), -1);
  await sums.write(tx, companyId);
}
