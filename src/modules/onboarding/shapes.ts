import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { Material, TaskSpec } from './plan/task.ts';
import { KINDS, OWNERS, STATES, TASK_STATES } from './tables.ts';

/** No such onboarding in this company. */
export class OnboardingNotFound extends NotFound {
  override readonly code = 'onboarding_not_found';
}

/** It has ended, or its task is settled already. */
export class OnboardingSettled extends Conflict {
  override readonly code = 'onboarding_settled';
}

/** How far one client is. */
export const Onboarding = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  clientId: z.uuid(),
  personId: z.uuid(),
  clientName: z.string(),
  ownerId: z.uuid().nullable().describe('User who looks after the client'),
  planId: z.uuid().nullable(),
  name: z.string(),
  state: z.enum(STATES),
  startedOn: z.string().describe('Day, YYYY-MM-DD'),
  done: z.int().describe('Tasks that are settled'),
  total: z.int(),
  overdue: z.int().describe('Open tasks whose day has passed'),
  waitsSince: z.date().nullable().describe('Only the client can go on, since then'),
  next: z
    .object({ title: z.string(), owner: z.enum(OWNERS), dueOn: z.string().nullable() })
    .nullable()
    .describe('The open task that is due first'),
  callId: z.uuid().nullable(),
  callAt: z.date().nullable().describe('The call that was planned with the client since it began'),
  callMinutes: z.int(),
  callPlace: z.string(),
  endedAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Onboarding = z.output<typeof Onboarding>;

export const Task = z.object({
  id: z.uuid(),
  key: z.string(),
  title: z.string(),
  body: z.string(),
  owner: z.enum(OWNERS),
  kind: z.enum(KINDS),
  spec: TaskSpec,
  needs: z.array(z.string()),
  state: z.enum(TASK_STATES),
  dueOn: z.string().nullable(),
  openedAt: z.date().nullable(),
  settledAt: z.date().nullable(),
  settledBy: z.uuid().nullable().describe('User; null: the client'),
  answers: z.record(z.string(), z.json()).nullable(),
  fileId: z.uuid().nullable().describe('File on the person'),
  fileName: z.string().nullable(),
  assigneeId: z.uuid().nullable(),
  signature: z
    .object({ typedName: z.string(), signedAt: z.date(), ip: z.string().nullable(), userAgent: z.string().nullable(), sha256: z.string() })
    .nullable()
    .describe('Evidence: SHA-256 of the text that was shown and signed'),
});
export type Task = z.output<typeof Task>;

export const OnboardingDetail = Onboarding.extend({ welcome: z.string(), materials: z.array(Material), tasks: z.array(Task) });
export type OnboardingDetail = z.output<typeof OnboardingDetail>;

/** Columns in the API's names; $2 is the moment. */
export const COLUMNS = `o.id, o.company_id as "companyId", o.client_id as "clientId", c.person_id as "personId", coalesce(nullif(p.full_name, ''), p.email, 'Client') as "clientName",
  c.owner_id as "ownerId", o.plan_id as "planId", o.name, o.state, o.started_on::text as "startedOn", n.done, n.total, n.overdue, o.waits_since as "waitsSince", n.next,
  k.id as "callId", k.starts_at as "callAt", coalesce((extract(epoch from k.ends_at - k.starts_at) / 60)::int, 30) as "callMinutes", coalesce(k.place, '') as "callPlace", o.ended_at as "endedAt", o.created_at as "createdAt", o.updated_at as "updatedAt"`;

/** The call that is planned with the client, or was, since the onboarding began: for `clients c` and the alias of its table. */
export const callSince = (o: string): string =>
  `left join lateral (select k.id, k.starts_at, k.ends_at, k.place, k.time_zone from calls k where k.company_id = ${o}.company_id and k.person_id = c.person_id
    and k.created_at >= ${o}.created_at and k.state = 'planned' order by k.starts_at desc limit 1) k on true`;

/** `asked` is the company's day; at most some dozen tasks an onboarding, read by its unique index. */
export const FROM = `from onboardings o join clients c on c.id = o.client_id join people p on p.id = c.person_id join companies co on co.id = o.company_id
  ${callSince('o')}
  cross join lateral (select ($2::timestamptz at time zone coalesce(co.settings ->> 'time_zone', 'UTC'))::date as today) d
  cross join lateral (
    select count(*) filter (where t.state in ('done', 'skipped'))::int as done, count(*)::int as total,
      count(*) filter (where t.state = 'open' and t.due_on < d.today and o.state = 'running')::int as overdue,
      (array_agg(jsonb_build_object('title', t.title, 'owner', t.owner, 'dueOn', t.due_on) order by t.due_on nulls last, t.position) filter (where t.state = 'open' and o.state = 'running'))[1] as next
    from onboarding_tasks t where t.onboarding_id = o.id and t.company_id = o.company_id) n`;

const GET: Statement = {
  name: 'onboarding.get',
  text: `select ${COLUMNS}, o.welcome, o.materials ${FROM} where o.company_id = $1 and o.id = $3`,
};
const TASKS: Statement = {
  name: 'onboarding.tasks',
  text: `select t.id, t.key, t.title, t.body, t.owner, t.kind, t.spec, t.needs, t.state, t.due_on::text as "dueOn", t.opened_at as "openedAt", t.settled_at as "settledAt",
           t.settled_by as "settledBy", t.answers, t.file_id as "fileId", t.file_name as "fileName", t.assignee_id as "assigneeId",
           s.typed_name as "typedName", s.signed_at as "signedAt", s.ip, s.user_agent as "userAgent", s.sha256
         from onboarding_tasks t left join onboarding_signatures s on s.task_id = t.id and s.company_id = t.company_id
         where t.company_id = $1 and t.onboarding_id = $2 order by t.position`,
};

interface TaskRow extends Omit<Task, 'signature'> {
  readonly typedName: string | null;
  readonly signedAt: Date | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly sha256: string | null;
}

/** @throws OnboardingNotFound */
export async function getOnboarding(tx: Transaction, companyId: string, id: string, now: Date): Promise<OnboardingDetail> {
  const [row] = await tx.query<Omit<OnboardingDetail, 'tasks'>>(GET, [companyId, now, id]);
  if (row === undefined) throw new OnboardingNotFound('There is no such onboarding; list them with: steward onboarding list');
  const tasks = await tx.query<TaskRow>(TASKS, [companyId, id]);
  return {
    ...row,
    tasks: tasks.map(({ typedName, signedAt, ip, userAgent, sha256, ...task }) => ({
      ...task,
      signature: typedName === null || signedAt === null || sha256 === null ? null : { typedName, signedAt, ip, userAgent, sha256 },
    })),
  };
}
