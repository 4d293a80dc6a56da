import { z } from 'zod';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { emailAddress, ensurePerson, getPerson, parseName, requireUser } from '#modules/people/public.ts';
import { createTickets } from '../create.ts';
import { addEntries } from '../entries.ts';
import { Priority, requireTicket, Tags, Ticket } from '../ticket.ts';

/** The person is found or made by the address; what they asked stands as the first line of the ticket. */
export const createTicket = operation({
  name: 'tickets.create',
  summary: 'Open a ticket for somebody: what they asked by phone, on a page, or in another system',
  http: 'POST /api/tickets',
  cli: 'tickets create',
  access: 'write',
  input: z.object({
    subject: z.string().trim().min(1).max(500),
    text: z.string().trim().max(50_000).default('').describe('What they asked, in their words'),
    email: emailAddress().optional().describe('Who asks; the same address is the same person'),
    name: z.string().trim().max(200).default('').describe('Of somebody new'),
    personId: z.uuid().optional().describe('Or somebody you know already'),
    priority: Priority.default('normal'),
    assigneeId: z.uuid().nullish(),
    tags: Tags.default([]),
    source: z
      .enum(['api', 'form', 'user'])
      .default('api')
      .describe('form: they filled it in on a page of yours; user: a colleague wrote it down'),
    key: z.string().trim().min(1).max(200).optional().describe('Your own name for it: asked for twice, it is one ticket'),
  }),
  output: Ticket,
  errors: [NotFound],
  async run(ctx, input) {
    const at = ctx.clock.now();
    await requireUser(ctx, ctx.companyId, input.assigneeId);
    if (input.personId !== undefined) await getPerson(ctx, ctx.companyId, input.personId);
    else if (input.email === undefined)
      throw new InvalidInput('Give the email of who asks, or the person_id of somebody you know already', {
        fields: [{ path: 'email', message: 'is needed, or person_id' }],
      });
    const personId = input.personId ?? (await ensurePerson(ctx, ctx.companyId, input.email ?? '', parseName(input.name), at));
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const key = input.key === undefined ? null : `api:${input.key}`;
    const [before] =
      key === null
        ? []
        : await ctx.query<{ id: string }>({ name: 'tickets.of_key', text: 'select id from tickets where company_id = $1 and key = $2' }, [
            ctx.companyId,
            key,
          ]);
    if (before !== undefined) return requireTicket(ctx, before.id);
    const [id = ''] = await createTickets(ctx, ctx.runtime, ctx.companyId, [
      {
        personId,
        subject: input.subject,
        source: input.source,
        priority: input.priority,
        assigneeId: input.assigneeId ?? null,
        tags: input.tags,
        key,
        waits: true,
        by,
      },
    ]);
    if (input.text !== '')
      await addEntries(
        ctx,
        ctx.companyId,
        [{ ticketId: id, kind: 'web', inbound: true, text: input.text, authorId: input.source === 'user' ? by : null }],
        at,
      );
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return requireTicket(ctx, id);
  },
});
