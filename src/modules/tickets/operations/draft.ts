import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { portFor } from '#modules/connections/public.ts';
import { ask, prepare, recordGeneration, versionOf } from '#modules/nurturing/public.ts';
import { checkAnswer } from '../draft/check.ts';
import { ticketAnswerPrompt, ticketAnswerRequest, type Source } from '../draft/prompt.ts';
import { requireTicket, ticketId, TicketNotFound, type Ticket } from '../ticket.ts';
import { asked, suggestionsFor } from './articles.ts';

const PATIENCE_MS = 60_000;

const RECORD: Statement = {
  name: 'tickets.draft_record',
  text: `select p.first_name as "firstName", c.id as "clientId", c.status, c.plan from people p left join clients c on c.person_id = p.id and c.company_id = p.company_id
          where p.company_id = $1 and p.id = $2 order by c.created_at desc nulls last limit 1`,
};

/** Published articles and macros that fit by their words, and what the company knows of who asks. */
async function sourcesFor(tx: Transaction, companyId: string, ticket: z.output<typeof Ticket>): Promise<Source[]> {
  const found = await suggestionsFor(tx, companyId, ticket);
  const [record] = await tx.query<{ firstName: string | null; clientId: string | null; status: string | null; plan: string | null }>(
    RECORD,
    [companyId, ticket.personId],
  );
  const known = found
    .filter((one) => one.problem === null)
    .map(({ source, sourceId, title, text }) => ({ kind: source, id: sourceId, title, text }));
  const client =
    record?.clientId == null
      ? []
      : [
          {
            kind: 'record' as const,
            id: record.clientId,
            title: 'The client’s record',
            text: JSON.stringify({ first_name: record.firstName, status: record.status, plan: record.plan }),
          },
        ];
  return [...known, ...client].map((source, i) => ({ ref: `S${i + 1}`, ...source }));
}

export const draftAnswer = operation({
  name: 'tickets.draft_answer',
  summary:
    'Let the language model prepare an answer from articles, macros and the client’s record, each part with its source. Nothing is sent',
  http: 'POST /api/tickets/{ticket_id}/draft',
  cli: 'tickets draft',
  access: 'outside',
  status: 200,
  input: z.object({ ticketId: ticketId() }),
  output: z.object({
    text: z.string().nullable().describe('For somebody to read, change and send; null: see reason'),
    sources: z.array(z.object({ source: z.enum(['article', 'macro', 'record']), sourceId: z.uuid(), title: z.string() })),
    reason: z.string().nullable().describe('Why there is no draft'),
  }),
  errors: [TicketNotFound],
  async run(ctx, input) {
    const { companyId, runtime } = ctx;
    const none = (reason: string) => ({ text: null, sources: [], reason });
    const { ticket, words, sources, withoutModel } = await runtime.database.read(companyId, async (tx) => {
      const found = await requireTicket({ query: tx.query.bind(tx), companyId }, input.ticketId);
      const { withoutModel: why } = await prepare(tx, runtime, companyId, null);
      return { ticket: found, words: await asked(tx, companyId, found.id), sources: await sourcesFor(tx, companyId, found), withoutModel: why };
    }); // prettier-ignore
    if (withoutModel !== null)
      return none(
        withoutModel === 'budget'
          ? 'The month’s budget for the model is spent'
          : 'No language model is connected; connect one under Settings',
      );
    if (sources.every(({ kind }) => kind === 'record')) return none('No article and no macro fits; write one under Settings → Tickets');
    const connection = await portFor(runtime, companyId, 'llm');
    if (connection === null) return none('No language model is connected; connect one under Settings');
    const request = ticketAnswerRequest({ subject: ticket.subject, text: words }, sources);
    const said = await ask(connection.port, ticketAnswerPrompt, request, AbortSignal.timeout(PATIENCE_MS));
    const checked = said.ok ? checkAnswer(said.value, sources) : { refused: 'The language model gave no useful answer; try again' };
    const fallbackReason = said.ok ? ('refused' in checked ? checked.refused : null) : said.reason;
    const { model = null, inputTokens = 0, outputTokens = 0, costMicros = null } = said.answer ?? {};
    await ctx.inCompany(companyId, async (inside) => {
      const provenance = { promptVersion: versionOf(ticketAnswerPrompt), model, inputTokens, outputTokens, costMicros, fallbackReason };
      await recordGeneration(
        inside,
        { companyId, purpose: 'preview', runId: null, stepId: null, leadId: null, provenance },
        ctx.clock.now(),
      );
      inside.subject('ticket', ticket.id);
    });
    if ('refused' in checked) return none(checked.refused);
    return {
      text: checked.text,
      sources: checked.cited.map(({ kind, id, title }) => ({ source: kind, sourceId: id, title })),
      reason: null,
    };
  },
});
