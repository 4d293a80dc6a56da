import type { Transaction } from '#core/database/database.ts';
import { sumsIn, type Slice } from './analytics/sums.ts';
import { dealConditions, type DealFilter } from './list.ts';
import { named } from './named.ts';
import { loadStages } from './save/stages.ts';

interface Total {
  readonly stageId: string;
  readonly deals: number;
  readonly valueCents: number;
  readonly weightedCents: number;
}

/** After every deal. */
const FOR_EVER = new Date('9999-12-01T00:00:00.000Z');

/** How many deals of a filter stand in each stage. What the sums of the history know comes from them: a million deals need not be read for the head of a board. */
export async function totalsOf(tx: Transaction, companyId: string, filter: DealFilter, now: Date): Promise<Total[]> {
  const { pipelineId, stageId, status, ownerId, productId, source, ...others } = filter;
  const slices: Slice[] = [];
  if (ownerId !== undefined) slices.push({ dim: 'owner', value: ownerId });
  if (productId !== undefined) slices.push({ dim: 'product', value: productId });
  if (source !== undefined) slices.push({ dim: 'source', value: source });
  const plain = slices.length < 2 && Object.values(others).every((value) => value === undefined || value === '');
  if (!plain) return counted(tx, companyId, filter, now);
  const stages = await loadStages(tx, companyId);
  const dated = await sumsIn(tx, companyId, { from: null, to: FOR_EVER }, { slice: slices[0] });
  const undated = await counted(tx, companyId, { ...filter, only: 'undated' }, now);
  const found = new Map<string, { deals: number; valueCents: number; weightedCents: number }>();
  const add = (id: string, deals: number, valueCents: number, weightedCents: number) => {
    const before = found.get(id) ?? { deals: 0, valueCents: 0, weightedCents: 0 };
    found.set(id, {
      deals: before.deals + deals,
      valueCents: before.valueCents + valueCents,
      weightedCents: before.weightedCents + weightedCents,
    });
  };
  for (const row of dated) {
    const stage = stages.rows.get(row.stageId);
    const wanted =
      stage !== undefined &&
      (pipelineId ?? stage.pipelineId) === stage.pipelineId &&
      (stageId ?? stage.id) === stage.id &&
      (status ?? stage.kind) === stage.kind;
    if (wanted) add(stage.id, row.n, row.cents, row.weighted);
  }
  for (const row of undated) add(row.stageId, row.deals, row.valueCents, row.weightedCents);
  return [...found].filter(([, total]) => total.deals > 0).map(([id, total]) => ({ stageId: id, ...total }));
}

/** The same, read from the deals. */
function counted(tx: Transaction, companyId: string, filter: DealFilter, now: Date): Promise<Total[]> {
  const { where, values } = dealConditions(filter, now, 2);
  const join = filter.only === 'rotting' ? ' join deal_stages s on s.id = d.stage_id' : '';
  const text = `select d.stage_id as "stageId", count(*)::int as deals, coalesce(sum(d.base_cents), 0)::float8 as "valueCents", coalesce(sum(d.weighted_cents), 0)::float8 as "weightedCents"
    from deals d${join} where d.company_id = $1${where} group by d.stage_id`;
  return tx.query<Total>(named('deals.totals', text), [companyId, ...values]);
}
