import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow, StepNode } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';
import { OVERDUE, REMINDERS } from './names.ts';
import { overdueStep, owedStep, remindedStep } from './steps.ts';

const stopOn = ['invoice.paid', 'invoice.voided', 'invoice.written_off'];

/** Waits until the day after the last one has begun for the company, and says so while something is owed. */
const overdue = workflow(
  OVERDUE,
  {
    title: 'Overdue invoices',
    subject: 'invoice',
    triggers: [
      { on: 'event', event: 'invoice.issued' },
      { on: 'event', event: 'invoice.deposit_paid' },
    ],
    stopOn,
  },
  (w) => [
    w.waitUntil('Until it is overdue', { field: 'invoice.overdue_from' }, { id: 'due' }),
    w.act('Say that it is overdue', overdueStep, { id: 'overdue' }),
    w.end('Told', 'told', { id: 'told' }),
  ],
);

/**
 * Three letters, 3, 10 and 24 days after the last day. Before each it is looked at again whether something is owed; a payment ends the run in its own
 * transaction, and the gate refuses a letter of an ended run in the last moment before it leaves. The run stays open until the invoice is settled,
 * so that a letter that still waits (no launch, a pause) ends with it.
 */
const reminders = workflow(
  REMINDERS,
  { title: 'Payment reminders', subject: 'invoice', triggers: [{ on: 'event', event: 'invoice.overdue' }, { on: 'manual' }], stopOn },
  (w) => {
    const remind = (level: number, days: number): StepNode[] => [
      w.wait(`${days} days later`, { days }, { id: `wait_${level}` }),
      w.act('Is it still owed?', owedStep, { id: `owed_${level}` }),
      w.step(
        `Reminder ${level}`,
        messageStep,
        { channel: 'email', class: 'transactional', attach: true, template: `invoice-reminder-${level}` },
        { id: `remind_${level}` },
      ),
      w.step('Note the reminder', remindedStep, { level }, { id: `noted_${level}` }),
    ];
    return [
      w.act('Is anything owed?', owedStep, { id: 'owed' }),
      ...remind(1, 3),
      ...remind(2, 7),
      ...remind(3, 14),
      w.waitFor('Until it is settled', stopOn, { within: { days: 3650 } }, { id: 'settled' }),
      w.end('Settled', 'settled', { id: 'end' }),
    ];
  },
);

export const workflows: readonly BuiltInWorkflow[] = [
  { definition: overdue, active: true },
  { definition: reminders, active: true },
];
