import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { PERSON_FACTS } from '#modules/clients/public.ts';
import { PERSON_FIELDS, requireUsers, something } from '#modules/people/public.ts';
import { changeTickets } from './change.ts';
import { setState } from './state.ts';
import { Priority, State, Tags } from './ticket.ts';

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

/** What the `update` step may set of a ticket. */
const TicketUpdates = something(
  z.strictObject({
    state: State.optional().meta({ title: 'State' }).describe('A closed ticket stays closed'),
    priority: Priority.optional().meta({ title: 'Priority' }),
    assigneeId: z.uuid().optional().meta({ title: 'Who works on it', format: 'user' }),
    addTags: Tags.optional().meta({ title: 'Give tags' }),
    removeTags: Tags.optional().meta({ title: 'Take tags away' }),
  }),
);

/** What a run about a ticket may look at. */
export const ticketSubject: SubjectType = {
  type: 'ticket',
  newest: {
    name: 'tickets.newest',
    text: `select distinct on (t.person_id) t.person_id as "personId", t.id from tickets t where t.company_id = $1 and t.person_id = any ($2::uuid[]) and t.merged_into_id is null order by t.person_id, t.last_at desc, t.id desc`,
  },
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
  updates: TicketUpdates,
  async update(tx, changes, runtime) {
    for (const [companyId, own] of Map.groupBy(changes, (change) => change.companyId)) {
      const sets = new Map(own.map(({ id, set }) => [id, TicketUpdates.parse(set)]));
      await requireUsers(
        tx,
        companyId,
        [...sets.values()].flatMap(({ assigneeId }) => assigneeId ?? []),
      );
      await changeTickets(tx, runtime, {
        companyId,
        ids: [...sets.keys()],
        by: null,
        change(ticket, at) {
          const { state, priority, assigneeId, addTags = [], removeTags = [] } = sets.get(ticket.id) ?? {};
          if (ticket.state === 'closed' || ticket.mergedIntoId !== null) return;
          if (priority !== undefined) ticket.priority = priority;
          if (assigneeId !== undefined) ticket.assigneeId = assigneeId;
          ticket.tags = [...new Set([...ticket.tags.filter((tag) => !removeTags.includes(tag)), ...addTags])];
          if (state !== undefined) setState(ticket, state, at);
        },
      });
    }
  },
  async load(tx, subjects) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<{ id: string; personId: string; facts: Facts }>(LOAD, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.id, { personId: row.personId, facts: row.facts }]));
  },
};
