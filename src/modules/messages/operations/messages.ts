import { positionOf } from '#modules/people/public.ts';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { atLeast } from '#core/operation/principal.ts';
import { smsLength } from '#core/ports/sms-segments.ts';
import { composeSms } from '../compose-sms.ts';
import { composeEmail } from '../compose.ts';
import { frameFor } from '../frame.ts';
import { loadSettings } from '../gate/settings.ts';
import { REPLY_CLASSES } from '../replies/verdict.ts';
import { languageOfReader } from '../send/hand.ts';
import { MESSAGE_STATES, messages, type Message } from '../tables.ts';
import { LINE_COLUMNS, MessageDetail, MessageLine, MessageNotFound } from './shapes.ts';

/** A moment that PostgreSQL and JavaScript agree on. */
const moment = () => z.date().min(new Date(0)).max(new Date(253_402_300_799_999));
export const messageId = z.uuid().describe('Id of the message');

/**
 * Every filter is optional; the plan is made for the values given (the statement's text differs by the filters used), so that each list
 * walks the index that serves it: messages_person, messages_step (a run), messages_state, messages_recent.
 */
function listStatement(filters: readonly string[], cursor: boolean) {
  // PostgreSQL keeps 63 characters of a name
  const name = `messages.list.${filters.map((filter) => filter.slice(0, 2) + filter.slice(-1)).join('')}${cursor ? '.after' : ''}`;
  const conditions: Record<string, (n: number) => string> = {
    state: (n) => `m.state = $${n}`,
    direction: (n) => `m.direction = $${n}`,
    personId: (n) => `m.person_id = $${n}`,
    leadId: (n) => `m.lead_id = $${n}`,
    runId: (n) => `m.run_id = $${n}`,
    workflow: (n) => `m.workflow = $${n}`,
    threadId: (n) => `m.thread_id = $${n}`,
    class: (n) => `m.class = $${n}`,
    replyClass: (n) => `m.reply_class = $${n}`,
    auto: (n) => `m.auto = $${n}`,
    createdFrom: (n) => `m.created_at >= $${n}`,
    createdTo: (n) => `m.created_at < $${n}`,
    q: (n) =>
      `(m.subject ilike $${n} or m.to_email ilike $${n} or m.to_name ilike $${n} or m.from_email ilike $${n} or m.from_name ilike $${n})`,
  };
  const where = filters.map((filter, i) => conditions[filter]?.(i + 3) ?? 'true');
  if (cursor) where.push(`(m.created_at, m.id) < ($${filters.length + 3}::timestamptz, $${filters.length + 4}::uuid)`);
  return {
    name,
    text: `select ${LINE_COLUMNS} from messages m where ${['m.company_id = $1', ...where].join(' and ')} order by m.created_at desc, m.id desc limit $2`,
  };
}

