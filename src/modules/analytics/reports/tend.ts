import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { issueReport } from './issue.ts';
import { savedReports } from './saved.ts';
import { nextOf } from './schedule.ts';

const KEPT_DAYS = 400;

const DUE: Statement = {
  name: 'saved_reports.due',
  text: `select id, company_id as "companyId" from saved_reports where next_at <= $1 order by next_at limit 50`,
};
const TAKE: Statement = {
  name: 'saved_reports.take',
  text: `select r.next_at as "dueAt", coalesce(c.settings ->> 'time_zone', 'UTC') as zone from saved_reports r join companies c on c.id = r.company_id
          where r.company_id = $1 and r.id = $2 and r.next_at <= $3 for update of r skip locked`,
};
const NEXT: Statement = {
  name: 'saved_reports.next',
  text: 'update saved_reports set next_at = $3, failed = $4 where company_id = $1 and id = $2 and every is not null',
};
const SWEEP: Statement = {
  name: 'report_issues.sweep',
  text: `delete from report_issues where company_id = $1 and report_id = $2 and created_at < $3`,
};

/** Mails the reports that fell due: each once, whichever process takes it. One that can't be made says why, and is tried at its next time. Answers how many were taken. */
export async function tendReports(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const now = runtime.clock.now();
  const due = await runtime.system.read((tx) => tx.query<{ id: string; companyId: string }>(DUE, [now]));
  for (const { id, companyId } of due) {
    if (!going()) break;
    try {
      await runtime.database.write(companyId, (tx) => mailOne(tx, runtime, companyId, id, now, null));
    } catch (error) {
      runtime.log.warn({ err: error, report: id }, 'a report could not be made');
      const why = error instanceof AppError ? error.message : 'It could not be worked out in time; choose a shorter stretch or fewer metrics';
      await runtime.database.write(companyId, (tx) => mailOne(tx, runtime, companyId, id, now, why));
    }
  }
  return due.length;
} // prettier-ignore

async function mailOne(tx: Transaction, runtime: Runtime, companyId: string, id: string, now: Date, failed: string | null): Promise<void> {
  const [taken] = await tx.query<{ dueAt: Date; zone: string }>(TAKE, [companyId, id, now]);
  const [saved] = taken === undefined ? [] : await savedReports(tx, companyId, id);
  if (taken === undefined || saved?.schedule == null) return;
  await tx.query(NEXT, [companyId, id, nextOf(saved.schedule, taken.zone, now), failed]);
  await tx.query(SWEEP, [companyId, id, new Date(now.getTime() - KEPT_DAYS * 86_400_000)]);
  if (failed === null) await issueReport(tx, runtime, companyId, saved, taken.dueAt);
}
