import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '#core/database/database.ts';
import type { Role } from '#core/operation/principal.ts';
import { users } from './tables.ts';

export { createAuthenticator } from './authenticate.ts';
export { bootstrapAdmin, setupLink } from './bootstrap.ts';
export { chooseCurrency, companyCurrency, requireCompany } from './companies.ts';
export { createCompany } from './create-company.ts';
export { publicUrl } from './links.ts';
export { operatorPrincipal } from './operator.ts';
export { sendingHours, timeZone } from './settings.ts';
export { auditLog, companies, users } from './tables.ts';

/** Somebody to tell, or to name. */
export interface Colleague {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly role: Role;
}

const colleague = { id: users.id, email: users.email, fullName: users.fullName, role: users.role };

/** Those of `userIds` who can still sign in; all of the company without it. One query, any role of the database. */
export function activeUsers(tx: Transaction, companyId: string, userIds?: readonly string[]): Promise<Colleague[]> {
  return tx.db
    .select(colleague)
    .from(users)
    .where(
      and(
        eq(users.companyId, companyId),
        eq(users.isActive, true),
        isNull(users.deletedAt),
        userIds === undefined ? undefined : inArray(users.id, [...userIds]),
      ),
    )
    .orderBy(asc(users.createdAt), asc(users.id));
}

/** Everybody who can run the company; never empty but for a company that nobody joined yet. */
export async function admins(tx: Transaction, companyId: string): Promise<Colleague[]> {
  return (await activeUsers(tx, companyId)).filter((user) => user.role === 'admin');
}
