import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
export const STATEMENTS = 'client-statements';

const text = `Hello {{ person.name }},

here is your statement of account from {{ statement.from }} to {{ statement.to }}.

{% if statement.balance_cents > 0 %}Balance: {{ statement.balance }} {{ statement.currency }}{% if statement.overdue_cents > 0 %}, of which {{ statement.overdue }} {{ statement.currency }} are overdue{% endif %}.
If you have paid meanwhile, thank you: this mail crossed your payment.
{% elsif statement.balance_cents < 0 %}You have money in credit with us; the statement says how much.
{% else %}Nothing is owed. Thank you.
{% endif %}
You find it attached as a PDF.

{{ statement.seller | default: company.name }}`;

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
        subject: 'Statement of account, {{ statement.from }} to {{ statement.to }}',
        text,
      },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: statements, active: true }];
