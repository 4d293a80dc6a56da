import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { WEBHOOK_EVENT } from '#core/engine/dispatcher.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { hookPayload, secretContext } from '../hooks/receive.ts';
import { pathsOf } from '../hooks/paths.ts';
import type { Kept } from '../hooks/record.ts';
import { SignatureScheme } from '../hooks/signature.ts';
import { listPage, type Listing } from '../list.ts';

/** No such webhook trigger in this company. */
export class HookNotFound extends NotFound {
  override readonly code = 'hook_not_found';
}
/** The recorded request is no longer there, or nothing of it can be repeated. */
export class RequestNotKept extends NotFound {
  override readonly code = 'request_not_kept';
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const VERDICTS = ['accepted', 'test', 'unsigned', 'stale', 'mismatch', 'method', 'too_large', 'too_many', 'off'] as const;
const json = z.record(z.string(), z.json());

const Hook = z.object({
  id: z.uuid(),
  workflowId: z.uuid(),
  workflowTitle: z.string(),
  active: z.boolean().describe('Its workflow is switched on'),
  key: z.string(),
  path: z.string().describe('Its secret address, behind the address of this installation'),
  methods: z.array(z.enum(METHODS)),
  signature: json.nullable().describe('How the sender signs; null: the address is all that is checked'),
  hasSecret: z.boolean(),
  respond: z.enum(['at_once', 'when_done']).describe('at_once: 202 when it is stored; when_done: waits for the outcome of the run'),
  waitS: z.int(),
  maxBytes: z.int(),
  perMinute: z.int().nullable(),
  listeningUntil: z.date().nullable().describe('Waits for a test event until then'),
  lastAt: z.date().nullable().describe('When something last came in'),
  updatedAt: z.date(),
});

interface HookRow {
  readonly id: string;
  readonly workflow_id: string;
  readonly workflow_title: string;
  readonly active: boolean;
  readonly key: string;
  readonly token: string;
  readonly methods: (typeof METHODS)[number][];
  readonly signature: Facts | null;
  readonly sealed_secret: string | null;
  readonly respond: 'at_once' | 'when_done';
  readonly wait_s: number;
  readonly max_bytes: number;
  readonly per_minute: number | null;
  readonly listening_until: Date | null;
  readonly last_at: Date | null;
  readonly updated_at: Date;
}

const SELECT = `select t.*, w.title as workflow_title, w.active, (select r.at from hook_requests r where r.hook_id = t.id order by r.id desc limit 1) as last_at
  from workflow_hooks t join workflows w on w.id = t.workflow_id`;
const LISTING: Listing = { name: 'hooks.list', select: SELECT, conditions: { workflowId: 't.workflow_id = ?' } };
const GET: Statement = { name: 'hooks.get', text: `${SELECT} where t.company_id = $1 and t.id = $2` };
const LOCK: Statement = { name: 'hooks.lock', text: `${SELECT} where t.company_id = $1 and t.id = $2 for update of t` };

/** @throws HookNotFound */
async function hookRow(ctx: Ctx, id: string, lock = false): Promise<HookRow> {
  const [row] = await ctx.query<HookRow>(lock ? LOCK : GET, [ctx.companyId, id]);
  if (row === undefined) throw new HookNotFound('There is no such hook; list them with: steward hooks list');
  return row;
}

function present(row: HookRow, now: Date): z.output<typeof Hook> {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowTitle: row.workflow_title,
    active: row.active,
    key: row.key,
    path: `/hooks/${row.token}`,
    methods: row.methods,
    signature: row.signature,
    hasSecret: row.sealed_secret !== null,
    respond: row.respond,
    waitS: row.wait_s,
    maxBytes: row.max_bytes,
    perMinute: row.per_minute,
    listeningUntil: row.listening_until !== null && row.listening_until > now ? row.listening_until : null,
    lastAt: row.last_at,
    updatedAt: row.updated_at,
  };
}
const hookId = () => z.uuid().describe('Id of the hook');
const shown = async (ctx: Ctx, id: string) => present(await hookRow(ctx, id), ctx.clock.now());

