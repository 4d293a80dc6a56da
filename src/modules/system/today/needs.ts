import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

/** Something that waits for a person, with the page where they can deal with it. */
export const Need = z.object({
  kind: z.enum(['reply', 'approval', 'in_doubt', 'failed_run', 'failed_event', 'connection', 'task']),
  id: z.string(),
  title: z.string(),
  detail: z.string().nullable(),
  at: z.date(),
  overdue: z.boolean(),
  link: z.string(),
});
export type Need = z.output<typeof Need>;

type Row = Omit<Need, 'kind' | 'overdue'> & { readonly overdue?: boolean };

/** The latest human reply of each person who since got neither an answer nor a task. $1 company, $2 oldest */
const REPLIES: Statement = {
  name: 'today.replies',
  text: `select * from (
           select distinct on (m.person_id) m.id, m.created_at as at, left(coalesce(nullif(m.new_text, ''), m.text), 200) as detail, '/people/' || m.person_id as link,
                  coalesce(nullif(p.full_name, ''), m.from_email) || ' replied' || coalesce(': ' || nullif(m.subject, ''), '') as title
           from messages m join people p on p.id = m.person_id
           where m.company_id = $1 and m.state = 'received' and m.created_at > $2 and not m.auto and m.reply_class is distinct from 'stop'
           order by m.person_id, m.created_at desc
         ) latest
         where not exists (select from interactions i where i.person_id = replace(latest.link, '/people/', '')::uuid and i.direction = 'outbound' and i.created_at > latest.at)
           and not exists (select from tasks t where t.company_id = $1 and t.person_id = replace(latest.link, '/people/', '')::uuid and t.created_at >= latest.at)
         order by at desc limit 20`,
};

/** Decisions for which a live run waits. $1 company, $2 now */
const APPROVALS: Statement = {
  name: 'today.approvals',
  text: `select a.id, a.created_at as at, nullif(left(a.body, 200), '') as detail, a.title, coalesce(a.due_at < $2, false) as overdue, '/approvals' as link
         from approvals a join runs r on r.id = a.run_id and r.state in ('running', 'waiting', 'paused')
         where a.company_id = $1 and a.state = 'waiting' order by a.id desc limit 20`,
};

/** Acts outside of which nobody knows whether they happened; index effects_open. $1 company */
const IN_DOUBT: Statement = {
  name: 'today.in_doubt',
  text: `select id, coalesce(handed_at, created_at) as at, reason as detail, '/outbox' as link,
                case kind when 'email' then 'A mail' when 'sms' then 'An SMS' else 'An act (' || kind || ')' end || ' may or may not have gone out' as title
         from effects where company_id = $1 and state = 'in_doubt' order by id desc limit 20`,
};

/** Failed runs, one line a workflow. $1 company, $2 oldest */
const FAILED_RUNS: Statement = {
  name: 'today.failed_runs',
  text: `select w.id, max(r.completed_at) as at, (array_agg(r.error order by r.completed_at desc))[1] as detail,
                case count(*) when 1 then '/runs/' || min(r.id::text) else '/runs?state=failed&workflow_id=' || w.id end as link,
                w.title || case count(*) when 1 then ' failed for one' else ' failed for ' || count(*) end as title
         from runs r join workflows w on w.id = r.workflow_id
         where r.company_id = $1 and r.state = 'failed' and r.completed_at > $2 and r.branch is null group by w.id order by at desc limit 20`,
};

/** Facts that the engine gave up on; index outbox_failed. $1 company */
const FAILED_EVENTS: Statement = {
  name: 'today.failed_events',
  text: `select name as id, max(at) as at, (array_agg(error order by at desc))[1] as detail, '/workflows' as link,
                'Nothing could act on ' || name || case count(*) when 1 then '' else ' (' || count(*) || ' times)' end as title
         from outbox where company_id = $1 and failed_at is not null group by name order by at desc limit 10`,
};

/** $1 company, $2 now */
const CONNECTIONS: Statement = {
  name: 'today.connections',
  text: `select id, updated_at as at, error as detail, '/connections' as link, title || ' no longer takes our credentials' as title
         from connections where company_id = $1 and state = 'rejected'
       union all
       select c.id, s.updated_at, 'Mail waits from then on. Sign in again before: ' || to_char(s.refresh_expires_at at time zone 'UTC', 'FMDD Month, HH24:MI') || ' UTC',
              '/connections', 'The sign-in of ' || c.title || ' ends soon'
         from connection_sign_ins s join connections c on c.id = s.connection_id
        where s.company_id = $1 and s.refresh_expires_at < $2::timestamptz + interval '3 days' and c.state <> 'rejected'
        order by 2 desc limit 10`,
};

/** Open tasks, the most overdue first; index tasks_list. $1 company, $2 now */
const TASKS: Statement = {
  name: 'today.tasks',
  text: `select id, coalesce(due_at, created_at) as at, nullif(left(body, 200), '') as detail, title, coalesce(due_at < $2, false) as overdue,
                case when person_id is not null then '/people/' || person_id when run_id is not null then '/runs/' || run_id else '/' end as link
         from tasks where company_id = $1 and state = 'open' order by due_at nulls last, id limit 30`,
};

const MONTH_MS = 30 * 86_400_000;

/** What waits for somebody: replies first, then what went wrong, then tasks. Asked in one go. */
export async function needs(tx: Transaction, companyId: string, now: Date): Promise<Need[]> {
  const since = new Date(now.getTime() - MONTH_MS);
  const [replies, approvals, doubts, runs, events, connections, tasks] = await Promise.all([
    tx.query<Row>(REPLIES, [companyId, since]),
    tx.query<Row>(APPROVALS, [companyId, now]),
    tx.query<Row>(IN_DOUBT, [companyId]),
    tx.query<Row>(FAILED_RUNS, [companyId, since]),
    tx.query<Row>(FAILED_EVENTS, [companyId]),
    tx.query<Row>(CONNECTIONS, [companyId, now]),
    tx.query<Row>(TASKS, [companyId, now]),
  ]);
  const as = (kind: Need['kind'], rows: readonly Row[]): Need[] => rows.map((row) => ({ overdue: false, ...row, kind }));
  return [
    ...as('reply', replies),
    ...as('approval', approvals),
    ...as('in_doubt', doubts),
    ...as('failed_run', runs),
    ...as('failed_event', events),
    ...as('connection', connections),
    ...as('task', tasks),
  ];
}