export const listMessages = operation({
  name: 'messages.list',
  summary: 'The outbox and what came in, newest first',
  http: 'GET /api/messages',
  cli: 'messages list',
  columns: ['created_at', 'direction', 'to_email', 'from_email', 'subject', 'state', 'state_reason', 'id'],
  access: 'read',
  input: z.object({
    state: z.enum(MESSAGE_STATES).optional(),
    direction: z.enum(['outbound', 'inbound']).optional(),
    personId: z.uuid().optional(),
    leadId: z.uuid().optional(),
    runId: z.uuid().optional(),
    workflow: z.string().max(100).optional(),
    threadId: z.uuid().optional(),
    class: z.enum(['commercial', 'transactional']).optional(),
    replyClass: z.enum(REPLY_CLASSES).optional().describe('What an inbound mail means'),
    auto: z.boolean().optional().describe('Written by a machine, such as an absence note'),
    createdFrom: moment().optional().describe('Not before this moment'),
    createdTo: moment().optional().describe('Before this moment'),
    q: z.string().trim().min(1).max(200).optional().describe('Part of subject, name or address'),
    ...pageInput,
  }),
  output: pageOf(MessageLine),
  async run(ctx, { limit, cursor, q, ...rest }) {
    const filters = Object.entries({ ...rest, q: q === undefined ? undefined : `%${q.replace(/[\\%_]/g, '\\$&')}%` }).filter(
      ([, value]) => value !== undefined,
    );
    const statement = listStatement(
      filters.map(([name]) => name),
      cursor !== undefined,
    );
    const values = [ctx.companyId, limit + 1, ...filters.map(([, value]) => value), ...(cursor === undefined ? [] : positionOf(cursor))];
    const rows = await ctx.query<z.input<typeof MessageLine>>(statement, values);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const countMessages = operation({
  name: 'messages.counts',
  summary: 'How many messages stand in each state',
  http: 'GET /api/messages/counts',
  cli: 'messages counts',
  access: 'read',
  input: z.object({}),
  output: z.object({ byState: z.record(z.string(), z.int()) }),
  async run(ctx) {
    const rows = await ctx.query<{ state: string; count: number }>(
      { name: 'messages.counts', text: 'select state, count(*)::int as count from messages where company_id = $1 group by state' },
      [ctx.companyId],
    );
    return { byState: Object.fromEntries(rows.map((row) => [row.state, row.count])) };
  },
});

export async function requireMessage(ctx: Ctx, id: string): Promise<Message> {
  const [row] = await ctx.db
    .select()
    .from(messages)
    .where(and(eq(messages.id, id), eq(messages.companyId, ctx.companyId)));
  if (row === undefined) throw new MessageNotFound('There is no such message; see GET /api/messages');
  return row;
}

/** A mail as it went out, or as it would go out now: drawn from the stored text and the frame of its time. */
export async function composed(ctx: Ctx, row: Message) {
  const settings = (await loadSettings(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId)?.as(row.senderId);
  const whole =
    row.frame ?? (settings === undefined ? null : frameFor(ctx.runtime.secrets, settings, row, await languageOfReader(ctx, row)));
  if (whole === null) return null;
  // Shown without what counts: whoever looks at it here is no reader.
  const { tracking: _, ...frame } = whole;
  const stored = {
    ...row,
    messageId: row.messageId ?? '',
    references: row.headers['references'] ?? null,
    language: row.headers['language'] ?? null,
  };
  return composeEmail(ctx.runtime.secrets, stored, frame, row.sentAt ?? row.dueAt ?? row.createdAt);
}

const HIDDEN = 'This mail holds a sign-in link. Only admins may read it.';

export const getMessage = operation({
  name: 'messages.get',
  summary: 'One message as it goes out, with the verdict of the gate and how its text was made',
  http: 'GET /api/messages/{message_id}',
  cli: 'messages get',
  access: 'read',
  input: z.object({ messageId }),
  output: MessageDetail,
  errors: [MessageNotFound],
  async run(ctx, input) {
    const row = await requireMessage(ctx, input.messageId);
    const { principal } = ctx;
    const hidden = row.sensitive && (principal.kind === 'public' || !atLeast(principal.role, 'admin'));
    const sms =
      row.channel === 'sms'
        ? row.direction === 'outbound'
          ? composeSms({ ...row, language: row.headers['language'] ?? null })
          : row.text
        : null;
    const mail = row.direction === 'outbound' && sms === null ? await composed(ctx, row) : null;
    const headers =
      mail === null
        ? row.headers
        : {
            From: `${mail.from.name} <${mail.from.address}>`,
            To: `${mail.to.name} <${mail.to.address}>`.trim(),
            Subject: mail.subject,
            'Message-ID': mail.messageId,
            Date: mail.date.toUTCString(),
            ...(mail.replyTo === undefined ? {} : { 'Reply-To': mail.replyTo }),
            ...(mail.inReplyTo === undefined ? {} : { 'In-Reply-To': mail.inReplyTo }),
            ...mail.headers,
          };
    return {
      ...row,
      text: hidden ? HIDDEN : (sms ?? mail?.text ?? row.text),
      smsLength: sms === null ? null : smsLength(sms),
      html: hidden ? null : (mail?.html ?? null),
      headers,
      verdict:
        row.verdict === null
          ? null
          : { ...row.verdict, go: row.verdict.decision === 'send', reasons: [...row.verdict.reasons], passed: [...row.verdict.passed] },
      replyReasons: row.replyReasons === null ? null : [...row.replyReasons],
    };
  },
});
