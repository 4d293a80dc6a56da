import type { Backups } from '#core/backups.ts';
import type { Statement } from '#core/database/database.ts';
import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import { planOf, type Plan } from './plan.ts';

/** In real time. */
const LOOK_MS = 60_000;
/** Whoever took it up and died has lost it after this long. */
const CLAIM_MINUTES = 60;
/** After a failure the next attempt waits. */
const RETRY_MINUTES = 15;
/** Of those taken by plan; others are a person's, or were taken before a change of the schema, and stay. */
const BY_PLAN = 'scheduled';
const DAY_MS = 86_400_000;

const CLAIM: Statement = {
  name: 'backups.claim',
  text: `update backup_plan set claimed_at = $1::timestamptz where active and coalesce(last_at, since) + make_interval(hours => every_hours) <= $1
            and (claimed_at is null or claimed_at < $1::timestamptz - make_interval(mins => ${CLAIM_MINUTES}))
            and (failed_at is null or failed_at < $1::timestamptz - make_interval(mins => ${RETRY_MINUTES})) returning 1`,
};
const TAKEN: Statement = {
  name: 'backups.taken',
  text: `update backup_plan set claimed_at = null, last_at = $1::timestamptz, last_name = $2, failed_at = null, error = null`,
};
const FAILED: Statement = {
  name: 'backups.failed',
  text: `update backup_plan set claimed_at = null, failed_at = $1::timestamptz, error = $2`,
};
const CLAIM_DRILL: Statement = {
  name: 'backups.claim_drill',
  text: `update backup_plan set drilled_at = $1::timestamptz, drill_error = null where active and drill_days is not null and last_at is not null
            and (drilled_at is null or drilled_at < $1::timestamptz - make_interval(days => drill_days)) returning last_name as name`,
};
const DRILL_FAILED: Statement = { name: 'backups.drill_failed', text: 'update backup_plan set drill_error = $1' };
const ADMINS: Statement = {
  name: 'backups.admins',
  text: `select company_id as "companyId", id as "userId" from users where role = 'admin' and is_active and deleted_at is null limit 1000`,
};

/** Takes what is due by plan, removes what is too many, tries a restore, and tells the admins when something is wrong. That none was taken in time says an alert. */
export async function backupRound(runtime: Runtime): Promise<void> {
  const { backups, clock, system } = runtime;
  if (backups === null) return;
  const [claimed] = await system.write((tx) => tx.query<object>(CLAIM, [clock.now()]));
  const plan = await planOf(runtime);
  if (claimed !== undefined) await takeOne(runtime, backups, plan);
  const [due] = await system.write((tx) => tx.query<{ name: string | null }>(CLAIM_DRILL, [clock.now()]));
  if (due?.name != null) await drillOne(runtime, backups, plan, due.name);
}

async function takeOne(runtime: Runtime, backups: Backups, plan: Plan): Promise<void> {
  const { clock, system, log } = runtime;
  try {
    const directory = await backups.take(BY_PLAN, plan.directory);
    await system.write((tx) => tx.query(TAKEN, [clock.now(), directory.split(/[\\/]/).at(-1)]));
    log.info({ directory }, 'a backup was taken and read back');
    const older = (await backups.list(plan.directory)).filter(({ reason }) => reason === BY_PLAN).slice(plan.keep);
    for (const { name } of older) await backups.remove(name, plan.directory);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error({ err: error }, 'a backup failed; earlier ones are untouched');
    await system.write((tx) => tx.query(FAILED, [clock.now(), why]));
    await tell(runtime, 'failed', 'A backup failed', why);
  }
}

async function drillOne(runtime: Runtime, backups: Backups, plan: Plan, name: string): Promise<void> {
  try {
    const { rows, ms } = await backups.drill(name, plan.directory);
    runtime.log.info({ name, rows, ms }, 'a backup was restored on trial: every row is there');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    runtime.log.error({ err: error, name }, 'a backup could not be restored on trial');
    await runtime.system.write((tx) => tx.query(DRILL_FAILED, [why]));
    await tell(runtime, 'drill', 'A backup could not be restored on trial', why);
  }
}

/** Once a day for each thing that is wrong: under the bell, and by mail where the admin wants it. */
async function tell(runtime: Runtime, what: string, title: string, body: string): Promise<void> {
  const day = Math.floor(runtime.clock.now().getTime() / DAY_MS);
  await runtime.system.write(async (tx) => {
    const admins = await tx.query<{ companyId: string; userId: string }>(ADMINS, []);
    const one = {
      kind: 'backup_failed' as const,
      title,
      body: body.slice(0, 300),
      link: '/settings/backups',
      key: `backup:${what}:${day}`,
    };
    await notify(
      tx,
      runtime,
      admins.map((admin) => ({ ...admin, ...one })),
    );
  });
}

/** The worker's share. The demo keeps nothing that a backup could save. */
export function tendBackups(runtime: Runtime): Stop {
  if (runtime.config.demo) return together();
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'look after backups', round: () => backupRound(runtime) });
}
