import type { Item } from '#web/kit/api.ts';
import { centsOf, money } from '#web/kit/money.ts';

export type Unit = Item<'metrics.list'>['unit'];

/** 52000000 cents, 0.4321, 17.3 days, 1200 → as a person reads it. */
export function amountWords(amount: number | null, unit: Unit, currency: string): string {
  if (amount === null) return '–';
  if (unit === 'money') return money(Math.round(amount), currency);
  if (unit === 'share') return `${(amount * 100).toFixed(1)} %`;
  if (unit === 'days') return `${amount.toFixed(1)} d`;
  return new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(amount);
}

/** What is typed in a field of this unit (`12,500.50`, `5` points of a share) → as the API takes it; null: no amount. */
export function amountOf(text: string, unit: Unit, currency: string): number | null {
  if (unit === 'money') return centsOf(text, currency);
  const plain = text.trim().replaceAll(/[\s,']/g, '');
  if (!/^\d{1,9}(\.\d{1,4})?$/.test(plain)) return null;
  return unit === 'share' ? Number(plain) / 100 : Number(plain);
}

export const unitWords = (unit: Unit, currency: string): string =>
  unit === 'money' ? currency : unit === 'share' ? 'percentage points' : unit === 'days' ? 'days' : '';
