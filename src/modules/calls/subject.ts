import type { Statement } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import { spokenOf, type Spoken } from '#core/language.ts';
import { NotFound } from '#core/errors.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { PERSON_FACTS } from '#modules/clients/public.ts';
import { PERSON_FIELDS } from '#modules/people/public.ts';
import { words } from './book.ts';
import { drawInvitation, invitationsOf } from './invitation.ts';
import { callLink, NO_KIND } from './word.ts';

const LOAD: Statement = {
  name: 'calls.facts',
  text: `select k.id, k.company_id as "companyId", k.person_id as "personId", k.kind_id as "kindId", k.starts_at as "startsAt", k.time_zone as "timeZone",
           jsonb_build_object('call', jsonb_build_object('id', k.id, 'title', k.title, 'state', k.state, 'at', k.starts_at, 'minutes', (extract(epoch from k.ends_at - k.starts_at) / 60)::int,
             'place', nullif(k.place, ''), 'note', nullif(k.note, ''), 'host', u.full_name, 'host_id', k.host_id, 'booked_by', k.booked_by), ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join calls k on k.id = wanted.id and k.company_id = wanted.company_id
    join people p on p.id = k.person_id join companies co on co.id = k.company_id
    left join organisations o on o.id = p.organisation_id left join users u on u.id = k.host_id and u.company_id = k.company_id`,
};

interface Row {
  readonly id: string;
  readonly companyId: string;
  readonly personId: string;
  readonly kindId: string | null;
  readonly startsAt: Date;
  readonly timeZone: string;
  readonly facts: Facts & { readonly call: Facts };
}

/** The reader's, else the company's. */
const languageOf = (facts: Facts): Spoken => {
  const at = (from: unknown, name: string): unknown => Reflect.get(Object(from), name);
  const tags = [at(facts['person'], 'language'), at(at(facts['company'], 'settings'), 'language')];
  return spokenOf(...tags.map((tag) => (typeof tag === 'string' ? tag : null)));
};

const INVITATION = 'text/calendar; charset=utf-8; method=REQUEST';
const CANCELLATION = 'text/calendar; charset=utf-8; method=CANCEL';
/** What a run about a call may look at. With its mails goes what calendars understand. */
export const callSubject: SubjectType = {
  type: 'call',
  fields: [
    { path: 'call.title', title: 'What the call is for', type: 'text' },
    { path: 'call.state', title: 'planned or cancelled', type: 'text' },
    { path: 'call.at', title: 'When the call is', type: 'moment' },
    { path: 'call.text', title: 'When the call is, or was, in words', type: 'text' },
    { path: 'call.minutes', title: 'How long it takes, in minutes', type: 'number' },
    { path: 'call.place', title: 'Where it is', type: 'text' },
    { path: 'call.note', title: 'What they wrote when they booked it', type: 'text' },
    { path: 'call.host', title: 'Who of us', type: 'text' },
    { path: 'call.host_id', title: 'Who of us, by id', type: 'id' },
    { path: 'call.booked_by', title: 'Booked by us or by them', type: 'text' },
    { path: 'call.link', title: 'Where they move it or call it off', type: 'text' },
    ...PERSON_FIELDS.filter((field) => field.path !== 'person.created_at'),
  ],
  async load(tx, subjects, runtime) {
    const rows = await tx.query<Row>(LOAD, [wantedOf(subjects)]);
    return new Map(
      rows.map(({ id, companyId, personId, kindId, facts, ...when }) => {
        const link = runtime === undefined ? '' : callLink(runtime, { companyId, personId, kindId: kindId ?? NO_KIND });
        return [id, { personId, facts: { ...facts, call: { ...facts.call, text: words(when, languageOf(facts)), link } } }];
      }),
    );
  },
  file: {
    async named(tx, subjects) {
      const rows = await invitationsOf(tx, subjects);
      return new Map(
        rows.map(({ id, cancelled }) => [
          id,
          cancelled ? { filename: 'cancellation.ics', contentType: CANCELLATION } : { filename: 'invitation.ics', contentType: INVITATION },
        ]),
      );
    },
    async bytes(tx, subject, { contentType }) {
      const [call] = await invitationsOf(tx, [subject]);
      // A mail that was written before the call was called off, or planned anew, must not say the opposite of the entry on it.
      if (call === undefined || call.cancelled !== (contentType === CANCELLATION))
        throw new NotFound(call?.cancelled === false ? 'The call was planned anew' : 'No call is planned any more');
      return drawInvitation(call);
    },
  },
};
