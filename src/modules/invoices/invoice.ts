import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { depositLeft, type Deposit } from './deposit.ts';
import { mailedInvoice } from './mail/mailed.ts';
import { plainAmount } from './money/currency.ts';
import { TAX_CATEGORIES, type Discount, type TaxCategory, type TaxGroup } from './money/totals.ts';
import { Buyer, Seller } from './parties.ts';
import type { FrozenTexts } from './settings/shape.ts';
import { TREATMENTS } from './tax/treatment.ts';
import { INVOICE_KINDS, INVOICE_STATES } from './tables.ts';

export const INVOICE_STATUSES = [...INVOICE_STATES, 'overdue', 'lapsed'] as const;

export const Group = z.object({
  category: z.enum(TAX_CATEGORIES),
  rate: z.number().describe('Percent'),
  netCents: z.int().describe('What is taxed by it, after the discount'),
  taxCents: z.int(),
});

export const Line = z.object({
  description: z.string(),
  quantity: z.number(),
  unit: z.string(),
  unitPriceCents: z.int(),
  discountPercent: z.number(),
  taxCategory: z.enum(TAX_CATEGORIES),
  taxRate: z.number().describe('Percent'),
  netCents: z.int(),
});

/** A row of the list. Money is integer cents of `currency`; `total` and `balance` are the same as a decimal text. */
export const InvoiceRow = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  clientId: z.uuid().nullable(),
  kind: z.enum(INVOICE_KINDS),
  number: z.string().nullable().describe('null: a draft'),
  status: z.enum(INVOICE_STATUSES).describe('overdue: issued or partly paid, and its day has passed; lapsed: a quote whose last day has'),
  validUntil: z.string().nullable().describe('Of a quote: the last day on which it can be accepted'),
  clientName: z.string(),
  title: z.string(),
  currency: z.string(),
  total: z.string(),
  balance: z.string().describe('What is still owed'),
  totalCents: z.int(),
  balanceCents: z.int(),
  issuedOn: z.string().nullable().describe('Day, YYYY-MM-DD'),
  dueOn: z.string().nullable(),
  reminders: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export const Invoice = InvoiceRow.extend({
  originId: z.uuid().nullable().describe('Of an invoice its quote, of a credit note its invoice'),
  seller: Seller,
  buyer: Buyer,
  reference: z.string().nullable(),
  notes: z.string(),
  language: z.string(),
  treatment: z.enum(TREATMENTS),
  paymentDays: z.int(),
  periodStart: z.string().nullable(),
  periodEnd: z.string().nullable(),
  discountPercent: z.number().nullable(),
  discountGivenCents: z.int().nullable().describe('A discount in cents, where it is not a percentage'),
  depositPercent: z.number().nullable(),
  depositGivenCents: z.int().nullable().describe('A deposit in cents, where it is not a percentage'),
  depositCents: z.int().nullable().describe('The part that is asked for first; null: none'),
  depositDays: z.int().nullable().describe('Days after the invoice is issued'),
  depositDueOn: z.string().nullable(),
  dueNowCents: z.int().describe('What is asked for next: what is left of the deposit, then the rest'),
  subtotalCents: z.int(),
  discountCents: z.int(),
  netCents: z.int(),
  taxCents: z.int(),
  taxGroups: z.array(Group),
  paidCents: z.int(),
  creditedCents: z.int(),
  writtenOffCents: z.int(),
  mailedAt: z.date().nullable().describe('When it last went to the client by mail'),
  remindedAt: z.date().nullable(),
  issuedAt: z.date().nullable(),
  paidAt: z.date().nullable(),
  lines: z.array(Line),
});
export type Invoice = z.output<typeof Invoice>;
export type InvoiceRow = z.output<typeof InvoiceRow>;

/** No such invoice in this company. */
export class InvoiceNotFound extends NotFound {
  override readonly code = 'invoice_not_found';
}

/** The invoice is in a state that does not allow this; the message says which and what to do instead. */
export class InvoiceStateRefused extends Conflict {
  override readonly code = 'invoice_state';
}

