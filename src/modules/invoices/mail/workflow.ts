import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
export const INVOICE_MAIL = 'invoice-mail';

const mail = workflow(
  INVOICE_MAIL,
  { title: 'Invoices by mail', subject: 'invoice', triggers: [{ on: 'manual' }], reentry: 'after_end', stopOn: ['invoice.voided'] },
  (w) => [
    w.step(
      'Mail it with the PDF',
      messageStep,
      {
        channel: 'email',
        class: 'transactional',
        attach: true,
        template: 'invoice-mail',
      },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: mail, active: true }];
