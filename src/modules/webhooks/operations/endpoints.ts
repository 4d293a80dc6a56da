import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { contextOf } from '../deliver/attempt.ts';
import { addPing } from '../deliver/fan-out.ts';
import { pump } from '../deliver/pump.ts';
import { newSecret } from '../deliver/sign.ts';
import { switchOff } from '../deliver/switch-off.ts';
import { checkAddress, endpointRow, presentEndpoint, SELECT, Webhook, WebhookNotFound, type EndpointRow } from '../endpoint.ts';
import { EVENT_TYPES, isEventType } from '../event-types.ts';

/** The webhook is switched off: nothing can be sent through it. */
export class WebhookOff extends Conflict {
  override readonly code = 'webhook_off';
}

const webhookId = () => z.uuid().describe('Id of the webhook');
const fields = {
  url: z.string().min(1).max(2_000).describe('Where messages are sent, https://…'),
  description: z.string().max(200),
  eventTypes: z.array(z.string().max(100)).max(100).describe('Names of events, see webhooks.events; empty: every event'),
  concurrency: z.int().min(1).max(16).describe('Messages on their way at once; 1 keeps them strictly in order'),
};

const LIST: Statement = { name: 'webhooks.list', text: `${SELECT} where t.company_id = $1 order by t.id limit $2` };
const LIST_AFTER: Statement = {
  name: 'webhooks.list_after',
  text: `${SELECT} where t.company_id = $1 and t.id > $3::uuid order by t.id limit $2`,
};

export const listWebhooks = operation({
  name: 'webhooks.list',
  summary: 'Webhooks that tell other systems what happens, with their state',
  http: 'GET /api/webhooks',
  cli: 'webhooks list',
  access: 'read',
  role: 'manager',
  input: z.object(pageInput),
  output: pageOf(Webhook),
  async run(ctx, { limit, cursor }) {
    const after = cursor === undefined ? null : z.uuid().safeParse(decodeCursor(cursor, 1)[0]);
    if (after?.success === false) throw new InvalidInput('This cursor is not one that this list gave; start again without it');
    const rows = await (after === null
      ? ctx.query<EndpointRow>(LIST, [ctx.companyId, limit + 1])
      : ctx.query<EndpointRow>(LIST_AFTER, [ctx.companyId, limit + 1, after.data]));
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
    return { items: items.map((row) => presentEndpoint(row, ctx.clock.now())), nextCursor };
  },
});

const shown = async (ctx: Ctx, id: string) => presentEndpoint(await endpointRow(ctx, id), ctx.clock.now());

export const getWebhook = operation({
  name: 'webhooks.get',
  summary: 'One webhook and how it is doing',
  http: 'GET /api/webhooks/{webhook_id}',
  cli: 'webhooks get',
  access: 'read',
  role: 'manager',
  input: z.object({ webhookId: webhookId() }),
  output: Webhook,
  errors: [WebhookNotFound],
  run: (ctx, input) => shown(ctx, input.webhookId),
});

export const listEventTypes = operation({
  name: 'webhooks.events',
  summary: 'The events that a webhook can ask for',
  http: 'GET /api/webhooks/events',
  cli: 'webhooks events',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(z.object({ type: z.string(), title: z.string(), group: z.string() })), nextCursor: z.null() }),
  run: () => Promise.resolve({ items: EVENT_TYPES.map((one) => ({ ...one })), nextCursor: null }),
});

function checkTypes(types: readonly string[]): void {
  const wrong = types.filter((type) => !isEventType(type));
  if (wrong.length > 0)
    throw new InvalidInput(`There is no event ${wrong[0]}; see: steward webhooks events`, {
      fields: wrong.map((type) => ({ path: `event_types.${types.indexOf(type)}`, message: `no event ${type}` })),
    });
}

