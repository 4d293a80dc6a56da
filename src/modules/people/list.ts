import type { Statement, Transaction } from '#core/database/database.ts';
import { toPage } from '#core/operation/page.ts';
import { positionOf, textPositionOf } from './cursor.ts';
import { needsFind, wantedOf, type PeopleFilter } from './filter.ts';
import { PERSON_COLUMNS, type Person } from './person.ts';

export const PEOPLE_SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at', 'name', '-name'] as const;
export type PeopleSort = (typeof PEOPLE_SORTS)[number];

export interface PeopleQuery extends PeopleFilter {
  readonly sort: PeopleSort;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Rows to leap over, for a list that is scrolled far. */
  readonly skip?: number | undefined;
}

/** Conditions by filter, in a fixed order: one prepared statement for each set of filters in use. */
const CONDITIONS = [
  ['ownerId', 'p.owner_id = ?'],
  ['organisationId', 'p.organisation_id = ?'],
  ['optedOut', '(p.opted_out_at is not null) = ?'],
  ['createdFrom', 'p.created_at >= ?'],
  ['createdTo', 'p.created_at < ?'],
] as const;

const COLUMNS = { created_at: 'p.created_at', updated_at: 'p.updated_at', name: 'p.name_key' } as const;
const TYPES = { created_at: 'timestamptz', updated_at: 'timestamptz', name: 'text' } as const;

const columnOf = (sort: PeopleSort): keyof typeof COLUMNS =>
  sort.endsWith('created_at') ? 'created_at' : sort.endsWith('updated_at') ? 'updated_at' : 'name';
const order = (sort: PeopleSort) => {
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  return `order by ${COLUMNS[columnOf(sort)]} ${direction}, p.id ${direction}`;
};

const statements = new Map<string, Statement>();

/** Indexes people_recent, people_changed and people_by_name serve the orders; people_owner and people_organisation their filters. */
function statementFor(filters: readonly string[], sort: PeopleSort, after: boolean, skips: boolean): Statement {
  const name = ['people.list', sort, ...filters, ...(after ? ['after'] : []), ...(skips ? ['skip'] : [])].join('.');
  const known = statements.get(name);
  if (known !== undefined) return known;
  let position = 2;
  const where = CONDITIONS.filter(([filter]) => filters.includes(filter)).map(([, condition]) => {
    position += 1;
    return condition.replace('?', `$${position}`);
  });
  const column = columnOf(sort);
  if (after) {
    const than = sort.startsWith('-') ? '<' : '>';
    where.push(`(${COLUMNS[column]}, p.id) ${than} ($${position + 1}::${TYPES[column]}, $${position + 2}::uuid)`);
  }
  // Leapt over by id alone: what is shown of a person is looked up for the page only.
  const from = skips
    ? `(select p.id from people p where ${['p.company_id = $1', ...where].join(' and ')} ${order(sort)} limit $2 offset $${position + (after ? 3 : 1)}) hit join people p on p.id = hit.id`
    : 'people p';
  const text = `select ${PERSON_COLUMNS}, p.name_key as "nameKey" from ${from} left join organisations o on o.id = p.organisation_id
    where ${['p.company_id = $1', ...(skips ? [] : where)].join(' and ')} ${order(sort)} limit $2`;
  const statement = { name, text };
  statements.set(name, statement);
  return statement;
}

/** Trigrams and jsonb are looked at by a function with the company inside, which also plans anew for each tag: see migrations/0071. */
const FIND = Object.fromEntries(
  PEOPLE_SORTS.map((sort) => [
    sort,
    {
      name: `people.find.${sort}`,
      text: `select ${PERSON_COLUMNS}, p.name_key as "nameKey" from steward_find_people($1, $2, $3, $4, $5) as hit(id)
              join people p on p.id = hit.id left join organisations o on o.id = p.organisation_id ${order(sort)} offset $6`,
    },
  ]),
) as Record<PeopleSort, Statement>; // fromEntries forgets the keys

type Row = Person & { readonly nameKey: string };

/** One page. @throws InvalidInput for a foreign cursor */
export async function listPeople(tx: Transaction, companyId: string, filter: PeopleQuery) {
  const after = filter.cursor === undefined ? null : afterOf(filter.cursor, filter.sort);
  const rows = await find(tx, companyId, filter, after);
  return toPage(rows, filter.limit, (person) => [keyOf(person, filter.sort), person.id]);
}

const keyOf = (person: Row, sort: PeopleSort): string | number => {
  const column = columnOf(sort);
  if (column === 'name') return person.nameKey;
  return (column === 'created_at' ? person.createdAt : person.updatedAt).getTime();
};

type Position = readonly [string | Date, string];

function afterOf(cursor: string, sort: PeopleSort): Position {
  return columnOf(sort) === 'name' ? textPositionOf(cursor) : positionOf(cursor);
}

function find(tx: Transaction, companyId: string, filter: PeopleQuery, after: Position | null): Promise<Row[]> {
  const { limit, sort, skip = 0 } = filter;
  if (needsFind(filter)) {
    const [value, id] = after ?? [null, null];
    return tx.query<Row>(FIND[sort], [
      wantedOf(filter),
      sort,
      value instanceof Date ? value.toISOString() : value,
      id,
      skip + limit + 1,
      skip,
    ]);
  }
  const used = CONDITIONS.map(([name]) => name).filter((name) => filter[name] !== undefined);
  return tx.query<Row>(statementFor(used, sort, after !== null, skip > 0), [
    companyId,
    limit + 1,
    ...used.map((name) => filter[name]),
    ...(after ?? []),
    ...(skip > 0 ? [skip] : []),
  ]);
}
