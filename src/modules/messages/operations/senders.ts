import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { connectionById, connectionsOfAll, sendsMail } from '#modules/connections/public.ts';
import { emailAddress } from '#modules/people/public.ts';
import { newId } from '#core/ids.ts';
import { rampOf, roomOf, type Sender as Loaded } from '../senders/allowance.ts';
import { loadSettings } from '../gate/settings.ts';
import { MESSAGE_CLASSES, SENDER_HEALTHS, SENDER_STATES, senders } from '../tables.ts';

/** No sender of the company has this id. */
export class SenderNotFound extends NotFound {
  override readonly code = 'sender_not_found';
}
/** Another sender has this address already. */
export class SenderTaken extends Conflict {
  override readonly code = 'sender_taken';
}

const HISTORY_DAYS = 14;
const AHEAD_DAYS = 30;

const Day = z.object({
  day: z.string().describe('A date of its time zone'),
  taken: z.int().describe('Mails that left'),
  allowed: z.int().nullable().describe('Commercial mails that were allowed; null: no limit'),
});
const Sender = z.object({
  id: z.uuid(),
  address: z.string(),
  name: z.string(),
  replyTo: z.string().nullable(),
  connectionId: z.uuid().nullable().describe('Null: it was deleted, and mail planned for this sender waits'),
  connectionTitle: z.string().nullable(),
  connectionState: z.enum(['untested', 'ok', 'rejected']).nullable(),
  carries: z.array(z.enum(MESSAGE_CLASSES)),
  dailyLimit: z.int().nullable(),
  rampStart: z.int().nullable(),
  rampPercent: z.int().nullable(),
  rampSince: z.string().nullable(),
  timeZone: z.string().nullable(),
  state: z.enum(SENDER_STATES),
  health: z
    .enum(SENDER_HEALTHS)
    .describe('slowed: a quarter of what it might send. stopped: no commercial mail until a person lets it go on'),
  healthAt: z.date().nullable(),
  healthSays: z.string().nullable(),
  today: z.object({
    day: z.string(),
    taken: z.int(),
    commercial: z.int(),
    limit: z.int().nullable().describe('All mail'),
    allowed: z.int().nullable().describe('Commercial mail: the ramp-up, the limit and how it is doing'),
    room: z.int().nullable().describe('Commercial mails that may still leave; null: no limit'),
    step: z.int().describe('Days of its ramp-up before today'),
  }),
  waiting: z.int().describe('Messages planned for it that wait'),
  sent: z.int().describe('Mails of the last seven days'),
  bounced: z.int(),
  complained: z.int(),
  history: z.array(Day).describe(`The last ${HISTORY_DAYS} days on which it sent, oldest first`),
  ahead: z.array(z.int()).describe('Commercial mails on the next days that it sends, today first, as its ramp-up goes; empty: no ramp-up'),
  createdAt: z.date(),
  updatedAt: z.date(),
});

const STANDING = {
  name: 'senders.standing',
  text: `select s.id, s.created_at as "createdAt", s.updated_at as "updatedAt", s.health_at as "healthAt", s.time_zone as "ownZone",
           (select count(*)::int from messages m where m.sender_id = s.id and m.company_id = s.company_id and m.state = 'queued') as waiting,
           f.sent, f.bounced, f.complained,
           (select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'taken', d.taken, 'allowed', d.allowed) order by d.day), '[]') from (
             select * from sender_days x where x.sender_id = s.id and x.company_id = s.company_id order by x.day desc limit ${HISTORY_DAYS}) d) as history
         from senders s cross join lateral (
           select count(*)::int as sent, count(*) filter (where m.delivery = 'bounced')::int as bounced,
                  count(*) filter (where m.delivery = 'complained')::int as complained
             from messages m where m.sender_id = s.id and m.company_id = s.company_id and m.direction = 'outbound' and m.state in ('sent', 'refused')
                and coalesce(m.sent_at, m.delivery_at) >= $2::timestamptz - interval '7 days') f
        where s.company_id = $1`,
};

interface Standing {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly healthAt: Date | null;
  readonly ownZone: string | null;
  readonly waiting: number;
  readonly sent: number;
  readonly bounced: number;
  readonly complained: number;
  readonly history: z.output<typeof Day>[];
}

