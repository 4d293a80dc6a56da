import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { sendTransactional } from '#modules/messages/public.ts';
import { amountWords } from '../metrics/words.ts';
import { makeReport } from './make.ts';
import type { SavedReport } from './saved.ts';
import { showReport, type Report } from './show.ts';
import { ISSUE, namesOf } from './subject.ts';
import { changeOf, changeWords, spanWords } from './words.ts';

const KEEP: Statement = {
  name: 'report_issues.insert',
  text: `insert into report_issues (id, company_id, report_id, title, due_at, result, mails, created_at) values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8) on conflict on constraint report_issues_once do nothing returning id`,
};
const READERS: Statement = {
  name: 'report_issues.readers',
  text: `select u.id, u.email as address, u.full_name as name, c.name as company from users u join companies c on c.id = u.company_id
          where u.company_id = $1 and u.id = any ($2::uuid[]) and u.is_active and u.deleted_at is null order by u.id`,
};

/**
 * Makes a report and mails it with its files to who gets it: one issue of one moment, one mail a reader, however often it is asked for. Through the gate and the ledger,
 * like every mail. Answers how many were written.
 */
export async function issueReport(tx: Transaction, runtime: Runtime, companyId: string, saved: SavedReport, dueAt: Date): Promise<number> {
  const now = runtime.clock.now();
  const { recipients = [], formats = ['pdf'] } = saved.schedule ?? {};
  const result = await makeReport(tx, companyId, saved.definition, now);
  const readers = await tx.query<{ id: string; address: string; name: string; company: string }>(READERS, [companyId, recipients]);
  const id = newId();
  const kept = await tx.query(KEEP, [id, companyId, saved.id, saved.title, dueAt, JSON.stringify(result), readers.length, now]);
  if (kept.length === 0) return 0;
  const report = await showReport(tx, companyId, result);
  const names = namesOf(saved.title, result.madeAt);
  const attachments = formats.map((format) => ({ subject: { type: ISSUE, id }, ...names[format] }));
  await sendTransactional(
    tx,
    runtime,
    readers.map((reader) => ({
      companyId,
      to: { name: reader.name, address: reader.address },
      subject: `${saved.title}: ${headline(report)}`,
      text: textOf(report, saved, `${publicUrl(runtime.config)}/insights/reports?report=${saved.id}`),
      key: `report:${saved.id}:${reader.id}:${dueAt.toISOString()}`,
      attachments,
    })),
  );
  return readers.length;
}

function headline({ metrics, total, currency }: Report): string {
  const [metric] = metrics;
  return metric === undefined ? '' : amountWords(total.now[0] ?? null, metric.unit, currency);
}

/** The totals and, where it is told apart, the heaviest few: what is worth reading without opening a file. */
function textOf(report: Report, saved: SavedReport, link: string): string {
  const { metrics, total, groups, currency } = report;
  const lines = metrics.map((metric, i) => {
    const change = changeWords(changeOf(total.now[i], total.before?.[i]));
    const before = total.before === null ? '' : ` (before: ${amountWords(total.before[i] ?? null, metric.unit, currency)}${change === '' ? '' : `, ${change}`})`;
    return `${metric.title}: ${amountWords(total.now[i] ?? null, metric.unit, currency)}${before}`;
  });
  const [first] = metrics;
  const top = first === undefined ? [] : groups.slice(0, 10).map((group) => `• ${group.name}: ${amountWords(group.now[0] ?? null, first.unit, currency)}`);
  return [saved.title, spanWords(report), lines.join('\n'), ...report.notes, ...(top.length === 0 ? [] : [`${first?.title}, the most first:\n${top.join('\n')}`]), `Everything is in the attached file. Open it, or choose when it comes:\n${link}`].join('\n\n');
} // prettier-ignore
