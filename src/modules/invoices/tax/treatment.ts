import type { TaxCategory } from '../money/totals.ts';
import { VAT, vatCountry } from './rates.ts';

/** How an invoice is taxed as a whole. */
export const TREATMENTS = ['domestic', 'reverse_charge', 'eu_consumer', 'export', 'us_sales_tax', 'small_business', 'outside'] as const;
export type Treatment = (typeof TREATMENTS)[number];

export interface TaxParty {
  readonly country?: string | null | undefined;
  readonly region?: string | null | undefined;
  readonly vatId?: string | null | undefined;
}

export interface TaxRules {
  /** No VAT is shown at all: § 19 UStG and its like. */
  readonly smallBusiness: boolean;
  /** Consumers of other member states pay their own country's rate (one-stop shop); else ours, as below the threshold of € 10,000. */
  readonly oss: boolean;
  /** Sales tax in percent by state: `{"CA": 7.25}`; where the company has no nexus there is none. */
  readonly usRates: Readonly<Record<string, number>>;
  /** The company's own rates by country, over the table. */
  readonly ownRates: Readonly<Record<string, number>>;
}

export interface Taxation {
  readonly treatment: Treatment;
  /** For lines without a rate of their own. */
  readonly category: TaxCategory;
  /** Percent. */
  readonly rate: number;
  /** Lines may have another rate than this one. */
  readonly free: boolean;
}

/** From who sells and who buys. The first rule that fits: an explicit choice, small business, sales tax, then VAT by the two countries. */
export function taxationOf(seller: TaxParty, buyer: TaxParty, rules: TaxRules, chosen: Treatment | null = null): Taxation {
  return taxed(chosen ?? treatmentOf(seller, buyer, rules), seller, buyer, rules);
}

function treatmentOf(seller: TaxParty, buyer: TaxParty, rules: TaxRules): Treatment {
  const from = seller.country ?? null;
  const to = buyer.country ?? from;
  if (rules.smallBusiness) return 'small_business';
  if (from === 'US') return to === 'US' ? 'us_sales_tax' : 'export';
  const [ours, theirs] = [VAT[from ?? ''], VAT[to ?? '']];
  if (ours === undefined && rules.ownRates[from ?? ''] === undefined) return 'outside';
  if (from === to) return 'domestic';
  if (ours?.eu !== true || theirs?.eu !== true) return 'export';
  const { vatId } = buyer;
  return vatId != null && VAT[vatCountry(vatId)]?.eu === true && vatCountry(vatId) !== from ? 'reverse_charge' : 'eu_consumer';
}

function taxed(treatment: Treatment, seller: TaxParty, buyer: TaxParty, rules: TaxRules): Taxation {
  const standard = (country: string | null | undefined) => rules.ownRates[country ?? ''] ?? VAT[country ?? '']?.standard ?? 0;
  const at = (rate: number) => ({ treatment, category: rate > 0 ? ('S' as const) : ('Z' as const), rate, free: true });
  const none = (category: TaxCategory) => ({ treatment, category, rate: 0, free: false });
  switch (treatment) {
    case 'domestic':
      return at(standard(seller.country));
    case 'eu_consumer':
      return at(standard(rules.oss ? buyer.country : seller.country));
    case 'us_sales_tax': {
      const rate = rules.usRates[(buyer.region ?? '').toUpperCase()] ?? 0;
      return rate > 0 ? at(rate) : { ...none('O'), free: true };
    }
    case 'reverse_charge':
      return none('AE');
    case 'export':
      return none('G');
    case 'small_business':
      return none('E');
    case 'outside':
      return none('O');
  }
}
