import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify, type NewNotification } from './notify.ts';

/** How far back a look goes: what fell due while nothing ran for longer is old news. */
const BACK_H = 24;
/** Most of one kind and company in one look; the rest comes with the next. */
const MOST = 500;

interface Found {
  readonly companyId: string;
  readonly userId: string;
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly personId: string | null;
}

/** Whoever is told in the place of nobody: the admins. `a.user_id` is one row a listener. */
const LISTENERS = (userId: string, companyId: string) => `
  cross join lateral (
    select u.id as user_id from users u where u.company_id = ${companyId} and u.is_active and u.deleted_at is null
       and case when ${userId} is null then u.role = 'admin' else u.id = ${userId} end
  ) a`;
const UNTOLD = (key: string, companyId: string) =>
  `not exists (select from notifications n where n.company_id = ${companyId} and n.user_id = a.user_id and n.key = ${key})`;

/** Open tasks whose hour has come: tasks_due serves each company. $1 now, $2 hours back, $3 most. */
const TASKS: Statement = {
  name: 'notifications.tasks_due',
  text: `select c.id as "companyId", t.user_id as "userId", t.key, t.title, t.body, t.link, t.person_id as "personId"
           from companies c cross join lateral (
             select a.user_id, 'task_due:' || t.id || ':' || extract(epoch from t.due_at)::bigint as key, 'Due: ' || t.title as title, t.body,
                    coalesce(t.link, case when t.person_id is not null then '/people/' || t.person_id end, '/') as link, t.person_id
               from tasks t ${LISTENERS('t.assignee_id', 'c.id')}
              where t.company_id = c.id and t.state = 'open' and t.due_at <= $1 and t.due_at > $1::timestamptz - make_interval(hours => $2)
                and ${UNTOLD(`'task_due:' || t.id || ':' || extract(epoch from t.due_at)::bigint`, 'c.id')}
              order by t.due_at limit $3) t`,
};

/** Imports that ended, to who began them. */
const IMPORTS: Statement = {
  name: 'notifications.imports_done',
  text: `select c.id as "companyId", i.user_id as "userId", i.key, i.title, i.body, i.link, null::uuid as "personId"
           from companies c cross join lateral (
             select i.created_by as user_id, 'import_done:' || i.id || ':' || i.state as key,
                    case i.state when 'failed' then 'The import of ' || i.filename || ' stopped' else i.filename || ' is imported' end as title,
                    case i.state when 'failed' then coalesce(i.error, '') else
                      i.created_count || ' new, ' || i.merged_count || ' merged, ' || i.opt_outs_kept || ' opt-outs kept, ' || i.refused_count || ' refused' end as body,
                    '/leads/import' as link
               from imports i cross join lateral (select i.created_by as user_id) a
              where i.company_id = c.id and i.state in ('done', 'failed') and not i.dry_run and i.created_by is not null
                and i.created_at > $1::timestamptz - make_interval(hours => 2 * $2) and i.finished_at > $1::timestamptz - make_interval(hours => $2)
                and ${UNTOLD(`'import_done:' || i.id || ':' || i.state`, 'c.id')}
              order by i.created_at desc limit $3) i`,
};

const LOOKS = [
  ['task_due', TASKS],
  ['import_done', IMPORTS],
] as const;

/** Tells of what no event says: a moment that passed, an import that ended. Any number of processes may look. */
export async function lookAround(runtime: Runtime): Promise<number> {
  return runtime.system.write(async (tx: Transaction) => {
    const entries: NewNotification[] = [];
    for (const [kind, statement] of LOOKS) {
      const found = await tx.query<Found>(statement, [runtime.clock.now(), BACK_H, MOST]);
      entries.push(...found.map((row) => ({ ...row, kind, body: row.body.slice(0, 300) })));
    }
    return notify(tx, runtime, entries);
  });
}
