import { USUAL_CURRENCY } from '#core/currency-of.ts';
import { spokenOf } from '#core/language.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Seller } from '../parties.ts';
import { InvoiceOptions, USUAL } from './shape.ts';

const LOAD: Statement = {
  name: 'invoices.settings',
  text: `select c.name as "companyName", coalesce(c.settings ->> 'time_zone', 'UTC') as "timeZone", coalesce(c.settings ->> 'currency', '${USUAL_CURRENCY}') as currency, c.settings ->> 'postal_address' as "postalAddress", c.settings ->> 'language' as language,
           coalesce(s.seller, '{}') as seller, coalesce(s.options, '{}') as options, b.logo, coalesce(s.updated_at, c.created_at) as "updatedAt"
         from companies c left join invoice_settings s on s.company_id = c.id left join brands b on b.company_id = c.id where c.id = $1`,
};

interface Row {
  readonly companyName: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly postalAddress: string | null;
  readonly language: string | null;
  readonly seller: Seller;
  readonly options: object;
  readonly logo: string | null;
  readonly updatedAt: Date;
}

export interface InvoiceSettings {
  readonly timeZone: string;
  /** Of the company. */
  readonly currency: string;
  /** As given; see `sellerOf` for what stands on an invoice. */
  readonly given: Seller;
  readonly seller: Seller;
  readonly options: InvoiceOptions;
  /** SHA-256 of the brand's picture. */
  readonly logo: string | null;
  readonly updatedAt: Date;
}

export async function loadSettings(tx: Transaction, companyId: string): Promise<InvoiceSettings> {
  const [row] = await tx.query<Row>(LOAD, [companyId]);
  if (row === undefined) throw new Error('the company is gone');
  return {
    timeZone: row.timeZone,
    currency: row.currency,
    given: row.seller,
    seller: sellerOf(row),
    options: InvoiceOptions.parse({ currency: row.currency, ...USUAL, language: spokenOf(row.language), ...row.options }),
    logo: row.logo,
    updatedAt: row.updatedAt,
  };
}

/** Without an address of its own: name and postal address of the company, so that an invoice can be written from the first minute. */
function sellerOf({ seller, companyName, postalAddress }: Row): Seller {
  const named = { ...seller, name: seller.name ?? companyName };
  if (seller.line1 != null || postalAddress === null) return named;
  const [line1 = '', ...more] = postalAddress
    .split(/\r?\n|, /)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== companyName);
  return { ...named, line1, ...(more.length === 0 ? {} : { line2: more.join(', ') }) };
}
