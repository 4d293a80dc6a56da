import { Link } from '@tanstack/react-router';
import type { Output } from '#web/kit/api.ts';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';

type Invoice = Output<'invoices.get'>;

/** What it came of, and what came of it: quote, invoice, credit notes, late fees. */
export function Related({ invoice }: { invoice: Invoice }) {
  const origin = useRead('invoices.get', { invoice_id: invoice.origin_id ?? '' }, { enabled: invoice.origin_id !== null });
  const after = useRead('invoices.list', { origin_id: invoice.id, limit: 50 });
  const rows = [...(origin.data === undefined ? [] : [origin.data]), ...(after.data?.items ?? [])];
  if (rows.length === 0) return null;
  return (
    <Panel title="Belongs together">
      <ul className="space-y-2 text-sm">
        {rows.map((one) => (
          <li key={one.id}>
            <div className="flex justify-between gap-3">
              <Link
                to="/invoices/$invoiceId"
                params={{ invoiceId: one.id }}
                className="num truncate text-accent-ink underline underline-offset-2"
              >
                {one.number ?? 'Draft'}
              </Link>
              <span className="num whitespace-nowrap">
                {money(one.kind === 'credit_note' ? -one.total_cents : one.total_cents, one.currency)}
              </span>
            </div>
            <p className="text-xs text-ink-3">
              {words(one.kind)} · {words(one.status).toLowerCase()}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
