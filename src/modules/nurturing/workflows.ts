import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow, StepNode } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';
import { generateStep } from './actions.ts';
import type { LetterKind } from './prompts/letter.ts';
import { LEAD_NURTURING, READ_REPLY } from './names.ts';
import { letterKey } from './templates.ts';
import { readReplyStep } from './replies/read-reply-step.ts';

/**
 * From first contact to reply: a letter at once, then after 3, 7 and 14 days. The days count from the moment the first letter was sent, as gaps of
 * 3, 4 and 7 days between sends: whatever delays one letter (sending hours, an absence) delays the rest with it, so that two never arrive together.
 */
const leadNurturing = workflow(
  LEAD_NURTURING,
  {
    title: 'Lead nurturing',
    subject: 'lead',
    triggers: [
      {
        on: 'event',
        event: 'lead.created',
        where: {
          all: [
            { field: 'payload.enrol', isNot: false },
            { field: 'payload.status', is: 'new' },
          ],
        },
      },
      { on: 'manual' },
    ],
    reentry: 'after_end',
    stopOn: [
      'message.replied',
      'message.bounced',
      'person.opted_out',
      'lead.converted',
      'lead.deleted',
      { event: 'lead.status_changed', where: { field: 'payload.to', in: ['converted', 'lost', 'unsubscribed'] } },
    ],
  },
  (w) => {
    const letter = (kind: LetterKind, write: string, post: string): StepNode[] => [
      w.step(write, generateStep, { kind, template: letterKey(kind) }, { id: `write_${kind}` }),
      w.step(post, messageStep, { channel: 'email', class: 'commercial', from: `write_${kind}` }, { id: `send_${kind}` }),
      w.branch(
        'Was it blocked or refused?',
        { field: `steps.send_${kind}.state`, in: ['blocked', 'refused'] },
        [w.end('It may not be written to', 'blocked', { id: `blocked_${kind}` })],
        [],
        { id: `went_out_${kind}` },
      ),
    ];
    return [
      ...letter('first', 'Write the first letter', 'Send the first letter'),
      w.wait('Three days later', { days: 3 }, { id: 'wait_3_days' }),
      ...letter('follow_up_1', 'Write the first follow-up', 'Send the first follow-up'),
      w.wait('A week after the first letter', { days: 4 }, { id: 'wait_7_days' }),
      ...letter('follow_up_2', 'Write the second follow-up', 'Send the second follow-up'),
      w.wait('Two weeks after the first letter', { days: 7 }, { id: 'wait_14_days' }),
      ...letter('follow_up_3', 'Write the last letter', 'Send the last letter'),
      w.end('No reply', 'no_reply', { id: 'no_reply' }),
    ];
  },
);

/** A model reads a reply that the rules could not place. Started by the event handler that has routed it already. */
const readReply = workflow(READ_REPLY, { title: 'Read replies', subject: 'lead', triggers: [{ on: 'manual' }], reentry: 'always' }, (w) => [
  w.act('Ask the model what the reply means', readReplyStep, { id: 'read' }),
  w.end('Read', 'read', { id: 'end' }),
]);

export const workflows: readonly BuiltInWorkflow[] = [
  { definition: leadNurturing, active: true },
  { definition: readReply, active: true },
];
