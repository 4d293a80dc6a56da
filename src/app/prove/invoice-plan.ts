import { ACCOUNTS, type Books } from './invoice-books.ts';

/** Tax of a line, in percent; null: the rule of Germany, where both sides are. */
const RATES = [null, 7, 0] as const;
const GERMAN_RATE = 19;
const FATES = ['open', 'open', 'paid', 'paid', 'part', 'over', 'void', 'credited', 'written_off'] as const;

interface Line {
  readonly description: string;
  /** Four digits behind the point at most. */
  readonly quantity: number;
  readonly unit_price_cents: number;
  readonly discount_percent: number;
  readonly tax_rate: number | null;
}

/** One invoice as a client of the proof makes it, what happens to it afterwards, and what the books must say of both. */
export interface Plan {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly fate: (typeof FATES)[number];
  /** Money that comes in; 0 unless it is paid. */
  readonly paidCents: number;
  readonly netCents: number;
  readonly taxCents: number;
  readonly books: Books;
}

/** Worked out here, in whole numbers, from what is asked for: nothing of Steward's own arithmetic is used. */
export function planOf(n: number, random: () => number): Plan {
  const whole = (most: number) => 1 + Math.floor(random() * most);
  const lines = Array.from({ length: whole(5) }, (_, i): Line => ({
    description: `Line ${i + 1}`,
    quantity: whole(99_999) / 10_000,
    unit_price_cents: whole(250_000),
    discount_percent: random() < 0.3 ? whole(9_999) / 100 : 0,
    tax_rate: RATES[Math.floor(random() * RATES.length)] ?? null,
  }));
  const nets = new Map<number, bigint>();
  for (const line of lines) {
    const rate = line.tax_rate ?? GERMAN_RATE;
    const exact =
      BigInt(Math.round(line.quantity * 10_000)) * BigInt(line.unit_price_cents) * BigInt(Math.round((100 - line.discount_percent) * 100));
    nets.set(rate, (nets.get(rate) ?? 0n) + halfUp(exact, 100_000_000n));
  }
  const net = Number([...nets.values()].reduce((sum, one) => sum + one, 0n));
  const tax = Number([...nets].reduce((sum, [rate, one]) => sum + halfUp(one * BigInt(rate), 100n), 0n));
  const total = net + tax;
  const wanted = FATES[Math.floor(random() * FATES.length)] ?? 'open';
  const fate = total < 10 ? 'open' : wanted;
  const paid = fate === 'paid' ? total : fate === 'part' ? whole(total - 1) : fate === 'over' ? total + whole(5_000) : 0;
  const books: Books = Object.fromEntries(ACCOUNTS.map((account) => [account, 0])) as Books; // one for each account
  const book = (entries: Partial<Books>) => ACCOUNTS.forEach((account) => (books[account] += entries[account] ?? 0));
  book({ receivable: total, revenue: -net, tax: -tax });
  if (paid > 0) book({ cash: paid, receivable: -Math.min(paid, total), credit: Math.min(paid, total) - paid });
  if (fate === 'void' || fate === 'credited') book({ receivable: -total, revenue: net, tax });
  if (fate === 'written_off') book({ write_off: total, receivable: -total });
  return { title: `proof ${n}`, lines, fate, paidCents: paid, netCents: net, taxCents: tax, books };
}

/** A half goes up; all amounts here are positive. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
