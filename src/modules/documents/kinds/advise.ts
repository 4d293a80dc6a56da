import { amountless, longDay, number, percent } from '../draw/words.ts';
import type { Language } from '../draw/content.ts';
import type { DataSet } from '../model/data.ts';
import { courseOf, type Examined } from './examine.ts';

/** Something that stands out, why, and the rule that says so. */
export interface Advice {
  readonly rule: string;
  readonly says: string;
  readonly because: string;
}

interface Seen {
  readonly data: DataSet;
  readonly examined: Examined;
  readonly language: Language;
}

/** Each looks for one thing and says nothing where it isn't so. Numbers are shown as the document's language writes them. */
type Rule = (seen: Seen) => Advice[];

const SLOPE_ERRORS = 3;
const LEAST_CHANGE = 0.05;

/** A straight line through the course (least squares), told from three standard errors and 5 % on, as in the power report. */
const trend: Rule = ({ data, examined, language }) =>
  examined.numbers.slice(0, 3).flatMap(({ name, level }) => {
    if (examined.day === null) return [];
    // The last place is left out: its time may not be over.
    const course = courseOf(data, examined.day, name, examined.grain, level).slice(0, -1);
    if (course.length < 5) return [];
    const { slope, error, from, to } = line(course.map(({ value }) => value));
    const change = from === 0 ? 0 : (to - from) / Math.abs(from);
    if (Math.abs(slope) < SLOPE_ERRORS * error || Math.abs(change) < LEAST_CHANGE) return [];
    const up = slope > 0;
    const shown = percent({ language, currency: 'EUR' }, Math.abs(change));
    return [
      language === 'de'
        ? { rule: 'trend', says: `${name} ${up ? 'steigt' : 'fällt'}: ${shown} über ${course.length} ${GRAINS.de[examined.grain]}`, because: `Die Gerade durch den Verlauf ist ${amountless(language, Math.abs(slope) / error)} Standardfehler von null entfernt; ab ${SLOPE_ERRORS} und 5 % gilt es als Trend.` }
        : { rule: 'trend', says: `${name} ${up ? 'rises' : 'falls'}: ${shown} over ${course.length} ${GRAINS.en[examined.grain]}`, because: `The straight line through its course is ${amountless(language, Math.abs(slope) / error)} standard errors from level; from ${SLOPE_ERRORS} and 5 % on it counts as a trend.` },
    ];
  }); // prettier-ignore

const GRAINS = {
  en: { day: 'days', week: 'weeks', month: 'months', year: 'years' },
  de: { day: 'Tage', week: 'Wochen', month: 'Monate', year: 'Jahre' },
} as const;

/** Least squares over 0, 1, 2 …: slope, its standard error, and where the line begins and ends. */
export function line(values: readonly number[]): { readonly slope: number; readonly error: number; readonly from: number; readonly to: number } {
  const n = values.length;
  const [middle, mean] = [(n - 1) / 2, values.reduce((sum, value) => sum + value, 0) / n];
  const spread = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
  const slope = values.reduce((sum, y, x) => sum + (x - middle) * (y - mean), 0) / spread;
  const rest = values.reduce((sum, y, x) => sum + (y - mean - slope * (x - middle)) ** 2, 0);
  const error = Math.max(Math.sqrt(rest / Math.max(1, n - 2) / spread), Math.abs(mean) * 1e-9, 1e-12);
  return { slope, error, from: mean - slope * middle, to: mean + slope * middle };
} // prettier-ignore

/** One of many values carries most of the sum: what happens to it happens to all. */
const concentration: Rule = ({ data, examined, language }) => {
  const value = examined.numbers.find(({ level }) => !level);
  const [group] = examined.groups;
  if (value === undefined || group === undefined) return [];
  const sums = sumsBy(data, group, value.name);
  const all = sums.reduce((sum, one) => sum + one.sum, 0);
  const [first] = sums;
  if (first === undefined || all <= 0 || sums.length < 3 || sums.some(({ sum }) => sum < 0)) return [];
  const share = first.sum / all;
  if (share < 0.5) return [];
  const [shown, even] = [percent({ language, currency: 'EUR' }, share), percent({ language, currency: 'EUR' }, 1 / sums.length)];
  return [
    language === 'de'
      ? { rule: 'concentration', says: `${first.name} trägt ${shown} von ${value.name}`, because: `Von ${sums.length} Werten in ${group} wären es bei gleicher Verteilung ${even}. Fällt dieser eine aus, fehlt mehr als die Hälfte.` }
      : { rule: 'concentration', says: `${first.name} carries ${shown} of ${value.name}`, because: `With ${sums.length} values of ${group} an even share would be ${even}. If this one stops, more than half is gone.` },
  ]; // prettier-ignore
};

