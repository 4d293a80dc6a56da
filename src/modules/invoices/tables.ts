import { sql } from 'drizzle-orm';
import { bigint, boolean, date, integer, jsonb, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { Buyer, Seller } from './parties.ts';
import type { Deposit } from './deposit.ts';
import type { Discount, TaxGroup } from './money/totals.ts';
import type { FrozenTexts, InvoiceOptions } from './settings/shape.ts';
import type { StatementPaper } from './statement/paper.ts';

const cents = () => bigint({ mode: 'number' });
const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const INVOICE_KINDS = ['invoice', 'quote', 'credit_note'] as const;
export const INVOICE_STATES = [
  'draft',
  'issued',
  'partly_paid',
  'paid',
  'void',
  'written_off',
  'accepted',
  'declined',
  'invoiced',
] as const;
export const PAYMENT_METHODS = ['bank', 'card', 'cash', 'cheque', 'other'] as const;
export const ACCOUNTS = ['receivable', 'revenue', 'tax', 'cash', 'credit', 'write_off'] as const;
export const POSTING_KINDS = ['issue', 'payment', 'credit', 'credit_note', 'refund', 'void', 'write_off', 'reversal'] as const;

export const PLAN_UNITS = ['weeks', 'months', 'years'] as const;
export const PLAN_MODES = ['draft', 'issue', 'send'] as const;
export const PLAN_STATES = ['active', 'paused', 'ended'] as const;

export const BANK_STATES = ['open', 'proposed', 'booked', 'ignored'] as const;

export const invoiceSettings = pgTable('invoice_settings', {
  companyId: companyId().primaryKey(),
  seller: jsonb().$type<Seller>().notNull().default({}),
  options: jsonb().$type<Partial<InvoiceOptions>>().notNull().default({}),
  updatedAt: moment(),
});

/** The last number of each series, raised in the transaction that issues. */
export const invoiceSeries = pgTable(
  'invoice_series',
  { companyId: companyId(), series: text().notNull(), last: cents().notNull() },
  (t) => [primaryKey({ columns: [t.companyId, t.series] })],
);

/** Quotes, invoices and credit notes. Money is integer cents of `currency`. */
export const invoices = pgTable('invoices', {
  id: id(),
  companyId: companyId(),
  clientId: uuid(), // null: erased
  kind: text({ enum: INVOICE_KINDS }).notNull(),
  state: text({ enum: INVOICE_STATES }).notNull().default('draft'),
  series: text(),
  sequence: cents(),
  number: text(), // null: a draft
  originId: uuid(), // of an invoice its quote, of a credit note its invoice
  currency: text().notNull(),
  issuedOn: date(),
  dueOn: date(),
  overdueFrom: instant(),
  overdueToldAt: instant(),
  validUntil: date(), // of a quote: last day
  lapsesAt: instant(),
  lapseToldAt: instant(),
  periodStart: date(),
  periodEnd: date(),
  paymentDays: integer().notNull(),
  treatment: text().notNull(),
  seller: jsonb().$type<Seller>().notNull(),
  buyer: jsonb().$type<Buyer>().notNull(),
  title: text().notNull().default(''),
  notes: text().notNull().default(''),
  reference: text(),
  language: text().notNull(),
  texts: jsonb().$type<FrozenTexts>().notNull().default({}),
  discount: jsonb().$type<Discount>(),
  deposit: jsonb().$type<Deposit>(),
  depositCents: cents(),
  depositDays: integer(),
  depositDueOn: date(),
  depositOverdueFrom: instant(),
  restOverdueFrom: instant(),
  subtotalCents: cents().notNull().default(0),
  discountCents: cents().notNull().default(0),
  netCents: cents().notNull().default(0),
  taxCents: cents().notNull().default(0),
  totalCents: cents().notNull().default(0),
  taxGroups: jsonb().$type<TaxGroup[]>().notNull().default([]),
  paidCents: cents().notNull().default(0),
  creditedCents: cents().notNull().default(0),
  writtenOffCents: cents().notNull().default(0),
  reminders: integer().notNull().default(0),
  remindedAt: instant(),
  paidAt: instant(),
  issuedAt: instant(),
  createdBy: uuid(), // users.id
  createdAt: moment(),
  updatedAt: moment(),
});

export const invoiceLines = pgTable(
  'invoice_lines',
  {
    companyId: companyId(),
    invoiceId: uuid().notNull(),
    position: integer().notNull(),
    description: text().notNull(),
    quantity: numeric().notNull(),
    unit: text().notNull().default(''),
    unitPriceCents: cents().notNull(),
    discountBps: integer().notNull().default(0),
    taxCategory: text().notNull(),
    taxRate: integer().notNull(), // thousandths of a percent
    netCents: cents().notNull(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.position] })],
);

