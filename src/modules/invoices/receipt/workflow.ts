import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
export const RECEIPTS = 'payment-receipts';

/** A payment is booked once, so its event comes once, and so does its receipt. A payment that is taken back before the mail has left ends it. */
const receipts = workflow(
  RECEIPTS,
  {
    title: 'Receipts by mail',
    subject: 'payment',
    triggers: [{ on: 'event', event: 'payment.received', where: { field: 'payment.receipt_wanted', is: true } }, { on: 'manual' }],
    reentry: 'after_end',
    stopOn: ['payment.reversed'],
  },
  (w) => [
    w.step(
      'Mail the receipt',
      messageStep,
      { channel: 'email', class: 'transactional', attach: true, template: 'payment-receipt' },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: receipts, active: true }];
