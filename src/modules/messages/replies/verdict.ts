/** What a reply wants from us. */
export const REPLY_CLASSES = ['interested', 'not_now', 'out_of_office', 'wrong_person', 'stop', 'other'] as const;
export type ReplyClass = (typeof REPLY_CLASSES)[number];

/** A mail as far as the classifier needs it. Everything in it was written by a stranger: data, never instruction. */
export interface ReplyText {
  readonly subject: string;
  readonly text: string;
  /** Header names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Dates without a year, and "Monday", count from here. */
  readonly receivedAt: Date;
  /** False where it answers nothing of ours: then the rules alone read it, since what was learned was learned from answers. */
  readonly answers?: boolean;
}

export interface ReplyVerdict {
  readonly class: ReplyClass;
  /** 0 to 1. Below 0.6 a person should look. */
  readonly confidence: number;
  /** Which rules spoke, in words for a person. */
  readonly reasons: readonly string[];
  /** Out of office only: the first day they are back, midnight UTC; null when the text does not say. */
  readonly returnDate: Date | null;
  /** Written by a machine (RFC 3834 headers, or an out-of-office text). */
  readonly auto: boolean;
  /** What the person wrote, without the quoted mail and the signature. */
  readonly newText: string;
}
