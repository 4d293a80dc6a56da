import type { InEach, Spoken } from '#core/language.ts';
import type { LineInput } from '../draft.ts';
import { divideRounded } from '../money/round.ts';
import { totalsOf } from '../money/totals.ts';
import { common, daysIn, type Period } from './period.ts';

/** What is supplied from a day on, until the next version begins. */
export interface Version {
  readonly fromOn: string;
  readonly lines: readonly LineInput[];
}

export interface Words {
  /** `14 of 30 days, 2026-06-17 to 2026-06-30` */
  part(days: number, of: number, period: Period): string;
  credit: string;
}

const WORDS: InEach<Words> = {
  en: { part: (days, of, { from, to }) => `${days} of ${of} days, ${from} to ${to}`, credit: 'Credit' },
  de: { part: (days, of, { from, to }) => `${days} von ${of} Tagen, ${from} bis ${to}`, credit: 'Gutschrift' },
  fr: { part: (days, of, { from, to }) => `${days} jours sur ${of}, du ${from} au ${to}`, credit: 'Crédit' },
  es: { part: (days, of, { from, to }) => `${days} de ${of} días, del ${from} al ${to}`, credit: 'Abono' },
};
export const wordsOf = (language: Spoken): Words => WORDS[language];

/** What a line comes to, in cents, after its own discount: as an invoice counts it. */
const netOf = ({ quantity, unitPriceCents, discountPercent }: LineInput): number =>
  totalsOf([{ quantity, unitPriceCents, discountBps: Math.round(discountPercent * 100), taxCategory: 'Z', taxRate: 0 }], null).netCents;

/** The share of so many of a period's days, rounded to a cent once. */
const share = (line: LineInput, days: number, of: number): number => Number(divideRounded(BigInt(netOf(line)) * BigInt(days), BigInt(of)));

const asPart = (line: LineInput, cents: number, text: string): LineInput => ({
  description: `${line.description} (${text})`,
  quantity: 1,
  unit: '',
  unitPriceCents: cents,
  discountPercent: 0,
  ...(line.taxRate === undefined ? {} : { taxRate: line.taxRate }),
});

/** Versions with the days they hold within a period; the last one goes on. `versions` are in order. */
function holding(versions: readonly Version[], period: Period): { readonly version: Version; readonly days: Period }[] {
  return versions.flatMap((version, i) => {
    const next = versions[i + 1];
    const until = next === undefined || next.fromOn > period.to ? period.to : dayBefore(next.fromOn);
    const days = version.fromOn > until ? null : common({ from: version.fromOn, to: until }, period);
    return days === null ? [] : [{ version, days }];
  });
}

const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/**
 * Lines for what was supplied in `period`, which lies within the whole period `whole`. A version that holds all of `whole` gives its lines as they are; one that
 * holds part of it its share by days, each line rounded once.
 */
export function chargesOf(versions: readonly Version[], period: Period, whole: Period, words: Words): LineInput[] {
  const of = daysIn(whole);
  return holding(versions, period).flatMap(({ version, days }) => {
    const count = daysIn(days);
    if (count === of) return [...version.lines];
    return version.lines.map((line) => asPart(line, share(line, count, of), words.part(count, of, days)));
  });
}

/**
 * What a new version changes in a period that was charged already: the rest of the old one is given back, the same days of the new one are charged. What was
 * charged less what is given back is, to the cent, the share of the days that the old one did hold.
 */
export function adjustmentOf(old: Version, next: Version, charged: Period, whole: Period, words: Words): LineInput[] {
  const of = daysIn(whole);
  const rest = common({ from: next.fromOn, to: charged.to }, charged);
  // The old one may have come in the middle of it, too: it was charged from then on only.
  const held = common({ from: old.fromOn, to: charged.to }, charged);
  if (rest === null || held === null) return [];
  const before = daysIn(held);
  const left = daysIn(rest);
  const text = words.part(left, of, rest);
  const back = old.lines.map((line) => {
    const cents = (before === of ? netOf(line) : share(line, before, of)) - share(line, before - left, of);
    return asPart({ ...line, description: `${words.credit}: ${line.description}` }, -cents, text);
  });
  return [...back, ...next.lines.map((line) => asPart(line, share(line, left, of), text))];
}
