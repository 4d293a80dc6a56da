import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { pump, type Begun } from '../deliver/pump.ts';
import { withdraw } from '../deliver/switch-off.ts';
import { endpointRow, WebhookNotFound } from '../endpoint.ts';
import { DELIVERY_STATES } from '../tables.ts';
import { WebhookOff } from './endpoints.ts';

/** No such delivery in this company. */
export class DeliveryNotFound extends NotFound {
  override readonly code = 'delivery_not_found';
}
/** The delivery is on its way: wait for what comes of it. */
export class DeliveryUnderWay extends Conflict {
  override readonly code = 'delivery_under_way';
}

const states = z.enum(DELIVERY_STATES);
const Delivery = z.object({
  id: z.uuid(),
  webhookId: z.uuid(),
  messageId: z.uuid(),
  type: z.string().describe('The event'),
  state: states,
  attempts: z.int(),
  status: z.int().nullable().describe('Of the last answer'),
  error: z.string().nullable(),
  nextAt: z.date().nullable().describe('When it is tried again'),
  createdAt: z.date(),
  updatedAt: z.date(),
});

interface DeliveryRow extends Begun {
  readonly type: string;
  readonly state: z.output<typeof states>;
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly next_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

function present(row: DeliveryRow): z.output<typeof Delivery> {
  return {
    id: row.id,
    webhookId: row.endpoint_id,
    messageId: row.message_id,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    status: row.status,
    error: row.error,
    nextAt: row.next_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const statementFor = (state: boolean, after: boolean): Statement => ({
  name: `webhooks.deliveries${state ? '.state' : ''}${after ? '.after' : ''}`,
  text: `select * from webhook_deliveries where company_id = $1 and endpoint_id = $2${state ? ' and state = $4' : ''}${
    after ? ` and id < $${state ? 5 : 4}::uuid` : ''
  } order by id desc limit $3`,
});

export const listDeliveries = operation({
  name: 'webhooks.deliveries',
  summary: 'What was sent through a webhook and what came of it, newest first',
  http: 'GET /api/webhooks/{webhook_id}/deliveries',
  cli: 'webhooks deliveries',
  access: 'read',
  role: 'manager',
  input: z.object({ ...pageInput, webhookId: z.uuid(), state: states.optional() }),
  output: pageOf(Delivery),
  errors: [WebhookNotFound],
  async run(ctx, { limit, cursor, webhookId, state }) {
    await endpointRow(ctx, webhookId);
    const after = cursor === undefined ? [] : [idOf(cursor)];
    const values = [ctx.companyId, webhookId, limit + 1, ...(state === undefined ? [] : [state]), ...after];
    const rows = await ctx.query<DeliveryRow>(statementFor(state !== undefined, after.length > 0), values);
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
    return { items: items.map(present), nextCursor };
  },
});

function idOf(cursor: string): string {
  const id = z.uuid().safeParse(decodeCursor(cursor, 1)[0]);
  if (id.success) return id.data;
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}

const GET: Statement = {
  name: 'webhooks.delivery',
  text: `select d.*, m.body from webhook_deliveries d join webhook_messages m on m.id = d.message_id where d.company_id = $1 and d.id = $2`,
};
const ATTEMPTS: Statement = {
  name: 'webhooks.attempts_of',
  text: `select id, at, ms, status, error, request, response from webhook_attempts where company_id = $1 and delivery_id = $2 order by id desc limit 50`,
};
const json = z.record(z.string(), z.json());
const Attempt = z.object({
  id: z.uuid(),
  at: z.date(),
  ms: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable(),
  request: json.describe('Address and headers, signatures left out'),
  response: json.nullable().describe('Headers and the beginning of the body, secrets left out'),
});
interface AttemptRow {
  readonly id: string;
  readonly at: Date;
  readonly ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly request: z.output<typeof json>;
  readonly response: z.output<typeof json> | null;
}

/** @throws DeliveryNotFound */
async function deliveryRow(ctx: Ctx, id: string): Promise<DeliveryRow & { readonly body: string }> {
  const [row] = await ctx.query<DeliveryRow & { body: string }>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new DeliveryNotFound('There is no such delivery; list them with: steward webhooks deliveries');
  return row;
}

export const getDelivery = operation({
  name: 'webhooks.delivery',
  summary: 'One delivery with what was sent and every attempt: request, answer, time',
  http: 'GET /api/webhook-deliveries/{delivery_id}',
  cli: 'webhooks delivery',
  access: 'read',
  role: 'manager',
  input: z.object({ deliveryId: z.uuid() }),
  output: Delivery.extend({ body: z.json().describe('The message as it is sent'), log: z.array(Attempt) }),
  errors: [DeliveryNotFound],
  async run(ctx, input) {
    const row = await deliveryRow(ctx, input.deliveryId);
    const log = await ctx.query<AttemptRow>(ATTEMPTS, [ctx.companyId, row.id]);
    return { ...present(row), body: JSON.parse(row.body), log };
  },
});

const AGAIN: Statement = {
  name: 'webhooks.again',
  text: `update webhook_deliveries set state = 'queued', round = round + 1, attempts = 0, next_at = null, error = null, updated_at = $3::timestamptz
          where company_id = $1 and id = $2`,
};

export const replayDelivery = operation({
  name: 'webhooks.replay',
  summary: 'Send a delivery once more, under the same id: a receiver that had it already knows it',
  http: 'POST /api/webhook-deliveries/{delivery_id}/replay',
  cli: 'webhooks replay',
  access: 'write',
  role: 'admin',
  status: 200,
  input: z.object({ deliveryId: z.uuid() }),
  output: Delivery,
  errors: [DeliveryNotFound, DeliveryUnderWay, WebhookOff],
  async run(ctx, input) {
    const found = await deliveryRow(ctx, input.deliveryId);
    const endpoint = await endpointRow(ctx, found.endpoint_id, true);
    if (!endpoint.active) throw new WebhookOff('The webhook is switched off; switch it on first');
    const row = await deliveryRow(ctx, input.deliveryId);
    if (row.state === 'queued' || row.state === 'sending') throw new DeliveryUnderWay('It is on its way already; see its log in a moment');
    await withdraw(ctx, ctx.runtime, { companyId: ctx.companyId }, [row], 'Asked for again');
    await ctx.query(AGAIN, [ctx.companyId, row.id, ctx.clock.now()]);
    await pump(ctx, ctx.runtime, [row.endpoint_id]);
    ctx.subject('webhook_deliveries', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return present(await deliveryRow(ctx, row.id));
  },
});

const ALL_AGAIN: Statement = {
  name: 'webhooks.all_again',
  text: `update webhook_deliveries set state = 'queued', round = round + 1, attempts = 0, next_at = null, error = null, updated_at = $4::timestamptz
          where company_id = $1 and endpoint_id = $2 and state = 'failed' and created_at >= $3::timestamptz`,
};
const COUNT: Statement = {
  name: 'webhooks.count_failed',
  text: `select count(*)::int as n from webhook_deliveries where company_id = $1 and endpoint_id = $2 and state = 'failed' and created_at >= $3::timestamptz`,
};

export const replayFailed = operation({
  name: 'webhooks.replay_failed',
  summary: 'Send everything that a webhook missed since a moment, oldest first',
  http: 'POST /api/webhooks/{webhook_id}/replay-failed',
  cli: 'webhooks replay-failed',
  access: 'write',
  role: 'admin',
  status: 200,
  input: z.object({ webhookId: z.uuid(), since: z.date().describe('Failed deliveries of events from then on') }),
  output: z.object({ replayed: z.int() }),
  errors: [WebhookNotFound, WebhookOff],
  async run(ctx, input) {
    const endpoint = await endpointRow(ctx, input.webhookId, true);
    if (!endpoint.active) throw new WebhookOff('The webhook is switched off; switch it on first');
    const [counted] = await ctx.query<{ n: number }>(COUNT, [ctx.companyId, endpoint.id, input.since]);
    await ctx.query(ALL_AGAIN, [ctx.companyId, endpoint.id, input.since, ctx.clock.now()]);
    await pump(ctx, ctx.runtime, [endpoint.id]);
    ctx.subject('webhooks', endpoint.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { replayed: counted?.n ?? 0 };
  },
});
