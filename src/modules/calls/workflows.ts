import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

const text = `Hello {{ person.first_name | default: person.name }},

here is our call: {{ call.text }}, {{ call.minutes }} minutes{% if call.host %} with {{ call.host }}{% endif %}.
{% if call.place %}
Where: {{ call.place }}
{% endif %}
The invitation is attached. Another time, or not at all: {{ call.link }}

{{ company.name }}`;

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
      { channel: 'email', class: 'transactional', attach: true, subject: 'Our call on {{ call.text }}', text },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

const offText = `Hello {{ person.first_name | default: person.name }},

our call on {{ call.text }} does not take place. What is attached takes it out of your calendar.
Another time: {{ call.link }}

{{ company.name }}`;

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
      { channel: 'email', class: 'transactional', attach: true, subject: 'Called off: our call on {{ call.text }}', text: offText },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [
  { definition: invite, active: true },
  { definition: off, active: true },
];
