import type { LineInput } from '../draft.ts';
import { totalsOf } from '../money/totals.ts';

/** What lines come to before tax, in cents. */
export const netOfLines = (lines: readonly LineInput[]): number =>
  totalsOf(
    lines.map(({ quantity, unitPriceCents, discountPercent }) => ({
      quantity,
      unitPriceCents,
      discountBps: Math.round(discountPercent * 100),
      taxCategory: 'Z' as const,
      taxRate: 0,
    })),
    null,
  ).netCents;
