import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { LEAD_COLUMNS, type Lead } from './lead.ts';
import type { LeadStatus } from './tables.ts';

export const LEAD_SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at'] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];

export interface LeadFilter {
  readonly status?: LeadStatus | undefined;
  readonly source?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdTo?: Date | undefined;
  readonly q?: string | undefined;
  readonly sort: LeadSort;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Conditions by filter, in a fixed order: one prepared statement for each set of filters in use. */
const CONDITIONS = [
  ['status', 'l.status = '],
  ['source', 'l.source = '],
  ['ownerId', 'l.owner_id = '],
  ['createdFrom', 'l.created_at >= '],
  ['createdTo', 'l.created_at < '],
] as const;

const statements = new Map<string, Statement>();

/**
 * Rows to fetch, as a literal: with it PostgreSQL keeps one plan for the statement, with a parameter it plans anew each time
 * (0.2 ms beside 0.1 ms of work). A few sizes, so that statements stay few; toPage cuts what is too many.
 */
const SIZES = [11, 51, 101, 501] as const;
const fetchedFor = (limit: number) => SIZES.find((size) => size > limit) ?? 501;

/** Plans use leads_recent, leads_changed, leads_status, leads_source or leads_owner and stop after a page. */
function statementFor(filters: readonly string[], sort: LeadSort, hasCursor: boolean, fetched: number): Statement {
  const name = ['leads.list', fetched, sort, ...filters, ...(hasCursor ? ['after'] : [])].join('.');
  const known = statements.get(name);
  if (known !== undefined) return known;
  const column = sort.endsWith('created_at') ? 'l.created_at' : 'l.updated_at';
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  let position = 1;
  const where = CONDITIONS.filter(([filter]) => filters.includes(filter)).map(([, condition]) => `${condition}$${++position}`);
  if (hasCursor) where.push(`(${column}, l.id) ${direction === 'desc' ? '<' : '>'} ($${++position}::timestamptz, $${++position}::uuid)`);
  const text = `select ${LEAD_COLUMNS} from leads l join people p on p.id = l.person_id
    where ${['l.company_id = $1', ...where].join(' and ')} order by ${column} ${direction}, l.id ${direction} limit ${fetched}`;
  const statement = { name, text };
  statements.set(name, statement);
  return statement;
}

const SEARCH: Statement = {
  name: 'leads.search',
  text: `select ${LEAD_COLUMNS} from steward_search_leads($1, $2, $3, $4, $5, $6, $7, $8, $9) as hit(id)
          join leads l on l.id = hit.id join people p on p.id = l.person_id order by l.created_at desc, l.id desc`,
};

/** One page. @throws InvalidInput for a foreign cursor, or a search in another order than the newest first. */
export async function listLeads(tx: Transaction, companyId: string, filter: LeadFilter) {
  const { sort, limit, q } = filter;
  const [at, id] = filter.cursor === undefined ? [null, null] : positionOf(filter.cursor);
  if (q !== undefined && q.trim() !== '') {
    if (sort !== '-created_at')
      throw new InvalidInput('A search is sorted by -created_at; leave sort out', {
        fields: [{ path: 'sort', message: 'must be -created_at with q' }],
      });
    const values = [
      q,
      at,
      id,
      limit + 1,
      filter.status ?? null,
      filter.source ?? null,
      filter.ownerId ?? null,
      filter.createdFrom ?? null,
      filter.createdTo ?? null,
    ];
    return page(await tx.query<Lead>(SEARCH, values), filter);
  }
  const used = CONDITIONS.map(([name]) => name).filter((name) => filter[name] !== undefined);
  const values = [companyId, ...used.map((name) => filter[name]), ...(at === null ? [] : [at, id])];
  return page(await tx.query<Lead>(statementFor(used, sort, at !== null, fetchedFor(limit)), values), filter);
}

function page(rows: readonly Lead[], { limit, sort }: LeadFilter) {
  return toPage(rows, limit, (lead) => [(sort.endsWith('created_at') ? lead.createdAt : lead.updatedAt).getTime(), lead.id]);
}
