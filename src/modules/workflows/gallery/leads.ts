import { branch, days, end, GREETING, letter, node, parallel, SIGNATURE, task, template, wait, waitFor } from './steps.ts';
import type { GalleryWorkflow } from './types.ts';

const STOPS = ['message.replied', 'message.bounced', 'person.opted_out', 'lead.converted', 'lead.deleted'];

/** For leads: from the first hello to the first order. */
export const LEADS: readonly GalleryWorkflow[] = [
  {
    key: 'welcome-lead',
    description: 'A welcome at once; when no reply comes in three days, a colleague calls.',
    icon: 'mail',
    definition: {
      name: 'welcome-lead',
      title: 'Welcome a lead',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.created', where: { field: 'payload.imported', is: false } }, { on: 'manual' }],
      stopOn: ['person.opted_out', 'lead.converted', 'lead.deleted'],
      settings: {},
      steps: [
        template('Send a welcome', 'welcome', 'commercial', 'welcome'),
        waitFor('Wait for a reply', ['message.replied'], days(3), 'reply'),
        branch(
          'Did they reply?',
          { field: 'steps.reply.event', is: 'message.replied' },
          [end('They replied', 'replied')],
          [
            task('Call them', { title: 'Call the new lead: no reply to the welcome', kind: 'call', dueInDays: 1 }, 'call'),
            end('Handed to a colleague', 'handed_over'),
          ],
        ),
      ],
    },
  },
  {
    key: 'form-two-follow-ups',
    description: 'Whoever fills in a form gets thanks, and two friendly reminders until they answer.',
    icon: 'list-todo',
    definition: {
      name: 'form-two-follow-ups',
      title: 'Form, then two follow-ups',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'form.submitted' }, { on: 'manual' }],
      stopOn: STOPS,
      settings: {},
      steps: [
        letter(
          'Thank them',
          'We have your message',
          [GREETING, 'thank you for writing to {{ company.name }}. Your message is with us, and a person will answer it.', SIGNATURE],
          'thanks',
          'transactional',
        ),
        wait('Three days later', days(3), 'three_days'),
        template('First follow-up', 'nurture-follow-up-1', 'commercial', 'first'),
        wait('Four days later', days(4), 'four_days'),
        template('Second follow-up', 'nurture-follow-up-2', 'commercial', 'second'),
        end('No reply', 'no_reply'),
      ],
    },
  },
  {
    key: 'hot-lead',
    description: 'A lead that reaches grade A is called the same day.',
    icon: 'zap',
    definition: {
      name: 'hot-lead',
      title: 'Call a hot lead',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.score_reached', where: { field: 'payload.grade', is: 'A' } }, { on: 'manual' }],
      stopOn: ['lead.converted', 'lead.deleted'],
      settings: {},
      steps: [
        task('Call today', { title: 'Call today: this lead has grade A', kind: 'call', dueInDays: 0, wait: true, waitDays: 1 }, 'call'),
        branch(
          'Was it done?',
          { field: 'steps.call.state', is: 'done' },
          [end('Called', 'called')],
          [
            task('Remind', { title: 'A grade A lead was not called yet', kind: 'alert', dueInDays: 0 }, 'remind'),
            end('Reminded', 'reminded'),
          ],
        ),
      ],
    },
  },
  {
    key: 'overdue-task',
    description: 'Who gets a lead has two days to call; after that, everybody hears of it.',
    icon: 'clock',
    definition: {
      name: 'overdue-task',
      title: 'Alert when a call is overdue',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.assigned' }, { on: 'manual' }],
      stopOn: ['lead.converted', 'lead.deleted'],
      settings: {},
      steps: [
        task('First call', { title: 'Make the first call', kind: 'call', dueInDays: 2, wait: true, waitDays: 2 }, 'call'),
        branch(
          'In time?',
          { field: 'steps.call.state', exists: true },
          [end('In time', 'in_time')],
          [task('Alert', { title: 'Overdue: a lead waits for its first call', kind: 'alert' }, 'alert'), end('Overdue', 'overdue')],
        ),
      ],
    },
  },
  {
    key: 'hand-over',
    description: 'When the owner is away and does not get to a lead within a day, the team takes over.',
    icon: 'split',
    definition: {
      name: 'hand-over',
      title: 'Hand over when the owner is away',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.assigned' }, { on: 'manual' }],
      stopOn: ['lead.converted', 'lead.deleted'],
      settings: {},
      steps: [
        wait('Give the owner a day', days(1), 'a_day'),
        branch(
          'Still untouched?',
          { field: 'lead.status', is: 'new' },
          [
            task(
              'Take over',
              {
                title: 'Take this lead over: its owner did not get to it',
                body: 'It came in a day ago and nobody wrote or called.',
                wait: true,
                waitDays: 3,
              },
              'take_over',
            ),
            branch(
              'Did somebody?',
              { field: 'steps.take_over.state', is: 'done' },
              [end('Taken over', 'taken_over')],
              [template('At least a hello', 'nurture-first', 'commercial', 'hello'), end('Greeted', 'greeted')],
            ),
          ],
          [end('The owner has it', 'owner')],
        ),
      ],
    },
  },
  {
    key: 'stale-lead',
    description: 'A lead that is still new after a month gets a last question, then a decision.',
    icon: 'repeat',
    definition: {
      name: 'stale-lead',
      title: 'Clear up stale leads',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.created' }, { on: 'manual' }],
      stopOn: STOPS,
      settings: {},
      steps: [
        wait('A month', days(30), 'a_month'),
        branch(
          'Still open?',
          { field: 'lead.status', in: ['new', 'contacted'] },
          [
            template('Last question', 'nurture-follow-up-3', 'commercial', 'last'),
            waitFor('A week for an answer', ['message.replied'], { weeks: 1 }, 'answer'),
            task('Decide', { title: 'Decide what becomes of this lead: a month without a word', dueInDays: 7 }, 'decide'),
            end('For a person to decide', 'to_decide'),
          ],
          [end('It moved on', 'moved_on')],
        ),
      ],
    },
  },
  {
    key: 'onboard-client',
    description: 'A new client: thanks and a kick-off side by side, a check-in after a month.',
    icon: 'workflow',
    definition: {
      name: 'onboard-client',
      title: 'Welcome a new client',
      subject: 'lead',
      triggers: [{ on: 'event', event: 'lead.converted' }, { on: 'manual' }],
      stopOn: ['person.opted_out', 'lead.deleted'],
      settings: {},
      steps: [
        parallel(
          'Begin well',
          {
            'To the client': [
              letter(
                'Say thanks',
                'Good to have you with us',
                [
                  GREETING,
                  'thank you for choosing {{ company.name }}. We will be in touch about the next steps within two days.',
                  SIGNATURE,
                ],
                'thanks',
                'transactional',
              ),
            ],
            'In the house': [task('Kick-off', { title: 'Set up the kick-off with the new client', dueInDays: 2 }, 'kick_off')],
          },
          'begin',
        ),
        wait('A month', days(30), 'a_month'),
        template('Check in', 'checkin', 'commercial', 'check_in'),
        end('Under way', 'under_way'),
      ],
    },
  },
  {
    key: 'offer-with-approval',
    description: 'A letter is written, a colleague reads and may change it, and only then does it leave.',
    icon: 'stamp',
    definition: {
      name: 'offer-with-approval',
      title: 'Ask before an offer goes out',
      subject: 'lead',
      triggers: [{ on: 'manual' }],
      stopOn: STOPS,
      settings: {},
      steps: [
        node('Write the offer', 'generate', { kind: 'first' }, 'write'),
        node(
          'May it go out?',
          'approve',
          {
            title: 'May this offer go to {{ person.name | default: "them" }}?',
            kind: 'message',
            proposed: '{{ steps.write }}',
            within: days(3),
          },
          'approve',
        ),
        node(
          'Send the offer',
          'message',
          { class: 'commercial', subject: '{{ steps.approve.proposed.subject }}', text: '{{ steps.approve.proposed.text }}' },
          'send',
        ),
        end('Offered', 'offered'),
      ],
    },
  },
];
