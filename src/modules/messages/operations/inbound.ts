import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { mailboxConnections } from '#modules/connections/public.ts';
import { STRANGERS } from '../strangers.ts';

const Rules = z.object({
  strangers: z
    .enum(STRANGERS)
    .describe(
      'ignore: mail of people whom nobody knows is left alone. all: they become people. mailboxes: those who write to connection_ids do',
    ),
  connectionIds: z.array(z.uuid()).max(100).describe('Connections that read a mailbox'),
});
const RulesOut = Rules.extend({ updatedAt: z.date() });
type RulesOut = z.output<typeof RulesOut>;

const READ = {
  name: 'inbound.rules',
  text: `select strangers, connection_ids as "connectionIds", updated_at as "updatedAt" from inbound_rules where company_id = $1`,
};
const WRITE = {
  name: 'inbound.configure',
  text: `insert into inbound_rules (company_id, strangers, connection_ids, updated_at) values ($1, $2, $3, $4)
         on conflict (company_id) do update set strangers = $2, connection_ids = $3, updated_at = $4`,
};

async function rulesOf(ctx: Ctx): Promise<RulesOut> {
  const [row] = await ctx.query<RulesOut>(READ, [ctx.companyId]);
  return row ?? { strangers: 'ignore', connectionIds: [], updatedAt: new Date(0) };
}

export const getInbound = operation({
  name: 'inbound.settings',
  summary: 'What becomes of mail from people whom nobody knows; it is left alone until an admin says otherwise',
  http: 'GET /api/inbound/settings',
  cli: 'inbound settings',
  access: 'read',
  input: z.object({}),
  output: RulesOut,
  run: rulesOf,
});

export const updateInbound = operation({
  name: 'inbound.configure',
  summary: 'Make people of those who write to you, or leave them alone; never of programs and lists. It gives no consent',
  http: 'PUT /api/inbound/settings',
  cli: 'inbound configure',
  access: 'write',
  role: 'admin',
  input: Rules.partial(),
  output: RulesOut,
  async run(ctx, input) {
    const before = await rulesOf(ctx);
    ctx.expectVersion(before);
    const { strangers = before.strangers, connectionIds = before.connectionIds } = input;
    const boxes = await mailboxConnections(ctx, ctx.runtime, [ctx.companyId]);
    const unknown = (input.connectionIds ?? []).find((id) => !boxes.some((box) => box.id === id));
    const fault = (message: string) => new InvalidInput(`The mailboxes: ${message}`, { fields: [{ path: 'connectionIds', message }] });
    if (unknown !== undefined) throw fault(`${unknown} is no connection that reads a mailbox; see GET /api/connections`);
    if (strangers === 'mailboxes' && connectionIds.length === 0) throw fault('name at least one, or choose all');
    const updatedAt = ctx.clock.now();
    await ctx.query(WRITE, [ctx.companyId, strangers, [...new Set(connectionIds)], updatedAt]);
    return { strangers, connectionIds, updatedAt };
  },
});
