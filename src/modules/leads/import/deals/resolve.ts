import type { Statement, Transaction } from '#core/database/database.ts';
import { dealKey, ensureOwners, ensurePipeline, ensureProducts, firstPipeline } from '#modules/deals/public.ts';
import { findPersonsByEmail, normaliseEmail } from '#modules/people/public.ts';
import { ensureOrganisations } from '../organisations.ts';
import type { Found, StageOfFile } from './draft.ts';
import type { TableOptions } from './options.ts';
import type { DealRow } from './row.ts';

const WON = /^(closed\s*[-:–]?\s*)?won$|^gewonnen$|^ganado$|^gagn[ée]e?$|^vinto$/i;
const LOST = /^(closed\s*[-:–]?\s*)?lost$|^verloren$|^perdido$|^perdue?$|^perso$/i;

/** What a stage that is new here is, by its name. */
export const kindOfStage = (name: string): StageOfFile['kind'] =>
  WON.test(name.trim()) ? 'won' : LOST.test(name.trim()) ? 'lost' : 'open';

const STAGES: Statement = {
  name: 'imports.deals.stages',
  text: 'select id, name_key as key, kind, position from deal_stages where company_id = $1 and pipeline_id = $2 order by position',
};
const PRICES: Statement = {
  name: 'imports.deals.prices',
  text: 'select id, price_cents::float8 as cents, currency from products where company_id = $1 and id = any($2::uuid[]) and price_cents is not null',
};

interface StageRow extends StageOfFile {
  readonly key: string;
}

/** Finds or makes all that these rows name: stages, products, owners, organisations. */
export async function resolve(
  tx: Transaction,
  context: {
    readonly companyId: string;
    readonly importId: string;
    readonly options: TableOptions;
    readonly source: string | null;
    readonly at: Date;
  },
  rows: readonly DealRow[],
): Promise<Found> {
  const { companyId, options, at } = context;
  const names = (pick: (row: DealRow) => string) =>
    [...new Map(rows.map((row) => [dealKey(pick(row)), pick(row)])).values()].filter((name) => name !== '');
  const { id } =
    options.pipeline === null
      ? { id: await firstPipeline(tx, companyId, at) }
      : await ensurePipeline(tx, companyId, { name: options.pipeline }, at);
  let stages = await tx.query<StageRow>(STAGES, [companyId, id]);
  const known = new Set(stages.map((stage) => stage.key));
  const unknown = [...names((row) => row.stage), ...(options.openStage === null ? [] : [options.openStage])].filter(
    (name) => !known.has(dealKey(name)),
  );
  const kinds = new Set([...stages.map((stage) => stage.kind), ...unknown.map(kindOfStage)]);
  const lacking = (['open', 'won', 'lost'] as const)
    .filter((kind) => !kinds.has(kind))
    .map((kind) => ({ name: { open: 'Open', won: 'Won', lost: 'Lost' }[kind], kind }));
  if (unknown.length + lacking.length > 0) {
    const made = [...unknown.map((name) => ({ name, kind: kindOfStage(name) })), ...lacking];
    await ensurePipeline(tx, companyId, { id, name: '', stages: made }, at);
    stages = await tx.query<StageRow>(STAGES, [companyId, id]);
  }
  const open = stages.filter((stage) => stage.kind === 'open');
  const chosen = options.openStage === null ? undefined : open.find((stage) => stage.key === dealKey(options.openStage ?? ''));
  const products = await ensureProducts(tx, companyId, names((row) => row.product), at); // prettier-ignore
  const prices = await tx.query<{ id: string; cents: number; currency: string }>(PRICES, [companyId, [...products.values()]]);
  const owners = new Map(
    rows.filter((row) => row.owner !== '').map((row) => [dealKey(row.owner), { name: row.owner, email: normaliseEmail(row.ownerEmail) }]),
  );
  const emails = [...new Set(rows.flatMap((row) => normaliseEmail(row.personEmail) ?? []))];
  const people = emails.length === 0 ? new Map() : await findPersonsByEmail(tx, companyId, emails);
  const organisations = names((row) => row.organisation);
  return {
    stages: new Map(stages.map((stage) => [stage.key, { id: stage.id, kind: stage.kind }])),
    openStageId: (chosen ?? open.at(-1))?.id ?? '',
    products,
    prices: new Map(prices.map((price) => [price.id, price])),
    owners: owners.size === 0 ? new Map() : await ensureOwners(tx, companyId, [...owners.values()], at),
    organisations: organisations.length === 0 ? new Map() : await ensureOrganisations(tx, companyId, context.importId, organisations, at),
    people: new Map([...people].map(([email, person]) => [email, person.personId])),
    source: context.source,
  };
}
