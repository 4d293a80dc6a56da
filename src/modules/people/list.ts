import type { Statement, Transaction } from '#core/database/database.ts';
import { toPage } from '#core/operation/page.ts';
import { positionOf } from './cursor.ts';
import { PERSON_COLUMNS, type Person } from './person.ts';

export interface PeopleFilter {
  readonly q?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly optedOut?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const CONDITIONS = [
  ['ownerId', 'p.owner_id = '],
  ['organisationId', 'p.organisation_id = '],
  ['optedOut', '(p.opted_out_at is not null) = '],
] as const;

const statements = new Map<string, Statement>();

/** One prepared statement for each set of filters; people_recent serves the order. */
function statementFor(filters: readonly string[], after: boolean): Statement {
  const name = ['people.list', ...filters, ...(after ? ['after'] : [])].join('.');
  const known = statements.get(name);
  if (known !== undefined) return known;
  let position = 2;
  const where = CONDITIONS.filter(([filter]) => filters.includes(filter)).map(([, condition]) => `${condition}$${++position}`);
  if (after) where.push(`(p.created_at, p.id) < ($${++position}::timestamptz, $${++position}::uuid)`);
  const text = `select ${PERSON_COLUMNS} from people p left join organisations o on o.id = p.organisation_id
    where ${['p.company_id = $1', ...where].join(' and ')} order by p.created_at desc, p.id desc limit $2`;
  const statement = { name, text };
  statements.set(name, statement);
  return statement;
}

const SEARCH: Statement = {
  name: 'people.search',
  text: `select ${PERSON_COLUMNS} from steward_search_people($1, $2, $3, $4, $5, $6, $7) as hit(id)
          join people p on p.id = hit.id left join organisations o on o.id = p.organisation_id order by p.created_at desc, p.id desc`,
};

/** One page, newest first. @throws InvalidInput for a foreign cursor */
export async function listPeople(tx: Transaction, companyId: string, filter: PeopleFilter) {
  const [at, id] = filter.cursor === undefined ? [null, null] : positionOf(filter.cursor);
  const rows = await find(tx, companyId, filter, at, id);
  return toPage(rows, filter.limit, (person) => [person.createdAt.getTime(), person.id]);
}

function find(tx: Transaction, companyId: string, filter: PeopleFilter, at: Date | null, id: string | null): Promise<Person[]> {
  const { q, limit } = filter;
  if (q !== undefined && q.trim() !== '') {
    return tx.query<Person>(SEARCH, [q, at, id, limit + 1, filter.ownerId ?? null, filter.organisationId ?? null, filter.optedOut ?? null]);
  }
  const used = CONDITIONS.map(([name]) => name).filter((name) => filter[name] !== undefined);
  return tx.query<Person>(statementFor(used, at !== null), [
    companyId,
    limit + 1,
    ...used.map((name) => filter[name]),
    ...(at === null ? [] : [at, id]),
  ]);
}
