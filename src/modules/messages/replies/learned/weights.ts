import { readFileSync } from 'node:fs';
import { REPLY_CLASSES, type ReplyClass } from '../verdict.ts';

/** What each sign says for and against each class, in hundredths of log odds, in the order of REPLY_CLASSES. */
export interface Weights {
  readonly signs: ReadonlyMap<string, readonly number[]>;
  readonly bias: readonly number[];
}

export interface Chances {
  /** Of each class; together 1. */
  readonly of: Readonly<Record<ReplyClass, number>>;
  /** The likeliest first. */
  readonly ranked: readonly ReplyClass[];
  /** How much of what was found is known, 0 to 1. */
  readonly known: number;
  /** The signs that speak most for a class. */
  because(cls: ReplyClass): string[];
}

const BIAS = '(all)';
const BECAUSE = 3;
/** What a person understands as a reason: words of some length, what they are about, what the rules said. */
const TELLING = /^(?!rule: other|rule: no rule applies|\d)(.{3,})/;
export const WEIGHTS_FILE = new URL('weights.tsv', import.meta.url);

/** One line a sign: its name and its weights, parted by tabs. The first line is a remark. */
export function printed({ signs, bias }: Weights, remark: string): string {
  const rows = [[BIAS, bias] as const, ...[...signs].toSorted(([a], [b]) => (a < b ? -1 : 1))];
  return [`# ${remark}`, ...rows.map(([name, weights]) => [name, ...weights].join('\t')), ''].join('\n');
}

export function parsed(text: string): Weights {
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.split('\t'))
    .map(([name = '', ...weights]) => [name, weights.map(Number)] as const);
  const signs = new Map(rows);
  const bias = signs.get(BIAS) ?? REPLY_CLASSES.map(() => 0);
  signs.delete(BIAS);
  return { signs, bias };
}

let loaded: Weights | undefined;
/** Read when the first reply comes. */
export const weights = (): Weights => (loaded ??= parsed(readFileSync(WEIGHTS_FILE, 'utf8')));

/** Softmax regression over the signs that are known; a long text does not count for more than a short one. */
export function chancesOf({ signs, bias }: Weights, found: ReadonlySet<string>): Chances {
  const known = [...found].flatMap((name) => {
    const of = signs.get(name);
    return of === undefined ? [] : [{ name, of }];
  });
  const scale = 1 / (100 * Math.sqrt(Math.max(1, known.length)));
  const odds = REPLY_CLASSES.map((_, k) => known.reduce((sum, { of }) => sum + (of[k] ?? 0), 0) * scale + (bias[k] ?? 0) / 100);
  const top = Math.max(...odds);
  const raised = odds.map((value) => Math.exp(value - top));
  const sum = raised.reduce((total, value) => total + value, 0);
  const of = Object.fromEntries(REPLY_CLASSES.map((name, k) => [name, (raised[k] ?? 0) / sum])) as Record<ReplyClass, number>; // one entry for each class
  return {
    of,
    ranked: REPLY_CLASSES.toSorted((a, b) => of[b] - of[a]),
    known: known.length / Math.max(1, found.size),
    because: (cls) => {
      const k = REPLY_CLASSES.indexOf(cls);
      const weightOf = (sign: (typeof known)[number]) => sign.of[k] ?? 0;
      return known
        .filter((sign) => weightOf(sign) > 0 && TELLING.test(sign.name))
        .toSorted((a, b) => weightOf(b) - weightOf(a))
        .slice(0, BECAUSE)
        .map(({ name }) => name);
    },
  };
}
