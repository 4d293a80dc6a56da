import { exactMoney as money } from '#web/kit/money.ts';

interface Added {
  subtotal_cents: number;
  discount_cents: number;
  net_cents: number;
  total_cents: number;
  tax_groups: readonly { category: string; rate: number; net_cents: number; tax_cents: number }[];
}

/** What the server says the lines add up to. */
export function Sums({ sums, currency }: { sums: Added; currency: string }) {
  const rows: (readonly [string, number])[] = [
    ...(sums.discount_cents === 0 ? [] : [['Subtotal', sums.subtotal_cents] as const, ['Discount', -sums.discount_cents] as const]),
    ['Net', sums.net_cents],
    ...sums.tax_groups.flatMap((group) =>
      group.rate === 0 ? [] : [[`Tax ${group.rate} % on ${money(group.net_cents, currency)}`, group.tax_cents] as const],
    ),
  ];
  return (
    <dl aria-label="Sums" className="ml-auto w-full max-w-sm space-y-1.5 border-t p-4 text-sm">
      {rows.map(([label, cents]) => (
        <div key={label} className="flex justify-between gap-4">
          <dt className="text-ink-2">{label}</dt>
          <dd className="num">{money(cents, currency)}</dd>
        </div>
      ))}
      <div className="flex justify-between gap-4 border-t pt-2 text-base font-semibold">
        <dt>Total</dt>
        <dd className="num">{money(sums.total_cents, currency)}</dd>
      </div>
    </dl>
  );
}
