import { InvalidInput } from '#core/errors.ts';
import type { Transaction } from '#core/database/database.ts';
import { decodeCursor, toPage } from '#core/operation/page.ts';
import { DEAL_COLUMNS, DEAL_JOINS, type Deal } from './deal.ts';
import { named } from './named.ts';

export const DEAL_SORTS = ['-created_at', '-updated_at', '-value', '-close_date'] as const;
export type DealSort = (typeof DEAL_SORTS)[number];

/** Each has an index with the company in front. Descending; nulls of close dates come last, as the first day there is. */
const ORDERS = {
  '-created_at': { column: 'd.created_at', type: 'timestamptz', key: (deal: Deal) => deal.createdAt.toISOString() },
  '-updated_at': { column: 'd.updated_at', type: 'timestamptz', key: (deal: Deal) => deal.updatedAt.toISOString() },
  '-value': { column: 'd.base_cents', type: 'bigint', key: (deal: Deal) => String(deal.baseCents) },
  '-close_date': { column: 'd.close_date', type: 'date', key: (deal: Deal) => deal.closeDate ?? '' },
} as const satisfies Record<DealSort, unknown>;

export interface DealFilter {
  readonly q?: string | undefined;
  readonly pipelineId?: string | undefined;
  readonly stageId?: string | undefined;
  readonly status?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly productId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly personId?: string | undefined;
  readonly source?: string | undefined;
  readonly importId?: string | undefined;
  /** `undated`, `no_account`, `rotting`, `slipped`, `overdue`. */
  readonly only?: string | undefined;
}

/** Conditions on `d`, each with the parameter that it needs. */
export function dealConditions(filter: DealFilter, now: Date, first: number): { readonly where: string; readonly values: unknown[] } {
  const values: unknown[] = [];
  const parts: string[] = [];
  const bind = (value: unknown) => {
    values.push(value);
    return `$${first + values.length - 1}`;
  };
  if (filter.pipelineId !== undefined) parts.push(`d.pipeline_id = ${bind(filter.pipelineId)}::uuid`);
  if (filter.stageId !== undefined) parts.push(`d.stage_id = ${bind(filter.stageId)}::uuid`);
  if (filter.status !== undefined) parts.push(`d.status = ${bind(filter.status)}`);
  if (filter.ownerId !== undefined) parts.push(`d.owner_id = ${bind(filter.ownerId)}::uuid`);
  if (filter.productId !== undefined) parts.push(`d.product_id = ${bind(filter.productId)}::uuid`);
  if (filter.organisationId !== undefined) parts.push(`d.organisation_id = ${bind(filter.organisationId)}::uuid`);
  if (filter.source !== undefined) parts.push(`d.source = ${bind(filter.source)}`);
  if (filter.importId !== undefined) parts.push(`d.import_id = ${bind(filter.importId)}::uuid`);
  if (filter.personId !== undefined)
    parts.push(
      `exists (select from deal_people dp where dp.deal_id = d.id and dp.company_id = $1 and dp.person_id = ${bind(filter.personId)}::uuid)`,
    );
  if (filter.q !== undefined && filter.q !== '')
    parts.push(`d.id in (select hit from steward_search_deals(${bind(filter.q)}, 500) as hit)`);
  if (filter.only === 'undated') parts.push('d.opened_at is null');
  if (filter.only === 'no_account') parts.push('d.organisation_id is null');
  if (filter.only === 'slipped') parts.push(`d.status = 'open' and d.slips > 0`);
  if (filter.only === 'overdue') parts.push(`d.status = 'open' and d.close_date < ${bind(now)}::date`);
  if (filter.only === 'rotting')
    // In whole days (UTC), as ageing is added up.
    parts.push(
      `d.status = 'open' and d.stage_since < ((${bind(now)}::timestamptz at time zone 'UTC')::date - s.rot_days)::timestamp at time zone 'UTC'`,
    );
  return { where: parts.map((part) => ` and ${part}`).join(''), values };
}

/** One page. @throws InvalidInput a foreign cursor */
export async function listDeals(
  tx: Transaction,
  companyId: string,
  query: DealFilter & {
    readonly sort: DealSort;
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly skip?: number | undefined;
  },
  now: Date,
) {
  const order = ORDERS[query.sort];
  const { where, values: bound } = dealConditions(query, now, 3);
  const after = query.cursor === undefined ? null : positionOf(query.cursor, order.type);
  const place = bound.length + 3;
  const nulls = query.sort === '-close_date';
  const beyond =
    after === null
      ? ''
      : nulls && after[0] === ''
        ? ` and ${order.column} is null and d.id < $${place + 1}::uuid and $${place}::text = ''`
        : nulls
          ? ` and (${order.column} is null or (${order.column}, d.id) < ($${place}::date, $${place + 1}::uuid))`
          : ` and (${order.column}, d.id) < ($${place}::${order.type}, $${place + 1}::uuid)`;
  const text = `select ${DEAL_COLUMNS} from deals d ${DEAL_JOINS} where d.company_id = $1${where}${beyond}
    order by ${order.column} desc${nulls ? ' nulls last' : ''}, d.id desc limit $2${query.skip === undefined ? '' : ` offset $${bound.length + 3 + (after?.length ?? 0)}`}`;
  const rows = await tx.query<Deal>(named('deals.list', text), [
    companyId,
    query.limit + 1,
    ...bound,
    ...(after ?? []),
    ...(query.skip === undefined ? [] : [query.skip]),
  ]);
  return toPage(rows, query.limit, (row) => [order.key(row), row.id]);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHAPES = { timestamptz: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, bigint: /^-?\d{1,18}$/, date: /^(\d{4}-\d\d-\d\d)?$/ } as const;

function positionOf(cursor: string, type: keyof typeof SHAPES): [string, string] {
  const [key, id] = decodeCursor(cursor, 2);
  const right = typeof key === 'string' && SHAPES[type].test(key) && typeof id === 'string' && UUID.test(id);
  const real =
    right &&
    (type !== 'date' || key === '' || !Number.isNaN(Date.parse(key))) &&
    (type !== 'timestamptz' || !Number.isNaN(Date.parse(key)));
  if (real) return [key, id];
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
