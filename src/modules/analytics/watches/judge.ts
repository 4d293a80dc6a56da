/** Whether a number is worth a word. Pure. */

export const COMPARES = ['falls', 'rises', 'below', 'above', 'unusual'] as const;
export type Compare = (typeof COMPARES)[number];

export interface Wish {
  readonly compare: Compare;
  /** Of a change: at least so many per cent … */
  readonly percent: number;
  /** … and at least so much; of a limit: the limit. Cents, deals, days; of a share its points (0 to 1). */
  readonly amount: number;
}

export interface Judged {
  readonly wrong: boolean;
  readonly now: number | null;
  /** What it is held against: the stretch before, the limit, the usual of this weekday. */
  readonly before: number | null;
}

/** Two stretches of the same length, or a limit. */
export function judge(wish: Wish, now: number | null, before: number | null): Judged {
  if (wish.compare === 'below' || wish.compare === 'above') {
    const wrong = now !== null && (wish.compare === 'below' ? now < wish.amount : now > wish.amount);
    return { wrong, now, before: wish.amount };
  }
  if (now === null || before === null) return { wrong: false, now, before };
  const change = wish.compare === 'falls' ? before - now : now - before;
  const enough = change > 0 && change >= wish.amount && change * 100 >= Math.abs(before) * wish.percent;
  return { wrong: enough, now, before };
}

/** Weeks of the same weekday that say what is usual, and how few are too few. */
export const USUAL_WEEKS = 8;
const FEWEST = 5;
/** Robust deviations from the usual (1.4826 MAD estimates one standard deviation). */
const FAR = 3.5;

const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return (low + high) / 2;
};

/**
 * A day against the same weekday of the weeks before: median and median absolute deviation, so that one odd week does not make the next one usual. Mondays that
 * are always quiet are nothing unusual. At least `amount` away, too.
 */
export function judgeDay(wish: Wish, day: number, sameWeekday: readonly number[]): Judged {
  const usual = median(sameWeekday);
  const deviation = 1.4826 * median(sameWeekday.map((value) => Math.abs(value - usual)));
  const away = Math.abs(day - usual);
  // Weeks that are all alike: a tenth is nothing yet.
  const wrong = sameWeekday.length >= FEWEST && away >= wish.amount && away > FAR * Math.max(deviation, 0.1 * Math.abs(usual) * (1 / FAR), Number.EPSILON);
  return { wrong, now: day, before: sameWeekday.length >= FEWEST ? usual : null };
} // prettier-ignore
