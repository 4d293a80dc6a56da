import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { insertCompany, type CompanyRow, type NewCompany } from './companies.ts';
import { insertUser, type UserRow } from './users.ts';

export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
  readonly fullName?: string | undefined;
  readonly username?: string | undefined;
}

export type CompanyWithAdmin = NewCompany & { readonly admin?: FirstAdmin | undefined };

/** A company and, if given, the person who runs it: both or neither. In a system transaction. */
export async function insertCompanyWithAdmin(
  tx: Transaction,
  runtime: Runtime,
  given: CompanyWithAdmin,
): Promise<{ company: CompanyRow; admin: UserRow | null }> {
  const company = await insertCompany(tx, runtime, given);
  const admin =
    given.admin === undefined
      ? null
      : await insertUser(tx, runtime.clock, {
          ...given.admin,
          companyId: company.id,
          email: given.admin.email.toLowerCase(),
          role: 'admin',
        });
  return { company, admin };
}

/** For code that has no request: start-up, tests, demo data. */
export async function createCompany(runtime: Runtime, given: CompanyWithAdmin): Promise<{ companyId: string; adminId: string | null }> {
  const { company, admin } = await runtime.system.write((tx) => insertCompanyWithAdmin(tx, runtime, given));
  runtime.engine.nudge();
  return { companyId: company.id, adminId: admin?.id ?? null };
}
