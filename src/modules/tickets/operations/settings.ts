import { z } from 'zod';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { emailAddress, requireUser } from '#modules/people/public.ts';
import { TicketOptions } from '../options.ts';
import { rewindTickets } from '../rewind.ts';
import { loadSupport } from '../sla/rules.ts';
import { Priority } from '../ticket.ts';

/** There is no such support address. */
export class TicketAddressNotFound extends NotFound {
  override readonly code = 'ticket_address_not_found';
}
/** This address opens tickets already. */
export class TicketAddressTaken extends Conflict {
  override readonly code = 'ticket_address_taken';
}

const Settings = TicketOptions.extend({ updatedAt: z.date() });

export const getTicketSettings = operation({
  name: 'tickets.settings',
  summary: 'When the support is open, its targets by priority, and its habits',
  http: 'GET /api/tickets/settings',
  cli: 'tickets settings',
  access: 'read',
  input: z.object({}),
  output: Settings,
  async run(ctx) {
    const { options, updatedAt } = await loadSupport(ctx, ctx.companyId);
    return { ...options, updatedAt };
  },
});

export const updateTicketSettings = operation({
  name: 'tickets.update_settings',
  summary: 'Set hours, targets and habits of the support; what is due on open tickets is worked out anew',
  http: 'PATCH /api/tickets/settings',
  cli: 'tickets settings set',
  access: 'write',
  role: 'manager',
  input: TicketOptions.partial(),
  output: Settings,
  async run(ctx, input) {
    const before = await loadSupport(ctx, ctx.companyId);
    ctx.expectVersion(before);
    const options = { ...before.options, ...input };
    const now = ctx.clock.now();
    await ctx.query(
      {
        name: 'tickets.save_settings',
        text: `insert into ticket_settings (company_id, options, updated_at) values ($1, $2, $3) on conflict (company_id) do update set options = excluded.options, updated_at = excluded.updated_at`,
      },
      [ctx.companyId, JSON.stringify(options), now],
    );
    await rewindTickets(ctx, ctx.runtime, ctx.companyId);
    ctx.subject('ticket_settings', ctx.companyId);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    const after = await loadSupport(ctx, ctx.companyId);
    return { ...after.options, updatedAt: after.updatedAt };
  },
});

const Address = z.object({
  id: z.uuid(),
  address: z.string(),
  priority: Priority,
  assigneeId: z.uuid().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
const COLUMNS = `id, address, priority, assignee_id as "assigneeId", created_at as "createdAt", updated_at as "updatedAt"`;

export const listTicketAddresses = operation({
  name: 'tickets.addresses',
  summary: 'Addresses that open a ticket for whoever writes to them',
  http: 'GET /api/tickets/addresses',
  cli: 'tickets addresses',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Address), nextCursor: z.null() }),
  run: async (ctx) => ({
    items: await ctx.query<z.output<typeof Address>>(
      { name: 'tickets.addresses', text: `select ${COLUMNS} from ticket_addresses where company_id = $1 order by address` },
      [ctx.companyId],
    ),
    nextCursor: null,
  }),
});

export const addTicketAddress = operation({
  name: 'tickets.add_address',
  summary: 'Open a ticket for every mail to this address that comes into a connected mailbox, from strangers, too',
  http: 'POST /api/tickets/addresses',
  cli: 'tickets addresses add',
  access: 'write',
  role: 'manager',
  input: z.object({
    address: emailAddress(),
    priority: Priority.default('normal').describe('Of the tickets that it opens'),
    assigneeId: z.uuid().nullish().describe('Who gets the tickets that it opens'),
  }),
  output: Address,
  errors: [TicketAddressTaken, NotFound],
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.assigneeId);
    const [row] = await ctx.query<z.output<typeof Address>>(
      {
        name: 'tickets.add_address',
        text: `insert into ticket_addresses (id, company_id, address, priority, assignee_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6) on conflict do nothing returning ${COLUMNS}`,
      },
      [newId(), ctx.companyId, input.address.toLowerCase(), input.priority, input.assigneeId ?? null, ctx.clock.now()],
    );
    if (row === undefined) throw new TicketAddressTaken(`${input.address} opens tickets already`);
    return row;
  },
});

export const removeTicketAddress = operation({
  name: 'tickets.remove_address',
  summary: 'Mail to this address opens no more tickets; those that are there stay',
  http: 'DELETE /api/tickets/addresses/{ticket_address_id}',
  cli: 'tickets addresses remove',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ ticketAddressId: z.uuid() }),
  output: z.object({}),
  errors: [TicketAddressNotFound],
  async run(ctx, input) {
    const gone = await ctx.query(
      { name: 'tickets.remove_address', text: 'delete from ticket_addresses where company_id = $1 and id = $2 returning id' },
      [ctx.companyId, input.ticketAddressId],
    );
    if (gone.length === 0) throw new TicketAddressNotFound('There is no such address; list them with GET /api/tickets/addresses');
    ctx.subject('ticket_address', input.ticketAddressId);
    return {};
  },
});
