import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Mails the invitation, and again when the call is moved. */
const invite = workflow(
  'call-invitation',
  {
    title: 'Invitations to calls',
    subject: 'call',
    triggers: [
      { on: 'event', event: 'call.booked' },
      { on: 'event', event: 'call.moved' },
    ],
    reentry: 'always',
    stopOn: ['call.cancelled'],
  },
  (w) => [
    w.step(
      'Mail the invitation',
      messageStep,
      { channel: 'email', class: 'transactional', attach: true, template: 'call-invitation' },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

/** Mails that the call is off, with what takes it out of the calendar. */
const off = workflow(
  'call-cancelled',
  {
    title: 'Calls that are called off',
    subject: 'call',
    triggers: [{ on: 'event', event: 'call.cancelled' }],
    reentry: 'always',
    stopOn: ['call.moved'],
  },
  (w) => [
    w.step(
      'Mail that it is off',
      messageStep,
      { channel: 'email', class: 'transactional', attach: true, template: 'call-cancelled' },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [
  { definition: invite, active: true },
  { definition: off, active: true },
];
