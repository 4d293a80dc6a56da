import type { Statement } from '#core/database/database.ts';
import type { ReadSigns } from '#core/signs/types.ts';
import { brief, dayWords, watchedJson } from '#core/signs/words.ts';

interface Row {
  readonly clientId: string;
  readonly title: string;
  readonly madeOn: string;
  readonly says: string | null;
}

/** The newest report of the last 90 days, with the first thing that stands out in it. */
const NEWEST: Statement = {
  name: 'reports.signs',
  text: `select distinct on (r.client_id) r.client_id as "clientId", r.title, r.created_at::date::text as "madeOn", r.figures -> 'recommendations' -> 0 ->> 'says' as says
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, today date)
         join reports r on r.client_id = w.client_id and r.company_id = w.company_id and r.created_at > w.today - interval '90 days'
        order by r.client_id, r.created_at desc, r.id desc`,
};

export const reportSigns: ReadSigns = async (tx, clients) => {
  const rows = await tx.query<Row>(NEWEST, [watchedJson(clients)]);
  return rows.map(({ clientId, title, madeOn, says }) => ({
    clientId,
    rule: 'report',
    points: 0,
    says: `The report “${brief(title, 60)}” of ${dayWords(madeOn)} ${says === null ? 'found nothing that stands out.' : `advises: ${says}`}`,
    link: null,
  }));
};
