import type { Statement, Transaction } from '#core/database/database.ts';
import { recounted } from '#core/money.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { RateMissing } from '../errors.ts';

const RATES: Statement = {
  name: 'deals.rates',
  text: `select currency, day::text as day, rate::float8 as rate from currency_rates where company_id = $1 order by currency, day`,
};

/** Turns amounts into the company's currency at the rate of a day: the last one known by then, else the first there is. */
export class Money {
  readonly currency: string;
  readonly #rates: ReadonlyMap<string, readonly { readonly day: string; readonly rate: number }[]>;

  constructor(currency: string, rates: readonly { readonly currency: string; readonly day: string; readonly rate: number }[]) {
    this.currency = currency;
    this.#rates = Map.groupBy(rates, (row) => row.currency);
  }

  /** Whole cents; `rate`s are of whole units, such as dollars for one euro. `at` null: today's rate is the last one. @throws RateMissing */
  inBase(cents: number, currency: string, at: number | null): number {
    if (currency === this.currency) return cents;
    const rates = this.#rates.get(currency) ?? [];
    const day = at === null ? '9999-12-31' : new Date(at).toISOString().slice(0, 10);
    const rate = rates.findLast((one) => one.day <= day) ?? rates[0];
    if (rate === undefined)
      throw new RateMissing(`There is no rate for ${currency} in ${this.currency}; add one with PUT /api/currency-rates`, {
        fields: [{ path: 'currency', message: `has no rate in ${this.currency}` }],
      });
    return recounted(cents * rate.rate, currency, this.currency);
  }
}

export async function moneyOf(tx: Transaction, companyId: string): Promise<Money> {
  const currency = await companyCurrency(tx, companyId);
  return new Money(currency, await tx.query(RATES, [companyId]));
}
