import type { Statement } from '#core/database/database.ts';
import type { ReadSigns, Sign } from '#core/signs/types.ts';
import { brief, dayWords, daysBetween, watchedJson } from '#core/signs/words.ts';

interface Row {
  readonly clientId: string;
  readonly today: string;
  readonly since: string;
  readonly contractEnd: string | null;
  readonly renewsMonths: number | null;
  readonly noticeDays: number;
  readonly heard: { readonly type: string; readonly on: string; readonly content: string } | null;
  readonly written: string | null;
  readonly touches: number;
  readonly dueSince: string | null;
  readonly last: { readonly on: string; readonly state: string; readonly outcome: string } | null;
}

/** What they wrote, a call and a meeting are words of theirs; what we wrote is not, and neither is a time that we booked for them. */
const STAND: Statement = {
  name: 'clients.signs',
  text: `select c.id as "clientId", w.today::text as today, c.created_at::date::text as since, c.contract_end::text as "contractEnd", c.contract_renews_months as "renewsMonths",
           c.notice_days as "noticeDays", h.heard, o.written, n.touches, k.due_since as "dueSince", l.last
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, person_id uuid, today date)
         join clients c on c.id = w.client_id and c.company_id = w.company_id
         left join lateral (select jsonb_build_object('type', case when t.channel = 'calendar' then 'booking' else t.type end, 'on', t.created_at::date, 'content', left(t.content, 400)) as heard from interactions t
           where t.person_id = w.person_id and t.company_id = w.company_id and (t.direction = 'inbound' or (t.type in ('call', 'meeting') and t.channel is distinct from 'calendar')) order by t.created_at desc, t.id desc limit 1) h on true
         left join lateral (select t.created_at::date::text as written from interactions t
           where t.person_id = w.person_id and t.company_id = w.company_id and t.direction = 'outbound' and t.type in ('email', 'sms') order by t.created_at desc, t.id desc limit 1) o on true
         cross join lateral (select count(*)::int as touches from interactions t where t.person_id = w.person_id and t.company_id = w.company_id and t.created_at > $2::timestamptz - interval '90 days') n
         left join lateral (select min(d.due_on)::text as due_since from checkins d where d.client_id = c.id and d.state = 'due') k on true
         left join lateral (select jsonb_build_object('on', d.due_on, 'state', d.state, 'outcome', d.outcome) as last from checkins d
           where d.client_id = c.id and d.state <> 'due' order by d.due_on desc limit 1) l on true`,
};

/** From so many days of silence on, and what they cost. */
const SILENCE = [
  { days: 120, points: 30 },
  { days: 60, points: 15 },
] as const;
const LATE_CHECKIN_DAYS = 7;

/** Agreement, silence and check-ins. */
export const clientSigns: ReadSigns = async (tx, clients, now) => {
  const rows = await tx.query<Row>(STAND, [watchedJson(clients), now]);
  return rows.flatMap((row) => [...contractOf(row), ...wordsOf(row), ...checkinsOf(row)]);
};

function* contractOf({ clientId, today, contractEnd, renewsMonths, noticeDays }: Row): Generator<Sign> {
  if (contractEnd === null) return;
  const left = daysBetween(today, contractEnd);
  const [link, on] = [null, dayWords(contractEnd)];
  if (left < 0) yield { clientId, rule: 'contract_ended', points: 25, says: `The contract ended on ${on}, and they are still active.`, link };
  else if (left <= noticeDays && renewsMonths === null)
    yield { clientId, rule: 'contract_ends', points: 15, says: `The contract ends on ${on}, in ${left === 1 ? 'one day' : `${left} days`}, and does not renew by itself.`, link };
  else if (left <= noticeDays)
    yield { clientId, rule: 'contract_renews', points: 0, says: `The contract goes on by itself after ${on}, for ${renewsMonths === 1 ? 'a month' : `${renewsMonths ?? ''} months`} more.`, link };
} // prettier-ignore

function* wordsOf({ clientId, today, since, heard, written, touches }: Row): Generator<Sign> {
  const quiet = daysBetween(heard?.on ?? since, today);
  const cost = SILENCE.find(({ days }) => quiet >= days);
  if (cost !== undefined)
    yield { clientId, rule: 'silence', points: cost.points, says: `Nothing was heard from them for ${quiet} days (it speaks from ${cost.days}).`, link: null };
  if (heard !== null)
    yield { clientId, rule: 'last_heard', points: 0, says: `${heardBy(heard.type)} on ${dayWords(heard.on)}${heard.content.trim() === '' ? '.' : `: “${brief(saidIn(heard))}”`}`, link: null };
  if (written !== null && (heard === null || written > heard.on))
    yield { clientId, rule: 'last_written', points: 0, says: `You last wrote on ${dayWords(written)}, and they have not answered yet; ${touches === 1 ? 'one touch' : `${touches} touches`} in 90 days.`, link: null };
} // prettier-ignore

/** A mail's subject and its words are kept with an empty line between them. */
const saidIn = ({ type, content }: NonNullable<Row['heard']>): string => (type === 'email' ? content.replace(/\n\s*\n/, ': ') : content);

const heardBy = (type: string): string =>
  ({ call: 'You last spoke by phone', meeting: 'You last met', booking: 'They last chose a time' })[type] ?? 'They last wrote'; // prettier-ignore

function* checkinsOf({ clientId, today, dueSince, last }: Row): Generator<Sign> {
  if (dueSince !== null && daysBetween(dueSince, today) > LATE_CHECKIN_DAYS)
    yield { clientId, rule: 'checkin_late', points: 10, says: `A check-in has been due since ${dayWords(dueSince)}.`, link: null };
  if (last?.state === 'skipped')
    yield { clientId, rule: 'checkin_skipped', points: 10, says: `The check-in of ${dayWords(last.on)} was skipped.`, link: null };
  if (last !== null && last.outcome.trim() !== '')
    yield { clientId, rule: 'last_outcome', points: 0, says: `At the last check-in, ${dayWords(last.on)}: “${brief(last.outcome, 160)}”`, link: null };
} // prettier-ignore
