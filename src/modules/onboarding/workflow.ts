import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
const CALL_MAIL = 'onboarding-call';

const text = `Hello {{ person.first_name | default: person.name }},

we would like to talk with you about how we begin: {{ onboarding.call_text }}, {{ onboarding.call_minutes }} minutes.
{% if onboarding.call_place %}
Where: {{ onboarding.call_place }}
{% endif %}
The invitation is attached. If another time suits you better, just answer this mail.

{{ company.name }}`;

/** Mails the invitation to the call, and again when it is moved. */
const call = workflow(
  CALL_MAIL,
  {
    title: 'Invitations to onboarding calls',
    subject: 'onboarding',
    triggers: [{ on: 'event', event: 'onboarding.call_scheduled' }],
    reentry: 'always',
    stopOn: ['onboarding.cancelled', 'onboarding.call_cancelled'],
  },
  (w) => [
    w.step(
      'Mail the invitation',
      messageStep,
      { channel: 'email', class: 'transactional', attach: true, subject: 'Our call on {{ onboarding.call_text }}', text },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

const calledOffText = `Hello {{ person.first_name | default: person.name }},

our call on {{ onboarding.call_text }} does not take place. What is attached takes it out of your calendar.
To find another time, just answer this mail.

{{ company.name }}`;

/** Mails that the call is off, with what takes it out of the calendar. */
const calledOff = workflow(
  'onboarding-call-cancelled',
  {
    title: 'Onboarding calls that are called off',
    subject: 'onboarding',
    triggers: [{ on: 'event', event: 'onboarding.call_cancelled' }],
    reentry: 'always',
    stopOn: ['onboarding.call_scheduled'],
  },
  (w) => [
    w.step(
      'Mail that it is off',
      messageStep,
      {
        channel: 'email',
        class: 'transactional',
        attach: true,
        subject: 'Called off: our call on {{ onboarding.call_text }}',
        text: calledOffText,
      },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [
  { definition: call, active: true },
  { definition: calledOff, active: true },
];
