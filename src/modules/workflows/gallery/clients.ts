import { branch, end, letter, SIGNATURE, task, wait } from './steps.ts';
import type { GalleryWorkflow } from './types.ts';

const waits = { field: 'onboarding.waits_for_client', is: true } as const;
const GREETING = 'Hello {{ person.first_name | default: "there" }},';
const WAY = 'It takes a few minutes, on your page: {{ portal.link }}';

/** For clients. */
export const CLIENTS: readonly GalleryWorkflow[] = [
  {
    key: 'onboarding-nudges',
    description:
      'An onboarding waits for its client: a word after two days, another after three more, then it is yours. Whatever the client does ends it.',
    icon: 'repeat',
    definition: {
      name: 'onboarding-nudges',
      title: 'Onboarding nudges',
      subject: 'onboarding',
      triggers: [{ on: 'event', event: 'onboarding.blocked' }, { on: 'manual' }],
      stopOn: ['onboarding.task_settled', 'onboarding.done', 'onboarding.cancelled', 'message.replied'],
      reentry: 'after_end',
      settings: {},
      steps: [
        wait('Two days', { days: 2 }, 'two_days'),
        branch(
          'Does it still wait?',
          waits,
          [
            letter(
              'First nudge',
              'Next step: {{ onboarding.next_task }}',
              [GREETING, 'we are ready to go on and need one thing from you: {{ onboarding.next_task }}.', WAY, SIGNATURE],
              'first',
              'transactional',
            ),
            wait('Three more days', { days: 3 }, 'three_days'),
            letter(
              'Second nudge',
              'Can we help with “{{ onboarding.next_task }}”?',
              [
                GREETING,
                '“{{ onboarding.next_task }}” is still open. If something stands in the way, just answer this mail and we help.',
                WAY,
                SIGNATURE,
              ],
              'second',
              'transactional',
            ),
            wait('Two days more', { days: 2 }, 'two_more'),
            task('Call them', { title: 'Call the client: the onboarding has waited for a week', kind: 'call', dueInDays: 1 }, 'call'),
            end('Handed over', 'handed_over'),
          ],
          [end('It goes on', 'goes_on')],
        ),
      ],
    },
  },
];