export const QUOTE_ANSWERS = ['accepted', 'declined'] as const;

/** What was said to a quote, once: by which name, when and whence. */
export const quoteAnswers = pgTable('quote_answers', {
  invoiceId: uuid().primaryKey(),
  companyId: companyId(),
  answer: text({ enum: QUOTE_ANSWERS }).notNull(),
  name: text(), // null: one of us noted it
  reason: text().notNull().default(''),
  sha256: text().notNull(),
  totalCents: cents().notNull(),
  currency: text().notNull(),
  ip: text(),
  userAgent: text(),
  notedBy: uuid(), // users.id
  answeredAt: moment(),
});

/** Money that came in, was given back, or went from a client's credit to an invoice. */
export const invoicePayments = pgTable('invoice_payments', {
  id: id(),
  companyId: companyId(),
  clientId: uuid(),
  invoiceId: uuid(),
  kind: text({ enum: ['payment', 'credit', 'refund', 'reversal'] }).notNull(),
  amountCents: cents().notNull(),
  appliedCents: cents().notNull(), // the rest is the client's credit
  currency: text().notNull(),
  method: text().notNull(),
  receivedOn: date().notNull(),
  reference: text().notNull().default(''),
  externalKey: text(), // makes it one
  createdBy: uuid(), // users.id
  createdAt: moment(),
  reverses: uuid(), // the payment that a reversal takes back
});

/** Double entry, append-only; the database refuses a posting that does not add up to nothing. Debits are positive. */
export const ledgerEntries = pgTable('ledger_entries', {
  id: id(),
  companyId: companyId(),
  postingId: uuid().notNull(),
  kind: text({ enum: POSTING_KINDS }).notNull(),
  account: text({ enum: ACCOUNTS }).notNull(),
  amountCents: cents().notNull(),
  currency: text().notNull(),
  invoiceId: uuid(),
  paymentId: uuid(),
  occurredOn: date().notNull(),
  createdAt: moment(),
});

/** What is invoiced again and again. Days are the company's. */
export const invoicePlans = pgTable('invoice_plans', {
  id: id(),
  companyId: companyId(),
  clientId: uuid().notNull(),
  title: text().notNull(),
  notes: text().notNull().default(''),
  currency: text().notNull(),
  paymentDays: integer(),
  unit: text({ enum: PLAN_UNITS }).notNull(),
  every: integer().notNull(),
  startsOn: date().notNull(),
  anchorOn: date().notNull(), // a period begins on it
  endsOn: date(), // last day
  bills: text({ enum: ['advance', 'arrears'] }).notNull(),
  mode: text({ enum: PLAN_MODES }).notNull(),
  state: text({ enum: PLAN_STATES }).notNull().default('active'),
  nextOn: date(),
  billOn: date(),
  problem: text(),
  createdBy: uuid(), // users.id
  createdAt: moment(),
  updatedAt: moment(),
});

export const invoicePlanVersions = pgTable(
  'invoice_plan_versions',
  { companyId: companyId(), planId: uuid().notNull(), fromOn: date().notNull(), lines: jsonb().notNull() },
  (t) => [primaryKey({ columns: [t.planId, t.fromOn] })],
);

/** Periods that were invoiced, each once. */
export const invoicePlanPeriods = pgTable(
  'invoice_plan_periods',
  {
    companyId: companyId(),
    planId: uuid().notNull(),
    startsOn: date().notNull(),
    endsOn: date().notNull(),
    invoiceId: uuid(),
    madeAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.planId, t.startsOn] })],
);

