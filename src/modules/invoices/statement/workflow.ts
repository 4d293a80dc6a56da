import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
export const STATEMENTS = 'client-statements';

const statements = workflow(
  STATEMENTS,
  { title: 'Statements of account by mail', subject: 'statement', triggers: [{ on: 'manual' }], reentry: 'once' },
  (w) => [
    w.step(
      'Mail it with the PDF',
      messageStep,
      {
        channel: 'email',
        class: 'transactional',
        attach: true,
        template: 'account-statement',
      },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: statements, active: true }];
