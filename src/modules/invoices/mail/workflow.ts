import { workflow } from '#core/engine/builder.ts';
import type { BuiltInWorkflow } from '#core/engine/types.ts';
import { messageStep } from '#modules/messages/public.ts';

/** Name of the built-in workflow. */
export const INVOICE_MAIL = 'invoice-mail';

const text = `Hello {{ person.name }},

{% if invoice.kind == 'quote' %}here is the quote you asked for.{% if invoice.valid_until %} It holds until {{ invoice.valid_until }}.{% endif %} We look forward to your answer.

Total: {{ invoice.total }} {{ invoice.currency }}{% if invoice.answer_link %}

→ Look at it, accept or decline: {{ invoice.answer_link }}

{% endif %}
{% elsif invoice.kind == 'credit_note' %}here is your credit note.
{% else %}here is our invoice. Thank you for working with us.

Total: {{ invoice.total }} {{ invoice.currency }}
{% if invoice.deposit_open %}Deposit: {{ invoice.due_now }} {{ invoice.currency }}, due {{ invoice.next_due_on }}
{% endif %}Due: {{ invoice.due_on }}
{% if invoice.iban %}Account: {{ invoice.iban }}
{% endif %}{% if invoice.pay_link %}
→ Pay online: {{ invoice.pay_link }}

{% endif %}{% endif %}
You find it attached as a PDF.

{{ invoice.seller | default: company.name }}`;

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
        subject: `{% if invoice.kind == 'quote' %}Quote{% elsif invoice.kind == 'credit_note' %}Credit note{% else %}Invoice{% endif %} {{ invoice.number }}`,
        text,
      },
      { id: 'mail' },
    ),
    w.end('Written', 'written', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: mail, active: true }];
