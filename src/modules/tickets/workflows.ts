import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { ticketMailStep, ticketSurveyStep } from './steps.ts';

/** Says at once that it was received; a machine's mail, so that two machines never thank each other. */
const received = workflow(
  'ticket-received',
  {
    title: 'Tickets: say that it was received',
    subject: 'ticket',
    triggers: [{ on: 'event', event: 'ticket.created', where: { field: 'ticket.source', in: ['mail', 'form', 'portal'] } }],
  },
  (w) => [
    w.step('It was received', ticketMailStep, { template: 'ticket-received' }, { id: 'received' }),
    w.end('Said', 'said', { id: 'end' }),
  ],
);

/** Three days of silence, one question, a week more: then it is taken for solved; a word of theirs opens it again. */
const followUp = workflow(
  'ticket-follow-up',
  {
    title: 'Tickets: ask again where they do not answer',
    subject: 'ticket',
    triggers: [{ on: 'event', event: 'ticket.state_changed', where: { field: 'payload.to', is: 'pending' } }],
    stopOn: ['ticket.waiting', 'ticket.solved', 'ticket.closed'],
  },
  (w) => [
    w.wait('Three days', { days: 3 }, { id: 'wait' }),
    w.step('Do they still need it?', ticketMailStep, { template: 'ticket-still-open' }, { id: 'ask' }),
    w.wait('A week', { days: 7 }, { id: 'wait_more' }),
    w.update('Take it for solved', { state: 'solved' }, { id: 'solved' }),
    w.end('Settled', 'settled', { id: 'end' }),
  ],
);

/** An hour after it was solved, unless it comes back. */
const survey = workflow(
  'ticket-survey',
  {
    title: 'Tickets: ask how the help was',
    subject: 'ticket',
    triggers: [{ on: 'event', event: 'ticket.solved' }],
    stopOn: ['ticket.reopened', 'ticket.rated'],
  },
  (w) => [
    w.wait('An hour', { hours: 1 }, { id: 'wait' }),
    w.step('How was it?', ticketSurveyStep, { template: 'ticket-survey' }, { id: 'ask' }),
    w.end('Asked', 'asked', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [
  { definition: received, active: false },
  { definition: followUp, active: false },
  { definition: survey, active: false },
];
