import { newId } from '#core/ids.ts';
import { recounted } from '#core/money.ts';
import { StageNotFound } from '../errors.ts';
import type { Money } from './money.ts';
import type { ChangeRow, DealDraft, DealFields } from './types.ts';

/** Names of the fields as they stand in deal_changes. People are no part of the history: they go when they are erased. */
export const CHANGE_FIELDS = {
  name: 'name',
  stageId: 'stage',
  currency: 'currency',
  amountCents: 'amount',
  ownerId: 'owner',
  productId: 'product',
  organisationId: 'organisation',
  closeDate: 'close_date',
  forecast: 'forecast',
  source: 'source',
  probability: 'probability',
  nextStep: 'next_step',
} as const satisfies Partial<Record<keyof DealFields, string>>;
type Field = keyof typeof CHANGE_FIELDS;
const FIELDS = Object.keys(CHANGE_FIELDS) as Field[]; // the keys of the constant above

/** What sums hang on; other changes are history for people. */
export const VALUE_FIELDS: ReadonlySet<string> = new Set(['stage', 'amount', 'owner', 'product', 'source', 'probability', 'close_date']);

const byTime = (a: ChangeRow, b: ChangeRow) =>
  (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY) || (a.id < b.id ? -1 : 1);

/** Values by field at the end of these changes, in their order. */
export function valuesOf(changes: readonly ChangeRow[], until: number = Number.POSITIVE_INFINITY): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const change of changes) if ((change.at ?? Number.NEGATIVE_INFINITY) <= until) values.set(change.field, change.to);
  return values;
}

const textOf = (value: string | number | null): string | null => (value === null ? null : String(value));

/** The states of a draft, oldest first; null: without a date. */
function statesOf(draft: DealDraft, fresh: boolean, now: Date): { at: number | null; set: Partial<DealFields> }[] {
  const past = (draft.history ?? []).map(({ at, set }) => ({ at: at.getTime(), set }));
  const setAt = draft.setAt === undefined ? now : draft.setAt;
  const [first] = past;
  if (!fresh || first === undefined) return [...past, { at: setAt?.getTime() ?? (fresh ? null : now.getTime()), set: draft.set }];
  // What no state of the past speaks of has been so from the beginning.
  const told = new Set(past.flatMap(({ set }) => Object.keys(set)));
  const always = Object.fromEntries(Object.entries(draft.set).filter(([field]) => !told.has(field)));
  return [{ at: first.at, set: { ...always, ...first.set } }, ...past.slice(1), { at: setAt?.getTime() ?? now.getTime(), set: draft.set }];
}

/**
 * The changes that a draft asks for, beyond those that are known: nothing where nothing differs. Of a new deal every field that has a value.
 * `stages`: ids that there are. @throws StageNotFound, RateMissing
 */
export function newChanges(
  draft: DealDraft,
  known: readonly ChangeRow[] | null,
  context: { readonly now: Date; readonly money: Money; readonly stages: ReadonlyMap<string, unknown> },
): ChangeRow[] {
  const all: ChangeRow[] = [...(known ?? [])];
  const made: ChangeRow[] = [];
  for (const { at, set } of statesOf(draft, known === null, context.now)) {
    const first = known === null && made.length === 0;
    const wanted: Partial<DealFields> = first ? { currency: context.money.currency, amountCents: 0, forecast: 'pipeline', ...set } : set;
    const values = valuesOf(all, at ?? Number.NEGATIVE_INFINITY);
    const add = (field: string, to: string | null, force = false) => {
      const from = values.get(field) ?? null;
      if (from === to && !force) return;
      const currency = values.get('currency') ?? context.money.currency;
      const baseCents = field === 'amount' ? context.money.inBase(Number(to ?? 0), currency, at) : null;
      const row: ChangeRow = { id: newId(), at, field, from, to, baseCents };
      values.set(field, to);
      made.push(row);
      all.push(row);
    };
    const counted = values.get('currency') ?? context.money.currency;
    let revalued = false;
    for (const field of FIELDS) {
      const value = wanted[field];
      if (value === undefined) continue;
      if (field === 'stageId' && !context.stages.has(String(value)))
        throw new StageNotFound('There is no such stage; list them with GET /api/pipelines', {
          fields: [{ path: 'stage_id', message: 'no such stage' }],
        });
      const before = made.length;
      // Zero is an amount that a new deal has.
      add(CHANGE_FIELDS[field], textOf(value), (first && field === 'amountCents') || (field === 'amountCents' && revalued));
      if (field === 'currency' && made.length > before) revalued = true;
    }
    // The same amount in the other currency: 10.00 euros become 10 yen.
    if (revalued && wanted.amountCents === undefined)
      add('amount', String(recounted(Number(values.get('amount') ?? 0), counted, values.get('currency') ?? counted)), true);
    all.sort(byTime);
  }
  return made;
}

/** Known and new ones in the order in which they became so. */
export function inOrder(changes: readonly ChangeRow[]): ChangeRow[] {
  return changes.toSorted(byTime);
}
