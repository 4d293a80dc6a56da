import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { Conversation, CONVERSATION_COLUMNS, CONVERSATION_JOINS, userIdOf } from '../conversation.ts';

export const VIEWS = ['open', 'mine', 'unassigned', 'snoozed', 'done', 'all'] as const;
type View = (typeof VIEWS)[number];

const AWAKE = `(c.snoozed_until is null or c.snoozed_until <= $3)`;
const WHERE: Readonly<Record<View, string>> = {
  open: `c.state = 'open' and ${AWAKE}`,
  mine: `c.state = 'open' and ${AWAKE} and c.assignee_id = $2::uuid`,
  unassigned: `c.state = 'open' and ${AWAKE} and c.assignee_id is null`,
  snoozed: `c.state = 'open' and c.snoozed_until > $3`,
  done: `c.state = 'done'`,
  all: 'true',
};

/** A statement for each view, with and without words and a position: each is planned for what it asks. conversations_list serves the walk. */
function listStatement(view: View, words: boolean, after: boolean): Statement {
  const where = ['c.company_id = $1', WHERE[view]];
  if (words) where.push('c.person_id in (select steward_conversations_like($5, $6))');
  const at = words ? 7 : 5;
  if (after) where.push(`(c.last_at, c.person_id) < ($${at}::timestamptz, $${at + 1}::uuid)`);
  return {
    name: `conversations.list.${view}${words ? '.like' : ''}${after ? '.after' : ''}`,
    text: `select ${CONVERSATION_COLUMNS} from ${CONVERSATION_JOINS} where ${where.join(' and ')} order by c.last_at desc, c.person_id desc limit $4`,
  };
}

export const listConversations = operation({
  name: 'conversations.list',
  summary: 'Mail and SMS with people, one conversation a person, the last one moved first',
  http: 'GET /api/conversations',
  cli: 'conversations list',
  columns: ['name', 'email', 'state', 'unread', 'subject', 'preview', 'person_id'],
  access: 'read',
  input: z.object({
    view: z.enum(VIEWS).default('open').describe('open: not done and not snoozed; mine and unassigned are parts of it'),
    q: z.string().trim().min(1).max(200).optional().describe('Part of a name, an address, or of what they wrote'),
    ...pageInput,
  }),
  output: pageOf(Conversation),
  async run(ctx, { view, q, limit, cursor }) {
    const rows = await ctx.query<Conversation>(listStatement(view, q !== undefined, cursor !== undefined), [
      ctx.companyId,
      userIdOf(ctx),
      ctx.clock.now(),
      limit + 1,
      ...(q === undefined ? [] : [q, `%${q.replace(/[\\%_]/g, '\\$&')}%`]),
      ...(cursor === undefined ? [] : positionOf(cursor)),
    ]);
    return toPage(rows, limit, (row) => [row.lastAt.getTime(), row.personId]);
  },
});

const COUNTS: Statement = {
  name: 'conversations.counts',
  text: `select count(*) filter (where ${WHERE.open})::int as open, count(*) filter (where ${WHERE.mine})::int as mine, count(*) filter (where ${WHERE.unassigned})::int as unassigned,
           count(*) filter (where ${WHERE.snoozed})::int as snoozed,
           count(*) filter (where ${WHERE.open} and c.inbound_at > coalesce(r.read_at, '-infinity') and (c.waiting_since is not null or r.read_at = 'epoch') and (c.assignee_id is null or c.assignee_id = $2::uuid))::int as unread
         from conversations c left join conversation_reads r on r.person_id = c.person_id and r.user_id = $2::uuid where c.company_id = $1 and c.state = 'open'`,
};

export const countConversations = operation({
  name: 'conversations.counts',
  summary: 'How many conversations are open, yours, nobody’s, snoozed, and unread by you',
  http: 'GET /api/conversations/counts',
  cli: 'conversations counts',
  access: 'read',
  input: z.object({}),
  output: z.object({
    open: z.int(),
    mine: z.int(),
    unassigned: z.int(),
    snoozed: z.int(),
    unread: z.int().describe('Open, yours or nobody’s, and written to since you looked'),
  }),
  async run(ctx) {
    const [row] = await ctx.query<{ open: number; mine: number; unassigned: number; snoozed: number; unread: number }>(COUNTS, [
      ctx.companyId,
      userIdOf(ctx),
      ctx.clock.now(),
    ]);
    return row ?? { open: 0, mine: 0, unassigned: 0, snoozed: 0, unread: 0 };
  },
});
