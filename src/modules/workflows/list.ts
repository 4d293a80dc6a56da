import type { Statement, Transaction } from '#core/database/database.ts';
import { decodeCursor, toPage } from '#core/operation/page.ts';
import { InvalidInput } from '#core/errors.ts';
import { z } from 'zod';

export interface Listing {
  /** Prefix of the prepared statements' names. */
  readonly name: string;
  /** `select … from …`, with the listed table as alias `t`. */
  readonly select: string;
  /** Conditions by filter name; `?` is the value. Their order is fixed, so that each set of filters is one statement. */
  readonly conditions: Readonly<Record<string, string>>;
}

const statements = new Map<string, Statement>();

function statementFor(listing: Listing, filters: readonly string[], after: boolean): Statement {
  const name = [listing.name, ...filters, ...(after ? ['after'] : [])].join('.');
  const known = statements.get(name);
  if (known !== undefined) return known;
  let position = 2;
  const where = ['t.company_id = $1', ...filters.map((filter) => (listing.conditions[filter] ?? '').replace('?', `$${++position}`))];
  if (after) where.push(`t.id < $${++position}::uuid`);
  const statement = { name, text: `${listing.select} where ${where.join(' and ')} order by t.id desc limit $2` };
  statements.set(name, statement);
  return statement;
}

/**
 * One page, newest first: ids are UUIDv7, so their order is that of time. Filters that are undefined do not narrow.
 * @throws InvalidInput a cursor that no list gave
 */
export async function listPage<Row extends { readonly id: string }>(
  tx: Transaction,
  companyId: string,
  listing: Listing,
  filters: Readonly<Record<string, unknown>>,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const used = Object.keys(listing.conditions).filter((name) => filters[name] !== undefined);
  const after = page.cursor === undefined ? null : cursorId(page.cursor);
  const values = [companyId, page.limit + 1, ...used.map((name) => filters[name]), ...(after === null ? [] : [after])];
  const rows = await tx.query<Row>(statementFor(listing, used, after !== null), values);
  return toPage(rows, page.limit, (row) => [row.id]);
}

function cursorId(cursor: string): string {
  const id = z.uuid().safeParse(decodeCursor(cursor, 1)[0]);
  if (id.success) return id.data;
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
