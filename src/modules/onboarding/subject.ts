import type { Statement } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS, WITH_CLIENT } from '#modules/clients/public.ts';
import { callSince } from './shapes.ts';

const LOAD: Statement = {
  name: 'onboarding.facts',
  text: `select b.id, c.person_id as "personId", jsonb_build_object('onboarding', jsonb_build_object('id', b.id, 'name', b.name, 'state', b.state, 'started_on', b.started_on,
          'waits_for_client', b.waits_since is not null, 'waits_since', b.waits_since, 'done', n.done, 'total', n.total, 'overdue', n.overdue, 'next_task', n.next, 'call_at', k.starts_at,
          'call_text', to_char(k.starts_at at time zone k.time_zone, 'FMDD FMMonth YYYY, HH24:MI') || ' (' || k.time_zone || ')',
          'call_minutes', (extract(epoch from k.ends_at - k.starts_at) / 60)::int, 'call_place', nullif(k.place, '')), ${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join onboardings b on b.id = wanted.id and b.company_id = wanted.company_id
    join clients c on c.id = b.client_id
    ${WITH_CLIENT}
    ${callSince('b')}
    cross join lateral (
      select count(*) filter (where t.state in ('done', 'skipped'))::int as done, count(*)::int as total, count(*) filter (where t.state = 'open' and t.overdue_told_at is not null)::int as overdue,
        (array_agg(t.title order by t.due_on nulls last, t.position) filter (where t.state = 'open' and t.owner = 'client'))[1] as next
      from onboarding_tasks t where t.onboarding_id = b.id and t.company_id = b.company_id) n`,
};
/** What a run about an onboarding may look at. */
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
};