export const listHooks = operation({
  name: 'hooks.list',
  summary: 'Webhook triggers of workflows: their addresses and how they check and answer',
  http: 'GET /api/hooks',
  cli: 'hooks list',
  access: 'read',
  role: 'manager',
  input: z.object({ ...pageInput, workflowId: z.uuid().optional() }),
  output: pageOf(Hook),
  async run(ctx, { limit, cursor, ...filters }) {
    const { items, nextCursor } = await listPage<HookRow>(ctx, ctx.companyId, LISTING, filters, { limit, cursor });
    return { items: items.map((row) => present(row, ctx.clock.now())), nextCursor };
  },
});

export const getHook = operation({
  name: 'hooks.get',
  summary: 'One webhook trigger',
  http: 'GET /api/hooks/{hook_id}',
  cli: 'hooks get',
  access: 'read',
  role: 'manager',
  input: z.object({ hookId: hookId() }),
  output: Hook,
  errors: [HookNotFound],
  run: (ctx, input) => shown(ctx, input.hookId),
});

const CHANGE: Statement = {
  name: 'hooks.change',
  text: `update workflow_hooks set methods = $3, signature = $4, sealed_secret = $5, respond = $6, wait_s = $7, max_bytes = $8, per_minute = $9,
                updated_at = date_trunc('milliseconds', $10::timestamptz) where company_id = $1 and id = $2`,
};

export const updateHook = operation({
  name: 'hooks.update',
  summary: 'Change how a webhook trigger checks its sender and how it answers',
  http: 'PUT /api/hooks/{hook_id}',
  cli: 'hooks update',
  access: 'write',
  role: 'manager',
  secretFields: ['secret'],
  input: z.object({
    hookId: hookId(),
    methods: z.array(z.enum(METHODS)).min(1).max(5).optional(),
    signature: SignatureScheme.nullable()
      .optional()
      .describe('github, stripe, standard, svix, shopify, slack, or own with its fields; null: none'),
    secret: z.string().min(8).max(500).optional().describe('What the sender signs with'),
    respond: z.enum(['at_once', 'when_done']).optional(),
    waitS: z.int().min(1).max(60).optional().describe('Seconds to wait for the outcome'),
    maxBytes: z.int().min(1_024).max(1_048_576).optional(),
    perMinute: z.int().min(1).max(600_000).nullable().optional().describe('Requests a minute; null: no limit of its own'),
  }),
  output: Hook,
  errors: [HookNotFound],
  async run(ctx, input) {
    const row = await hookRow(ctx, input.hookId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    const signature = input.signature === undefined ? row.signature : input.signature;
    const sealed = input.secret === undefined ? row.sealed_secret : ctx.runtime.secrets.seal(input.secret, secretContext(row.id));
    if (signature !== null && sealed === null)
      throw new InvalidInput('Give the secret that the sender signs with', { fields: [{ path: 'secret', message: 'missing' }] });
    await ctx.query(CHANGE, [
      ctx.companyId,
      row.id,
      [...new Set(input.methods ?? row.methods)],
      signature === null ? null : JSON.stringify(signature),
      signature === null ? null : sealed,
      input.respond ?? row.respond,
      input.waitS ?? row.wait_s,
      input.maxBytes ?? row.max_bytes,
      input.perMinute === undefined ? row.per_minute : input.perMinute,
      ctx.clock.now(),
    ]);
    ctx.subject('workflow_hooks', row.id);
    return shown(ctx, row.id);
  },
});

const RENEW: Statement = {
  name: 'hooks.renew',
  text: `update workflow_hooks set token = $3, updated_at = date_trunc('milliseconds', $4::timestamptz) where company_id = $1 and id = $2`,
};

export const renewHook = operation({
  name: 'hooks.renew',
  summary: 'Give a webhook trigger a new address; the old one is gone at once',
  http: 'POST /api/hooks/{hook_id}/renew',
  cli: 'hooks renew',
  access: 'write',
  role: 'manager',
  status: 200,
  destructive: true,
  input: z.object({ hookId: hookId() }),
  output: Hook,
  errors: [HookNotFound],
  async run(ctx, input) {
    const row = await hookRow(ctx, input.hookId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    await ctx.query(RENEW, [ctx.companyId, row.id, randomBytes(24).toString('base64url'), ctx.clock.now()]);
    ctx.subject('workflow_hooks', row.id);
    return shown(ctx, row.id);
  },
});

const LISTEN: Statement = {
  name: 'hooks.listen',
  text: `update workflow_hooks set listening_until = $3 where company_id = $1 and id = $2`,
};

export const listenHook = operation({
  name: 'hooks.listen',
  summary: 'Listen for a test event: the next request is recorded, also while the workflow is off. An active workflow runs as always',
  http: 'POST /api/hooks/{hook_id}/listen',
  cli: 'hooks listen',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ hookId: hookId(), minutes: z.int().min(0).max(60).default(10).describe('0 stops listening') }),
  output: Hook,
  errors: [HookNotFound],
  async run(ctx, input) {
    const row = await hookRow(ctx, input.hookId, true);
    const until = input.minutes === 0 ? null : new Date(ctx.clock.now().getTime() + input.minutes * 60_000);
    await ctx.query(LISTEN, [ctx.companyId, row.id, until]);
    ctx.subject('workflow_hooks', row.id);
    return shown(ctx, row.id);
  },
});

