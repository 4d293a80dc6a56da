import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { pauseCompany, resumeCompany } from '#core/engine/control.ts';
import type { Facts } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { listPage, type Listing } from '../list.ts';
import { FailedEvent } from '../shapes.ts';
import { userIdOf } from './workflows.ts';

const State = z.object({
  paused: z.boolean(),
  reason: z.string().nullable(),
  pausedAt: z.date().nullable(),
  failedEvents: z.int().describe('Events that no handler could take'),
});
const GET: Statement = {
  name: 'workflows.engine_state',
  text: `select p.reason, p.paused_at, (select count(*)::int from outbox o where o.company_id = $1 and o.failed_at is not null) as failed
           from (select 1) one left join engine_pauses p on p.company_id = $1`,
};

async function state(ctx: Ctx) {
  const [row] = await ctx.query<{ reason: string | null; paused_at: Date | null; failed: number }>(GET, [ctx.companyId]);
  return { paused: row?.paused_at != null, reason: row?.reason ?? null, pausedAt: row?.paused_at ?? null, failedEvents: row?.failed ?? 0 };
}

export const getEngine = operation({
  name: 'engine.get',
  summary: 'Do the runs of this company go on, or stand still?',
  http: 'GET /api/engine',
  cli: 'engine get',
  access: 'read',
  input: z.object({}),
  output: State,
  run: (ctx) => state(ctx),
});

export const pauseEngine = operation({
  name: 'engine.pause',
  summary: 'All runs of the company stand still',
  http: 'POST /api/engine/pause',
  cli: 'engine pause',
  access: 'write',
  role: 'manager',
  input: z.object({ reason: z.string().trim().min(1).max(300).default('paused by a person') }),
  output: State,
  async run(ctx, input) {
    await pauseCompany(ctx, ctx.companyId, input.reason, userIdOf(ctx));
    return state(ctx);
  },
});

export const resumeEngine = operation({
  name: 'engine.resume',
  summary: 'Runs of the company go on; what fell due meanwhile happens now',
  http: 'POST /api/engine/resume',
  cli: 'engine resume',
  access: 'write',
  role: 'manager',
  input: z.object({}),
  output: State,
  async run(ctx) {
    await resumeCompany(ctx, ctx.companyId, ctx.clock.now());
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return state(ctx);
  },
});

interface OutboxRow {
  readonly id: string;
  readonly company_id: string;
  readonly name: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly person_id: string | null;
  readonly payload: Facts;
  readonly attempts: number;
  readonly error: string | null;
  readonly at: Date;
  readonly failed_at: Date;
}

const LISTING: Listing = {
  name: 'events.list',
  select: 'select t.* from outbox t',
  conditions: { failed: '(t.failed_at is not null) = ?' },
};

function present(row: OutboxRow) {
  return {
    id: row.id,
    companyId: row.company_id,
    name: row.name,
    subject: { type: row.subject_type, id: row.subject_id },
    personId: row.person_id,
    payload: row.payload,
    attempts: row.attempts,
    error: row.error,
    at: row.at,
    failedAt: row.failed_at,
  };
}

export const listFailedEvents = operation({
  name: 'events.failed',
  summary: 'Events that were given up after ten attempts, with their errors',
  http: 'GET /api/events/failed',
  cli: 'events failed',
  access: 'read',
  input: z.object({ ...pageInput }),
  output: pageOf(FailedEvent),
  async run(ctx, page) {
    const { items, nextCursor } = await listPage<OutboxRow>(ctx, ctx.companyId, LISTING, { failed: true }, page);
    return { items: items.map(present), nextCursor };
  },
});

const RETRY: Statement = {
  name: 'events.retry',
  text: `update outbox set failed_at = null, attempts = 0, due_at = $3 where company_id = $1 and id = $2 and failed_at is not null returning id`,
};

export const retryEvent = operation({
  name: 'events.retry',
  summary: 'Try an event again that was given up',
  http: 'POST /api/events/{event_id}/retry',
  cli: 'events retry',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ eventId: z.uuid() }),
  output: z.object({ id: z.uuid() }),
  async run(ctx, input) {
    const [row] = await ctx.query<{ id: string }>(RETRY, [ctx.companyId, input.eventId, ctx.clock.now()]);
    if (row === undefined) throw new NotFound('There is no such event, or it was not given up');
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return row;
  },
});
