import type { MoveKind, StageKind } from '../tables.ts';

/** A stage as the replay knows it. `probabilities`: per cent from then on (ms), oldest first; empty: `probability` has always been so. */
export interface StageView {
  readonly id: string;
  readonly kind: StageKind;
  readonly position: number;
  readonly probability: number;
  readonly probabilities: readonly { readonly since: number; readonly probability: number }[];
}

/** One change of what value hangs on. `at` in ms; null: nobody knows when. Values as they stand in deal_changes. */
export interface DatedChange {
  readonly at: number | null;
  readonly field: string;
  readonly to: string | null;
  /** Of an amount: in the company's currency. */
  readonly baseCents: number | null;
}

/** What a deal is at an instant, as far as sums go. */
export interface Standing {
  readonly stageId: string;
  readonly ownerId: string | null;
  readonly productId: string | null;
  readonly source: string | null;
  readonly cents: number;
  readonly weighted: number;
}

export interface Move {
  readonly at: number;
  /** Null: still so. */
  until: number | null;
  readonly kind: MoveKind;
  /** Null of a deal that is new. */
  readonly from: Standing | null;
  readonly to: Standing;
  /** Seconds in the stage that it left; 0 where it left none. */
  readonly stayS: number;
  /** Seconds from its first day to its close; 0 of any other move. */
  readonly cycleS: number;
}

export interface Replayed {
  readonly moves: readonly Move[];
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly stageSince: number | null;
  readonly slips: number;
  readonly cents: number;
  readonly weighted: number;
}

interface Held {
  stageId: string;
  ownerId: string | null;
  productId: string | null;
  source: string | null;
  cents: number;
  probability: number | null;
  closeDate: string | null;
}

function probabilityAt(stage: StageView, at: number): number {
  const known = stage.probabilities.findLast((one) => one.since <= at) ?? stage.probabilities[0];
  return known?.probability ?? stage.probability;
}

/** Whole cents; half a cent goes up. Exact: products of cents and per cent stay below 2^53 for 900 billion. */
const weigh = (cents: number, percent: number): number => Math.floor((cents * percent + 50) / 100);

/**
 * What a deal's changes did to the sums, step by step: a pure function of the changes (in order of `at`, those without a date first) and the
 * stages. Changes of one instant are taken together and told apart by what they changed: first who and what it is about, then its value,
 * then its stage. A deal that is lost is lost at the value it had, and loses the value afterwards; one that is won is won at its last value.
 */
