import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { InvoiceNotFound, InvoiceStateRefused } from '../invoice.ts';
import { userOf } from '../operations/invoices.ts';
import { loadSettings } from '../settings/load.ts';
import { BANK_STATES } from '../tables.ts';
import { bookLine } from './book.ts';
import { readCamt } from './camt.ts';
import { CsvColumns, guessColumns, readCsv, readTable } from './csv.ts';
import { importLines } from './import.ts';
import { textOf, unreadable, type BankLine } from './line.ts';
import { BankLineDecided, BankLineNotFound, Line, LIST, lockLine, shown, shownLine, type LineRow } from './lines.ts';

const MOST_BYTES = 10 * 1024 * 1024;
const file = () => z.base64().max(Math.ceil((MOST_BYTES * 4) / 3)).describe('The statement: camt.053 or CSV').meta({ 'x-file': true, 'x-cli': 'file' }); // prettier-ignore

const LAST_COLUMNS: Statement = {
  name: 'bank.last_columns',
  text: `select columns from bank_statements where company_id = $1 and jsonb_typeof(columns) = 'object' order by created_at desc, id desc limit 10`,
};

interface ReadFile {
  readonly format: 'csv' | 'camt';
  readonly headings: readonly string[];
  readonly columns: CsvColumns | null;
  readonly lines: readonly BankLine[];
  readonly passedOver: number;
}

/** A CSV is read by the columns given, else as the last one with these headings was, else as the headings say. @throws InvalidInput */
async function readFile(ctx: Ctx, contentBase64: string, given: CsvColumns | null): Promise<ReadFile> {
  const text = textOf(Buffer.from(contentBase64, 'base64')).replace(/^\uFEFF/, '');
  if (text.trim() === '') throw unreadable('The file is empty');
  if (text.trimStart().startsWith('<')) return { format: 'camt', headings: [], columns: null, lines: readCamt(text), passedOver: 0 };
  const table = readTable(text);
  const { options } = await loadSettings(ctx, ctx.companyId);
  const before = given !== null ? [] : await ctx.query<{ columns: CsvColumns }>(LAST_COLUMNS, [ctx.companyId]);
  const fits = ({ columns: { date, amount, reference } }: { columns: CsvColumns }) =>
    [date, amount, ...reference].every((one) => table.headings.includes(one));
  const columns = given ?? before.find(fits)?.columns ?? guessColumns(table);
  if (columns === null) return { format: 'csv', headings: table.headings, columns: null, lines: [], passedOver: table.rows.length };
  return { format: 'csv', headings: table.headings, columns, ...readCsv(table, columns, options.currency) };
}

const Said = z.object({
  bookedOn: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  counterparty: z.string(),
  reference: z.string(),
});

export const lookAtStatement = operation({
  name: 'bank.look',
  summary: 'What a bank statement says, and which column of a CSV is what; nothing is stored',
  http: 'POST /api/bank/look',
  access: 'read',
  status: 200,
  bodyLimit: 16 * 1024 * 1024,
  input: z.object({ contentBase64: file(), columns: CsvColumns.nullish() }),
  output: z.object({
    format: z.enum(['csv', 'camt']),
    headings: z.array(z.string()),
    columns: CsvColumns.nullable().describe('null: say which column is the day and which the amount'),
    first: z.array(Said).describe('The first lines with money in'),
    incoming: z.int(),
    outgoing: z.int().describe('Money out; it is left out'),
    passedOver: z.int().describe('Rows without a day or an amount'),
  }),
  async run(ctx, input) {
    const { format, headings, columns, lines, passedOver } = await readFile(ctx, input.contentBase64, input.columns ?? null);
    const incoming = lines.filter(({ amountCents }) => amountCents > 0);
    const first = incoming.slice(0, 5).map(({ bookedOn, amountCents, currency, counterparty, reference }) => ({
      bookedOn,
      amountCents,
      currency,
      counterparty,
      reference,
    }));
    return {
      format,
      headings: [...headings],
      columns,
      first,
      incoming: incoming.length,
      outgoing: lines.length - incoming.length,
      passedOver,
    };
  },
});

export const importStatement = operation({
  name: 'bank.import',
  summary:
    'Read a bank statement: what names an invoice and is what is owed is booked, the rest proposed; the same file again changes nothing',
  http: 'POST /api/bank/statements',
  cli: 'business bank import',
  access: 'write',
  status: 200,
  bodyLimit: 16 * 1024 * 1024,
  input: z.object({
    contentBase64: file(),
    name: z.string().trim().max(200).default('statement').describe('Of the file, for people'),
    columns: CsvColumns.nullish().describe('Of a CSV whose headings do not say it'),
  }),
  output: z.object({
    statementId: z.uuid().nullable().describe('null: nothing in it was new'),
    lines: z.int().describe('With money in'),
    fresh: z.int(),
    booked: z.int(),
    proposed: z.int(),
    open: z.int(),
    outgoing: z.int(),
  }),
  errors: [InvalidInput],
  async run(ctx, input) {
    const read = await readFile(ctx, input.contentBase64, input.columns ?? null);
    if (read.format === 'csv' && read.columns === null)
      throw new InvalidInput('Say which column is the day and which the amount', {
        fields: [{ path: 'columns', message: 'is needed: the headings don’t say it' }],
      });
    const { options } = await loadSettings(ctx, ctx.companyId);
    const done = await importLines(ctx, { ...read, name: input.name }, options.bankBooks);
    ctx.subject('bank_statements', done.statementId ?? ctx.companyId);
    return done;
  },
});

