import type { Statement, Transaction } from '#core/database/database.ts';
import { Brand, type Look } from './model/brand.ts';

const LOAD: Statement = {
  name: 'documents.brand',
  text: `select co.name as "companyName", coalesce(co.settings ->> 'time_zone', 'UTC') as zone, coalesce(b.brand, '{}') as brand, b.logo, coalesce(b.updated_at, co.created_at) as "updatedAt"
           from companies co left join document_brands b on b.company_id = co.id where co.id = $1`,
};

export interface CompanyLook {
  readonly look: Look;
  readonly zone: string;
  readonly updatedAt: Date;
}

/** What a company's documents look like now. */
export async function loadLook(tx: Pick<Transaction, 'query'>, companyId: string): Promise<CompanyLook> {
  const [row] = await tx.query<{ companyName: string; zone: string; brand: object; logo: string | null; updatedAt: Date }>(LOAD, [
    companyId,
  ]);
  if (row === undefined) throw new Error('a company has a row');
  const { companyName, zone, brand, logo, updatedAt } = row;
  return { look: { ...Brand.parse(brand), companyName, logo }, zone, updatedAt };
}
