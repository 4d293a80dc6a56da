import { z } from 'zod';
import type { Statement as Sql } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { ClientNotFound, currencyCode } from '#modules/clients/public.ts';
import { addressee } from '../mail/start.ts';
import { userOf } from '../operations/invoices.ts';
import { loadSettings } from '../settings/load.ts';
import { statementOf } from './load.ts';
import { statementPaper } from './paper.ts';
import { Statement } from './shape.ts';
import { STATEMENTS } from './workflow.ts';

/** The statement can't be mailed as things are; the message says why. */
export class StatementNotMailed extends Conflict {
  override readonly code = 'statement_not_mailed';
}

const period = {
  clientId: z.uuid().describe('Id of the client'),
  from: z.iso.date().optional().describe('First day; the first of the month two months before the last day when left out'),
  to: z.iso.date().optional().describe('Last day; today when left out'),
  currency: currencyCode().optional().describe('The client’s, else the company’s when left out'),
};

export const clientStatement = operation({
  name: 'clients.statement',
  summary: 'Statement of account of a client: what was owed, invoices, credit notes, payments and refunds, what is owed, and how late',
  http: 'GET /api/clients/{client_id}/statement',
  cli: 'business clients statement',
  access: 'read',
  input: z.object(period),
  output: Statement,
  errors: [ClientNotFound],
  run: async (ctx, input) =>
    statementOf(ctx, ctx.companyId, input.clientId, input, await loadSettings(ctx, ctx.companyId), ctx.clock.now()),
});

const KEEP: Sql = {
  name: 'statements.keep',
  text: `insert into client_statements (id, company_id, client_id, content, created_by, created_at) values ($1, $2, $3, $4::jsonb, $5, $6)`,
};

/** By a run of “Statements of account by mail”: the gate, the ledger and the timeline know of it. What is sent is what was worked out now. */
export const mailStatement = operation({
  name: 'clients.send_statement',
  summary: 'Mail a client their statement of account, with its PDF',
  http: 'POST /api/clients/{client_id}/statement/send',
  cli: 'business clients send-statement',
  access: 'write',
  status: 202,
  input: z.object(period),
  output: z.object({ statementId: z.uuid(), runId: z.uuid(), to: z.string(), closingCents: z.int(), currency: z.string() }),
  errors: [ClientNotFound, StatementNotMailed],
  async run(ctx, input) {
    const { companyId, clientId } = { companyId: ctx.companyId, clientId: input.clientId };
    const at = ctx.clock.now();
    const paper = await statementPaper(ctx, companyId, clientId, input, at);
    const whom = await addressee(ctx, companyId, clientId);
    if (whom === null) throw new StatementNotMailed(`${paper.statement.clientName} has no address; add one on the person’s page, then send it`);
    const id = newId();
    await ctx.query(KEEP, [id, companyId, clientId, JSON.stringify(paper), userOf(ctx), at]);
    const subjects = [{ type: 'statement', id, personId: whom.id }];
    const started = await ctx.runtime.engine.start(ctx, { companyId, workflow: STATEMENTS, subjects, trigger: { type: 'manual', id: newId() } });
    const runId = started.get(id);
    if (runId === undefined) throw new StatementNotMailed('“Statements of account by mail” is switched off; switch it on under Workflows');
    ctx.subject('clients', clientId);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    const { closingCents, currency } = paper.statement;
    return { statementId: id, runId, to: whom.email, closingCents, currency };
  },
}); // prettier-ignore
