import type { Statement } from '#core/database/database.ts';
import type { ReadSigns, Sign } from '#core/signs/types.ts';
import { brief, watchedJson } from '#core/signs/words.ts';

interface Row {
  readonly clientId: string;
  readonly open: number;
  readonly lately: number;
  readonly newest: { readonly id: string; readonly number: number; readonly subject: string } | null;
  readonly late: { readonly id: string; readonly number: number; readonly subject: string } | null;
  readonly rated: { readonly id: string; readonly number: number; readonly score: number; readonly comment: string } | null;
}

/** By the person of the client; what was merged away counts once, where it went. */
const OF_PEOPLE: Statement = {
  name: 'tickets.signs',
  text: `select w.client_id as "clientId", k.open, k.lately, k.newest, k.late, r.rated
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, person_id uuid)
         cross join lateral (select count(*) filter (where t.state in ('open', 'pending', 'on_hold'))::int as open,
             count(*) filter (where t.created_at > $2::timestamptz - interval '30 days')::int as lately,
             (array_agg(jsonb_build_object('id', t.id, 'number', t.number, 'subject', t.subject) order by t.last_at desc) filter (where t.state in ('open', 'pending', 'on_hold')))[1] as newest,
             (array_agg(jsonb_build_object('id', t.id, 'number', t.number, 'subject', t.subject) order by t.sort_due_at)
               filter (where t.state in ('open', 'pending', 'on_hold') and (t.response_due_at < $2 or t.resolution_due_at < $2)))[1] as late
           from tickets t where t.person_id = w.person_id and t.company_id = w.company_id and t.merged_into_id is null
             and (t.state in ('open', 'pending', 'on_hold') or t.created_at > $2::timestamptz - interval '30 days')) k
         left join lateral (select jsonb_build_object('id', t.id, 'number', t.number, 'score', a.score, 'comment', a.comment) as rated
           from tickets t join ticket_ratings a on a.ticket_id = t.id where t.person_id = w.person_id and t.company_id = w.company_id
             and a.updated_at > $2::timestamptz - interval '90 days' order by a.updated_at desc limit 1) r on true
        where k.open > 0 or k.lately > 0 or r.rated is not null`,
};

/** So many questions in a month are more than a working thing gives rise to. */
const MANY = 5;

export const ticketSigns: ReadSigns = async (tx, clients, now) => {
  const rows = await tx.query<Row>(OF_PEOPLE, [watchedJson(clients), now]);
  return rows.flatMap((row) => [...saidOf(row)]);
};

function* saidOf({ clientId, open, lately, newest, late, rated }: Row): Generator<Sign> {
  const to = (ticket: { readonly id: string }) => `/tickets/${ticket.id}`;
  if (late !== null)
    yield { clientId, rule: 'ticket_late', points: 20, says: `Ticket #${late.number} is past its target: ${brief(late.subject, 80)}.`, link: to(late) }; // prettier-ignore
  if (rated !== null && rated.score <= 2)
    yield { clientId, rule: 'help_was_bad', points: 25, says: `They rated the help on ticket #${rated.number} with ${rated.score} of 5${rated.comment.trim() === '' ? '' : `: “${brief(rated.comment, 80)}”`}.`, link: to(rated) }; // prettier-ignore
  if (lately >= MANY)
    yield { clientId, rule: 'many_tickets', points: 10, says: `${lately} tickets in the last 30 days (it speaks from ${MANY}).`, link: null }; // prettier-ignore
  if (newest !== null)
    yield { clientId, rule: 'tickets_open', points: 0, says: `${open === 1 ? 'One open ticket' : `${open} open tickets`}, moved last: #${newest.number} ${brief(newest.subject, 80)}.`, link: to(newest) }; // prettier-ignore
  if (rated !== null && rated.score >= 4)
    yield { clientId, rule: 'help_was_good', points: 0, says: `They rated the help on ticket #${rated.number} with ${rated.score} of 5.`, link: to(rated) }; // prettier-ignore
}