const FIRST: Statement = { name: 'bank.lines', text: `${LIST} order by l.booked_on desc, l.id desc limit $2` };
const NEXT: Statement = {
  name: 'bank.lines_after',
  text: `${LIST} and (l.booked_on, l.id) < ($4::date, $5::uuid) order by l.booked_on desc, l.id desc limit $2`,
};

export const listBankLines = operation({
  name: 'bank.lines',
  summary: 'Money that came in by the bank, newest first, by what became of it',
  http: 'GET /api/bank/lines',
  cli: 'business bank lines',
  columns: ['booked_on', 'amount_cents', 'currency', 'counterparty', 'reference', 'state', 'why', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, state: z.enum(BANK_STATES).optional() }),
  output: pageOf(Line),
  async run(ctx, { limit, cursor, state }) {
    const values = [ctx.companyId, limit + 1, state ?? null];
    const after = cursor === undefined ? [] : z.tuple([z.iso.date(), z.uuid()]).parse(decodeCursor(cursor, 2));
    const page = toPage(await ctx.query<LineRow>(cursor === undefined ? FIRST : NEXT, [...values, ...after]), limit, (row) => [
      row.bookedOn,
      row.id,
    ]);
    return { ...page, items: page.items.map(shown) };
  },
});

const IGNORE: Statement = {
  name: 'bank.line_set',
  text: 'update bank_lines set state = $3, reason = $4, decided_by = $5, decided_at = $6, updated_at = $6 where company_id = $1 and id = $2',
};

export const decideBankLine = operation({
  name: 'bank.decide',
  summary: 'Say what money is for: the invoices proposed, others, or none of ours',
  http: 'POST /api/bank/lines/{bank_line_id}/decide',
  cli: 'business bank decide',
  access: 'write',
  status: 200,
  input: z.object({
    bankLineId: z.uuid().describe('Id of the line'),
    decision: z
      .enum(['book', 'ignore', 'look_again'])
      .describe('ignore: none of ours; look_again: it was ignored, and is to be decided after all'),
    invoiceIds: z
      .array(z.uuid())
      .min(1)
      .max(50)
      .optional()
      .describe('Paid in this order, each up to what is owed; the rest is the last one’s credit. Those proposed when left out'),
    reason: z.string().trim().max(500).default('').describe('Needed where it is not what was proposed'),
  }),
  output: Line,
  errors: [BankLineNotFound, BankLineDecided, InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, input) {
    const line = await lockLine(ctx, input.bankLineId);
    ctx.expectVersion(line);
    const { decision, reason } = input;
    if (line.state === 'booked')
      throw new BankLineDecided(`It is booked to ${line.invoices.map(({ number }) => number).join(', ')}; take that back first`);
    if ((line.state === 'ignored') !== (decision === 'look_again'))
      throw new BankLineDecided(line.state === 'ignored' ? 'It was set aside; look at it again first' : 'It was not set aside');
    const invoiceIds = input.invoiceIds ?? line.proposal;
    const asProposed = decision === 'look_again' || (decision === 'book' && invoiceIds.join() === line.proposal.join());
    if (!asProposed && reason === '')
      throw new InvalidInput('Say why, for those who look later', {
        fields: [{ path: 'reason', message: 'is needed where it is not what was proposed' }],
      });
    if (decision === 'book' && invoiceIds.length === 0)
      throw new InvalidInput('Choose the invoice that it pays', {
        fields: [{ path: 'invoice_ids', message: 'is needed: nothing was proposed' }],
      });
    const at = ctx.clock.now();
    if (decision === 'book') {
      const why = asProposed ? '' : 'A person chose the invoice';
      const events = await bookLine(ctx, ctx.runtime, ctx.companyId, line, [...new Set(invoiceIds)], { why, reason, by: userOf(ctx) }, at);
      events.forEach((event) => ctx.emit(event));
    } else {
      const back = line.proposal.length > 0 ? 'proposed' : 'open';
      await ctx.query(IGNORE, [ctx.companyId, line.id, decision === 'ignore' ? 'ignored' : back, reason, userOf(ctx), at]);
    }
    return shownLine(ctx, line.id);
  },
});