/** What changed in a period that was invoiced in advance. */
export const invoicePlanAdjustments = pgTable('invoice_plan_adjustments', {
  id: id(),
  companyId: companyId(),
  planId: uuid().notNull(),
  lines: jsonb().notNull(),
  invoiceId: uuid(),
  settledAt: instant(),
  createdAt: instant().notNull(),
});

/** Fees for being late, one a period of an invoice. */
export const invoiceLateFees = pgTable(
  'invoice_late_fees',
  {
    companyId: companyId(),
    invoiceId: uuid().notNull(),
    period: integer().notNull(),
    cents: cents().notNull(),
    feeInvoiceId: uuid(),
    madeAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.period] })],
);

/** Files of a bank that were read. */
export const bankStatements = pgTable('bank_statements', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  format: text({ enum: ['csv', 'camt'] }).notNull(),
  columns: jsonb(),
  lines: integer().notNull(),
  fresh: integer().notNull(),
  createdBy: uuid(), // users.id
  createdAt: moment(),
});

/** Money that came in by the bank, each once, in however many files it stands. */
export const bankLines = pgTable('bank_lines', {
  id: id(),
  companyId: companyId(),
  statementId: uuid().notNull(),
  key: text().notNull(),
  bookedOn: date().notNull(),
  amountCents: cents().notNull(),
  currency: text().notNull(),
  counterparty: text().notNull().default(''),
  iban: text(),
  reference: text().notNull().default(''),
  state: text({ enum: BANK_STATES }).notNull(),
  proposal: jsonb().notNull().default([]),
  why: text().notNull().default(''),
  reason: text().notNull().default(''),
  decidedBy: uuid(), // users.id
  decidedAt: instant(),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});

/** Statements of account as they were mailed. */
export const clientStatements = pgTable('client_statements', {
  id: id(),
  companyId: companyId(),
  clientId: uuid().notNull(),
  content: jsonb().$type<StatementPaper>().notNull(),
  createdBy: uuid(), // users.id
  createdAt: moment(),
});

export const CHECKOUT_STATES = ['making', 'open', 'processing', 'paid', 'failed', 'expired'] as const;
export const REFUND_STATES = ['waiting', 'in_doubt', 'done', 'refused', 'failed'] as const;

/** Pages of a payment service where one sum is paid once. */
export const invoiceCheckouts = pgTable('invoice_checkouts', {
  id: id(),
  companyId: companyId(),
  invoiceId: uuid().notNull(),
  connectionId: uuid(),
  state: text({ enum: CHECKOUT_STATES }).notNull(),
  amountCents: cents().notNull(),
  currency: text().notNull(),
  ordered: jsonb().notNull(),
  externalId: text(),
  paymentRef: text(),
  url: text(),
  closing: boolean().notNull().default(false),
  expiresAt: instant().notNull(),
  paidCents: cents().notNull().default(0),
  paymentId: uuid(),
  paidAt: instant(),
  method: text(),
  payer: text(),
  problem: text(),
  lookAt: instant(),
  lookedAt: instant(),
  looks: integer().notNull().default(0),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});

/** What went back of such payments. */
export const invoiceRefunds = pgTable('invoice_refunds', {
  id: id(),
  companyId: companyId(),
  invoiceId: uuid().notNull(),
  checkoutId: uuid().notNull(),
  state: text({ enum: REFUND_STATES }).notNull(),
  amountCents: cents().notNull(),
  currency: text().notNull(),
  reason: text().notNull().default(''),
  disputed: boolean().notNull().default(false), // the payer's bank took it
  effectId: uuid(),
  externalId: text(),
  paymentId: uuid(),
  problem: text(),
  createdBy: uuid(), // users.id
  createdAt: instant().notNull(),
  settledAt: instant(),
});

/** What a person should look at. */
export const invoicePaymentNotes = pgTable('invoice_payment_notes', {
  id: id(),
  companyId: companyId(),
  invoiceId: uuid().notNull(),
  key: text().notNull(),
  says: text().notNull(),
  createdAt: instant().notNull(),
  settledAt: instant(),
  settledBy: uuid(), // users.id
});
