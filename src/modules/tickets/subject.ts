import type { Statement } from '#core/database/database.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { PERSON_FACTS } from '#modules/clients/public.ts';
import { PERSON_FIELDS } from '#modules/people/public.ts';

const LOAD: Statement = {
  name: 'tickets.facts',
  text: `select t.id, t.person_id as "personId", jsonb_build_object('ticket', jsonb_build_object('id', t.id, 'number', t.number, 'subject', t.subject, 'state', t.state, 'priority', t.priority,
          'source', t.source, 'tags', to_jsonb(t.tags), 'assignee_id', t.assignee_id, 'waits', t.waiting_since is not null, 'waiting_since', t.waiting_since,
          'response_due_at', t.response_due_at, 'resolution_due_at', t.resolution_due_at, 'response_broken', t.response_broken, 'resolution_broken', t.resolution_broken,
          'reopened', t.reopened, 'created_at', t.created_at, 'solved_at', t.solved_at), ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join tickets t on t.id = wanted.id and t.company_id = wanted.company_id
    join people p on p.id = t.person_id
    join companies co on co.id = t.company_id
    left join organisations o on o.id = p.organisation_id`,
};

/** What a run about a ticket may look at. */
export const ticketSubject: SubjectType = {
  type: 'ticket',
  fields: [
    { path: 'ticket.number', title: 'Number of the ticket', type: 'number' },
    { path: 'ticket.subject', title: 'What the ticket is about', type: 'text' },
    { path: 'ticket.state', title: 'State of the ticket', type: 'text' },
    { path: 'ticket.priority', title: 'Priority of the ticket', type: 'text' },
    { path: 'ticket.source', title: 'How the ticket came', type: 'text' },
    { path: 'ticket.tags', title: 'Tags of the ticket', type: 'list' },
    { path: 'ticket.assignee_id', title: 'Who works on the ticket', type: 'id' },
    { path: 'ticket.waits', title: 'Somebody waits for an answer', type: 'boolean' },
    { path: 'ticket.waiting_since', title: 'Since when they wait for an answer', type: 'moment' },
    { path: 'ticket.response_due_at', title: 'When an answer is due', type: 'moment' },
    { path: 'ticket.resolution_due_at', title: 'When the solution is due', type: 'moment' },
    { path: 'ticket.response_broken', title: 'Some answer was late', type: 'boolean' },
    { path: 'ticket.resolution_broken', title: 'The solution was late', type: 'boolean' },
    { path: 'ticket.reopened', title: 'How often it came back', type: 'number' },
    { path: 'ticket.created_at', title: 'When the ticket was opened', type: 'moment' },
    { path: 'ticket.solved_at', title: 'When it was solved', type: 'moment' },
    ...PERSON_FIELDS.filter((field) => field.path !== 'person.created_at'),
  ],
  async load(tx, subjects) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<{ id: string; personId: string; facts: Facts }>(LOAD, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.id, { personId: row.personId, facts: row.facts }]));
  },
};
