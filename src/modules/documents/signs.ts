import type { Statement } from '#core/database/database.ts';
import type { ReadSigns } from '#core/signs/types.ts';
import { brief, dayWords, watchedJson } from '#core/signs/words.ts';

interface Row {
  readonly clientId: string;
  readonly id: string;
  readonly title: string;
  readonly publishedOn: string;
  readonly validUntil: string | null;
}

/** Published, shared, not accepted, and still good; those of the last half year. */
const WAITING: Statement = {
  name: 'documents.signs',
  text: `select w.client_id as "clientId", d.id, d.title, d.published_at::date::text as "publishedOn", d.valid_until::text as "validUntil"
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, today date)
         join documents d on d.client_id = w.client_id and d.company_id = w.company_id and d.kind = 'proposal' and d.published_at > w.today - interval '180 days'
        where (d.valid_until is null or d.valid_until >= w.today) and not exists (select from document_acceptances a where a.document_id = d.id)
          and exists (select from document_shares s where s.document_id = d.id) order by 1, d.published_at desc`,
};

export const documentSigns: ReadSigns = async (tx, clients) => {
  const rows = await tx.query<Row>(WAITING, [watchedJson(clients)]);
  return rows.map(({ clientId, id, title, publishedOn, validUntil }) => ({
    clientId,
    rule: 'proposal_waits',
    points: 0,
    says: `The proposal “${brief(title, 80)}” of ${dayWords(publishedOn)} is not accepted yet${validUntil === null ? '' : `; it is good until ${dayWords(validUntil)}`}.`,
    link: `/documents/${id}`,
  }));
};
