import type { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { Company, requireCompany } from './companies.ts';
import { requireUser, User } from './users.ts';

/** Who is signed in, and where: all that the web app's frame needs. */
export const Me = User.extend({ company: Company });

export async function meOf(tx: Transaction, companyId: string, userId: string): Promise<z.input<typeof Me>> {
  const [user, company] = await Promise.all([requireUser(tx, companyId, userId), requireCompany(tx, companyId)]);
  return { ...user, company };
}
