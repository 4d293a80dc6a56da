import type { Statement } from '#core/database/database.ts';
import type { DomainEvent, EventHandler, Facts } from '#core/engine/types.ts';
import { KEPT } from './kinds.ts';

/**
 * Who did it stands in the audit row of the same moment; what nobody's row is near, Steward did. A lead without a person in its
 * event finds them by the lead.
 */
const KEEP: Statement = {
  name: 'activity.keep',
  text: `insert into activities (id, company_id, kind, person_id, user_id, data, created_at)
         select e.id, e.company_id, e.kind, p.id, u.id, e.data, date_trunc('milliseconds', e.at)
           from jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid, kind text, subject_id uuid, person_id uuid, user_id uuid, data jsonb, at timestamptz)
           left join leads l on l.id = e.subject_id and l.company_id = e.company_id and e.person_id is null
           join people p on p.id = coalesce(e.person_id, l.person_id) and p.company_id = e.company_id
           left join lateral (
             select a.user_id from audit_log a where a.company_id = e.company_id and a.subject_id = e.subject_id::text
                and a.at between e.at - interval '500 milliseconds' and e.at + interval '500 milliseconds' and a.user_id is not null
              order by a.at desc limit 1) by on e.user_id is null and e.kind <> 'score_reached'
           left join users u on u.id = coalesce(e.user_id, by.user_id) and u.company_id = e.company_id
         on conflict (id) do nothing`,
};

type Kept = DomainEvent & { readonly id: string; readonly at: Date };

/** Thousands of imported leads are one line of the feed: the import's. Of several grades at once the highest is told. */
function isTold({ name, payload }: DomainEvent): boolean {
  if (name === 'lead.created') return payload?.['imported'] !== true;
  return name !== 'lead.score_reached' || payload?.['top'] === true;
}

export const keepers: readonly EventHandler[] = Object.entries(KEPT).map(([event, kind]) => ({
  event,
  name: `activity.${event}`,
  async handle(tx, events) {
    const rows = events.filter(isTold).map((one) => rowOf(one, kind));
    if (rows.length > 0) await tx.query(KEEP, [JSON.stringify(rows)]);
  },
}));

function rowOf({ id, companyId, subject, personId, payload = {}, at }: Kept, kind: string) {
  const by = payload['by'];
  return {
    id,
    company_id: companyId,
    kind,
    subject_id: subject.id,
    person_id: personId ?? null,
    user_id: typeof by === 'string' && UUID.test(by) ? by : null,
    data: told(payload),
    at,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TOLD = ['from', 'to', 'reason', 'user_id', 'source', 'score', 'grade', 'threshold', 'reasons', 'merged_person_id', 'name'];

/** What the feed shows of it; the rest of a payload is for machines. */
function told(payload: Facts): Facts {
  return Object.fromEntries(TOLD.flatMap((key) => (payload[key] === undefined ? [] : [[key, payload[key]]])));
}
