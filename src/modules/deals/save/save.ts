import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { DealNotFound } from '../errors.ts';
import { replay } from '../history/replay.ts';
import { STOOD, StandingSums, type Stood } from '../history/standing.ts';
import { externalKey, loadDeals, loadKnown, type Known } from './known.ts';
import { moneyOf } from './money.ts';
import { dropMoves, writeMoves, type NewMoves } from './moves.ts';
import { inOrder, newChanges, VALUE_FIELDS, valuesOf } from './plan.ts';
import { loadStages, type Stages } from './stages.ts';
import type { ChangeRow, DealDraft, SaveContext, SavedDeals } from './types.ts';

const INSERT_CHANGES: Statement = {
  name: 'deals.changes.insert',
  text: `insert into deal_changes (company_id, recorded_at, by_kind, by_id, id, deal_id, at, field, value_from, value_to, base_cents)
         select $1, $2, $3, $4, e.* from unnest($5::uuid[], $6::uuid[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::bigint[]) as e`,
};
const ROWS = `jsonb_to_recordset($2::jsonb) as e (id uuid, name text, pipeline_id uuid, stage_id uuid, status text, organisation_id uuid, owner_id uuid, product_id uuid, amount_cents bigint,
  currency text, base_cents bigint, weighted_cents bigint, probability smallint, close_date date, forecast text, source text, next_step text, opened_at timestamptz, closed_at timestamptz,
  stage_since timestamptz, slips integer)`;
const INSERT: Statement = {
  name: 'deals.insert',
  text: `insert into deals (id, company_id, name, pipeline_id, stage_id, status, organisation_id, owner_id, product_id, amount_cents, currency, base_cents, weighted_cents, probability, close_date,
           forecast, source, next_step, opened_at, closed_at, stage_since, slips, import_id, created_at, updated_at)
         select e.id, $1, e.name, e.pipeline_id, e.stage_id, e.status, e.organisation_id, e.owner_id, e.product_id, e.amount_cents, e.currency, e.base_cents, e.weighted_cents, e.probability,
           e.close_date, e.forecast, e.source, e.next_step, e.opened_at, e.closed_at, e.stage_since, e.slips, $4, $3, $3 from ${ROWS}`,
};
const UPDATE: Statement = {
  name: 'deals.update',
  text: `update deals d set name = e.name, pipeline_id = e.pipeline_id, stage_id = e.stage_id, status = e.status, organisation_id = e.organisation_id, owner_id = e.owner_id,
           product_id = e.product_id, amount_cents = e.amount_cents, currency = e.currency, base_cents = e.base_cents, weighted_cents = e.weighted_cents, probability = e.probability,
           close_date = e.close_date, forecast = e.forecast, source = e.source, next_step = e.next_step, opened_at = e.opened_at, closed_at = e.closed_at, stage_since = e.stage_since,
           slips = e.slips, updated_at = $3
         from ${ROWS} where d.company_id = $1 and d.id = e.id`,
};
const TOUCH: Statement = { name: 'deals.touch', text: 'update deals set updated_at = $3 where company_id = $1 and id = any($2::uuid[])' };
const EXTERNAL: Statement = {
  name: 'deals.external.insert',
  text: `insert into deal_external_ids (company_id, source, external_id, deal_id) select $1, * from unnest($2::text[], $3::text[], $4::uuid[]) on conflict do nothing`,
};
const DROP_PEOPLE: Statement = {
  name: 'deals.people.drop',
  text: 'delete from deal_people p using unnest($2::uuid[], $3::uuid[]) as w (deal_id, person_id) where p.company_id = $1 and p.deal_id = w.deal_id and p.person_id = w.person_id',
};
const ADD_PEOPLE: Statement = {
  name: 'deals.people.add',
  text: 'insert into deal_people (company_id, deal_id, person_id) select $1, * from unnest($2::uuid[], $3::uuid[]) on conflict do nothing',
};

/** One deal on its way. */
interface Work {
  readonly id: string;
  readonly fresh: boolean;
  readonly draft: DealDraft;
  readonly known: Known | undefined;
  readonly added: readonly ChangeRow[];
  readonly all: readonly ChangeRow[];
}

/**
 * Makes or changes deals, any number at once: rows, history, steps of value and the sums of days and months, in a handful of statements and under
 * either role. The same content a second time writes nothing. Locks the deals it changes.
 * @throws DealNotFound an id that is none; StageNotFound; RateMissing
 */
