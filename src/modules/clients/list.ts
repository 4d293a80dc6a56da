import type { Statement, Transaction } from '#core/database/database.ts';
import { toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { CLIENT_COLUMNS, FROM_CLIENTS, type Client } from './client.ts';
import type { ClientStatus } from './create.ts';
import type { HealthLevel } from './health/health.ts';

export interface ClientQuery {
  readonly status?: ClientStatus | undefined;
  readonly ownerId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly plan?: string | undefined;
  readonly health?: HealthLevel | undefined;
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const PARTS = {
  status: 'c.status = ?',
  ownerId: 'c.owner_id = ?',
  organisationId: 'c.organisation_id = ?',
  plan: 'c.plan = ?',
  health: `c.status = 'active' and c.health_level = ?`,
  q: 'c.person_id in (select steward_people_like(?))',
} as const;
// The keys of a literal object are exactly its type's keys.
const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];

const statements = new Map<string, Statement>();

/** Newest first; one prepared statement for each set of filters in use. */
export async function listClients(tx: Transaction, companyId: string, query: ClientQuery) {
  const used = NAMES.filter((name) => query[name] !== undefined && query[name] !== '');
  const after = query.cursor === undefined ? [] : positionOf(query.cursor);
  const name = ['clients.list', ...used, after.length > 0 ? 'after' : 'first'].join('.');
  const known = statements.get(name);
  const here = known ?? { name, text: textOf(used, after.length > 0) };
  if (known === undefined) statements.set(name, here);
  const rows = await tx.query<Client>(here, [companyId, query.limit + 1, ...used.map((part) => query[part]), ...after]);
  return toPage(rows, query.limit, (client) => [client.createdAt.getTime(), client.id]);
}

function textOf(used: readonly (keyof typeof PARTS)[], after: boolean): string {
  const parts = used.map((part, i) => PARTS[part].replace('?', `$${i + 3}`));
  const next = used.length + 3;
  const where = ['c.company_id = $1', ...parts, ...(after ? [`(c.created_at, c.id) < ($${next}::timestamptz, $${next + 1}::uuid)`] : [])];
  return `select ${CLIENT_COLUMNS} ${FROM_CLIENTS} where ${where.join(' and ')} order by c.created_at desc, c.id desc limit $2`;
}
