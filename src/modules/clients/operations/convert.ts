import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { applyStatus } from '#modules/leads/public.ts';
import { Client, clientOfPerson } from '../client.ts';
import { clientCreated, clientsFromLeads } from '../create.ts';

const LEAD: Statement = {
  name: 'clients.lead',
  text: 'select person_id as "personId", status from leads where company_id = $1 and id = $2 for update',
};

/** The lead is won and its person a client: the same person, so timeline, files, consent and tags stay what they are. Asked again, it answers the same. */
export const convertLead = operation({
  name: 'clients.convert',
  summary: 'Make a client of a lead; person, timeline, notes and owner stay',
  http: 'POST /api/clients/convert',
  cli: 'business clients convert',
  access: 'write',
  status: 200,
  input: z.object({ leadId: z.uuid().describe('Id of the lead') }),
  output: Client,
  errors: [NotFound],
  async run(ctx, input) {
    const [lead] = await ctx.query<{ personId: string; status: string }>(LEAD, [ctx.companyId, input.leadId]);
    if (lead === undefined) throw new NotFound('There is no such lead; list them with GET /api/lead-nurturing/leads');
    const at = ctx.clock.now();
    if (lead.status !== 'converted') {
      const change = { companyId: ctx.companyId, leadId: input.leadId, to: 'converted', reason: 'client' } as const;
      const { events } = await applyStatus(ctx, [change], at);
      events.forEach((event) => ctx.emit(event));
    }
    const made = await clientsFromLeads(ctx, [{ companyId: ctx.companyId, leadId: input.leadId }], at);
    made.forEach((client) => ctx.emit(clientCreated(client)));
    const client = await clientOfPerson(ctx, ctx.companyId, lead.personId);
    if (client === null) throw new NotFound('This lead was deleted a moment ago');
    ctx.subject('clients', client.id);
    return client;
  },
});
