import type { Statement, Transaction } from '#core/database/database.ts';

/** What is kept of a rehearsal, written by the one transaction of the sandbox that may write to real tables. */
export interface Keeping {
  readonly rehearsalId: string;
  readonly companyId: string;
  readonly workflowId: string;
  /** What its runs were started by. */
  readonly triggers: readonly string[];
  readonly start: Date;
  readonly timeZone: string;
  readonly people: readonly {
    readonly person_id: string;
    readonly left_out: string | null;
    readonly edge: readonly string[];
    readonly stamp: string;
  }[];
}

/**
 * Its runs and those of their parallel branches, which are runs below them. Names each of the first four parameters, so that every statement may be given all.
 * $1 rehearsal, $2 workflow, $3 triggers, $4 start.
 */
export const OWN = `$1::uuid is not null and r.workflow_id = $2 and (r.trigger_id = any ($3::text[]) or r.parent_id is not null) and r.started_at >= $4::timestamptz`;

const PLAN: readonly Statement[] = [
  { name: '', text: 'set local enable_seqscan = on' },
  { name: '', text: 'set local plan_cache_mode = auto' },
  { name: '', text: 'analyze pg_temp.messages, pg_temp.runs, pg_temp.run_steps' },
];

// $1 rehearsal, $2 workflow, $3 triggers, $4 start, $5 zone. People who were deleted meanwhile are left out.
const MESSAGES: Statement = {
  name: '',
  text: `insert into public.rehearsal_messages (rehearsal_id, id, person_id, company_id, own, workflow, step_id, class, state, at, day, from_email, to_email, subject, text, html, rules, reasons)
    select $1, m.id, m.person_id, m.company_id, r.id is not null, coalesce(m.workflow, ''), coalesce(m.step_id, ''), m.class, case m.state when 'in_doubt' then 'sent' else m.state end,
           x.at, (x.at at time zone $5::text)::date, m.from_email, coalesce(m.to_phone, m.to_email), m.subject, m.text, m.html,
           array(select why ->> 'rule' from jsonb_array_elements(m.verdict -> 'reasons') why), coalesce(m.verdict -> 'reasons', '[]')
      from pg_temp.messages m
      join public.people p on p.id = m.person_id
      left join pg_temp.runs r on r.id = m.run_id and ${OWN}
      cross join lateral (select case when m.state in ('sent', 'captured', 'in_doubt') then m.sent_at when m.state = 'queued' then coalesce(m.due_at, m.created_at) else m.updated_at end as at) x
     where m.direction = 'outbound' and m.state in ('sent', 'captured', 'in_doubt', 'blocked', 'refused', 'queued') and x.at >= $4::timestamptz
       and (m.created_at >= $4::timestamptz or m.run_id is not null)`,
};

const PEOPLE: Statement = {
  name: '',
  text: `with every as materialized (select r.* from pg_temp.runs r where ${OWN}), run as materialized (select * from every where parent_id is null),
    mail as materialized (
      select m.person_id, count(*) filter (where m.state in ('sent', 'captured'))::int as sent, count(*) filter (where m.state = 'blocked')::int as blocked,
             array(select distinct unnest(string_to_array(string_agg(array_to_string(m.rules, ','), ',') filter (where m.state in ('blocked', 'queued') and m.rules <> '{}'), ',')) order by 1) as rules
        from public.rehearsal_messages m where m.rehearsal_id = $1 and m.own group by m.person_id
    ), trail as materialized (
      select every.person_id, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('step_id', s.step_id, 'type', s.type, 'state', s.state, 'attempt', s.attempt, 'from', s.started_at, 'to', s.finished_at,
               'until', case when s.state = 'waiting' then s.wake_at end, 'reason', s.reason, 'error', s.error,
               'output', case when length(s.output::text) <= 400 then s.output end)) order by s.started_at, every.id, s.place) as path
        from pg_temp.run_steps s join every on every.id = s.run_id group by every.person_id
    )
    insert into public.rehearsal_people (rehearsal_id, person_id, company_id, outcome, detail, step_id, sent, blocked, rules, edge, path, stamp)
    select $1, x.person_id, p.company_id,
           case when x.left_out is not null or run.id is null then 'left_out' when run.state in ('done', 'failed', 'cancelled') then run.state else 'waiting' end,
           coalesce(x.left_out, run.error, run.outcome, run.reason), run.step_id, coalesce(mail.sent, 0), coalesce(mail.blocked, 0), coalesce(mail.rules, '{}'),
           x.edge, coalesce(trail.path, '[]'), x.stamp
      from json_to_recordset($5::json) as x (person_id uuid, left_out text, edge text[], stamp text)
      join public.people p on p.id = x.person_id
      left join run on run.person_id = x.person_id
      left join mail on mail.person_id = x.person_id
      left join trail on trail.person_id = x.person_id
    on conflict do nothing`,
};

/** Keeps the mails and the people. What is counted of them is counted afterwards. */
export async function keep(tx: Transaction, keeping: Keeping): Promise<void> {
  for (const statement of PLAN) await tx.query(statement, []);
  const own = [keeping.rehearsalId, keeping.workflowId, keeping.triggers, keeping.start];
  await tx.query(MESSAGES, [...own, keeping.timeZone]);
  await tx.query(PEOPLE, [...own, JSON.stringify(keeping.people)]);
}