const HookRequest = z.object({
  id: z.uuid(),
  hookId: z.uuid(),
  at: z.date(),
  method: z.string(),
  query: json,
  headers: json.describe('Credentials and signatures left out'),
  body: z.json().describe('Secrets left out by the names of their fields; null when it is empty or too long to show'),
  bytes: z.int(),
  verdict: z.enum(VERDICTS).describe('accepted; test: only recorded; else why it was refused'),
  runId: z.uuid().nullable(),
  runState: z.string().nullable(),
  replayOf: z.uuid().nullable(),
  replayable: z.boolean(),
});
interface RequestRow {
  readonly id: string;
  readonly hook_id: string;
  readonly at: Date;
  readonly method: string;
  readonly query: Facts;
  readonly headers: Facts;
  readonly body: Json;
  readonly bytes: number;
  readonly verdict: (typeof VERDICTS)[number];
  readonly run_id: string | null;
  readonly run_state: string | null;
  readonly replay_of: string | null;
  readonly sealed: string | null;
}
const REQUESTS = `select t.*, r.id as run_id, r.state as run_state from hook_requests t join workflow_hooks h on h.id = t.hook_id
  left join runs r on r.workflow_id = h.workflow_id and r.subject_id = t.company_id and r.trigger_id = t.trigger_id`;
const REQUEST_LISTING: Listing = { name: 'hooks.requests', select: REQUESTS, conditions: { hookId: 't.hook_id = ?' } };
const REQUEST: Statement = { name: 'hooks.request', text: `${REQUESTS} where t.company_id = $1 and t.id = $2` };

function presentRequest(row: RequestRow): z.output<typeof HookRequest> {
  return {
    id: row.id,
    hookId: row.hook_id,
    at: row.at,
    method: row.method,
    query: row.query,
    headers: row.headers,
    body: row.body,
    bytes: row.bytes,
    verdict: row.verdict,
    runId: row.run_id,
    runState: row.run_state,
    replayOf: row.replay_of,
    replayable: row.sealed !== null,
  };
}

export const listHookRequests = operation({
  name: 'hooks.requests',
  summary: 'The latest requests at a webhook trigger, refused ones too; the last 50 of a week',
  http: 'GET /api/hooks/{hook_id}/requests',
  cli: 'hooks requests',
  access: 'read',
  role: 'manager',
  input: z.object({ ...pageInput, hookId: hookId() }),
  output: pageOf(HookRequest),
  errors: [HookNotFound],
  async run(ctx, { limit, cursor, hookId: id }) {
    await hookRow(ctx, id);
    const { items, nextCursor } = await listPage<RequestRow>(ctx, ctx.companyId, REQUEST_LISTING, { hookId: id }, { limit, cursor });
    return { items: items.map(presentRequest), nextCursor };
  },
});

