/** What became of deals, as compact as a forecast needs it. */

export const DAY_MS = 86_400_000;
/** Where a deal stands: the place of an open stage from 0 on, or one of these. */
export const WON = -1;
export const LOST = -2;

export interface Step {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stage: number;
  /** Value from then on, in cents of the company's currency. */
  readonly cents: number;
  /** Who has it from then on; empty: nobody. */
  readonly owner: string;
}

/** One deal: its steps, oldest first. */
export type History = readonly Step[];

/** A stretch that is forecast: [start, end), milliseconds. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Deals that stand alike at an instant: so many, their values added up and their squares. */
export interface Standing {
  readonly owner: string;
  readonly stage: number;
  /** Whole days since its last step. */
  readonly age: number;
  readonly n: number;
  readonly cents: number;
  readonly squares: number;
}

/** The last step before an instant; undefined: nobody knew the deal. */
export const lastBefore = (history: History, at: number): Step | undefined => history.findLast((step) => step.at < at);

/** What stood open right before an instant. */
export function standingAt(histories: readonly History[], at: number): Standing[] {
  return histories.flatMap((history) => {
    const step = lastBefore(history, at);
    if (step === undefined || step.stage < 0) return [];
    const age = Math.floor((at - step.at) / DAY_MS);
    return [{ owner: step.owner, stage: step.stage, age, n: 1, cents: step.cents, squares: step.cents * step.cents }];
  });
}
