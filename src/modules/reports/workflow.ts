import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { nextCheckinStep } from '#modules/clients/public.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
export const REPORT_MAIL = 'report-mail';

/** Mails a report to its client and says when they are to be heard from next. */
const mail = workflow(
  REPORT_MAIL,
  { title: 'Reports by mail', subject: 'report', triggers: [{ on: 'manual' }], reentry: 'after_end' },
  (w) => [
    w.step(
      'Mail it with the PDF',
      messageStep,
      { channel: 'email', class: 'transactional', attach: true, template: 'report-mail' },
      { id: 'mail' },
    ),
    w.step('Check in after 30 days', nextCheckinStep, { days: 30 }, { id: 'checkin' }),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: mail, active: true }];
