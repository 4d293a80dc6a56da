import { bigint, boolean, date, integer, numeric, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';

const cents = () => bigint({ mode: 'number' }).notNull();

export const STAGE_KINDS = ['open', 'won', 'lost'] as const;
export type StageKind = (typeof STAGE_KINDS)[number];
export const FORECASTS = ['omitted', 'pipeline', 'best_case', 'commit'] as const;
export type Forecast = (typeof FORECASTS)[number];
/** Why the value of a stage changed. */
export const MOVE_KINDS = ['new', 'up', 'down', 'won', 'lost', 'reopened', 'value_up', 'value_down', 'reweighted', 'reassigned'] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];
export const ACTORS = ['user', 'import', 'sync', 'workflow'] as const;

export const dealPipelines = pgTable('deal_pipelines', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  nameKey: text().notNull(),
  position: integer().notNull().default(0),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const dealStages = pgTable('deal_stages', {
  id: id(),
  companyId: companyId(),
  pipelineId: uuid().notNull(),
  name: text().notNull(),
  nameKey: text().notNull(),
  kind: text({ enum: STAGE_KINDS }).notNull(),
  probability: smallint().notNull(), // per cent
  position: integer().notNull(),
  rotDays: integer(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const dealStageProbabilities = pgTable(
  'deal_stage_probabilities',
  { companyId: companyId(), stageId: uuid().notNull(), since: instant().notNull(), probability: smallint().notNull() },
  (t) => [primaryKey({ columns: [t.stageId, t.since] })],
);

/** Who sells; a user of Steward or not. */
export const dealOwners = pgTable('deal_owners', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  nameKey: text().notNull(),
  email: text(),
  userId: uuid(), // users.id
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const products = pgTable('products', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  nameKey: text().notNull(),
  series: text(),
  description: text().notNull().default(''),
  unit: text().notNull().default(''),
  taxRate: integer(), // thousandths of a percent
  priceCents: bigint({ mode: 'number' }),
  currency: text().notNull(),
  active: boolean().notNull().default(true),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const currencyRates = pgTable(
  'currency_rates',
  { companyId: companyId(), currency: text().notNull(), day: date().notNull(), rate: numeric().notNull() },
  (t) => [primaryKey({ columns: [t.companyId, t.currency, t.day] })],
);

export const deals = pgTable('deals', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  pipelineId: uuid().notNull(),
  stageId: uuid().notNull(),
  status: text({ enum: STAGE_KINDS }).notNull(),
  organisationId: uuid(),
  ownerId: uuid(), // deal_owners.id
  productId: uuid(),
  amountCents: cents().default(0),
  currency: text().notNull(),
  baseCents: cents(), // in the company's currency
  weightedCents: cents(),
  probability: smallint(), // null: the stage's
  closeDate: date(),
  forecast: text({ enum: FORECASTS }).notNull().default('pipeline'),
  source: text(),
  nextStep: text(),
  openedAt: instant(), // null: nobody knows
  closedAt: instant(),
  stageSince: instant(),
  slips: integer().notNull().default(0),
  importId: uuid(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const dealPeople = pgTable('deal_people', { companyId: companyId(), dealId: uuid().notNull(), personId: uuid().notNull() }, (t) => [
  primaryKey({ columns: [t.dealId, t.personId] }),
]);

export const dealLines = pgTable('deal_lines', {
  id: id(),
  companyId: companyId(),
  dealId: uuid().notNull(),
  productId: uuid(),
  description: text().notNull().default(''),
  quantity: integer().notNull(),
  priceCents: cents(),
  position: integer().notNull(),
});

export const dealExternalIds = pgTable(
  'deal_external_ids',
  { companyId: companyId(), source: text().notNull(), externalId: text().notNull(), dealId: uuid().notNull() },
  (t) => [primaryKey({ columns: [t.companyId, t.source, t.externalId] })],
);

/** Every change, never changed itself. `at`: when it became so; null: nobody knows. */
export const dealChanges = pgTable('deal_changes', {
  id: id(),
  companyId: companyId(),
  dealId: uuid().notNull(),
  at: instant(),
  recordedAt: instant().notNull(),
  byKind: text({ enum: ACTORS }).notNull(),
  byId: text(),
  field: text().notNull(),
  valueFrom: text(),
  valueTo: text(),
  baseCents: bigint({ mode: 'number' }),
});

/** The changes as steps of value; see migrations/0400_deals.sql. */
export const dealMoves = pgTable(
  'deal_moves',
  {
    companyId: companyId(),
    dealId: uuid().notNull(),
    seq: integer().notNull(),
    at: instant().notNull(),
    until: instant(),
    kind: text({ enum: MOVE_KINDS }).notNull(),
    fromStageId: uuid(),
    stageId: uuid().notNull(),
    fromOwnerId: uuid(),
    ownerId: uuid(),
    fromProductId: uuid(),
    productId: uuid(),
    fromSource: text(),
    source: text(),
    fromCents: cents(),
    cents: cents(),
    fromWeighted: cents(),
    weighted: cents(),
    stayS: cents(),
    cycleS: cents(),
  },
  (t) => [primaryKey({ columns: [t.dealId, t.seq] })],
);

export const dealRollup = pgTable(
  'deal_rollup',
  {
    companyId: companyId(),
    dim: text({ enum: ['all', 'owner', 'product', 'source'] }).notNull(),
    grain: text({ enum: ['d', 'm'] }).notNull(),
    start: date().notNull(),
    value: text().notNull(),
    stageId: uuid().notNull(),
    kind: text().notNull(),
    n: cents(),
    cents: cents(),
    weighted: cents(),
    moves: cents(),
    stayS: cents(),
    cycleS: cents(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.dim, t.grain, t.start, t.value, t.stageId, t.kind] })],
);

/** How long open deals have stood in their stage, added up; see migrations/0521_deal_standing.sql. */
export const dealStanding = pgTable(
  'deal_standing',
  {
    companyId: companyId(),
    dim: text({ enum: ['all', 'owner', 'product', 'source'] }).notNull(),
    what: text({ enum: ['dated', 'since', 'closing', 'close', 'slipped'] }).notNull(),
    day: date().notNull(),
    value: text().notNull(),
    stageId: uuid().notNull(),
    n: cents(),
    cents: cents(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.dim, t.what, t.day, t.value, t.stageId] })],
);
