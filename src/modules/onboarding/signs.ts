import type { Statement } from '#core/database/database.ts';
import type { ReadSigns } from '#core/signs/types.ts';
import { brief, daysBetween, watchedJson } from '#core/signs/words.ts';

interface Row {
  readonly clientId: string;
  readonly today: string;
  readonly name: string;
  readonly waitsSince: string | null;
  readonly all: number;
  readonly settled: number;
  readonly late: number;
}

const RUNNING: Statement = {
  name: 'onboarding.signs',
  text: `select w.client_id as "clientId", w.today::text as today, o.name, o.waits_since::date::text as "waitsSince", count(t.id)::int as "all",
           count(t.id) filter (where t.state in ('done', 'skipped'))::int as settled,
           count(t.id) filter (where t.state = 'open' and t.owner = 'us' and t.due_on < w.today)::int as late
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, today date)
         join onboardings o on o.client_id = w.client_id and o.company_id = w.company_id and o.state = 'running'
         left join onboarding_tasks t on t.onboarding_id = o.id
        group by 1, 2, 3, 4, o.created_at order by 1, o.created_at`,
};

/** Before that nobody has to be asked. */
const PATIENCE_DAYS = 3;

export const onboardingSigns: ReadSigns = async (tx, clients) => {
  const rows = await tx.query<Row>(RUNNING, [watchedJson(clients)]);
  return rows.flatMap(({ clientId, today, name, waitsSince, all, settled, late }) => {
    const waits = waitsSince === null ? 0 : daysBetween(waitsSince, today);
    const link = '/onboarding';
    const called = `Onboarding “${brief(name, 60)}”`;
    return [
      { clientId, rule: 'onboarding_runs', points: 0, says: `${called}: ${settled} of ${all} tasks are done.`, link },
      ...(waits <= PATIENCE_DAYS ? [] : [{ clientId, rule: 'onboarding_blocked', points: 10, says: `${called} has waited for them for ${waits} days.`, link }]),
      ...(late === 0 ? [] : [{ clientId, rule: 'onboarding_late', points: 15, says: `${called}: ${late === 1 ? 'one task of ours is' : `${late} tasks of ours are`} overdue.`, link }]),
    ];
  });
}; // prettier-ignore
