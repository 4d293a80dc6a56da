import { z } from 'zod';

export const STATEMENT_KINDS = ['invoice', 'credit_note', 'payment', 'refund', 'dispute', 'reversal', 'void', 'write_off'] as const;
export const AGE_BUCKETS = ['not_due', '1_30', '31_60', '61_90', 'over_90'] as const;

export const StatementLine = z.object({
  on: z.string().describe('Day, YYYY-MM-DD'),
  kind: z.enum(STATEMENT_KINDS),
  number: z.string().nullable().describe('Of the document; of a payment that of its invoice'),
  text: z.string().describe('Title of the document, reference of a payment'),
  invoiceId: z.uuid().nullable(),
  amountCents: z.int().describe('What the client owes more; negative: less'),
  balanceCents: z.int().describe('What they owe after it; negative: they have so much in credit'),
});

/** What a client owed, what was added and taken off, and what they owe: as the ledger has it. */
export const Statement = z.object({
  clientId: z.uuid(),
  clientName: z.string(),
  currency: z.string(),
  currencies: z.array(z.string()).describe('All in which something is booked for the client'),
  from: z.string(),
  to: z.string(),
  openingCents: z.int(),
  invoicedCents: z.int().describe('Voided invoices taken off'),
  creditedCents: z.int(),
  paidCents: z.int().describe('What was booked by mistake taken off'),
  refundedCents: z.int(),
  writtenOffCents: z.int(),
  closingCents: z.int().describe('opening + invoiced − credited − paid + refunded − written off'),
  ageing: z
    .array(z.object({ bucket: z.enum(AGE_BUCKETS), cents: z.int() }))
    .describe('What is owed on invoices at the end, by days overdue'),
  creditCents: z.int().describe('What the client has in credit at the end; closing = ageing − credit'),
  lines: z.array(StatementLine),
});
export type Statement = z.output<typeof Statement>;