export function replay(changes: readonly DatedChange[], stages: ReadonlyMap<string, StageView>): Replayed {
  const moves: Move[] = [];
  let held: Held = { stageId: '', ownerId: null, productId: null, source: null, cents: 0, probability: null, closeDate: null };
  let before: Standing | null = null;
  let openedAt: number | null = null;
  let closedAt: number | null = null;
  let stageSince: number | null = null;
  let slips = 0;

  const stageOf = (id: string): StageView => {
    const stage = stages.get(id);
    if (stage === undefined) throw new Error(`a deal stands in stage ${id}, which is none`);
    return stage;
  };
  const standing = (now: Held, at: number): Standing => {
    const stage = stageOf(now.stageId);
    const percent = stage.kind === 'open' ? (now.probability ?? probabilityAt(stage, at)) : stage.kind === 'won' ? 100 : 0;
    return {
      stageId: now.stageId,
      ownerId: now.ownerId,
      productId: now.productId,
      source: now.source,
      cents: now.cents,
      weighted: weigh(now.cents, percent),
    };
  };
  const move = (at: number, kind: MoveKind, to: Standing) => {
    const last = moves.at(-1);
    if (last !== undefined) last.until = at;
    const left = before !== null && before.stageId !== to.stageId && stageSince !== null;
    const closes = (kind === 'won' || kind === 'lost') && openedAt !== null;
    moves.push({
      at,
      until: null,
      kind,
      from: before,
      to,
      stayS: left ? Math.round((at - (stageSince ?? at)) / 1_000) : 0,
      cycleS: closes ? Math.round((at - (openedAt ?? at)) / 1_000) : 0,
    });
    before = to;
  };
  /** The stage may have been given another probability while the deal stood in it. */
  const reweigh = (until: number) => {
    if (before === null || stageOf(before.stageId).kind !== 'open' || held.probability !== null) return;
    const from = moves.at(-1)?.at ?? until;
    for (const { since } of stageOf(before.stageId).probabilities) {
      if (since <= from || since > until) continue;
      const to = standing(held, since);
      if (to.weighted !== before.weighted) move(since, 'reweighted', to);
    }
  };

  for (let index = 0; index < changes.length;) {
    const at = changes[index]?.at ?? null;
    const next: Held = { ...held };
    for (; index < changes.length && (changes[index]?.at ?? null) === at; index += 1) {
      const change = changes[index];
      if (change !== undefined) slips += apply(next, change);
    }
    if (at === null) {
      held = next;
      continue;
    }
    if (before === null) {
      openedAt = at;
      stageSince = at;
      held = next;
      move(at, 'new', standing(held, at));
      if (stageOf(held.stageId).kind !== 'open') closedAt = at;
      continue;
    }
    reweigh(at);
    const earlier: Held = held;
    const [old, fresh] = [stageOf(earlier.stageId), stageOf(next.stageId)];
    const hands: Held = { ...earlier, ownerId: next.ownerId, productId: next.productId, source: next.source };
    if (hands.ownerId !== earlier.ownerId || hands.productId !== earlier.productId || hands.source !== earlier.source)
      move(at, 'reassigned', standing(hands, at));
    const valued: Held = { ...hands, cents: next.cents, probability: next.probability };
    const revalue = (now: Held) => {
      const to = standing(now, at);
      if (before === null || (to.cents === before.cents && to.weighted === before.weighted)) return;
      move(at, to.cents > before.cents ? 'value_up' : to.cents < before.cents ? 'value_down' : 'reweighted', to);
    };
    const restage = (now: Held) => {
      if (old.id === fresh.id) return;
      move(at, kindOf(old, fresh), standing(now, at));
      stageSince = at;
      closedAt = fresh.kind === 'open' ? null : at;
    };
    if (fresh.kind === 'lost' && old.kind !== 'lost') {
      restage({ ...hands, stageId: fresh.id });
      revalue({ ...valued, stageId: fresh.id });
    } else {
      revalue(valued);
      restage({ ...valued, stageId: fresh.id });
    }
    held = next;
  }
  reweigh(Number.POSITIVE_INFINITY);
  const last = held.stageId === '' ? null : standing(held, Number.MAX_SAFE_INTEGER);
  return { moves, openedAt, closedAt, stageSince, slips, cents: held.cents, weighted: last?.weighted ?? 0 };
}

/** Answers 1 when the close date was put off by it. */
function apply(held: Held, { field, to, baseCents }: DatedChange): number {
  switch (field) {
    case 'stage':
      held.stageId = to ?? '';
      return 0;
    case 'owner':
      held.ownerId = to;
      return 0;
    case 'product':
      held.productId = to;
      return 0;
    case 'source':
      held.source = to;
      return 0;
    case 'amount':
      held.cents = baseCents ?? 0;
      return 0;
    case 'probability':
      held.probability = to === null ? null : Number(to);
      return 0;
    case 'close_date': {
      const later = held.closeDate !== null && to !== null && to > held.closeDate ? 1 : 0;
      held.closeDate = to;
      return later;
    }
    default:
      return 0;
  }
}

function kindOf(from: StageView, to: StageView): MoveKind {
  if (to.kind === 'won') return 'won';
  if (to.kind === 'lost') return 'lost';
  if (from.kind !== 'open') return 'reopened';
  return to.position >= from.position ? 'up' : 'down';
}
