import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { setScheduleOf, setWorkflowActive } from '#modules/workflows/public.ts';
import { ClientNotFound, getClient, lockClient } from '../client.ts';
import { addDays, dayOf } from '../checkins/occurrence.ts';
import { beginWithFirst, planOf, setPlan } from '../checkins/plan.ts';
import { runCheckins } from '../checkins/run.ts';
import { CHECKINS } from '../checkins/names.ts';
import { CHECKIN_STATES } from '../tables.ts';

/** No such check-in in this company. */
export class CheckinNotFound extends NotFound {
  override readonly code = 'checkin_not_found';
}

const Checkin = z.object({
  id: z.uuid(),
  clientId: z.uuid(),
  name: z.string().describe('Of the client'),
  dueOn: z.string().describe('Day, YYYY-MM-DD'),
  state: z.enum(CHECKIN_STATES),
  agenda: z.string(),
  outcome: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
const COLUMNS = `k.id, k.client_id as "clientId", p.full_name as name, k.due_on::text as "dueOn", k.state, k.agenda, k.outcome, k.created_at as "createdAt", k.updated_at as "updatedAt"`;
const FROM = 'from checkins k join clients c on c.id = k.client_id join people p on p.id = c.person_id';

const LIST: Statement = {
  name: 'checkins.list',
  text: `select ${COLUMNS} ${FROM} where k.company_id = $1 and ($3::uuid is null or k.client_id = $3::uuid) and ($4::text is null or k.state = $4)
           and ($5::timestamptz is null or (k.created_at, k.id) < ($5::timestamptz, $6::uuid)) order by k.created_at desc, k.id desc limit $2`,
};
const GET: Statement = { name: 'checkins.get', text: `select ${COLUMNS} ${FROM} where k.company_id = $1 and k.id = $2 for update of k` };
const ZONE: Statement = {
  name: 'checkins.zone',
  text: `select coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = $1`,
};

const clientId = () => z.uuid().describe('Id of the client');

export const listCheckins = operation({
  name: 'checkins.list',
  summary: 'Check-ins with clients, newest first',
  http: 'GET /api/checkins',
  cli: 'business checkins list',
  columns: ['name', 'due_on', 'state', 'outcome', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, clientId: clientId().optional(), state: z.enum(CHECKIN_STATES).optional() }),
  output: pageOf(Checkin),
  errors: [ClientNotFound],
  async run(ctx, input) {
    if (input.clientId !== undefined) await getClient(ctx, ctx.companyId, input.clientId);
    const [at, id] = input.cursor === undefined ? [null, null] : positionOf(input.cursor);
    const rows = await ctx.query<z.output<typeof Checkin>>(LIST, [
      ctx.companyId,
      input.limit + 1,
      input.clientId ?? null,
      input.state ?? null,
      at,
      id,
    ]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const runCheckinsOperation = operation({
  name: 'checkins.run',
  summary: 'Note now who is to be heard from today; what was noted already is not noted twice',
  http: 'POST /api/checkins/run',
  cli: 'business workflows run-checkins',
  access: 'write',
  status: 200,
  input: z.object({}),
  output: z.object({ due: z.int(), items: z.array(z.object({ id: z.uuid(), clientId: z.uuid(), name: z.string(), dueOn: z.string() })) }),
  async run(ctx) {
    const { made, events } = await runCheckins(ctx, ctx.runtime.signs, [ctx.companyId], ctx.clock.now());
    events.forEach((event) => ctx.emit(event));
    ctx.subject('workflows', CHECKINS);
    return { due: made.length, items: made.map(({ id, clientId: client, name, dueOn }) => ({ id, clientId: client, name, dueOn })) };
  },
});

const Plan = z.object({
  clientId: z.uuid(),
  unit: z.enum(['days', 'months']).nullable().describe('null: no check-ins'),
  every: z.int().nullable(),
  nextOn: z.string().nullable().describe('Day, YYYY-MM-DD'),
});

export const getCheckinPlan = operation({
  name: 'checkins.plan',
  summary: 'When a client is to be heard from next',
  http: 'GET /api/clients/{client_id}/checkin-plan',
  cli: 'business checkins plan',
  access: 'read',
  input: z.object({ clientId: clientId() }),
  output: Plan,
  errors: [ClientNotFound],
  async run(ctx, input) {
    await getClient(ctx, ctx.companyId, input.clientId);
    const plan = await planOf(ctx, ctx.companyId, input.clientId);
    return { clientId: input.clientId, unit: plan?.unit ?? null, every: plan?.every ?? null, nextOn: plan?.nextOn ?? null };
  },
});

/** The next one in so many days. The rhythm stays, counted from there on; a client without one is then heard from every month. */
export const scheduleCheckin = operation({
  name: 'checkins.schedule',
  summary: 'Say when a client is to be heard from next, and how often from then on',
  http: 'POST /api/clients/{client_id}/checkin-plan',
  cli: 'business workflows schedule-checkin',
  access: 'write',
  status: 200,
  input: z.object({
    clientId: clientId(),
    days: z.int().min(0).max(3650).optional().describe('In so many days; checkin_reminder_days of the configuration when left out'),
    every: z.int().min(1).max(120).optional().describe('Then every so many units'),
    unit: z.enum(['days', 'months']).optional(),
    stop: z.boolean().default(false).describe('No further check-ins'),
  }),
  output: Plan,
  errors: [ClientNotFound],
  async run(ctx, input) {
    const client = await lockClient(ctx, ctx.companyId, input.clientId);
    const known = await planOf(ctx, ctx.companyId, client.id);
    const at = ctx.clock.now();
    const [company] = await ctx.query<{ zone: string }>(ZONE, [ctx.companyId]);
    const anchorOn = addDays(dayOf(at, company?.zone ?? 'UTC'), input.days ?? ctx.runtime.config.business.checkinReminderDays);
    const [unit, every] = [input.unit ?? known?.unit ?? 'months', input.every ?? known?.every ?? 1];
    const nextOn = input.stop ? null : anchorOn;
    await beginWithFirst(ctx, ctx.companyId, at);
    await setPlan(ctx, ctx.companyId, client.id, { unit, every, anchorOn, nextOn }, at);
    ctx.subject('clients', client.id);
    return { clientId: client.id, unit, every, nextOn };
  },
});

const SETTLE: Statement = {
  name: 'checkins.settle',
  text: 'update checkins set state = $3, outcome = $4, settled_at = $5, updated_at = $5 where company_id = $1 and id = $2',
};

export const settleCheckin = operation({
  name: 'checkins.settle',
  summary: 'Note how a check-in went',
  http: 'PUT /api/checkins/{checkin_id}',
  cli: 'business checkins settle',
  access: 'write',
  input: z.object({
    checkinId: z.uuid().describe('Id of the check-in'),
    state: z.enum(['done', 'skipped']).default('done'),
    outcome: z.string().trim().max(10_000).default(''),
  }),
  output: Checkin,
  errors: [CheckinNotFound, Conflict],
  async run(ctx, input) {
    const find = async () => (await ctx.query<z.output<typeof Checkin>>(GET, [ctx.companyId, input.checkinId]))[0];
    const row = await find();
    if (row === undefined) throw new CheckinNotFound('There is no such check-in; list them with: steward business checkins list');
    ctx.expectVersion(row);
    await ctx.query(SETTLE, [ctx.companyId, row.id, input.state, input.outcome, ctx.clock.now()]);
    ctx.emit({
      name: 'checkin.settled',
      subject: { type: 'client', id: row.clientId },
      payload: { checkin_id: row.id, state: input.state },
    });
    return (await find()) ?? row;
  },
});

export const scheduleWorkflow = operation({
  name: 'checkins.set_schedule',
  summary: 'Say when the day’s check-ins are noted, and have them noted: a cron expression, in the company’s time zone',
  http: 'PUT /api/checkins/schedule',
  cli: 'business workflows schedule',
  access: 'write',
  role: 'manager',
  input: z.object({
    workflow: z.string().max(63).default(CHECKINS).describe('checkins; reminders go by each invoice’s own day'),
    cron: z.string().max(200).describe('Five fields, e.g. 0 9 * * *'),
  }),
  output: z.object({ workflow: z.string(), cron: z.string(), timeZone: z.string(), next: z.array(z.date()) }),
  async run(ctx, input) {
    if (input.workflow !== CHECKINS)
      throw new InvalidInput('Only checkins goes by a schedule of its own; reminders go by each invoice’s day', { fields: [{ path: 'workflow', message: 'is not checkins' }] }); // prettier-ignore
    const [company] = await ctx.query<{ zone: string }>(ZONE, [ctx.companyId]);
    const timeZone = company?.zone ?? 'UTC';
    await setWorkflowActive(ctx, ctx.companyId, CHECKINS, true, ctx.clock.now());
    const next = await setScheduleOf(ctx, CHECKINS, { cron: input.cron, timeZone });
    return { workflow: CHECKINS, cron: input.cron, timeZone, next };
  },
});
