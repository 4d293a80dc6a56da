import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { USUAL_CURRENCY } from '#core/currency-of.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { firstSettings, type Settings } from './settings.ts';
import { companies } from './tables.ts';

export const Company = z.object({
  id: z.uuid(),
  name: z.string(),
  industry: z.string().nullable(),
  website: z.string().nullable(),
  settings: z.record(z.string(), z.json()),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export const companyName = () => z.string().trim().min(1, 'is empty').max(200);

export type CompanyRow = typeof companies.$inferSelect;

export interface NewCompany {
  readonly name: string;
  readonly industry?: string | null | undefined;
  readonly website?: string | null | undefined;
  readonly settings?: Settings | undefined;
}

/** In a system transaction: steward_app may not make companies. Everything that every company gets hangs on the event. */
export async function insertCompany(tx: Transaction, runtime: Runtime, given: NewCompany): Promise<CompanyRow> {
  const now = runtime.clock.now();
  const row = {
    id: newId(),
    name: given.name,
    industry: given.industry ?? null,
    website: given.website ?? null,
    settings: firstSettings(runtime.config, given.settings ?? {}),
    createdAt: now,
    updatedAt: now,
  };
  await tx.db.insert(companies).values(row);
  await runtime.engine.install(tx, row.id);
  await runtime.engine.emit(tx, [
    { name: 'company.created', companyId: row.id, subject: { type: 'company', id: row.id }, payload: { name: row.name } },
  ]);
  return row;
}

const CURRENCY: Statement = { name: 'companies.currency', text: `select settings ->> 'currency' as currency from companies where id = $1` };
const CHOOSE: Statement = {
  name: 'companies.choose_currency',
  text: `update companies set settings = settings || jsonb_build_object('currency', $2::text), updated_at = $3 where id = $1`,
};

/** What deals, invoices and documents begin with, and in what reports add up. */
export async function companyCurrency(tx: Transaction, companyId: string): Promise<string> {
  const [row] = await tx.query<{ currency: string | null }>(CURRENCY, [companyId]);
  return row?.currency ?? USUAL_CURRENCY;
}

/** Only while nothing is counted in it: the caller has looked. */
export async function chooseCurrency(tx: Transaction, companyId: string, currency: string, at: Date): Promise<void> {
  await tx.query(CHOOSE, [companyId, currency, at]);
}

/** @throws NotFound */
export async function requireCompany(tx: Transaction, companyId: string): Promise<CompanyRow> {
  const [row] = await tx.db.select().from(companies).where(eq(companies.id, companyId));
  if (row === undefined) throw new NotFound('This company does not exist any more');
  return row;
}
