import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { PortalVisit } from '#core/portal/types.ts';

/** What one browser opens within half an hour is one visit. Visits of more than a year ago go with the next one. */
const NOTE: Statement = {
  name: 'portal.note_view',
  text: `with seen as (
      update portal_views set last_at = $4, pages = pages + 1 where id = (select id from portal_views
        where company_id = $1 and client_id = $2 and last_at > $4::timestamptz - interval '30 minutes' and ip is not distinct from $5 and user_agent is not distinct from $6
        order by last_at desc limit 1) returning id
    ), old as (delete from portal_views where company_id = $1 and client_id = $2 and last_at < $4::timestamptz - interval '1 year'),
    made as (
      insert into portal_views (id, company_id, client_id, first_at, last_at, ip, user_agent) select $3, $1, $2, $4, $4, $5, $6 where not exists (select from seen) returning id
    ) select id from made`,
};

/** True: a visit has begun with it. */
export async function noteView(
  tx: Transaction,
  visit: Pick<PortalVisit, 'companyId' | 'clientId' | 'now' | 'ip' | 'userAgent'>,
): Promise<boolean> {
  const made = await tx.query(NOTE, [visit.companyId, visit.clientId, newId(), visit.now, visit.ip, visit.userAgent]);
  return made.length > 0;
}