/** A place far off the others: more than 3.5 by the median of deviations (Iglewicz and Hoaglin, 1993). */
const outlier: Rule = ({ data, examined, language }) =>
  examined.numbers.slice(0, 2).flatMap(({ name, level }) => {
    if (examined.day === null) return [];
    const whole = courseOf(data, examined.day, name, examined.grain, level);
    if (whole.length < 9) return [];
    const values = whole.slice(0, -1).map(({ value }) => value);
    const middle = median(values);
    // The last place may not be over: what is still to come can explain that it is low, never that a sum is high already.
    const course = whole.filter(({ value }, i) => i < values.length || (!level && value > middle && middle >= 0));
    const off = median(values.map((value) => Math.abs(value - middle)));
    if (off === 0) return [];
    const [worst] = course.map((one) => ({ ...one, score: (0.6745 * (one.value - middle)) / off })).toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score));
    if (worst === undefined || Math.abs(worst.score) < 3.5) return [];
    const [shown, usual] = [amountless(language, worst.value), amountless(language, middle)];
    const when = longDay(language, worst.key);
    return [
      language === 'de'
        ? { rule: 'outlier', says: `${name} war ab ${when} ungewöhnlich ${worst.score > 0 ? 'hoch' : 'niedrig'}: ${shown}`, because: `Üblich sind ${usual} (Median). Der Abstand ist ${amountless(language, Math.abs(worst.score))}-mal so groß wie sonst; ab 3,5 fällt er auf.` }
        : { rule: 'outlier', says: `${name} was unusually ${worst.score > 0 ? 'high' : 'low'} from ${when} on: ${shown}`, because: `Usual is ${usual} (the median). The distance is ${amountless(language, Math.abs(worst.score))} times the common one; from 3.5 on it stands out.` },
    ];
  }); // prettier-ignore

/** So much is missing that sums mislead. */
const gaps: Rule = ({ data: { columns, rows }, examined, language }) =>
  examined.numbers.flatMap(({ name }) => {
    const at = columns.findIndex((column) => column.name === name);
    const empty = rows.filter((row) => (row[at] ?? null) === null).length;
    if (empty / rows.length < 0.1) return [];
    const shown = percent({ language, currency: 'EUR' }, empty / rows.length);
    return [
      language === 'de'
        ? { rule: 'gaps', says: `In ${shown} der Zeilen fehlt ${name}`, because: `${empty} von ${rows.length} Zeilen haben dort keinen Wert. Summen zeigen deshalb eher zu wenig.` }
        : { rule: 'gaps', says: `${name} is missing in ${shown} of the rows`, because: `${empty} of ${rows.length} rows have no value there, so sums tell too little rather than too much.` },
    ];
  }); // prettier-ignore

/** In the order that they are told. */
export const RULES: Readonly<Record<string, Rule>> = { trend, concentration, outlier, gaps };

export const advise = (seen: Seen): Advice[] => Object.values(RULES).flatMap((rule) => rule(seen)).slice(0, 8); // prettier-ignore

export function sumsBy({ columns, rows }: DataSet, group: string, value: string): { readonly name: string; readonly sum: number }[] {
  const [groupAt, valueAt] = [columns.findIndex(({ name }) => name === group), columns.findIndex(({ name }) => name === value)];
  const sums = new Map<string, number>();
  for (const row of rows) {
    const cell = row[valueAt] ?? null;
    if (typeof cell === 'number') sums.set(String(row[groupAt] ?? '–'), (sums.get(String(row[groupAt] ?? '–')) ?? 0) + cell);
  }
  return [...sums].map(([name, sum]) => ({ name, sum })).toSorted((a, b) => b.sum - a.sum);
} // prettier-ignore

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? 0) + (sorted[Math.ceil(at)] ?? 0)) / 2;
}

export const rowsWords = (language: Language, rows: number): string => number({ language, currency: 'EUR' }, rows);