const INSERT: Statement = {
  name: 'webhooks.insert',
  text: `insert into webhook_endpoints (id, company_id, url, description, event_types, concurrency, sealed_secret, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
};
const WithSecret = Webhook.extend({ secret: z.string().describe('whsec_…: checks the signature of what is sent; shown this once') });

export const createWebhook = operation({
  name: 'webhooks.create',
  summary: 'Tell another system what happens, signed as Standard Webhooks. The answer holds the secret, once',
  http: 'POST /api/webhooks',
  cli: 'webhooks create',
  access: 'write',
  role: 'admin',
  sensitiveOutput: true,
  input: z.object({
    url: fields.url,
    description: fields.description.default(''),
    eventTypes: fields.eventTypes.default([]),
    concurrency: fields.concurrency.default(4),
  }),
  output: WithSecret,
  async run(ctx, input) {
    checkAddress(ctx, input.url);
    checkTypes(input.eventTypes);
    const id = newId();
    const secret = newSecret();
    const sealed = ctx.runtime.secrets.seal(secret, contextOf(id));
    const types = [...new Set(input.eventTypes)];
    await ctx.query(INSERT, [id, ctx.companyId, input.url, input.description, types, input.concurrency, sealed, ctx.clock.now()]);
    ctx.subject('webhooks', id);
    return { ...(await shown(ctx, id)), secret };
  },
});

const CHANGE: Statement = {
  name: 'webhooks.change',
  text: `update webhook_endpoints set url = $3, description = $4, event_types = $5, concurrency = $6, updated_at = date_trunc('milliseconds', $7::timestamptz)
          where company_id = $1 and id = $2`,
};
/** A new address, or switched on again: it is tried afresh. */
const AFRESH: Statement = {
  name: 'webhooks.afresh',
  text: `update webhook_endpoints set active = true, failures = 0, failing_since = null, cool_until = null, disabled_at = null, disabled_reason = null
          where company_id = $1 and id = $2`,
};

export const updateWebhook = operation({
  name: 'webhooks.update',
  summary: 'Change a webhook, or switch it on or off',
  http: 'PUT /api/webhooks/{webhook_id}',
  cli: 'webhooks update',
  access: 'write',
  role: 'admin',
  input: z.object({
    webhookId: webhookId(),
    url: fields.url.optional(),
    description: fields.description.optional(),
    eventTypes: fields.eventTypes.optional(),
    concurrency: fields.concurrency.optional(),
    active: z.boolean().optional(),
  }),
  output: Webhook,
  errors: [WebhookNotFound],
  async run(ctx, input) {
    const row = await endpointRow(ctx, input.webhookId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    if (input.url !== undefined) checkAddress(ctx, input.url);
    if (input.eventTypes !== undefined) checkTypes(input.eventTypes);
    const now = ctx.clock.now();
    await ctx.query(CHANGE, [
      ctx.companyId,
      row.id,
      input.url ?? row.url,
      input.description ?? row.description,
      [...new Set(input.eventTypes ?? row.event_types)],
      input.concurrency ?? row.concurrency,
      now,
    ]);
    const on = input.active ?? row.active;
    if (row.active && !on) await switchOff(ctx, ctx.runtime, { companyId: ctx.companyId, id: row.id }, null, now);
    if (on && (!row.active || (input.url !== undefined && input.url !== row.url))) await ctx.query(AFRESH, [ctx.companyId, row.id]);
    if (on) await pump(ctx, ctx.runtime, [row.id]);
    ctx.subject('webhooks', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return shown(ctx, row.id);
  },
});

const DELETE: Statement = { name: 'webhooks.delete', text: `delete from webhook_endpoints where company_id = $1 and id = $2` };

export const deleteWebhook = operation({
  name: 'webhooks.delete',
  summary: 'Remove a webhook with the log of its deliveries',
  http: 'DELETE /api/webhooks/{webhook_id}',
  cli: 'webhooks delete',
  access: 'write',
  role: 'admin',
  destructive: true,
  input: z.object({ webhookId: webhookId() }),
  output: z.object({}),
  errors: [WebhookNotFound],
  async run(ctx, input) {
    const row = await endpointRow(ctx, input.webhookId, true);
    await switchOff(ctx, ctx.runtime, { companyId: ctx.companyId, id: row.id }, null, ctx.clock.now());
    await ctx.query(DELETE, [ctx.companyId, row.id]);
    ctx.subject('webhooks', row.id);
    return {};
  },
});

const ROTATE: Statement = {
  name: 'webhooks.rotate',
  text: `update webhook_endpoints set sealed_previous = sealed_secret, previous_until = $4::timestamptz + make_interval(hours => $5), sealed_secret = $3,
                updated_at = date_trunc('milliseconds', $4::timestamptz) where company_id = $1 and id = $2`,
};

export const rotateSecret = operation({
  name: 'webhooks.rotate_secret',
  summary: 'A new signing secret. The old one signs beside it for a while, so that the receiver can change over',
  http: 'POST /api/webhooks/{webhook_id}/rotate-secret',
  cli: 'webhooks rotate-secret',
  access: 'write',
  role: 'admin',
  status: 200,
  sensitiveOutput: true,
  input: z.object({
    webhookId: webhookId(),
    overlapHours: z.int().min(0).max(168).default(24).describe('Hours that both secrets sign; 0 when the old one is known to others'),
  }),
  output: WithSecret,
  errors: [WebhookNotFound],
  async run(ctx, input) {
    const row = await endpointRow(ctx, input.webhookId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    const secret = newSecret();
    const sealed = ctx.runtime.secrets.seal(secret, contextOf(row.id));
    await ctx.query(ROTATE, [ctx.companyId, row.id, sealed, ctx.clock.now(), input.overlapHours]);
    ctx.subject('webhooks', row.id);
    return { ...(await shown(ctx, row.id)), secret };
  },
});

export const pingWebhook = operation({
  name: 'webhooks.ping',
  summary: 'Send a test message; its delivery shows what came of it',
  http: 'POST /api/webhooks/{webhook_id}/ping',
  cli: 'webhooks ping',
  access: 'write',
  role: 'admin',
  status: 202,
  ratePerMinute: 30,
  input: z.object({ webhookId: webhookId() }),
  output: z.object({ messageId: z.uuid().describe('Of the delivery in its log') }),
  errors: [WebhookNotFound, WebhookOff],
  async run(ctx, input) {
    const row = await endpointRow(ctx, input.webhookId, true);
    if (!row.active) throw new WebhookOff('The webhook is switched off; switch it on first');
    const messageId = await addPing(ctx, ctx.runtime, { id: row.id, companyId: ctx.companyId });
    ctx.subject('webhooks', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { messageId };
  },
});
