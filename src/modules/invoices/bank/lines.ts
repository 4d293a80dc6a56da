import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { BANK_STATES } from '../tables.ts';

/** No such line of a bank statement in this company. */
export class BankLineNotFound extends NotFound {
  override readonly code = 'bank_line_not_found';
}

/** This line is decided already; the message says how. */
export class BankLineDecided extends Conflict {
  override readonly code = 'bank_line_decided';
}

export const Line = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  statementId: z.uuid(),
  bookedOn: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  counterparty: z.string(),
  iban: z.string().nullable(),
  reference: z.string(),
  state: z.enum(BANK_STATES).describe('open: nothing fits; proposed: a person looks first; ignored: none of ours'),
  invoices: z
    .array(z.object({ id: z.uuid(), number: z.string().nullable(), clientName: z.string(), balanceCents: z.int() }))
    .describe('Which it pays, or seems to'),
  why: z.string(),
  reason: z.string().describe('What a person said'),
  decidedAt: z.date().nullable(),
  updatedAt: z.date(),
});

const COLUMNS = `l.id, l.company_id as "companyId", l.statement_id as "statementId", l.booked_on::text as "bookedOn", l.amount_cents::float8 as "amountCents", l.currency, l.counterparty, l.iban, l.reference,
  l.state, l.why, l.reason, l.decided_at as "decidedAt", l.updated_at as "updatedAt", l.proposal,
  coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'number', i.number, 'clientName', i.buyer ->> 'name',
      'balanceCents', case when i.state in ('issued', 'partly_paid') then i.total_cents - i.paid_cents - i.credited_cents - i.written_off_cents else 0 end) order by p.n)
    from jsonb_array_elements_text(l.proposal) with ordinality as p(id, n) join invoices i on i.id = p.id::uuid and i.company_id = l.company_id), '[]') as invoices`;
export const LIST = `select ${COLUMNS} from bank_lines l where l.company_id = $1 and ($3::text is null or l.state = $3)`;
const ONE: Statement = { name: 'bank.line', text: `select ${COLUMNS} from bank_lines l where l.company_id = $1 and l.id = $2` };
const LOCK: Statement = { name: 'bank.line_lock', text: 'select id from bank_lines where company_id = $1 and id = $2 for update' };

export type LineRow = z.output<typeof Line> & { readonly proposal: readonly string[] };
export const shown = ({ proposal: _, ...line }: LineRow): z.input<typeof Line> => line;

/** Nobody else decides about it until the transaction ends. @throws BankLineNotFound */
export async function lockLine(ctx: Ctx, id: string): Promise<LineRow> {
  await ctx.query(LOCK, [ctx.companyId, id]);
  return oneLine(ctx, id);
}

export const shownLine = async (ctx: Ctx, id: string): Promise<z.input<typeof Line>> => shown(await oneLine(ctx, id));

async function oneLine(ctx: Ctx, id: string): Promise<LineRow> {
  const [line] = await ctx.query<LineRow>(ONE, [ctx.companyId, id]);
  if (line === undefined) throw new BankLineNotFound('There is no such line; list them with: steward business bank lines');
  return line;
}