export async function saveDeals(tx: Transaction, context: SaveContext, drafts: readonly DealDraft[]): Promise<SavedDeals> {
  if (drafts.length === 0) return { deals: [], events: [] };
  const { companyId, at: now } = context;
  const stages = await loadStages(tx, companyId);
  const money = await moneyOf(tx, companyId);
  const { external, deals } = await loadKnown(tx, companyId, drafts);
  const byId = new Map<string, Work>();
  const order: string[] = [];
  const made = new Map<string, string>();
  for (const draft of drafts) {
    const key = draft.external === undefined ? undefined : externalKey(draft.external.source, draft.external.id);
    const wanted = draft.id ?? (key === undefined ? undefined : (external.get(key) ?? made.get(key)));
    const before = wanted === undefined ? undefined : byId.get(wanted);
    const known = wanted === undefined ? undefined : deals.get(wanted);
    if (draft.id !== undefined && known === undefined) throw new DealNotFound('There is no such deal; list them with GET /api/deals');
    const id = wanted ?? newId();
    if (key !== undefined && wanted === undefined) made.set(key, id);
    const past = before?.all ?? known?.changes ?? null;
    const added = newChanges(draft, past, { now, money, stages: stages.rows });
    byId.set(id, {
      id,
      fresh: known === undefined,
      // Named twice in one batch: the second goes on where the first stopped.
      draft: before === undefined ? draft : { ...draft, set: { ...before.draft.set, ...draft.set } },
      known,
      added: [...(before?.added ?? []), ...added],
      all: inOrder([...(past ?? []), ...added]),
    });
    order.push(id);
  }
  const works = [...byId.values()];
  const changed = works.filter((work) => work.added.length > 0);
  const standing = await writeRows(tx, context, changed, stages);
  await writeChanges(tx, context, changed);
  await writeMoves(tx, companyId, changed.flatMap((work) => movesOf(work, stages)), new Set(works.filter((work) => work.fresh).map((work) => work.id))); // prettier-ignore
  await standing.write(tx, companyId);
  const moved = await writePeople(tx, companyId, works);
  if (moved.length > 0) await tx.query(TOUCH, [companyId, arrayOf(moved), now]);
  const noted = works.flatMap((work) => {
    const { external: from } = work.draft;
    return from === undefined || external.has(externalKey(from.source, from.id)) ? [] : [{ ...from, dealId: work.id }];
  });
  if (noted.length > 0)
    await tx.query(EXTERNAL, [companyId, arrayOf(noted.map((one) => one.source)), arrayOf(noted.map((one) => one.id)), arrayOf(noted.map((one) => one.dealId))]); // prettier-ignore
  const outcomes = new Map(works.map((work) => [work.id, work.fresh ? 'created' : work.added.length > 0 || moved.includes(work.id) ? 'changed' : 'unchanged'] as const)); // prettier-ignore
  return {
    deals: order.map((id) => ({ id, outcome: outcomes.get(id) ?? 'unchanged' })),
    events: changed.flatMap((work) => eventsOf(work, context, stages)),
  };
}

const relevant = (changes: readonly ChangeRow[]) => changes.filter((change) => VALUE_FIELDS.has(change.field));

/** The moves from the first change on that is new. */
function movesOf(work: Work, stages: Stages): NewMoves[] {
  const added = relevant(work.added);
  if (added.length === 0) return [];
  const from = work.fresh || added.some((change) => change.at === null) ? null : Math.min(...added.map((change) => change.at ?? 0));
  const { moves } = replay(relevant(work.all), stages.views);
  return [{ dealId: work.id, from, moves: from === null ? moves : moves.filter((move) => move.at >= from) }];
}

function rowOf(work: Work, stages: Stages) {
  const values = valuesOf(work.all);
  const stageId = values.get('stage') ?? '';
  const stage = stages.rows.get(stageId);
  const done = replay(relevant(work.all), stages.views);
  const moment = (at: number | null) => (at === null ? null : new Date(at));
  const probability = values.get('probability') ?? null;
  return {
    id: work.id, name: values.get('name') ?? 'Deal', pipeline_id: stage?.pipelineId, stage_id: stageId, status: stage?.kind, organisation_id: values.get('organisation') ?? null,
    owner_id: values.get('owner') ?? null, product_id: values.get('product') ?? null, amount_cents: Number(values.get('amount') ?? 0), currency: values.get('currency'),
    base_cents: done.cents, weighted_cents: done.weighted, probability: probability === null ? null : Number(probability), close_date: values.get('close_date') ?? null,
    forecast: values.get('forecast') ?? 'pipeline', source: values.get('source') ?? null, next_step: values.get('next_step') ?? null, opened_at: moment(done.openedAt),
    closed_at: moment(done.closedAt), stage_since: moment(done.stageSince), slips: done.slips,
  }; // prettier-ignore
}

/** Answers what that adds to the sums of what stands; they are written last, as all sums are. */
async function writeRows(tx: Transaction, context: SaveContext, works: readonly Work[], stages: Stages): Promise<StandingSums> {
  const standing = new StandingSums();
  const rows = (fresh: boolean) =>
    works
      .filter((work) => work.fresh === fresh)
      .map((work) => {
        const row = rowOf(work, stages);
        if (work.known !== undefined) standing.add(work.known.stood, -1);
        standing.add(stoodOf(row), 1);
        return row;
      });
  const [made, kept] = [rows(true), rows(false)];
  if (made.length > 0) await tx.query(INSERT, [context.companyId, JSON.stringify(made), context.at, context.importId ?? null]);
  if (kept.length > 0) await tx.query(UPDATE, [context.companyId, JSON.stringify(kept), context.at]);
  return standing;
}

