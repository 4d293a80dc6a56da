import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { listTopics } from '#modules/people/public.ts';
import { openGate } from '../gate/ask.ts';
import { loadSettings, type SenderSettings } from '../gate/settings.ts';
import { CHANNELS, sending } from '../tables.ts';

/** There is nothing to launch or resume. */
export class SendingState extends Conflict {
  override readonly code = 'sending_state';
}

const Status = z.object({
  state: z
    .enum(['capture', 'held', 'live', 'paused'])
    .describe('capture: no mail server, nothing can leave. held: connected, nobody has launched. live. paused'),
  from: z.string().nullable(),
  connectionId: z.uuid().nullable(),
  connectionState: z.enum(['untested', 'ok', 'rejected']).nullable(),
  launchedAt: z.date().nullable(),
  launchedBy: z.uuid().nullable(),
  pausedAt: z.date().nullable(),
  pausedBy: z.uuid().nullable(),
  pauseReason: z.string().nullable(),
  waiting: z.int().describe('Messages that wait in the queue'),
});

/** How sending stands: that of mail, or of SMS where nothing else is connected. */
async function settingsOf(ctx: Ctx): Promise<SenderSettings> {
  const all: SenderSettings[] = [];
  for (const channel of CHANNELS) all.push(...(await loadSettings(ctx, ctx.runtime, [ctx.companyId], channel)).values());
  const settings = all.find(({ mode }) => mode !== 'capture') ?? all[0];
  if (settings === undefined) throw new SendingState('This company is gone');
  return settings;
}

async function rowOf(ctx: Ctx): Promise<typeof sending.$inferSelect | undefined> {
  const [row] = await ctx.db.select().from(sending).where(eq(sending.companyId, ctx.companyId));
  return row;
}

async function statusOf(ctx: Ctx): Promise<z.input<typeof Status>> {
  const settings = await settingsOf(ctx);
  const row = await rowOf(ctx);
  const [queue] = await ctx.query<{ waiting: number }>(
    { name: 'messages.waiting', text: `select count(*)::int as waiting from messages where company_id = $1 and state = 'queued'` },
    [ctx.companyId],
  );
  return {
    state: settings.mode,
    from: fromOf(settings),
    connectionId: settings.connectionId,
    connectionState: settings.connection?.state ?? null,
    launchedAt: row?.launchedAt ?? null,
    launchedBy: row?.launchedBy ?? null,
    pausedAt: row?.pausedAt ?? null,
    pausedBy: row?.pausedBy ?? null,
    pauseReason: row?.pauseReason ?? null,
    waiting: queue?.waiting ?? 0,
  };
}

function fromOf({ from }: SenderSettings): string | null {
  return from === null ? null : `${from.name} <${from.address}>`;
}

export const sendingStatus = operation({
  name: 'sending.status',
  summary: 'Does mail leave, and who let it',
  http: 'GET /api/sending',
  cli: 'sending status',
  access: 'read',
  input: z.object({}),
  output: Status,
  run: (ctx) => statusOf(ctx),
});

const PREVIEW_MESSAGES = 20;
const PREVIEW_ASKED = 2_000;
const WAITING = {
  name: 'messages.preview',
  text: `select id, company_id as "companyId", class, topic, person_id as "personId", to_name as "toName", to_email as "toEmail", subject, text, due_at as "dueAt", created_at as "createdAt"
           from messages where company_id = $1 and state = 'queued' and channel = 'email' order by created_at, id limit $2`,
};
interface WaitingRow {
  readonly id: string;
  readonly companyId: string;
  readonly class: 'commercial' | 'transactional';
  readonly topic: string | null;
  readonly personId: string | null;
  readonly toName: string;
  readonly toEmail: string;
  readonly subject: string;
  readonly text: string;
  readonly dueAt: Date | null;
  readonly createdAt: Date;
}

/** The gate as it would be if sending were launched this minute, over all that waits. */
async function rehearse(ctx: Ctx, tx: Transaction) {
  const rows = await tx.query<WaitingRow>(WAITING, [ctx.companyId, PREVIEW_ASKED]);
  const asked = rows.map((row) => ({
    companyId: row.companyId,
    personId: row.personId,
    address: row.toEmail === '' ? null : row.toEmail,
    messageId: row.id,
  }));
  const gate = await openGate(
    tx,
    ctx.runtime,
    asked.length === 0 ? [{ companyId: ctx.companyId, personId: null, address: null, messageId: null }] : asked,
    'hand',
    undefined,
    'live',
  );
  const judged = rows.map((row) => ({
    row,
    verdict: gate.ask({
      ...row,
      messageId: row.id,
      to: row.toEmail === '' ? null : row.toEmail,
      unresolved: [],
      draftedAt: row.createdAt,
      runStopped: null,
      runPaused: false,
    }),
  }));
  return { judged, settings: gate.settings.get(ctx.companyId) };
}

