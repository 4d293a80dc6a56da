import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Facts, SubjectRef, SubjectType } from '#core/engine/types.ts';
import { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS, WITH_CLIENT } from '#modules/clients/public.ts';
import type { Call } from './call.ts';

const LOAD: Statement = {
  name: 'onboarding.facts',
  text: `select b.id, c.person_id as "personId", jsonb_build_object('onboarding', jsonb_build_object('id', b.id, 'name', b.name, 'state', b.state, 'started_on', b.started_on,
          'waits_for_client', b.waits_since is not null, 'waits_since', b.waits_since, 'done', n.done, 'total', n.total, 'overdue', n.overdue, 'next_task', n.next, 'call_at', case when b.call_cancelled_at is null then b.call_at end,
          'call_text', to_char(b.call_at at time zone coalesce(co.settings ->> 'time_zone', 'UTC'), 'FMDD FMMonth YYYY, HH24:MI') || ' (' || coalesce(co.settings ->> 'time_zone', 'UTC') || ')',
          'call_minutes', b.call_minutes, 'call_place', nullif(b.call_place, '')), ${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join onboardings b on b.id = wanted.id and b.company_id = wanted.company_id
    join clients c on c.id = b.client_id
    ${WITH_CLIENT}
    cross join lateral (
      select count(*) filter (where t.state in ('done', 'skipped'))::int as done, count(*)::int as total, count(*) filter (where t.state = 'open' and t.overdue_told_at is not null)::int as overdue,
        (array_agg(t.title order by t.due_on nulls last, t.position) filter (where t.state = 'open' and t.owner = 'client'))[1] as next
      from onboarding_tasks t where t.onboarding_id = b.id and t.company_id = b.company_id) n`,
};
const CALLS: Statement = {
  name: 'onboarding.calls',
  text: `select b.id, b.call_at as at, b.call_minutes as minutes, b.call_place as place, b.call_sequence as sequence, b.updated_at as "changedAt", b.call_cancelled_at is not null as cancelled, co.name as company, p.full_name as name, p.email,
           coalesce(s.from_email, u.email) as "ourEmail"
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid) join onboardings b on b.id = w.id and b.company_id = w.company_id
         join clients c on c.id = b.client_id join people p on p.id = c.person_id join companies co on co.id = b.company_id
         left join sending s on s.company_id = b.company_id left join users u on u.id = c.owner_id and u.company_id = b.company_id
         where b.call_at is not null`,
};

interface CallRow {
  readonly id: string;
  readonly at: Date;
  readonly minutes: number;
  readonly place: string;
  readonly sequence: number;
  readonly changedAt: Date;
  readonly cancelled: boolean;
  readonly company: string;
  readonly name: string;
  readonly email: string | null;
  readonly ourEmail: string | null;
}

const INVITATION = 'text/calendar; charset=utf-8; method=REQUEST';
const CANCELLATION = 'text/calendar; charset=utf-8; method=CANCEL';

const wantedOf = (subjects: readonly SubjectRef[]) => JSON.stringify(subjects.map(({ companyId, id }) => ({ company_id: companyId, id })));

/** The call that was planned last, also one that was called off; null: none was. */
export async function callOf(tx: Transaction, subject: SubjectRef): Promise<Call | null> {
  const [row] = await tx.query<CallRow>(CALLS, [wantedOf([subject])]);
  if (row === undefined) return null;
  const { company, name, email, ourEmail, ...call } = row;
  return { ...call, title: `Onboarding call with ${company}`, organizer: { name: company, email: ourEmail }, guest: { name, email } };
}

/** What a run about an onboarding may look at. With its mails goes the invitation to the call, where one is planned. */
export const onboardingSubject: SubjectType = {
  type: 'onboarding',
  newest: {
    name: 'onboarding.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", o.id from clients c join onboardings o on o.client_id = c.id and o.company_id = c.company_id where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, o.created_at desc, o.id desc`,
  },
  fields: [
    { path: 'onboarding.name', title: 'Plan of the onboarding', type: 'text' },
    { path: 'onboarding.state', title: 'running, done or cancelled', type: 'text' },
    { path: 'onboarding.started_on', title: 'Day the onboarding began', type: 'moment' },
    { path: 'onboarding.waits_for_client', title: 'Only the client can go on', type: 'boolean' },
    { path: 'onboarding.waits_since', title: 'Since when only the client can go on', type: 'moment' },
    { path: 'onboarding.next_task', title: 'What the client does next', type: 'text' },
    { path: 'onboarding.done', title: 'Tasks that are settled', type: 'number' },
    { path: 'onboarding.total', title: 'Tasks in all', type: 'number' },
    { path: 'onboarding.overdue', title: 'Tasks that are overdue', type: 'number' },
    { path: 'onboarding.call_at', title: 'When the call is', type: 'moment' },
    { path: 'onboarding.call_text', title: 'When the call is, or was, in words', type: 'text' },
    { path: 'onboarding.call_minutes', title: 'How long the call takes, in minutes', type: 'number' },
    { path: 'onboarding.call_place', title: 'Where the call is', type: 'text' },
    ...CLIENT_FIELDS,
  ],
  async load(tx, subjects) {
    const rows = await tx.query<{ id: string; personId: string; facts: Facts }>(LOAD, [wantedOf(subjects)]);
    return new Map(rows.map(({ id, personId, facts }) => [id, { personId, facts }]));
  },
  file: {
    async named(tx, subjects) {
      const rows = await tx.query<CallRow>(CALLS, [wantedOf(subjects)]);
      return new Map(
        rows.map(({ id, cancelled }) => [
          id,
          cancelled ? { filename: 'cancellation.ics', contentType: CANCELLATION } : { filename: 'invitation.ics', contentType: INVITATION },
        ]),
      );
    },
    async bytes(tx, subject, { contentType }) {
      const [call, { calendarEntry }] = [await callOf(tx, subject), await import('./call.ts')];
      // A mail that was written before the call was called off, or planned anew, must not say the opposite of the entry on it.
      if (call === null || call.cancelled !== (contentType === CANCELLATION))
        throw new NotFound(call?.cancelled === false ? 'The call was planned anew' : 'No call is planned any more');
      return calendarEntry(call);
    },
  },
};
