import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { minorDigits } from '#core/money.ts';

/** One thing that is sold with a deal; the price is of one, in the deal's currency. */
export interface DealLine {
  readonly productId?: string | null | undefined;
  readonly description: string;
  readonly quantity: number;
  readonly priceCents: number;
}

const DROP: Statement = { name: 'deals.lines.drop', text: 'delete from deal_lines where company_id = $1 and deal_id = $2' };
const INSERT: Statement = {
  name: 'deals.lines.insert',
  text: `insert into deal_lines (company_id, deal_id, id, product_id, description, quantity, price_cents, position)
         select $1, $2, e.* from unnest($3::uuid[], $4::uuid[], $5::text[], $6::integer[], $7::bigint[], $8::integer[]) as e`,
};

const RECOUNT: Statement = {
  name: 'deals.lines.recount',
  text: 'update deal_lines set price_cents = round(price_cents * (10.0 ^ $3::integer)) where company_id = $1 and deal_id = $2',
};

/** The deal is in another currency now: the same prices, counted in its cents. */
export async function recountLines(tx: Transaction, companyId: string, dealId: string, from: string, to: string): Promise<void> {
  const more = minorDigits(to) - minorDigits(from);
  if (more !== 0) await tx.query(RECOUNT, [companyId, dealId, more]);
}

/** What they come to. */
export const sumOf = (lines: readonly DealLine[]): number => lines.reduce((sum, line) => sum + line.quantity * line.priceCents, 0);

/** These lines and no others. */
export async function writeLines(tx: Transaction, companyId: string, dealId: string, lines: readonly DealLine[]): Promise<void> {
  await tx.query(DROP, [companyId, dealId]);
  if (lines.length === 0) return;
  const column = (pick: (line: DealLine, index: number) => string | null) => arrayOf(lines.map(pick));
  await tx.query(INSERT, [
    companyId, dealId, column(() => newId()), column((line) => line.productId ?? null), column((line) => line.description), column((line) => String(line.quantity)),
    column((line) => String(line.priceCents)), column((_line, index) => String(index)),
  ]); // prettier-ignore
}