/** What keeps every mail from leaving, whoever it is for. */
const SET_UP = new Set(['from', 'postal_address', 'unsubscribe_link', 'connection']);

export const sendingPreview = operation({
  name: 'sending.preview',
  summary: 'What would leave if sending were launched now, and who is left out and why. Sends nothing',
  http: 'GET /api/sending/preview',
  cli: 'sending preview',
  access: 'read',
  input: z.object({}),
  output: z.object({
    state: Status.shape.state,
    from: z.string().nullable(),
    waiting: z.int(),
    nowCount: z.int().describe('Would leave at once'),
    laterCount: z.int().describe('Would leave later: hours, caps, limits'),
    blockedCount: z.int(),
    problems: z.array(z.string()).describe('What a person must mend before anything can leave'),
    messages: z.array(
      z.object({
        id: z.uuid(),
        personId: z.uuid().nullable(),
        toName: z.string(),
        toEmail: z.string(),
        subject: z.string(),
        text: z.string(),
        dueAt: z.date().nullable(),
      }),
    ),
    blocked: z.array(
      z.object({
        id: z.uuid(),
        personId: z.uuid().nullable(),
        toName: z.string(),
        toEmail: z.string(),
        rule: z.string(),
        reason: z.string(),
        fix: z.string(),
      }),
    ),
  }),
  async run(ctx) {
    const { judged } = await rehearse(ctx, ctx);
    const settings = await settingsOf(ctx);
    const later = judged.filter(({ verdict }) => verdict.decision === 'later');
    const blocked = judged.filter(({ verdict }) => verdict.decision === 'block');
    const go = judged.filter(({ verdict }) => verdict.decision === 'send');
    const problems = new Set(
      later.flatMap(({ verdict }) =>
        verdict.reasons.filter((reason) => SET_UP.has(reason.rule)).map((reason) => `${reason.says}. ${reason.fix}.`),
      ),
    );
    for (const problem of setUpProblems(settings)) problems.add(problem);
    return {
      state: settings.mode,
      from: fromOf(settings),
      waiting: judged.length,
      nowCount: go.length,
      laterCount: later.length,
      blockedCount: blocked.length,
      problems: [...problems],
      messages: [...go, ...later].slice(0, PREVIEW_MESSAGES).map(({ row, verdict }) => ({
        id: row.id,
        personId: row.personId,
        toName: row.toName,
        toEmail: row.toEmail,
        subject: row.subject,
        text: row.text,
        dueAt: verdict.until === null ? null : new Date(verdict.until),
      })),
      blocked: blocked.slice(0, 100).map(({ row, verdict }) => {
        const reason = verdict.reasons.find((one) => one.decision === 'block');
        return {
          id: row.id,
          personId: row.personId,
          toName: row.toName,
          toEmail: row.toEmail,
          rule: reason?.rule ?? '',
          reason: reason?.says ?? '',
          fix: reason?.fix ?? '',
        };
      }),
    };
  },
});

/** Known before a single message waits. */
function setUpProblems(settings: SenderSettings): string[] {
  const problems: string[] = [];
  if (settings.mode === 'capture') problems.push('No mail server is connected. Connect one under Connections.');
  if (settings.channel === 'email' && settings.mode !== 'capture' && settings.from === null)
    problems.push('There is no sender address. Set the sender address under Settings → Sending, or FROM_EMAIL.');
  return problems;
}

/** Queued messages are looked at again right away, each in its own hours and through the gate. */
async function hasten(ctx: Ctx): Promise<void> {
  for (const kind of CHANNELS) await ctx.runtime.effects.hasten(ctx, { companyId: ctx.companyId, kind });
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
}

async function change(ctx: Ctx, values: Partial<typeof sending.$inferInsert>): Promise<void> {
  const set = { ...values, updatedAt: ctx.clock.now() };
  await ctx.db
    .insert(sending)
    .values({ companyId: ctx.companyId, ...set })
    .onConflictDoUpdate({ target: sending.companyId, set });
  ctx.subject('sending', ctx.companyId);
}

const who = (ctx: Ctx) => ('userId' in ctx.principal ? ctx.principal.userId : null);

export const launchSending = operation({
  name: 'sending.launch',
  summary: 'From now on mail leaves through the connected mail server, each message in its hours and through the gate',
  http: 'POST /api/sending/launch',
  cli: 'sending launch',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({}),
  output: Status,
  errors: [SendingState],
  async run(ctx) {
    const settings = await settingsOf(ctx);
    if (settings.mode === 'capture')
      throw new SendingState('There is no mail server and no SMS to launch; connect one under Connections first');
    await change(ctx, { launchedAt: ctx.clock.now(), launchedBy: who(ctx), pausedAt: null, pausedBy: null, pauseReason: null });
    await hasten(ctx);
    return statusOf(ctx);
  },
});

