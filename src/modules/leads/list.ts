import type { Clock } from '#core/clock.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { decodeCursor, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { columnsOf, type LeadField } from './fields.ts';
import { isPlain, partsOf, whereOf, wordsOf, type LeadFilter } from './filter.ts';
import { LEAD_COLUMNS, type Lead } from './lead.ts';
import { listByScore } from './list-by-score.ts';
import { named } from './named.ts';

interface Order {
  readonly column: string;
  /** Of the cursor's first value. */
  readonly type: 'timestamptz' | 'text' | 'smallint';
}

/** Each has an index that serves it with the company in front: leads_recent, leads_changed, people_by_name, leads_by_status, leads_touched. */
const ORDERS = {
  created_at: { column: 'l.created_at', type: 'timestamptz' },
  updated_at: { column: 'l.updated_at', type: 'timestamptz' },
  name: { column: 'p.name_key', type: 'text' },
  status: { column: 'l.status_rank', type: 'smallint' },
  last_touch_at: { column: 'l.last_touch_at', type: 'timestamptz' },
} as const satisfies Record<string, Order>;
type OrderName = keyof typeof ORDERS;

export const LEAD_SORTS = [
  '-created_at',
  'created_at',
  '-updated_at',
  'updated_at',
  'name',
  '-name',
  'status',
  '-status',
  '-last_touch_at',
  'last_touch_at',
  '-score',
  'score',
] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];

export interface LeadQuery extends LeadFilter {
  readonly sort: LeadSort;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Rows to leap over, for a list that is scrolled far; cursors are quicker for the next page. */
  readonly skip?: number | undefined;
  readonly fields?: readonly LeadField[] | undefined;
}

type Row = Lead & { readonly sortKey: Date | string | number };

const statements = new Map<string, Statement>();

/** Built once for each set of filters in use, then prepared on each connection. */
function statement(key: string, text: () => string): Statement {
  let known = statements.get(key);
  if (known === undefined) {
    known = named('leads.list', text());
    statements.set(key, known);
  }
  return known;
}

/**
 * Rows to fetch, as a literal: with it PostgreSQL keeps one plan for the statement, with a parameter it plans anew each time
 * (0.2 ms beside 0.1 ms of work). A few sizes, so that statements stay few; toPage cuts what is too many.
 */
const SIZES = [11, 51, 101, 501] as const;
const fetchedFor = (limit: number) => SIZES.find((size) => size > limit) ?? 501;

function orderOf(sort: LeadSort) {
  const descending = sort.startsWith('-');
  // LEAD_SORTS are the names of ORDERS, with or without the sign; scores are listed elsewhere.
  const name = (descending ? sort.slice(1) : sort) as OrderName;
  const order: Order = ORDERS[name];
  return { ...order, name, direction: descending ? 'desc' : 'asc', beyond: descending ? '<' : '>' };
}

const SEARCH: Statement = {
  name: 'leads.search',
  text: `select ${LEAD_COLUMNS}, l.created_at as "sortKey" from steward_search_leads($1, $2, $3, $4, $5, $6, $7, $8, $9) as hit(id)
          join leads l on l.id = hit.id join people p on p.id = l.person_id order by l.created_at desc, l.id desc`,
};

/** One page. @throws InvalidInput for a foreign cursor */
export async function listLeads(tx: Transaction, companyId: string, query: LeadQuery, clock: Clock) {
  if (query.sort === '-score' || query.sort === 'score') return listByScore(tx, companyId, query, clock);
  const fields = query.fields ?? [];
  if (wordsOf(query) !== undefined && query.sort === '-created_at' && isPlain(query) && query.skip === undefined && fields.length === 0)
    return search(tx, query);
  const { column, type, direction, beyond, name: order } = orderOf(query.sort);
  const parts = partsOf(query, clock);
  const where = whereOf(parts, 1);
  const names = [order, direction, ...parts.map((part) => part.name)].join('.');
  const from = await startOf(tx, companyId, query, names, where);
  if (from === null) return { items: [], nextCursor: null };
  const fetched = fetchedFor(query.limit);
  const last = 1 + where.values.length;
  const here = statement(['leads.list', fetched, names, from.kind, ...fields].join('.'), () => {
    const conditions = ['l.company_id = $1', ...(where.text === '' ? [] : [where.text])];
    if (from.kind !== 'first')
      conditions.push(`(${column}, l.id) ${beyond}${from.kind === 'at' ? '=' : ''} ($${last + 1}::${type}, $${last + 2}::uuid)`);
    return `select ${LEAD_COLUMNS}, ${column} as "sortKey"${columnsOf(fields)} from leads l join people p on p.id = l.person_id
      where ${conditions.join(' and ')} order by ${column} ${direction}, l.id ${direction} limit ${fetched}`;
  });
  const rows = await tx.query<Row>(here, [companyId, ...where.values, ...from.position]);
  return page(rows, query);
}

interface Start {
  /** `after` the row at this position, or `at` it. */
  readonly kind: 'first' | 'after' | 'at';
  readonly position: readonly unknown[];
}

/** Where the page begins. Null: behind the end. */
async function startOf(
  tx: Transaction,
  companyId: string,
  query: LeadQuery,
  names: string,
  where: ReturnType<typeof whereOf>,
): Promise<Start | null> {
  if (query.cursor !== undefined) return { kind: 'after', position: readCursor(query.cursor, query.sort) };
  if (query.skip === undefined || query.skip === 0) return { kind: 'first', position: [] };
  const { column, direction } = orderOf(query.sort);
  const person = column.startsWith('p.') || where.text.includes('p.');
  const anchor = statement(
    `leads.anchor.${names}`,
    () =>
      `select ${column} as key, l.id from leads l ${person ? 'join people p on p.id = l.person_id' : ''}
       where l.company_id = $1 ${where.text === '' ? '' : `and ${where.text}`}
       order by ${column} ${direction}, l.id ${direction} offset $${where.values.length + 2} limit 1`,
  );
  const [row] = await tx.query<{ key: unknown; id: string }>(anchor, [companyId, ...where.values, query.skip]);
  return row === undefined ? null : { kind: 'at', position: [row.key, row.id] };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws InvalidInput for a cursor of another list or another order */
function readCursor(cursor: string, sort: LeadSort): readonly unknown[] {
  const { type } = orderOf(sort);
  if (type === 'timestamptz') return positionOf(cursor);
  const [key, id] = decodeCursor(cursor, 2);
  const fits = type === 'text' ? typeof key === 'string' && !key.includes('\0') : Number.isInteger(key) && Math.abs(Number(key)) < 100;
  if (!fits || typeof id !== 'string' || !UUID.test(id))
    throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
      fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
    });
  return [key, id];
}

async function search(tx: Transaction, query: LeadQuery) {
  const [at, id] = query.cursor === undefined ? [null, null] : positionOf(query.cursor);
  const values = [
    query.q,
    at,
    id,
    query.limit + 1,
    query.status ?? null,
    query.source ?? null,
    query.ownerId ?? null,
    query.createdFrom ?? null,
    query.createdTo ?? null,
  ];
  return page(await tx.query<Row>(SEARCH, values), query);
}

function page(rows: readonly Row[], { limit }: LeadQuery) {
  return toPage(rows, limit, (lead) => [lead.sortKey instanceof Date ? lead.sortKey.getTime() : lead.sortKey, lead.id]);
}
