import type { LineInput } from '../draft.ts';
import type { TaxGroup } from '../money/totals.ts';
import { totalsOf } from '../money/totals.ts';

/**
 * The line of a credit note over exactly so much with tax; null: there is none, because the invoice has several taxes, or no net sum comes to it when tax is rounded.
 */
export function creditLine(groups: readonly TaxGroup[], grossCents: number): LineInput | null {
  const [group] = groups;
  if (group === undefined || groups.length > 1) return null;
  const near = Math.round((grossCents * 100_000) / (100_000 + group.rate));
  for (const net of [near, near - 1, near + 1]) {
    const line = { quantity: 1, unitPriceCents: net, discountBps: 0, taxCategory: group.category, taxRate: group.rate };
    if (net > 0 && totalsOf([line], null).totalCents === grossCents)
      return { description: 'Refund', quantity: 1, unit: '', unitPriceCents: net, discountPercent: 0, taxRate: group.rate / 1_000 };
  }
  return null;
}
