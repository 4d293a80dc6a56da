import type { Statement, Transaction } from '#core/database/database.ts';

/** What a line that sells a product takes over from it. */
export interface SoldProduct {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly priceCents: number | null;
  readonly currency: string;
  /** Percent; null: by the rules of the two countries. */
  readonly taxRate: number | null;
}

const SOLD: Statement = {
  name: 'products.sold',
  text: `select id, name, description, unit, price_cents::float8 as "priceCents", currency, tax_rate::float8 / 1000 as "taxRate" from products where company_id = $1 and id = any ($2::uuid[])`,
};

/** By id; those that are not there are absent. */
export async function soldProducts(tx: Transaction, companyId: string, ids: readonly string[]): Promise<ReadonlyMap<string, SoldProduct>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<SoldProduct>(SOLD, [companyId, [...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, row]));
}