/** A row as it is stored. */
export interface StoredInvoice {
  readonly id: string;
  readonly companyId: string;
  readonly clientId: string | null;
  readonly kind: (typeof INVOICE_KINDS)[number];
  readonly state: (typeof INVOICE_STATES)[number];
  readonly number: string | null;
  readonly originId: string | null;
  readonly currency: string;
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
  readonly overdueFrom: Date | null;
  readonly validUntil: string | null;
  readonly lapsesAt: Date | null;
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
  readonly paymentDays: number;
  readonly treatment: (typeof TREATMENTS)[number];
  readonly seller: Seller;
  readonly buyer: Buyer;
  readonly title: string;
  readonly notes: string;
  readonly reference: string | null;
  readonly language: string;
  readonly texts: FrozenTexts;
  readonly discount: Discount | null;
  readonly deposit: Deposit | null;
  readonly depositCents: number | null;
  readonly depositDays: number | null;
  readonly depositDueOn: string | null;
  readonly subtotalCents: number;
  readonly discountCents: number;
  readonly netCents: number;
  readonly taxCents: number;
  readonly totalCents: number;
  readonly taxGroups: readonly TaxGroup[];
  readonly paidCents: number;
  readonly creditedCents: number;
  readonly writtenOffCents: number;
  readonly reminders: number;
  readonly remindedAt: Date | null;
  readonly issuedAt: Date | null;
  readonly paidAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Cents are bigint in the database; as doubles they are exact up to 90 trillion. */
const cents = (...names: readonly string[]) => names.map((name) => `i.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}::float8 as "${name}"`).join(', '); // prettier-ignore

export const INVOICE_COLUMNS = `i.id, i.company_id as "companyId", i.client_id as "clientId", i.kind, i.state, i.number, i.origin_id as "originId", i.currency,
  i.issued_on::text as "issuedOn", i.due_on::text as "dueOn", i.overdue_from as "overdueFrom", i.valid_until::text as "validUntil", i.lapses_at as "lapsesAt", i.period_start::text as "periodStart", i.period_end::text as "periodEnd",
  i.payment_days as "paymentDays", i.treatment, i.seller, i.buyer, i.title, i.notes, i.reference, i.language, i.texts, i.discount, i.deposit, i.deposit_days as "depositDays", i.deposit_due_on::text as "depositDueOn", i.tax_groups as "taxGroups", i.reminders,
  i.reminded_at as "remindedAt", i.issued_at as "issuedAt", i.paid_at as "paidAt", i.created_at as "createdAt", i.updated_at as "updatedAt",
  ${cents('subtotalCents', 'discountCents', 'netCents', 'taxCents', 'totalCents', 'paidCents', 'creditedCents', 'writtenOffCents', 'depositCents')}`;

const BY_ID: Statement = { name: 'invoices.get', text: `select ${INVOICE_COLUMNS} from invoices i where i.company_id = $1 and i.id = $2` };
const LOCK: Statement = { name: 'invoices.lock', text: `${BY_ID.text} for update` };
const LINES: Statement = {
  name: 'invoices.lines',
  text: `select description, quantity::float8 as quantity, unit, unit_price_cents::float8 as "unitPriceCents", discount_bps as "discountBps", tax_category as "taxCategory",
           tax_rate as "taxRate", net_cents::float8 as "netCents" from invoice_lines where company_id = $1 and invoice_id = $2 order by position`,
};

export interface StoredLine {
  readonly description: string;
  readonly quantity: number;
  readonly unit: string;
  readonly unitPriceCents: number;
  readonly discountBps: number;
  readonly taxCategory: TaxCategory;
  readonly taxRate: number;
  readonly netCents: number;
}

/** @throws InvoiceNotFound */
export async function storedInvoice(tx: Transaction, companyId: string, invoiceId: string): Promise<StoredInvoice> {
  return found(await tx.query<StoredInvoice>(BY_ID, [companyId, invoiceId]));
}

/** The same, locked against other writers until the transaction ends. @throws InvoiceNotFound */
export async function lockInvoice(tx: Transaction, companyId: string, invoiceId: string): Promise<StoredInvoice> {
  return found(await tx.query<StoredInvoice>(LOCK, [companyId, invoiceId]));
}

export function linesOf(tx: Transaction, companyId: string, invoiceId: string): Promise<StoredLine[]> {
  return tx.query<StoredLine>(LINES, [companyId, invoiceId]);
}

/** As the API shows it. @throws InvoiceNotFound */
export async function getInvoice(tx: Transaction, companyId: string, invoiceId: string, now: Date): Promise<Invoice> {
  const row = await storedInvoice(tx, companyId, invoiceId);
  const { at: mailedAt } = await mailedInvoice(tx, companyId, invoiceId);
  return { ...wholeOf(row, now), mailedAt, lines: (await linesOf(tx, companyId, invoiceId)).map(lineOf) };
}

export const balanceOf = (
  row: Pick<StoredInvoice, 'totalCents' | 'paidCents' | 'creditedCents' | 'writtenOffCents' | 'kind' | 'state'>,
): number =>
  row.kind !== 'invoice' || row.state === 'void' ? 0 : row.totalCents - row.paidCents - row.creditedCents - row.writtenOffCents;

/** What is asked for next: what is left of the deposit, then the rest. */
export const dueNowOf = (row: Parameters<typeof balanceOf>[0] & Pick<StoredInvoice, 'depositCents'>): number =>
  depositLeft(row) > 0 ? Math.min(depositLeft(row), balanceOf(row)) : balanceOf(row);

export const isOpen = (row: Pick<StoredInvoice, 'kind' | 'state'>) => row.kind === 'invoice' && (row.state === 'issued' || row.state === 'partly_paid'); // prettier-ignore

/** The last day of a quote that nobody answered is over. */
export const lapsed = (row: Pick<StoredInvoice, 'kind' | 'state' | 'lapsesAt'>, now: Date): boolean =>
  row.kind === 'quote' && row.state === 'issued' && row.lapsesAt !== null && row.lapsesAt <= now;

export function rowOf(row: StoredInvoice, now: Date): InvoiceRow {
  const balanceCents = balanceOf(row);
  const overdue = isOpen(row) && row.overdueFrom !== null && row.overdueFrom <= now;
  const {
    id,
    companyId,
    clientId,
    kind,
    number,
    title,
    currency,
    totalCents,
    issuedOn,
    dueOn,
    validUntil,
    reminders,
    createdAt,
    updatedAt,
  } = row;
  const status = overdue ? 'overdue' : lapsed(row, now) ? 'lapsed' : row.state;
  return {
    id, companyId, clientId, kind, number, status, clientName: row.buyer.name, title, currency,
    total: plainAmount(totalCents, currency), balance: plainAmount(balanceCents, currency), totalCents, balanceCents, issuedOn, dueOn, validUntil, reminders,
    createdAt, updatedAt,
  }; // prettier-ignore
}

function wholeOf(row: StoredInvoice, now: Date): Omit<Invoice, 'lines' | 'mailedAt'> {
  const { discount, deposit } = row;
  return {
    ...row,
    ...rowOf(row, now),
    taxGroups: row.taxGroups.map(({ category, rate, netCents, taxCents }) => ({ category, rate: rate / 1000, netCents, taxCents })),
    discountPercent: discount !== null && 'percentBps' in discount ? discount.percentBps / 100 : null,
    discountGivenCents: discount !== null && 'cents' in discount ? discount.cents : null,
    depositPercent: deposit !== null && 'percentBps' in deposit ? deposit.percentBps / 100 : null,
    depositGivenCents: deposit !== null && 'cents' in deposit ? deposit.cents : null,
    dueNowCents: dueNowOf(row),
  };
}

export const lineOf = ({ discountBps, taxRate, ...line }: StoredLine): z.output<typeof Line> => ({
  ...line,
  discountPercent: discountBps / 100,
  taxRate: taxRate / 1000,
});

function found(rows: readonly StoredInvoice[]): StoredInvoice {
  const [row] = rows;
  if (row === undefined) throw new InvoiceNotFound('There is no such invoice; list them with: steward business invoices list');
  return row;
}