const KEEP_REPLAY: Statement = {
  name: 'hooks.keep_replay',
  text: `insert into hook_requests (id, company_id, hook_id, at, method, query, headers, body, bytes, verdict, trigger_id, sealed, replay_of)
         select $3, company_id, hook_id, $4, method, query, headers, body, bytes, 'accepted', $5, $6, $2 from hook_requests where company_id = $1 and id = $2`,
};

export const replayHookRequest = operation({
  name: 'hooks.replay',
  summary: 'Run the workflow once more with a recorded request, exactly as it came',
  http: 'POST /api/hook-requests/{request_id}/replay',
  cli: 'hooks replay',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ requestId: z.uuid() }),
  output: HookRequest,
  errors: [RequestNotKept],
  async run(ctx, input) {
    const [row] = await ctx.query<RequestRow>(REQUEST, [ctx.companyId, input.requestId]);
    if (row === undefined || row.sealed === null)
      throw new RequestNotKept('There is no such request, or it was refused: nothing of it can be repeated');
    const hook = await hookRow(ctx, row.hook_id);
    if (!hook.active) throw new Conflict('The workflow is switched off; switch it on, then replay');
    const kept: Kept = JSON.parse(ctx.runtime.secrets.open(row.sealed, `hook request ${row.id}`));
    const id = newId();
    const delivery = `${hook.key}:replay:${id}`;
    ctx.emit({
      name: WEBHOOK_EVENT,
      subject: { type: 'company', id: ctx.companyId },
      payload: hookPayload({ workflowId: hook.workflow_id, key: hook.key, ...kept, delivery }),
    });
    const sealed = ctx.runtime.secrets.seal(JSON.stringify(kept), `hook request ${id}`);
    await ctx.query(KEEP_REPLAY, [ctx.companyId, row.id, id, ctx.clock.now(), delivery, sealed]);
    ctx.subject('hook_requests', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    const [made] = await ctx.query<RequestRow>(REQUEST, [ctx.companyId, id]);
    return presentRequest(made ?? row);
  },
});

const SAMPLE: Statement = {
  name: 'hooks.sample',
  text: `select * from hook_requests where company_id = $1 and hook_id = $2 and verdict in ('accepted', 'test') order by id desc limit 1`,
};

export const hookSample = operation({
  name: 'hooks.sample',
  summary: 'The last request at a webhook trigger as its workflow sees it, with the path of every value for conditions and templates',
  http: 'GET /api/hooks/{hook_id}/sample',
  cli: 'hooks sample',
  access: 'read',
  role: 'manager',
  input: z.object({ hookId: hookId() }),
  output: z.object({
    receivedAt: z.date().nullable().describe('Null: nothing came yet'),
    sample: json.describe('What a run finds under trigger, secrets left out'),
    paths: z.array(
      z.object({
        path: z.string().describe('e.g. trigger.body.order.id'),
        type: z.enum(['text', 'number', 'boolean', 'list', 'object', 'null']),
        example: z.string(),
      }),
    ),
  }),
  errors: [HookNotFound],
  async run(ctx, input) {
    const hook = await hookRow(ctx, input.hookId);
    const [row] = await ctx.query<RequestRow>(SAMPLE, [ctx.companyId, hook.id]);
    if (row === undefined) return { receivedAt: null, sample: {}, paths: [] };
    const telling = Object.fromEntries(Object.entries(row.headers).filter(([name]) => /^(x-|content-type$)/.test(name)));
    const sample: Facts = {
      hook: hook.key,
      body: row.body,
      at: row.at.toISOString(),
      ...(Object.keys(row.query).length === 0 ? {} : { query: row.query }),
      ...(Object.keys(telling).length === 0 ? {} : { headers: telling }),
    };
    return { receivedAt: row.at, sample, paths: pathsOf(sample, 'trigger').map((one) => ({ ...one })) };
  },
});