const stoodOf = (row: ReturnType<typeof rowOf>): Stood => ({
  status: row.status,
  stageId: row.stage_id,
  ownerId: row.owner_id,
  productId: row.product_id,
  source: row.source,
  baseCents: row.base_cents,
  stageSince: row.stage_since,
  closeDate: row.close_date,
  slips: row.slips,
});

async function writeChanges(tx: Transaction, { companyId, at, by }: SaveContext, works: readonly Work[]): Promise<void> {
  const rows = works.flatMap((work) => work.added.map((change) => ({ dealId: work.id, change })));
  if (rows.length === 0) return;
  const column = (pick: (row: (typeof rows)[number]) => string | null) => arrayOf(rows.map(pick));
  await tx.query(INSERT_CHANGES, [
    companyId, at, by.kind, by.id, column(({ change }) => change.id), column(({ dealId }) => dealId), column(({ change }) => (change.at === null ? null : new Date(change.at).toISOString())),
    column(({ change }) => change.field), column(({ change }) => change.from), column(({ change }) => change.to),
    column(({ change }) => (change.baseCents === null ? null : String(change.baseCents))),
  ]); // prettier-ignore
}

/** Who is named with a deal. Answers the deals where that changed. */
async function writePeople(tx: Transaction, companyId: string, works: readonly Work[]): Promise<string[]> {
  const add: [string, string][] = [];
  const drop: [string, string][] = [];
  for (const { id, draft, known } of works) {
    const wanted = draft.set.personIds;
    if (wanted === undefined) continue;
    const old = known?.personIds ?? [];
    add.push(...wanted.filter((person) => !old.includes(person)).map((person): [string, string] => [id, person]));
    drop.push(...old.filter((person) => !wanted.includes(person)).map((person): [string, string] => [id, person]));
  }
  if (drop.length > 0) await tx.query(DROP_PEOPLE, [companyId, arrayOf(drop.map(([id]) => id)), arrayOf(drop.map(([, person]) => person))]);
  if (add.length > 0) await tx.query(ADD_PEOPLE, [companyId, arrayOf(add.map(([id]) => id)), arrayOf(add.map(([, person]) => person))]);
  return [...new Set([...add, ...drop].map(([id]) => id))];
}

/** `deal.created`, `deal.stage_changed`, `deal.won`, `deal.lost`: what stands now, not each step of a past that was told. */
function eventsOf(work: Work, { companyId }: SaveContext, stages: Stages): DomainEvent[] {
  const values = valuesOf(work.all);
  const personId = (work.draft.set.personIds ?? work.known?.personIds ?? [])[0];
  const about = { companyId, subject: { type: 'deal', id: work.id }, ...(personId === undefined ? {} : { personId }) };
  const to = stages.rows.get(values.get('stage') ?? '');
  const payload = {
    name: values.get('name') ?? '',
    stage: to?.name ?? '',
    status: to?.kind ?? 'open',
    amount_cents: Number(values.get('amount') ?? 0),
    currency: values.get('currency') ?? '',
  };
  const events: DomainEvent[] = [];
  const from = work.known === undefined ? undefined : stages.rows.get(valuesOf(work.known.changes).get('stage') ?? '');
  if (work.fresh) events.push({ ...about, name: 'deal.created', payload });
  if (from !== undefined && to !== undefined && from.id !== to.id)
    events.push({ ...about, name: 'deal.stage_changed', payload: { ...payload, from: from.name, to: to.name } });
  if (to !== undefined && to.kind !== 'open' && from?.kind !== to.kind)
    events.push({ ...about, name: to.kind === 'won' ? 'deal.won' : 'deal.lost', payload });
  return events;
}

/** The steps of value from an instant on anew: a stage was given another probability. */
export async function replayDeals(tx: Transaction, companyId: string, dealIds: readonly string[], from: Date, at: Date): Promise<void> {
  const stages = await loadStages(tx, companyId);
  const known = await loadDeals(tx, companyId, dealIds);
  const works = [...known].map(([id, deal]): Work => ({ id, fresh: false, draft: { set: {} }, known: deal, added: [], all: deal.changes }));
  const standing = await writeRows(tx, { companyId, at, by: { kind: 'user', id: null } }, works, stages);
  const moves = works.map((work): NewMoves => ({
    dealId: work.id,
    from: from.getTime(),
    moves: replay(relevant(work.all), stages.views).moves.filter((move) => move.at >= from.getTime()),
  }));
  await writeMoves(tx, companyId, moves, new Set());
  await standing.write(tx, companyId);
}

const DELETE: Statement = {
  name: 'deals.delete',
  text: `delete from deals where company_id = $1 and id = any($2::uuid[]) returning ${STOOD}`,
};

/** They go with their whole history: sums of the past are as if they had never been. */
export async function deleteDeals(tx: Transaction, companyId: string, dealIds: readonly string[]): Promise<void> {
  if (dealIds.length === 0) return;
  await dropMoves(tx, companyId, dealIds);
  const standing = new StandingSums();
  for (const gone of await tx.query<Stood>(DELETE, [companyId, arrayOf(dealIds)])) standing.add(gone, -1);
  await standing.write(tx, companyId);
}
