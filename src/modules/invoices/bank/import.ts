import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { userOf } from '../operations/invoices.ts';
import { bookLine } from './book.ts';
import type { CsvColumns } from './csv.ts';
import { keysOf, type BankLine } from './line.ts';
import { Finder, type Owed } from './match.ts';

const STATEMENT: Statement = {
  name: 'bank.statement',
  text: 'insert into bank_statements (id, company_id, name, format, columns, lines, fresh, created_by, created_at) values ($1, $2, $3, $4, $5::jsonb, $6, 0, $7, $8)',
};
const COUNT: Statement = { name: 'bank.statement_fresh', text: 'update bank_statements set fresh = $3 where company_id = $1 and id = $2' };
const FORGET: Statement = { name: 'bank.statement_forget', text: 'delete from bank_statements where company_id = $1 and id = $2' };
const LINES: Statement = {
  name: 'bank.lines_insert',
  text: `insert into bank_lines (id, company_id, statement_id, key, booked_on, amount_cents, currency, counterparty, iban, reference, state, created_at, updated_at)
         select l.id, $1, $2, l.key, l."bookedOn"::date, l."amountCents", l.currency, l.counterparty, l.iban, l.reference, 'open', $4, $4
           from jsonb_to_recordset($3::jsonb) as l(id uuid, key text, "bookedOn" text, "amountCents" bigint, currency text, counterparty text, iban text, reference text)
         on conflict (company_id, key) do nothing returning id`,
};
/** What is owed, and what was settled in the last year: who pays that again pays too much. */
const OWED: Statement = {
  name: 'bank.owed',
  text: `select id, number, currency, (case when state in ('issued', 'partly_paid') then total_cents - paid_cents - credited_cents - written_off_cents else 0 end)::float8 as "balanceCents",
           greatest(coalesce(deposit_cents, 0) - paid_cents - credited_cents - written_off_cents, 0)::float8 as "depositCents",
           total_cents::float8 as "totalCents", buyer ->> 'name' as "clientName"
         from invoices where company_id = $1 and kind = 'invoice' and (state in ('issued', 'partly_paid') or (state in ('paid', 'written_off') and issued_at > $2::timestamptz - interval '1 year'))`,
};
const PROPOSE: Statement = {
  name: 'bank.propose',
  text: `update bank_lines l set state = p.state, proposal = p.proposal, why = p.why, updated_at = $3
           from jsonb_to_recordset($2::jsonb) as p(id uuid, state text, proposal jsonb, why text) where l.company_id = $1 and l.id = p.id`,
};

export interface Imported {
  /** Null: nothing in it was new. */
  readonly statementId: string | null;
  readonly lines: number;
  readonly fresh: number;
  readonly booked: number;
  readonly proposed: number;
  readonly open: number;
  /** Money out: none of our business. */
  readonly outgoing: number;
}

/** Keeps what came in and is new, finds what it pays, and books what the rule lets through. The same file again changes nothing. */
export async function importLines(
  ctx: Ctx,
  file: {
    readonly name: string;
    readonly format: 'csv' | 'camt';
    readonly columns: CsvColumns | null;
    readonly lines: readonly BankLine[];
  },
  rule: 'exact' | 'never',
): Promise<Imported> {
  const { companyId } = ctx;
  const at = ctx.clock.now();
  const incoming = file.lines.filter(({ amountCents }) => amountCents > 0);
  const keys = keysOf(incoming);
  const rows = incoming.map((line, i) => ({ ...line, id: newId(), key: keys[i] }));
  const statementId = newId();
  await ctx.query(STATEMENT, [
    statementId,
    companyId,
    file.name,
    file.format,
    file.columns === null ? null : JSON.stringify(file.columns),
    rows.length,
    userOf(ctx),
    at,
  ]);
  const known = new Set((await ctx.query<{ id: string }>(LINES, [companyId, statementId, JSON.stringify(rows), at])).map(({ id }) => id));
  const fresh = rows.filter(({ id }) => known.has(id));
  const outgoing = file.lines.length - incoming.length;
  if (fresh.length === 0) {
    await ctx.query(FORGET, [companyId, statementId]);
    return { statementId: null, lines: rows.length, fresh: 0, booked: 0, proposed: 0, open: 0, outgoing };
  }
  await ctx.query(COUNT, [companyId, statementId, fresh.length]);
  const finder = new Finder(await ctx.query<Owed>(OWED, [companyId, at]));
  const taken = new Set<string>();
  const found = fresh.map((line) => {
    const match = finder.find(line);
    // Twice the same invoice in one file: the first is booked, of the second a person says what it is.
    const books = match.exact && rule === 'exact' && match.invoiceIds.every((id) => !taken.has(id));
    if (books) match.invoiceIds.forEach((id) => taken.add(id));
    return { line, match, books };
  });
  await ctx.query(PROPOSE, [
    companyId,
    JSON.stringify(found.map(({ line, match }) => ({ id: line.id, state: match.invoiceIds.length === 0 ? 'open' : 'proposed', proposal: match.invoiceIds, why: match.why }))),
    at,
  ]); // prettier-ignore
  // In the order of the invoices, so that two who read files at once don't wait for each other in a circle.
  const booking = found
    .filter(({ books }) => books)
    .toSorted((a, b) => (String(a.match.invoiceIds[0]) < String(b.match.invoiceIds[0]) ? -1 : 1));
  for (const { line, match } of booking) {
    const events = await bookLine(ctx, ctx.runtime, companyId, line, match.invoiceIds, { why: '', reason: '', by: null }, at);
    events.forEach((event) => ctx.emit(event));
  }
  const proposed = found.filter(({ match, books }) => !books && match.invoiceIds.length > 0).length;
  return {
    statementId,
    lines: rows.length,
    fresh: fresh.length,
    booked: booking.length,
    proposed,
    open: fresh.length - booking.length - proposed,
    outgoing,
  };
}
