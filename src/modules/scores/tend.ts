import { setImmediate as breathe } from 'node:timers/promises';
import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { scoreLeads } from './write.ts';

/** How often a worker looks, in real time. */
const EVERY_MS = 20_000;
/** Leads a transaction: a second or so of work, then others get their turn. */
const BATCH = 2_000;
/** A touch may be committed this long after the moment it bears. */
const LATE_S = 15;
/** The pass leaves leads this young to the event of their making. */
const YOUNG_S = 60;
/** How often the pass begins anew: at a million leads it takes some seconds to find that nothing is missing. */
const AGAIN_HOURS = 6;

const MODELS: Statement = {
  name: 'scores.make_models',
  text: `insert into score_models (company_id, touched_at, updated_at) select c.id, $1, 'epoch' from companies c
          where not exists (select from score_models m where m.company_id = c.id) on conflict do nothing`,
};
/** Scores that time has changed by now, a company a row: lead_scores_due serves it. */
const DUE: Statement = {
  name: 'scores.due',
  text: `select company_id as "companyId", array_agg(lead_id) as "leadIds"
           from (select company_id, lead_id from lead_scores where next_at <= $1 order by next_at limit ${BATCH}) due group by 1`,
};
/** Whom somebody touched since the last look, other than by our own mails; and the look is noted. */
const TOUCHED: Statement = {
  name: 'scores.touched',
  text: `with looked as (
      update score_models m set touched_at = $1 from (select company_id, touched_at from score_models) before
       where before.company_id = m.company_id and exists (
         select from interactions i where i.company_id = m.company_id and i.created_at > m.touched_at - make_interval(secs => ${LATE_S}) and i.created_at <= $1)
      returning m.company_id, before.touched_at
    )
    select k.company_id as "companyId", array(
        select distinct l.id from interactions i join leads l on l.person_id = i.person_id and l.company_id = k.company_id
         where i.company_id = k.company_id and i.created_at > k.touched_at - make_interval(secs => ${LATE_S}) and i.created_at <= $1
           and i.direction <> 'internal' and not (i.direction = 'outbound' and i.type in ('email', 'sms')) and l.status not in ('converted', 'lost')
      ) as "leadIds"
      from looked k`,
};
/** The pass begins anew: leads that came with an older moment than it has reached have no score yet. It looks at all and works out only those. */
const AGAIN: Statement = {
  name: 'scores.again',
  text: `update score_models set pass_at = 'epoch', pass_id = '00000000-0000-0000-0000-000000000000', passed_at = $1
          where passed_at <= $1::timestamptz - make_interval(hours => ${AGAIN_HOURS})`,
};
/** Companies with leads that the pass has not come to. */
const BEHIND: Statement = {
  name: 'scores.behind',
  text: `select m.company_id as "companyId" from score_models m where exists (
           select from leads l where l.company_id = m.company_id and (l.created_at, l.id) > (m.pass_at, m.pass_id)
              and l.created_at <= $1::timestamptz - make_interval(secs => ${YOUNG_S}))`,
};
/** The next stretch of the pass: leads_recent, backwards. Two workers never take the same one. */
const STRETCH: Statement = {
  name: 'scores.stretch',
  text: `with model as (
      select company_id, pass_at, pass_id, version from score_models where company_id = $1 for update skip locked
    ), stretch as (
      select l.id, l.created_at, l.status from model m cross join lateral (
        select id, created_at, status from leads where company_id = $1 and (created_at, id) > (m.pass_at, m.pass_id)
           and created_at <= $2::timestamptz - make_interval(secs => ${YOUNG_S}) order by created_at, id limit ${BATCH}) l
    ), moved as (
      update score_models m set pass_at = last.created_at, pass_id = last.id
        from (select created_at, id from stretch order by created_at desc, id desc limit 1) last where m.company_id = $1
    )
    select (select count(*)::int from stretch) as seen,
      array(select t.id from stretch t left join lead_scores s on s.lead_id = t.id and s.company_id = $1
             where t.status not in ('converted', 'lost') and (s.lead_id is null or s.version < (select version from model))) as "leadIds"`,
};

/** Brings scores up to date that no event did: decay, touches without an event, new rules, imported leads. Answers how many. */
export async function tendScores(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const { system, database, clock } = runtime;
  let worked = 0;
  const work = async (companyId: string, leadIds: readonly string[], announce: boolean) => {
    for (let from = 0; from < leadIds.length; from += BATCH)
      worked += await database.write(companyId, (tx) =>
        scoreLeads(tx, runtime, companyId, leadIds.slice(from, from + BATCH), { announce }),
      );
  };
  await system.write((tx) => tx.query(MODELS, [clock.now()]));
  const touched = await system.write((tx) => tx.query<{ companyId: string; leadIds: string[] }>(TOUCHED, [clock.now()]));
  for (const { companyId, leadIds } of touched) await work(companyId, leadIds, true);
  for (;;) {
    const due = await system.read((tx) => tx.query<{ companyId: string; leadIds: string[] }>(DUE, [clock.now()]));
    for (const { companyId, leadIds } of due) await work(companyId, leadIds, true);
    if (due.length === 0 || !going()) break;
    await breathe();
  }
  await system.write((tx) => tx.query(AGAIN, [clock.now()]));
  for (const { companyId } of await system.read((tx) => tx.query<{ companyId: string }>(BEHIND, [clock.now()]))) {
    while (going() && (await passOver(runtime, companyId, (count) => (worked += count)))) await breathe();
  }
  if (worked > 0) runtime.engine.nudge();
  return worked;
}

/** One stretch of the pass, with its scores in the same transaction. Answers whether there may be more. */
async function passOver(runtime: Runtime, companyId: string, count: (worked: number) => void): Promise<boolean> {
  return runtime.database.write(companyId, async (tx) => {
    const [stretch] = await tx.query<{ seen: number; leadIds: string[] }>(STRETCH, [companyId, runtime.clock.now()]);
    if (stretch === undefined) return false;
    count(await scoreLeads(tx, runtime, companyId, stretch.leadIds, { announce: false }));
    return stretch.seen === BATCH;
  });
}

/** The worker's share. */
export function startScoring(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'bring scores up to date', round: (going) => tendScores(runtime, going) });
}
