import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { QUIET_MINUTES, type AlertKind } from './kinds.ts';
import { LOOKS, type Wrong } from './looks.ts';
import { tell } from './tell.ts';

/** One process looks at a time; the others have nothing to add. */
const ALONE: Statement = { name: 'alerts.alone', text: `select pg_try_advisory_xact_lock(hashtextextended('steward alerts', 0)) as alone` };

/**
 * What is wrong now ($1) of one kind ($2) at $3: new ones are raised, those that are known are brought up to date, those that are gone have recovered. What was told within the
 * quiet time ($4 minutes where the company says nothing) is raised without a word. $5: of one company only; null: of all.
 */
const SETTLE: Statement = {
  name: 'alerts.settle',
  text: `with found as (
           select * from json_to_recordset($1::json) as x (id uuid, company_id uuid, key text, title text, body text, link text, count integer)),
         quiet as (
           select distinct f.company_id, f.key from found f left join alert_rules r on r.company_id = f.company_id and r.kind = $2
             join alerts a on a.company_id = f.company_id and a.kind = $2 and a.key = f.key
            where a.told_at > $3::timestamptz - coalesce(r.quiet_minutes, $4) * interval '1 minute'),
         known as (
           select a.id from alerts a where a.kind = $2 and a.recovered_at is null and a.told_at is not null),
         raised as (
           insert into alerts as a (id, company_id, kind, key, title, body, link, count, raised_at, seen_at, told_at)
           select f.id, f.company_id, $2, f.key, f.title, f.body, f.link, f.count, $3, $3, case when q.key is null then $3::timestamptz end
             from found f left join quiet q on q.company_id = f.company_id and q.key = f.key
           on conflict (company_id, kind, key) where recovered_at is null
           do update set count = excluded.count, title = excluded.title, body = excluded.body, seen_at = excluded.seen_at,
                         told_at = coalesce(a.told_at, excluded.told_at)
           returning a.*, a.told_at is not null and a.id not in (select id from known) as now_told),
         recovered as (
           update alerts a set recovered_at = $3 where a.kind = $2 and a.recovered_at is null and ($5::uuid is null or a.company_id = $5)
              and not exists (select from found f where f.company_id = a.company_id and f.key = a.key)
           returning a.*, a.told_at is not null as now_told)
         select id, company_id as "companyId", kind, key, title, body, link, count, raised_at as "raisedAt", recovered_at as "recoveredAt"
           from (select * from raised where now_told union all select * from recovered where now_told) said order by id`,
};

export interface Said extends Omit<Wrong, 'company_id'> {
  readonly id: string;
  readonly companyId: string;
  readonly kind: AlertKind;
  readonly raisedAt: Date;
  /** Null: it was raised. */
  readonly recoveredAt: Date | null;
}

const KEPT_DAYS = 180;
const SWEEP: Statement = {
  name: 'alerts.sweep',
  text: `delete from alerts where id = any (array(select id from alerts where recovered_at < $1::timestamptz - make_interval(days => $2) limit 1000))`,
};

/** Looks at every company at once, or for one kind at one: two statements a kind. Answers what was told. Any number of processes may look. */
export async function watchAlerts(
  runtime: Runtime,
  only?: { readonly kind: AlertKind; readonly companyId: string },
): Promise<readonly Said[]> {
  return runtime.system.write(async (tx: Transaction) => {
    const [lock] = await tx.query<{ alone: boolean }>(ALONE, []);
    if (lock?.alone !== true) return [];
    const now = runtime.clock.now();
    const said: Said[] = [];
    for (const { kind, statement, values } of LOOKS) {
      if (only !== undefined && only.kind !== kind) continue;
      const every = await tx.query<Wrong>(statement, values(now, runtime));
      const found = only === undefined ? every : every.filter((one) => one.company_id === only.companyId);
      const rows = found.map((one) => ({ ...one, id: newId() }));
      said.push(...(await tx.query<Said>(SETTLE, [JSON.stringify(rows), kind, now, QUIET_MINUTES, only?.companyId ?? null])));
    }
    await tell(tx, runtime, said);
    if (only === undefined) await tx.query(SWEEP, [now, KEPT_DAYS]);
    return said;
  });
}
