import { node, branch, days, end, GREETING, letter, SIGNATURE, task, template, wait, waitFor } from './steps.ts';
import type { GalleryWorkflow } from './types.ts';

/** For people, lead or not, and for the business itself. */
export const PEOPLE: readonly GalleryWorkflow[] = [
  {
    key: 'review-request',
    description: 'Two weeks after the order: ask for a review, remind once, thank those who answer.',
    icon: 'message-circle-question',
    definition: {
      name: 'review-request',
      title: 'Ask for a review',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.converted' }, { on: 'manual' }],
      stopOn: ['person.opted_out', 'message.bounced', 'lead.deleted'],
      settings: {},
      steps: [
        wait('Two weeks', { weeks: 2 }, 'two_weeks'),
        letter(
          'Ask for a review',
          'How did we do?',
          [
            GREETING,
            'you have been with {{ company.name }} for two weeks. Would you tell us in a line or two how it went? Just reply to this mail.',
            SIGNATURE,
          ],
          'ask',
        ),
        waitFor('A week for an answer', ['message.replied'], { weeks: 1 }, 'answer'),
        branch(
          'Did they answer?',
          { field: 'steps.answer.event', is: 'message.replied' },
          [
            task('Thank them', { title: 'Thank for the review, and ask whether it may be shown', dueInDays: 2 }, 'thank'),
            end('Reviewed', 'reviewed'),
          ],
          [
            letter(
              'Remind once',
              'A small favour',
              [
                GREETING,
                'one sentence about how we did would help us a lot. And if something went wrong, we want to know that, too.',
                SIGNATURE,
              ],
              'remind',
            ),
            end('No answer', 'no_answer'),
          ],
        ),
      ],
    },
  },
  {
    key: 'win-back',
    description: 'Whoever falls silent gets a word, a second one after ten days, and then is left in peace.',
    icon: 'repeat',
    definition: {
      name: 'win-back',
      title: 'Win back the silent',
      subject: 'person',
      triggers: [{ on: 'event', event: 'segment.entered', where: { field: 'payload.segment', contains: 'silent' } }, { on: 'manual' }],
      stopOn: ['message.replied', 'message.bounced', 'person.opted_out'],
      settings: {},
      steps: [
        template('How are things?', 'checkin', 'commercial', 'check_in'),
        wait('Ten days', days(10), 'ten_days'),
        letter(
          'One more word',
          'Still here for you',
          [
            GREETING,
            'we have not heard from you for a while, and that is all right. If something is open, reply to this mail and we will see to it.',
            SIGNATURE,
          ],
          'one_more',
        ),
        wait('Two weeks of quiet', { weeks: 2 }, 'quiet'),
        end('Silent', 'silent'),
      ],
    },
  },
  {
    key: 'birthday',
    description: 'A card by hand the week before, a note on the day. Needs a segment of who has a birthday soon.',
    icon: 'sparkles',
    definition: {
      name: 'birthday',
      title: 'Birthday note',
      subject: 'person',
      triggers: [{ on: 'event', event: 'segment.entered', where: { field: 'payload.segment', contains: 'birthday' } }, { on: 'manual' }],
      stopOn: ['person.opted_out'],
      settings: {},
      steps: [
        task('Write a card', { title: 'Write a birthday card', dueInDays: 3 }, 'card'),
        wait('A week', { weeks: 1 }, 'a_week'),
        letter(
          'Happy birthday',
          'Happy birthday',
          [GREETING, 'all of us at {{ company.name }} wish you a happy birthday and a good year.', SIGNATURE],
          'note',
        ),
        end('Congratulated', 'congratulated'),
      ],
    },
  },
  {
    key: 'vip',
    description: 'Who gets the tag vip is greeted in person.',
    icon: 'flag',
    definition: {
      name: 'vip',
      title: 'Look after a VIP',
      subject: 'person',
      triggers: [{ on: 'event', event: 'person.tagged', where: { field: 'payload.tags', contains: 'vip' } }, { on: 'manual' }],
      stopOn: [],
      settings: {},
      steps: [
        task('Call in person', { title: 'Call in person: this is a VIP now', kind: 'call', dueInDays: 1, wait: true, waitDays: 7 }, 'call'),
        branch(
          'Reached?',
          { field: 'steps.call.state', is: 'done' },
          [end('Reached', 'reached')],
          [template('Write instead', 'checkin', 'commercial', 'write'), end('Written to', 'written')],
        ),
      ],
    },
  },
  {
    key: 'bounced',
    description: 'An address that bounces for good is looked up and mended by a person.',
    icon: 'mail',
    definition: {
      name: 'bounced',
      title: 'Mend a dead address',
      subject: 'person',
      triggers: [{ on: 'event', event: 'message.bounced', where: { field: 'payload.hard', is: true } }, { on: 'manual' }],
      stopOn: ['person.opted_out'],
      settings: {},
      steps: [
        task('Find the new address', { title: 'Find a new address: mail to this person bounces', wait: true, waitDays: 14 }, 'find'),
        branch('Found?', { field: 'steps.find.state', is: 'done' }, [end('Mended', 'mended')], [end('Given up', 'given_up')]),
      ],
    },
  },
  {
    key: 'webhook-enquiry',
    description: 'Another system calls: an enquiry with an address becomes a task, anything else a look.',
    icon: 'globe',
    definition: {
      name: 'webhook-enquiry',
      title: 'Enquiry by webhook',
      subject: 'company',
      triggers: [{ on: 'webhook', key: 'enquiry' }, { on: 'manual' }],
      stopOn: [],
      settings: {},
      steps: [
        branch(
          'Does it name an address?',
          { field: 'trigger.body.email', exists: true },
          [
            task(
              'Take it on',
              { title: 'Take on the enquiry that came by webhook', body: 'Its words stand in the run that made this task.', dueInDays: 1 },
              'take_on',
            ),
            end('Taken on', 'taken_on'),
          ],
          [
            task('Look at it', { title: 'A webhook came without an email address: look at what was sent', kind: 'alert' }, 'look'),
            end('To look at', 'to_look_at'),
          ],
        ),
      ],
    },
  },
  {
    key: 'daily-pipeline',
    description:
      'Every weekday at seven: the pipeline of today in files, and its digest to every admin. Add “Post a message” with {{ steps.snapshot.text }} for Slack.',
    icon: 'list-todo',
    definition: {
      name: 'daily-pipeline',
      title: 'Daily pipeline',
      subject: 'company',
      triggers: [
        { on: 'schedule', schedule: { cron: '0 7 * * 1-5', timeZone: 'Europe/Berlin', missed: { policy: 'once' } } },
        { on: 'manual' },
      ],
      stopOn: [],
      settings: {},
      steps: [node('Daily pipeline', 'daily.snapshot', { tell: true }, 'snapshot'), end('Told', 'told')],
    },
  },
  {
    key: 'weekly-look',
    description: 'Every Monday morning: go through leads, tasks and what failed, before the week begins.',
    icon: 'list-todo',
    definition: {
      name: 'weekly-look',
      title: 'Weekly look',
      subject: 'company',
      triggers: [
        { on: 'schedule', schedule: { cron: '0 8 * * 1', timeZone: 'Europe/Berlin', missed: { policy: 'once' } } },
        { on: 'manual' },
      ],
      stopOn: [],
      settings: {},
      steps: [
        task(
          'Look at the week',
          {
            title: 'Look at the week',
            body: 'New leads without an owner, overdue tasks, failed runs, messages that were blocked.',
            dueInDays: 1,
            wait: true,
            waitDays: 5,
          },
          'look',
        ),
        branch('Done?', { field: 'steps.look.state', is: 'done' }, [end('Looked', 'looked')], [end('Left out', 'left_out')]),
      ],
    },
  },
];
