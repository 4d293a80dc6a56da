import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Forbidden, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { beginAtVendor, connectionLike } from '#modules/connections/public.ts';
import { requireUsers } from '#modules/people/public.ts';
import { NoCalendarApp } from '../errors.ts';
import { allHosts, hostsOf, lockHosts, type Host } from '../host.ts';
import { WeekHours, zoneName } from '../hours.ts';

const CallHost = z.object({
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  timeZone: z.string().describe('IANA: their own, else the company’s'),
  ownZone: z.string().nullable(),
  hours: WeekHours.describe('When they can be called, by the wall clock'),
  connected: z.boolean().describe('A Google Calendar of theirs is signed in; else only calls of ours are known'),
  account: z.string().nullable(),
  calendars: z.array(z.string()).describe('Asked for busy times: primary, or addresses of calendars'),
  enteredIn: z.string().nullable().describe('The calendar that calls are entered in; null: none'),
  problem: z.string().nullable().describe('What could not be read when they were asked last'),
  askedAt: z.date().nullable(),
  updatedAt: z.date(),
});

function shown({ connectionId, connectionState, connectionError, ...host }: Host): z.input<typeof CallHost> {
  const connected = connectionId !== null && connectionState !== null;
  const problem =
    connected && connectionState !== 'ok' ? (connectionError ?? 'Nobody has signed in there yet') : connected ? host.problem : null;
  return { ...host, calendars: [...host.calendars], connected, problem };
}

const userId = () => z.uuid().describe('Id of the user');

/** Their own for everybody; those of others for whoever manages. */
function mayChange({ principal }: Ctx, id: string): void {
  if ('userId' in principal && principal.userId === id) return;
  if ('role' in principal && principal.role === 'user') throw new Forbidden('Only a manager changes the hours of somebody else');
}

export const listHosts = operation({
  name: 'call_hosts.list',
  summary: 'When colleagues can be called, and whose calendar is connected',
  http: 'GET /api/call-hosts',
  cli: 'calls hosts',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(CallHost), nextCursor: z.null() }),
  async run(ctx) {
    return { items: (await allHosts(ctx, ctx.companyId)).map(shown), nextCursor: null };
  },
});

const SAVE: Statement = {
  name: 'calls.host_save',
  text: `update call_hosts set time_zone = $3, hours = $4::jsonb, calendars = $5, entered_in = $6, updated_at = $7 where company_id = $1 and user_id = $2`,
};

async function oneHost(ctx: Ctx, id: string): Promise<Host> {
  const [host] = await hostsOf(ctx, ctx.companyId, [id]);
  if (host === undefined) throw new NotFound('There is no such colleague');
  return host;
}

export const saveHost = operation({
  name: 'call_hosts.save',
  summary: 'Set when somebody can be called, and which of their calendars count',
  http: 'PUT /api/call-hosts/{user_id}',
  cli: 'calls set-host',
  access: 'write',
  input: z.object({
    userId: userId(),
    timeZone: zoneName().nullable().optional().describe('IANA; null: that of the company'),
    hours: WeekHours.optional(),
    calendars: z
      .array(z.string().trim().min(1).max(300))
      .max(50)
      .optional()
      .describe('primary, or addresses of calendars that they may see'),
    enteredIn: z.string().trim().min(1).max(300).nullable().optional().describe('null: calls are entered nowhere'),
  }),
  output: CallHost,
  async run(ctx, input) {
    mayChange(ctx, input.userId);
    await requireUsers(ctx, ctx.companyId, [input.userId]);
    await lockHosts(ctx, ctx.companyId, [input.userId]);
    const host = await oneHost(ctx, input.userId);
    ctx.expectVersion(host);
    const { timeZone = host.ownZone, hours = host.hours, calendars = host.calendars, enteredIn = host.enteredIn } = input;
    await ctx.query(SAVE, [ctx.companyId, host.userId, timeZone, JSON.stringify(hours), [...new Set(calendars)], enteredIn, ctx.clock.now()]); // prettier-ignore
    ctx.subject('users', host.userId);
    return shown(await oneHost(ctx, host.userId));
  },
});

const CONNECT: Statement = {
  name: 'calls.host_connect',
  text: `update call_hosts set connection_id = $3, problem = null, asked_at = null, updated_at = $4 where company_id = $1 and user_id = $2`,
};
/** One that nobody signed in to yet is taken first; else another like it is made. */
const APP: Statement = {
  name: 'calls.calendar_app',
  text: `select x.id, not exists (select from call_hosts h where h.connection_id = x.id) as free from connections x where x.company_id = $1 and x.connector = 'google_calendar'
          order by 2 desc, x.state = 'rejected', x.created_at limit 1`,
};

export const connectHost = operation({
  name: 'call_hosts.connect',
  summary: 'Connect your own Google Calendar: the address at Google where you agree. Good for 15 minutes, in this session',
  http: 'POST /api/call-hosts/{user_id}/connect',
  access: 'write',
  status: 200,
  input: z.object({ userId: userId() }),
  output: z.object({ url: z.url() }),
  errors: [NoCalendarApp],
  sensitiveOutput: true,
  async run(ctx, input) {
    if (!('userId' in ctx.principal) || ctx.principal.userId !== input.userId) {
      await requireUsers(ctx, ctx.companyId, [input.userId]);
      throw new Forbidden('A calendar is connected by whoever it belongs to');
    }
    await lockHosts(ctx, ctx.companyId, [input.userId]);
    const host = await oneHost(ctx, input.userId);
    let { connectionId } = host;
    if (connectionId === null) {
      const [app] = await ctx.query<{ id: string; free: boolean }>(APP, [ctx.companyId]);
      if (app === undefined)
        throw new NoCalendarApp(
          'Google Calendar is not set up yet: an administrator enters the client ID and secret of your OAuth client under Connections → Google Calendar, once for all',
        );
      connectionId = app.free ? app.id : await connectionLike(ctx, app.id, `Google Calendar of ${host.name}`);
      await ctx.query(CONNECT, [ctx.companyId, host.userId, connectionId, ctx.clock.now()]);
    }
    ctx.subject('users', host.userId);
    return { url: (await beginAtVendor(ctx, connectionId)).url };
  },
});

export const disconnectHost = operation({
  name: 'call_hosts.disconnect',
  summary: 'Ask somebody’s calendar no more; what stands there stays',
  http: 'DELETE /api/call-hosts/{user_id}/connect',
  cli: 'calls disconnect',
  access: 'write',
  input: z.object({ userId: userId() }),
  output: z.null(),
  async run(ctx, input) {
    await requireUsers(ctx, ctx.companyId, [input.userId]);
    mayChange(ctx, input.userId);
    await ctx.query(CONNECT, [ctx.companyId, input.userId, null, ctx.clock.now()]);
    ctx.subject('users', input.userId);
    return null;
  },
});
