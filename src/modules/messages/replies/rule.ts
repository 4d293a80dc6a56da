import type { ReplyClass } from './verdict.ts';

/** A pattern in folded text (lower case, no accents, straight apostrophes: see `fold`) and how much it says. */
export interface Rule {
  readonly class: Exclude<ReplyClass, 'other'>;
  readonly weight: number;
  /** For the person who reads the verdict. */
  readonly says: string;
  readonly pattern: RegExp;
}

export const rule = (cls: Rule['class'], weight: number, says: string, pattern: RegExp): Rule => ({ class: cls, weight, says, pattern });