export const pauseSending = operation({
  name: 'sending.pause',
  summary: 'Nothing leaves until somebody resumes. Sequences go on writing; what they write waits',
  http: 'POST /api/sending/pause',
  cli: 'sending pause',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ reason: z.string().trim().min(1).max(500).optional() }),
  output: Status,
  async run(ctx, input) {
    await change(ctx, { pausedAt: ctx.clock.now(), pausedBy: who(ctx), pauseReason: input.reason ?? null });
    return statusOf(ctx);
  },
});

export const resumeSending = operation({
  name: 'sending.resume',
  summary: 'Ends a pause: what waits is looked at again at once',
  http: 'POST /api/sending/resume',
  cli: 'sending resume',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({}),
  output: Status,
  async run(ctx) {
    await change(ctx, { pausedAt: null, pausedBy: null, pauseReason: null });
    await hasten(ctx);
    return statusOf(ctx);
  },
});

const Limits = z.object({
  days: z.array(z.int().min(1).max(7)).min(1).max(7).describe('Week days for commercial mail, 1 is Monday'),
  capPerDay: z.int().min(0).max(100).describe('Commercial messages to one person in 24 hours'),
  capPerWeek: z.int().min(0).max(500).describe('Commercial messages to one person in 7 days'),
  dailyLimit: z.int().min(0).max(10_000_000).nullable().describe('Mails of the whole company in a day of its time zone; null is no limit'),
  sendTime: z.boolean().describe('Commercial mail waits for the hour of the week at which people answer, within the sending hours'),
  keepHolidays: z.boolean().describe('Commercial mail waits on public holidays where the person is, unless the sending hours are always'),
  basis: z
    .enum(['by_country', 'opt_in'])
    .describe('by_country: what the topic and the law of the person’s country let through. opt_in: only who consented'),
  fromName: z.string().trim().max(200).nullable(),
  fromEmail: z.email().max(254).nullable(),
  replyTo: z.email().max(254).nullable(),
  rehearseAbove: z
    .int()
    .min(0)
    .max(1_000_000)
    .nullable()
    .describe(
      'More people than this are enrolled in a sequence with commercial mail only with a rehearsal that still holds; null: never asked for',
    ),
});
const SettingsOut = Limits.extend({
  topics: z
    .array(z.object({ key: z.string(), title: z.string() }))
    .describe('What people can choose on their preference page; changed with PUT /api/topics/{key}'),
  hours: z.string().describe('Set with the company: PUT /api/company'),
  postalAddress: z.string().nullable(),
  updatedAt: z.date(),
});

async function settingsShown(ctx: Ctx): Promise<z.input<typeof SettingsOut>> {
  const row = await rowOf(ctx);
  const settings = await settingsOf(ctx);
  return {
    days: [...settings.days],
    capPerDay: settings.capPerDay,
    capPerWeek: settings.capPerWeek,
    dailyLimit: settings.dailyLimit,
    basis: settings.basis,
    fromName: row?.fromName ?? null,
    fromEmail: row?.fromEmail ?? null,
    replyTo: row?.replyTo ?? null,
    keepHolidays: row?.keepHolidays ?? true,
    sendTime: row?.sendTime ?? false,
    rehearseAbove: row === undefined ? 200 : row.rehearseAbove,
    topics: (await listTopics(ctx, ctx.companyId)).map(({ key, title }) => ({ key, title })),
    hours: settings.hours,
    postalAddress: settings.postalAddress,
    updatedAt: row?.updatedAt ?? new Date(0),
  };
}

export const getSendingSettings = operation({
  name: 'sending.settings',
  summary: 'Limits of the gate and the sender of your company',
  http: 'GET /api/sending/settings',
  cli: 'sending settings',
  access: 'read',
  input: z.object({}),
  output: SettingsOut,
  run: (ctx) => settingsShown(ctx),
});

export const updateSendingSettings = operation({
  name: 'sending.configure',
  summary: 'Change caps, limits or the sender; what is left out stays',
  http: 'PUT /api/sending/settings',
  cli: 'sending configure',
  access: 'write',
  role: 'admin',
  input: Limits.partial(),
  output: SettingsOut,
  async run(ctx, input) {
    const row = await rowOf(ctx);
    ctx.expectVersion({ updatedAt: row?.updatedAt ?? new Date(0) });
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    await change(ctx, given);
    await hasten(ctx);
    return settingsShown(ctx);
  },
});
