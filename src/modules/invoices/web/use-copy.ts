import { useNavigate } from '@tanstack/react-router';
import type { Output } from '#web/kit/api.ts';
import { useAct } from '#web/kit/query.ts';

type Invoice = Output<'invoices.get'>;

/** A draft with the same client, lines and texts; dates and number are its own. */
export function useCopy(invoice: Invoice) {
  const navigate = useNavigate();
  const create = useAct('invoices.create', {
    refresh: ['invoices', 'clients'],
    done: 'Copied. Nothing is issued yet.',
    onDone: (made) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: made.id } }),
  });
  const {
    client_id: client,
    title,
    notes,
    reference,
    currency,
    payment_days: days,
    discount_percent: percent,
    discount_given_cents: off,
    deposit_percent: share,
    deposit_given_cents: first,
    deposit_days: firstDays,
  } = invoice;
  return () => {
    if (client === null) return;
    create.mutate({
      client_id: client,
      kind: invoice.kind === 'quote' ? 'quote' : 'invoice',
      title,
      notes,
      reference,
      currency,
      payment_days: days,
      discount_percent: percent,
      discount_cents: off,
      deposit_percent: share,
      deposit_cents: first,
      deposit_days: firstDays,
      lines: invoice.lines.map(({ description, quantity, unit, unit_price_cents: price, discount_percent: less, tax_rate: rate }) => ({
        description,
        quantity,
        unit,
        unit_price_cents: price,
        discount_percent: less,
        // Where rates follow from the treatment they follow anew.
        tax_rate: ['domestic', 'eu_consumer', 'us_sales_tax'].includes(invoice.treatment) ? rate : null,
      })),
    });
  };
}