async function sendersShown(ctx: Ctx): Promise<z.input<typeof Sender>[]> {
  const settings = (await loadSettings(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId);
  const rows = await ctx.query<Standing>(STANDING, [ctx.companyId, ctx.clock.now()]);
  const connections = new Map((await connectionsOfAll(ctx, ctx.companyId)).map((one) => [one.id, one]));
  return (settings?.senders ?? []).flatMap((sender) => {
    const row = rows.find(({ id }) => id === sender.id);
    const connection = connections.get(sender.connectionId ?? '');
    return row === undefined ? [] : [present(sender, row, connection)];
  });
}

function present(
  sender: Loaded,
  row: Standing,
  connection: { readonly title: string; readonly state: 'untested' | 'ok' | 'rejected' } | undefined,
): z.input<typeof Sender> {
  const { ramp, today } = sender;
  const { day, taken, commercial, limit, allowed, step } = today;
  const room = roomOf(today, 'commercial');
  const { ownZone, ...standing } = row;
  return {
    ...standing,
    address: sender.address,
    name: sender.name,
    replyTo: sender.replyTo,
    connectionId: sender.connectionId,
    connectionTitle: connection?.title ?? null,
    connectionState: connection?.state ?? null,
    carries: [...sender.carries],
    dailyLimit: sender.dailyLimit,
    rampStart: ramp?.start ?? null,
    rampPercent: ramp?.percent ?? null,
    rampSince: ramp?.since ?? null,
    timeZone: ownZone,
    state: sender.state,
    health: sender.health,
    healthSays: sender.because?.says ?? null,
    today: { day, taken, commercial, limit, allowed, step, room: room === Infinity ? null : room },
    ahead: ramp === null ? [] : aheadOf(ramp, step, limit),
  };
}

/** Up to the day on which the limit is reached, a month at most. */
function aheadOf(ramp: { readonly start: number; readonly percent: number }, step: number, limit: number | null): number[] {
  const days: number[] = [];
  for (let i = 0; i < AHEAD_DAYS; i++) {
    const allowed = rampOf(ramp, step + i);
    days.push(Math.min(allowed, limit ?? allowed));
    if (limit !== null && allowed >= limit) break;
  }
  return days;
}

const timeZone = z
  .string()
  .max(60)
  .refine(
    (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
    'is not a time zone; write one such as Europe/Berlin',
  )
  .nullable();
const Plan = z.object({
  name: z.string().trim().min(1).max(200).describe('What people see as the sender'),
  replyTo: emailAddress().nullable().describe('Null: to the sender, or to the mailbox that Steward reads'),
  connectionId: z.uuid().describe('A connection that sends mail'),
  carries: z
    .array(z.enum(MESSAGE_CLASSES))
    .min(1)
    .max(2)
    .describe('Which classes of mail. Where some sender carries a class alone, that class leaves by no sender that carries both'),
  dailyLimit: z.int().min(1).max(10_000_000).nullable().describe('All mail in a day, as its provider lets through; null: no limit'),
  rampStart: z.int().min(1).max(100_000).nullable().describe('Commercial mails on the first day while it is new; null: no ramp-up'),
  rampPercent: z.int().min(1).max(200).nullable().describe('So many per cent more on each further day on which it sends'),
  timeZone: timeZone.describe('Where its day begins; null: the company’s'),
});
const withRamp = (input: { rampStart?: number | null | undefined; rampPercent?: number | null | undefined }) =>
  input.rampPercent == null || input.rampStart != null;

const senderId = z.uuid().describe('Id of the sender');

async function requireSender(ctx: Ctx, id: string): Promise<typeof senders.$inferSelect> {
  const [row] = await ctx.db
    .select()
    .from(senders)
    .where(and(eq(senders.id, id), eq(senders.companyId, ctx.companyId)));
  if (row === undefined) throw new SenderNotFound('There is no such sender; see GET /api/senders');
  return row;
}

async function shown(ctx: Ctx, id: string): Promise<z.input<typeof Sender>> {
  const found = (await sendersShown(ctx)).find((one) => one.id === id);
  if (found === undefined) throw new SenderNotFound('There is no such sender; see GET /api/senders');
  return found;
}

/** What waits is looked at again, with the senders as they are now. */
async function hasten(ctx: Ctx): Promise<void> {
  await ctx.runtime.effects.hasten(ctx, { companyId: ctx.companyId, kind: 'email' });
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
}

async function checkConnection(ctx: Ctx, connectionId: string, carries: readonly string[]): Promise<void> {
  const fault = (message: string) => new InvalidInput(`The connection ${message}`, { fields: [{ path: 'connectionId', message }] });
  const row = await connectionById(ctx, ctx.companyId, connectionId);
  if (row === undefined) throw fault('does not exist; see GET /api/connections');
  const { title, sends, transactionalOnly } = await sendsMail(ctx.runtime, row);
  if (!sends) throw fault(`is one to ${title}, which sends no mail`);
  if (transactionalOnly && carries.includes('commercial')) throw fault(`is one to ${title}, which carries transactional mail only`);
}

async function checkAddress(ctx: Ctx, address: string, except: string | null): Promise<void> {
  const rows = await ctx.query<{ id: string }>(
    { name: 'senders.by_address', text: `select id from senders where company_id = $1 and address = $2 and state <> 'retired'` },
    [ctx.companyId, address],
  );
  if (rows.some(({ id }) => id !== except)) throw new SenderTaken(`There is a sender ${address} already`);
}

export const listSenders = operation({
  name: 'senders.list',
  summary: 'Addresses that mail leaves from: what each sent today, may send, and how it is doing',
  http: 'GET /api/senders',
  cli: 'senders list',
  columns: ['address', 'name', 'state', 'health', 'today', 'waiting', 'id'],
  access: 'read',
  input: z.object({ retired: z.boolean().default(false).describe('Also those that were retired') }),
  output: z.object({
    items: z.array(Sender),
    nextCursor: z.null(),
    otherwise: z
      .object({ address: z.string(), name: z.string(), connectionId: z.uuid().nullable() })
      .nullable()
      .describe('Who sends what no sender carries: the connection in use. Null: there is no address to send from'),
  }),
  async run(ctx, input) {
    const settings = (await loadSettings(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId);
    const items = await sendersShown(ctx);
    return {
      items: items.filter(({ state }) => input.retired || state !== 'retired'),
      nextCursor: null,
      otherwise: settings?.from == null ? null : { ...settings.from, connectionId: settings.connectionId },
    };
  },
});

export const createSender = operation({
  name: 'senders.create',
  summary: 'Add an address to send from. From then on mail leaves by your senders',
  http: 'POST /api/senders',
  cli: 'senders create',
  access: 'write',
  role: 'admin',
  input: Plan.partial()
    .extend({ address: emailAddress(), connectionId: Plan.shape.connectionId })
    .refine(withRamp, { path: ['rampStart'], message: 'Say with how many mails the ramp-up begins' }),
  output: Sender,
  errors: [SenderTaken],
  async run(ctx, input) {
    const carries = [...new Set(input.carries ?? MESSAGE_CLASSES)];
    await checkConnection(ctx, input.connectionId, carries);
    await checkAddress(ctx, input.address, null);
    const settings = (await loadSettings(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId);
    const id = newId();
    const now = ctx.clock.now();
    const ramp = rampColumns(input.rampStart, input.rampPercent, now);
    await ctx.db.insert(senders).values({
      id,
      address: input.address,
      name: input.name ?? settings?.from?.name ?? settings?.companyName ?? input.address,
      replyTo: input.replyTo ?? null,
      connectionId: input.connectionId,
      carries,
      dailyLimit: input.dailyLimit ?? null,
      timeZone: input.timeZone ?? null,
      ...ramp,
      createdAt: now,
      updatedAt: now,
    });
    await hasten(ctx);
    return shown(ctx, id);
  },
});

const USUAL_PERCENT = 20;

function rampColumns(start: number | null | undefined, percent: number | null | undefined, now: Date) {
  if (start == null) return { rampStart: null, rampPercent: null, rampSince: null };
  return { rampStart: start, rampPercent: percent ?? USUAL_PERCENT, rampSince: now.toISOString().slice(0, 10) };
}

export const updateSender = operation({
  name: 'senders.update',
  summary: 'Change a sender, pause or retire it. A retired one sends no more; its conversations go on by another',
  http: 'PUT /api/senders/{sender_id}',
  cli: 'senders update',
  access: 'write',
  role: 'admin',
  input: Plan.partial().extend({ senderId, state: z.enum(SENDER_STATES).optional() }),
  output: Sender,
  errors: [SenderNotFound, SenderTaken],
  async run(ctx, input) {
    const row = await requireSender(ctx, input.senderId);
    ctx.expectVersion(row);
    const { senderId: id, rampStart = row.rampStart, rampPercent, ...rest } = input;
    const carries = input.carries === undefined ? row.carries : [...new Set(input.carries)];
    const connectionId = input.connectionId ?? row.connectionId;
    if (connectionId !== null && (input.connectionId !== undefined || input.carries !== undefined))
      await checkConnection(ctx, connectionId, carries);
    if (row.state === 'retired' && input.state !== undefined && input.state !== 'retired') await checkAddress(ctx, row.address, id);
    const now = ctx.clock.now();
    const percent = rampPercent === undefined ? row.rampPercent : rampPercent;
    // The same plan goes on where it was; another one begins today.
    const same = rampStart === row.rampStart && (percent ?? USUAL_PERCENT) === row.rampPercent;
    await ctx.db
      .update(senders)
      .set({
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
        carries,
        ...(same ? {} : rampColumns(rampStart, percent, now)),
        updatedAt: now,
      })
      .where(and(eq(senders.id, id), eq(senders.companyId, ctx.companyId)));
    await hasten(ctx);
    return shown(ctx, id);
  },
});

export const resumeSender = operation({
  name: 'senders.resume',
  summary: 'Let a slowed or stopped sender go on; complaints and bounces until now are forgiven',
  http: 'POST /api/senders/{sender_id}/resume',
  cli: 'senders resume',
  access: 'write',
  role: 'admin',
  status: 200,
  input: z.object({ senderId }),
  output: Sender,
  errors: [SenderNotFound],
  async run(ctx, input) {
    const row = await requireSender(ctx, input.senderId);
    const now = ctx.clock.now();
    await ctx.db
      .update(senders)
      .set({ health: 'well', healthAt: now, healthBecause: null, countedFrom: now, updatedAt: now })
      .where(and(eq(senders.id, row.id), eq(senders.companyId, ctx.companyId)));
    await hasten(ctx);
    return shown(ctx, row.id);
  },
});
