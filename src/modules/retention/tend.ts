import type { Statement, Transaction } from '#core/database/database.ts';
import type { Keeps } from '#core/module.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import { erasePerson } from '#modules/people/public.ts';
import { silent, silentSince } from './silent.ts';

/** In real time. */
const LOOK_MS = 3_600_000;
/** People that one statement looks at. */
const STRETCH = 20_000;
const DAY_MS = 86_400_000;

const RULES: Statement = {
  name: 'retention.rules',
  text: `select r.company_id as "companyId", r.people_months as months, r.notice_days as "noticeDays" from retention_rules r where r.people_months is not null order by 1`,
};
interface Rule {
  readonly companyId: string;
  readonly months: number;
  readonly noticeDays: number;
}

/** The end of a stretch, oldest people first. Those that came since are not looked at. */
const STRETCH_END: Statement = {
  name: 'retention.stretch',
  text: `select created_at as "at", id from (select created_at, id from people where company_id = $1 and created_at < $2 and (created_at, id) > ($3::timestamptz, $4::uuid)
          order by created_at, id limit ${STRETCH}) s order by created_at desc, id desc limit 1`,
};
const DUE: Statement = {
  name: 'retention.due',
  text: `select person_id as id from retention_notices where company_id = $1 and erase_at <= $2 and person_id > $3 order by person_id limit 500`,
};
const LOCK: Statement = {
  name: 'retention.lock',
  text: 'select 1 from retention_notices where person_id = $2 and company_id = $1 and erase_at <= $3 for update',
};
const ADMINS: Statement = {
  name: 'retention.admins',
  text: `select id from users where company_id = $1 and role = 'admin' and is_active and deleted_at is null`,
};
/** Whoever was heard of again, or is held now. */
const withdraw = (keeps: Keeps): Statement => ({
  name: 'retention.withdraw',
  text: `delete from retention_notices n using people p where n.company_id = $1 and p.id = n.person_id and p.company_id = n.company_id and not (${silent(keeps, '$2')})`,
});
const announce = (keeps: Keeps): Statement => ({
  name: 'retention.announce',
  text: `insert into retention_notices (person_id, company_id, noticed_at, erase_at)
         select p.id, p.company_id, $7, $8 from people p
          where p.company_id = $1 and (p.created_at, p.id) > ($3::timestamptz, $4::uuid) and (p.created_at, p.id) <= ($5::timestamptz, $6::uuid) and ${silent(keeps, '$2')}
         on conflict (person_id) do nothing returning 1`,
});
const stillSilent = (keeps: Keeps): Statement => ({
  name: 'retention.still_silent',
  text: `select 1 from people p where p.company_id = $1 and p.id = $3 and ${silent(keeps, '$2')} for update`,
});

/**
 * One round for every company with a rule: takes back who was heard of, announces who is silent, erases whose time is up.
 * Killed anywhere, the next round goes on: each stretch and each erasure is a transaction of its own.
 * @returns how many were announced and erased
 */
export async function tendRetention(runtime: Runtime): Promise<{ announced: number; erased: number }> {
  const done = { announced: 0, erased: 0 };
  for (const rule of await runtime.system.read((tx) => tx.query<Rule>(RULES, []))) {
    const since = silentSince(runtime.clock.now(), rule.months);
    await runtime.database.write(rule.companyId, (tx) => tx.query(withdraw(runtime.keeps), [rule.companyId, since]));
    done.announced += await announceSilent(runtime, rule, since);
    done.erased += await eraseDue(runtime, rule, since);
  }
  return done;
}

async function announceSilent(runtime: Runtime, rule: Rule, since: Date): Promise<number> {
  const { companyId } = rule;
  const now = runtime.clock.now();
  const eraseAt = new Date(now.getTime() + rule.noticeDays * DAY_MS);
  let announced = 0;
  let from = { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const next = await runtime.database.write(companyId, async (tx) => {
      const [end] = await tx.query<{ at: Date; id: string }>(STRETCH_END, [companyId, since, from.at, from.id]);
      if (end === undefined) return null;
      announced += (await tx.query(announce(runtime.keeps), [companyId, since, from.at, from.id, end.at, end.id, now, eraseAt])).length;
      return end;
    });
    if (next === null) break;
    from = next;
  }
  if (announced > 0) await runtime.database.write(companyId, (tx) => tell(tx, runtime, rule, announced, eraseAt));
  return announced;
}

/** Those who may stop it hear of it while they can. */
async function tell(tx: Transaction, runtime: Runtime, rule: Rule, count: number, eraseAt: Date): Promise<void> {
  const day = eraseAt.toISOString().slice(0, 10);
  const admins = await tx.query<{ id: string }>(ADMINS, [rule.companyId]);
  const who = count === 1 ? 'One person' : `${count.toLocaleString('en')} people`;
  await notify(
    tx,
    runtime,
    admins.map(({ id: userId }) => ({
      companyId: rule.companyId,
      userId,
      kind: 'retention_due' as const,
      title: `${who} will be erased on ${day}`,
      body: `Nothing was heard of them for ${rule.months} months. Keep whom you need: name the reason on the page.`,
      link: '/settings/retention',
      key: `retention:${day}:${count}`,
    })),
  );
}

async function eraseDue(runtime: Runtime, rule: Rule, since: Date): Promise<number> {
  const { companyId } = rule;
  const now = runtime.clock.now();
  let erased = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const due = await runtime.database.read(companyId, (tx) => tx.query<{ id: string }>(DUE, [companyId, now, after]));
    for (const { id } of due) {
      after = id;
      // Asked once more under the lock: a reply that came a moment ago keeps them.
      const gone = await runtime.database.write(companyId, async (tx) => {
        const noticed = await tx.query(LOCK, [companyId, id, now]);
        if (noticed.length === 0 || (await tx.query(stillSilent(runtime.keeps), [companyId, since, id])).length === 0) return false;
        await erasePerson(tx, runtime, companyId, id, { by: null, cause: 'retention' });
        return true;
      });
      if (gone) erased += 1;
    }
    if (due.length === 0) return erased;
  }
}

/** The worker's share: a round every hour. */
export function startTending(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'look whom nothing was heard of', round: () => tendRetention(runtime) });
}
