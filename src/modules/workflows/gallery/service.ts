import { branch, end, letter, node, SIGNATURE, task, wait, waitFor } from './steps.ts';
import type { GalleryWorkflow } from './types.ts';

const GREETING = 'Hello {{ person.first_name | default: "there" }},';

/** For whoever looks after clients: reports, contracts, health, check-ins, tickets. */
export const SERVICE: readonly GalleryWorkflow[] = [
  {
    key: 'power-report',
    description: 'A power log became a report: it is mailed to the client with its PDF, and they are heard from again in 30 days.',
    icon: 'file-text',
    definition: {
      name: 'power-report',
      title: 'Power report by mail',
      subject: 'report',
      triggers: [{ on: 'event', event: 'report.created', where: { field: 'payload.kind', is: 'power' } }, { on: 'manual' }],
      stopOn: [],
      settings: {},
      steps: [
        node(
          'Mail it with the PDF',
          'message',
          {
            channel: 'email',
            class: 'transactional',
            attach: true,
            subject: '{{ report.title }}',
            text: [
              GREETING,
              'your report “{{ report.title }}” is attached as a PDF.{% if report.advice > 0 %} Its first page says what stands out, why, and what to do about it.{% endif %}',
              'We will be in touch in a month. Until then, just answer this mail.',
              SIGNATURE,
            ].join('\n\n'),
          },
          'mail',
        ),
        node('Check in after 30 days', 'client_next_checkin', { days: 30 }, 'checkin'),
        end('Mailed', 'mailed'),
      ],
    },
  },
  {
    key: 'contract-ends',
    description: 'A contract ends soon and does not renew by itself: the client is asked, and called when no answer comes within a week.',
    icon: 'calendar-clock',
    definition: {
      name: 'contract-ends',
      title: 'Before a contract ends',
      subject: 'client',
      triggers: [{ on: 'event', event: 'client.contract_ending', where: { field: 'payload.renews', is: false } }, { on: 'manual' }],
      stopOn: [],
      reentry: 'after_end',
      settings: {},
      steps: [
        letter(
          'Ask how it goes on',
          'Our agreement{% if client.plan %} “{{ client.plan }}”{% endif %}',
          [
            GREETING,
            'our agreement ends {% if client.contract_end %}on {{ client.contract_end }}{% else %}soon{% endif %}. Shall we go on as before, or would you like to change something?',
            'Just answer this mail; we then send you what you need.',
            SIGNATURE,
          ],
          'ask',
          'transactional',
        ),
        waitFor('A week for an answer', ['message.replied'], { days: 7 }, 'answer'),
        branch(
          'Did they answer?',
          { field: 'steps.answer.event', is: 'message.replied' },
          [end('They answered', 'answered')],
          [
            task('Call them', { title: 'Call the client: the contract ends, and no answer came', kind: 'call', dueInDays: 1 }, 'call'),
            end('To be called', 'to_call'),
          ],
        ),
      ],
    },
  },
  {
    key: 'client-at-risk',
    description:
      'The health of a client falls to at risk: a call for whoever looks after them, and an alert when it is no better in two weeks.',
    icon: 'heart-pulse',
    definition: {
      name: 'client-at-risk',
      title: 'Look after a client at risk',
      subject: 'client',
      triggers: [{ on: 'event', event: 'client.health_changed', where: { field: 'payload.to', is: 'at_risk' } }, { on: 'manual' }],
      stopOn: [],
      reentry: 'after_end',
      settings: {},
      steps: [
        task('Call them', { title: 'Call: this client is at risk', body: 'Their page says why.', kind: 'call', dueInDays: 1 }, 'call'),
        wait('Two weeks', { days: 14 }, 'two_weeks'),
        branch(
          'Still at risk?',
          { field: 'client.health', is: 'at_risk' },
          [task('Alert', { title: 'A client has been at risk for two weeks', kind: 'alert' }, 'alert'), end('Still at risk', 'at_risk')],
          [end('Better', 'better')],
        ),
      ],
    },
  },
  {
    key: 'checkin-mail',
    description:
      'A check-in is due: a short mail asks how it goes and for a good time to talk. An answer is enough; otherwise it is a call.',
    icon: 'calendar-check',
    definition: {
      name: 'checkin-mail',
      title: 'Check-in by mail',
      subject: 'client',
      triggers: [{ on: 'event', event: 'checkin.due' }, { on: 'manual' }],
      stopOn: ['checkin.settled'],
      reentry: 'after_end',
      settings: {},
      steps: [
        letter(
          'How does it go?',
          'How does it go?',
          [
            GREETING,
            'it is time to hear from each other. How does it go, and is there something that we should look at?',
            'If you would rather talk, tell me a good time.',
            SIGNATURE,
          ],
          'ask',
          'transactional',
        ),
        waitFor('Five days for an answer', ['message.replied'], { days: 5 }, 'answer'),
        branch(
          'Did they answer?',
          { field: 'steps.answer.event', is: 'message.replied' },
          [end('They answered', 'answered')],
          [
            task('Call them', { title: 'Call the client: the check-in was not answered', kind: 'call', dueInDays: 1 }, 'call'),
            end('To be called', 'to_call'),
          ],
        ),
      ],
    },
  },
  {
    key: 'ticket-escalation',
    description: 'A ticket missed its target: it becomes urgent, says so, and somebody who leads is asked to take it up. Solved, it ends.',
    icon: 'siren',
    definition: {
      name: 'ticket-escalation',
      title: 'Escalate late tickets',
      subject: 'ticket',
      triggers: [{ on: 'event', event: 'ticket.target_broken' }, { on: 'manual' }],
      stopOn: ['ticket.solved', 'ticket.closed'],
      reentry: 'after_end',
      settings: {},
      steps: [
        node('Make it urgent', 'update', { set: { priority: 'urgent', addTags: ['escalated'] } }, 'urgent'),
        node('Say so on the ticket', 'ticket_note', { text: 'Escalated: a target was missed. It is urgent from now on.' }, 'note'),
        task('Take it up', { title: 'Take up a ticket that missed its target', kind: 'alert', dueInDays: 0 }, 'take_up'),
        wait('A day', { days: 1 }, 'a_day'),
        branch(
          'Does somebody still wait?',
          { field: 'ticket.waits', is: true },
          [
            task('Alert', { title: 'A ticket that missed its target still waits for an answer', kind: 'alert' }, 'alert'),
            end('Still late', 'still_late'),
          ],
          [end('Taken up', 'taken_up')],
        ),
      ],
    },
  },
];
