import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

export const Happened = z.object({ id: z.string(), title: z.string(), count: z.int(), at: z.date(), link: z.string().nullable() });
export type Happened = z.output<typeof Happened>;

/** What one line counts: `one` and `many` are its words. */
interface Line {
  readonly id: string;
  readonly one: string;
  readonly many: (count: number) => string;
  readonly link: string | null;
}

const LINES: readonly Line[] = [
  { id: 'leads', one: 'One new lead', many: (n) => `${n} new leads`, link: '/leads' },
  { id: 'converted', one: 'One lead converted', many: (n) => `${n} leads converted`, link: '/leads' },
  { id: 'replies', one: 'One reply came in', many: (n) => `${n} replies came in`, link: '/leads' },
  { id: 'sent', one: 'One message went out', many: (n) => `${n} messages went out`, link: '/outbox' },
  {
    id: 'captured',
    one: 'One message was written and kept in the outbox',
    many: (n) => `${n} messages were written and kept in the outbox`,
    link: '/outbox',
  },
  { id: 'blocked', one: 'One message was blocked', many: (n) => `${n} messages were blocked`, link: '/outbox' },
  { id: 'opted_out', one: 'One person opted out', many: (n) => `${n} people opted out`, link: '/leads' },
  { id: 'finished', one: 'One run finished', many: (n) => `${n} runs finished`, link: '/runs?state=done' },
  { id: 'failed', one: 'One run failed', many: (n) => `${n} runs failed`, link: '/runs?state=failed' },
  { id: 'imports', one: 'One import finished', many: (n) => `${n} imports finished`, link: '/leads/import' },
];

/** Every part reads the end of an index that is sorted by time. $1 company, $2 since */
const COUNTS: Statement = {
  name: 'today.happened',
  text: `select 'leads' as id, count(*)::int as count, max(created_at) as at from leads where company_id = $1 and created_at > $2
         union all select 'converted', count(*)::int, max(updated_at) from leads where company_id = $1 and updated_at > $2 and status = 'converted'
         union all select case when direction = 'inbound' then 'replies' else state end, count(*)::int, max(created_at) from messages
           where company_id = $1 and created_at > $2 and not auto and (direction = 'inbound' or state in ('sent', 'captured', 'blocked')) group by 1
         union all select 'opted_out', count(*)::int, max(created_at) from suppressions where company_id = $1 and created_at > $2 and reason = 'opt_out'
         union all select case state when 'done' then 'finished' else 'failed' end, count(*)::int, max(completed_at) from runs
           where company_id = $1 and completed_at > $2 and state in ('done', 'failed') and branch is null group by 1
         union all select 'imports', count(*)::int, max(finished_at) from imports where company_id = $1 and created_at > $2 and state = 'done' and not dry_run`,
};

export async function happened(tx: Transaction, companyId: string, since: Date): Promise<Happened[]> {
  const rows = await tx.query<{ id: string; count: number; at: Date | null }>(COUNTS, [companyId, since]);
  return LINES.flatMap(({ id, one, many, link }) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined || row.at === null || row.count === 0) return [];
    return [{ id, title: row.count === 1 ? one : many(row.count), count: row.count, at: row.at, link }];
  });
}
