import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf, requireUser } from '#modules/people/public.ts';
import { Priority, Tag, Ticket, TICKET_COLUMNS, TICKET_JOINS } from '../ticket.ts';

const VIEWS = ['active', 'mine', 'unassigned', 'waiting', 'pending', 'on_hold', 'solved', 'closed', 'all'] as const;
type View = (typeof VIEWS)[number];

const ACTIVE = `t.state in ('open', 'pending', 'on_hold')`;
const WHERE: Readonly<Record<View, string>> = {
  active: ACTIVE,
  mine: `${ACTIVE} and t.assignee_id = $3::uuid`,
  unassigned: `${ACTIVE} and t.assignee_id is null`,
  waiting: `t.state in ('open', 'on_hold') and t.waiting_since is not null`,
  pending: `t.state = 'pending'`,
  on_hold: `t.state = 'on_hold'`,
  solved: `t.state = 'solved'`,
  closed: `t.state = 'closed'`,
  all: 'true',
};
const FILTERS = {
  priority: 't.priority = ?',
  assigneeId: 't.assignee_id = ?::uuid',
  personId: 't.person_id = ?::uuid',
  tag: '? = any (t.tags)',
} as const;
// The keys of a literal object are exactly its type's keys.
const FILTER_NAMES = Object.keys(FILTERS) as (keyof typeof FILTERS)[];

interface Shape {
  readonly view: View;
  readonly sort: 'recent' | 'due';
  readonly filters: readonly (keyof typeof FILTERS)[];
  readonly words: boolean;
  readonly after: boolean;
}

/** A statement for each shape, each planned for what it asks: tickets_recent, tickets_due, tickets_state, tickets_assignee or tickets_person serve it. */
function statementOf({ view, sort, filters, words, after }: Shape): Statement {
  let place = 3;
  const next = () => `$${(place += 1)}`;
  // $3, the user, stands in every statement, so that its type is known whether the view asks for it or not.
  const where = ['t.company_id = $1', 't.merged_into_id is null', WHERE[view], '($3::uuid is null or true)'];
  for (const name of filters) where.push(FILTERS[name].replace('?', next()));
  if (words) where.push(`t.id in (select steward_tickets_like(${next()}, ${next()}))`);
  if (after)
    where.push(
      sort === 'due'
        ? `(t.sort_due_at, t.id) > (${next()}::timestamptz, ${next()}::uuid)`
        : `(t.last_at, t.id) < (${next()}::timestamptz, ${next()}::uuid)`,
    );
  return {
    name: `tickets.list.${view}.${sort}.${filters.join('.')}${words ? '.like' : ''}${after ? '.after' : ''}`,
    text: `select ${TICKET_COLUMNS}, t.sort_due_at as "sortDueAt" from ${TICKET_JOINS} where ${where.join(' and ')} order by ${sort === 'due' ? 't.sort_due_at, t.id' : 't.last_at desc, t.id desc'} limit $2`,
  };
}

export const listTickets = operation({
  name: 'tickets.list',
  summary: 'Tickets by state, assignee, priority, tag, person or words; last moved first, or what is due first',
  http: 'GET /api/tickets',
  cli: 'tickets list',
  columns: ['number', 'subject', 'state', 'priority', 'person_name', 'email', 'waiting_since', 'id'],
  access: 'read',
  input: z.object({
    view: z
      .enum(VIEWS)
      .default('active')
      .describe('active: open, pending or on hold; mine and unassigned are parts of it; waiting: somebody waits for an answer'),
    sort: z.enum(['recent', 'due']).default('recent'),
    priority: Priority.optional(),
    assigneeId: z.uuid().optional(),
    personId: z.uuid().optional(),
    tag: Tag.optional(),
    q: z.string().trim().min(1).max(200).optional().describe('A number, part of the subject, of a name, or of what they wrote'),
    ...pageInput,
  }),
  output: pageOf(Ticket),
  async run(ctx, input) {
    const { view, sort, q, limit, cursor } = input;
    await requireUser(ctx, ctx.companyId, input.assigneeId);
    const filters = FILTER_NAMES.filter((name) => input[name] !== undefined);
    const rows = await ctx.query<Ticket & { sortDueAt: Date }>(
      statementOf({ view, sort, filters, words: q !== undefined, after: cursor !== undefined }),
      [
        ctx.companyId,
        limit + 1,
        'userId' in ctx.principal ? ctx.principal.userId : null,
        ...filters.map((name) => input[name]),
        ...(q === undefined ? [] : [q, `%${q.replace(/[\\%_]/g, '\\$&')}%`]),
        ...(cursor === undefined ? [] : positionOf(cursor)),
      ],
    );
    return toPage(rows, limit, (row) => [(sort === 'due' ? row.sortDueAt : row.lastAt).getTime(), row.id]);
  },
});

const COUNTS: Statement = {
  name: 'tickets.counts',
  text: `select count(*)::int as active, count(*) filter (where t.assignee_id = $2::uuid)::int as mine, count(*) filter (where t.assignee_id is null)::int as unassigned,
           count(*) filter (where ${WHERE.waiting})::int as waiting, count(*) filter (where ${WHERE.pending})::int as pending, count(*) filter (where ${WHERE.on_hold})::int as "onHold",
           count(*) filter (where t.sort_due_at <= $3)::int as late
         from tickets t where t.company_id = $1 and t.merged_into_id is null and ${ACTIVE}`,
};
const Counts = z.object({
  active: z.int(),
  mine: z.int(),
  unassigned: z.int(),
  waiting: z.int().describe('Somebody waits for an answer'),
  pending: z.int(),
  onHold: z.int(),
  late: z.int().describe('A clock runs beyond its target'),
});

export const countTickets = operation({
  name: 'tickets.counts',
  summary: 'How many tickets are active, yours, nobody’s, waiting for an answer, and late',
  http: 'GET /api/tickets/counts',
  cli: 'tickets counts',
  access: 'read',
  input: z.object({}),
  output: Counts,
  async run(ctx) {
    const [row] = await ctx.query<z.output<typeof Counts>>(COUNTS, [
      ctx.companyId,
      'userId' in ctx.principal ? ctx.principal.userId : null,
      ctx.clock.now(),
    ]);
    return row ?? { active: 0, mine: 0, unassigned: 0, waiting: 0, pending: 0, onHold: 0, late: 0 };
  },
});
