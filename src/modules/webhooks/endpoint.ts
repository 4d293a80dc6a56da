import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { AddressNotAllowed, checkUrl } from '#core/net/addresses.ts';
import type { Ctx } from '#core/operation/context.ts';

/** No such webhook in this company. */
export class WebhookNotFound extends NotFound {
  override readonly code = 'webhook_not_found';
}

export interface EndpointRow {
  readonly id: string;
  readonly company_id: string;
  readonly url: string;
  readonly description: string;
  readonly event_types: readonly string[];
  readonly active: boolean;
  readonly sealed_secret: string;
  readonly previous_until: Date | null;
  readonly concurrency: number;
  readonly failures: number;
  readonly failing_since: Date | null;
  readonly cool_until: Date | null;
  readonly delivered_at: Date | null;
  readonly disabled_at: Date | null;
  readonly disabled_reason: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly waiting: number;
  readonly failed: number;
}

export const Webhook = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(z.string()).describe('Empty: every event'),
  active: z.boolean(),
  concurrency: z.int().describe('Messages on their way at once; 1 keeps them strictly in order'),
  state: z.enum(['ok', 'failing', 'off', 'disabled']).describe('disabled: Steward switched it off because it failed for long'),
  failures: z.int().describe('Failed attempts since the last that was taken'),
  failingSince: z.date().nullable(),
  nextTryAt: z.date().nullable().describe('It fails: nothing new begins before'),
  deliveredAt: z.date().nullable().describe('When it last took one'),
  disabledAt: z.date().nullable(),
  disabledReason: z.string().nullable(),
  previousSecretUntil: z.date().nullable().describe('The secret before the current one still signs until then'),
  waiting: z.int().describe('Deliveries that wait or are tried again; 1,000 means at least'),
  failed: z.int().describe('Deliveries that were given up; 1,000 means at least'),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export const SELECT = `select t.*,
    (select count(*)::int from (select from webhook_deliveries d where d.endpoint_id = t.id and d.state in ('queued', 'sending', 'retrying') limit 1000) x) as waiting,
    (select count(*)::int from (select from webhook_deliveries d where d.endpoint_id = t.id and d.state = 'failed' limit 1000) x) as failed
  from webhook_endpoints t`;
const GET: Statement = { name: 'webhooks.get', text: `${SELECT} where t.company_id = $1 and t.id = $2` };
const LOCK: Statement = { name: 'webhooks.lock', text: `${SELECT} where t.company_id = $1 and t.id = $2 for update of t` };

/** @throws WebhookNotFound */
export async function endpointRow(ctx: Ctx, id: string, lock = false): Promise<EndpointRow> {
  const [row] = await ctx.query<EndpointRow>(lock ? LOCK : GET, [ctx.companyId, id]);
  if (row === undefined) throw new WebhookNotFound('There is no such webhook; list them with: steward webhooks list');
  return row;
}

export function presentEndpoint(row: EndpointRow, now: Date): z.output<typeof Webhook> {
  return {
    id: row.id,
    companyId: row.company_id,
    url: row.url,
    description: row.description,
    eventTypes: [...row.event_types],
    active: row.active,
    concurrency: row.concurrency,
    state: stateOf(row),
    failures: row.failures,
    failingSince: row.failing_since,
    nextTryAt: row.active && row.cool_until !== null && row.cool_until > now ? row.cool_until : null,
    deliveredAt: row.delivered_at,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason,
    previousSecretUntil: row.previous_until !== null && row.previous_until > now ? row.previous_until : null,
    waiting: row.waiting,
    failed: row.failed,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function stateOf(row: EndpointRow): 'ok' | 'failing' | 'off' | 'disabled' {
  if (!row.active) return row.disabled_reason === null ? 'off' : 'disabled';
  return row.failures > 0 ? 'failing' : 'ok';
}

/** What can be said of an address without asking for it. @throws InvalidInput */
export function checkAddress(ctx: Ctx, url: string): void {
  try {
    const parsed = URL.parse(url);
    if (parsed === null) throw new AddressNotAllowed('it must look like https://example.com/hooks');
    if (parsed.username !== '' || parsed.password !== '') throw new AddressNotAllowed('leave name and password out: it is signed instead');
    checkUrl(parsed, ctx.runtime.config);
  } catch (error) {
    if (!(error instanceof AddressNotAllowed)) throw error;
    throw new InvalidInput(`Nothing can be sent to this address: ${error.message}`, { fields: [{ path: 'url', message: error.message }] });
  }
}
