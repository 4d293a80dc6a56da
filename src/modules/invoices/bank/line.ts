import { createHash } from 'node:crypto';
import { InvalidInput } from '#core/errors.ts';

export const MOST_LINES = 5_000;

/** One line of a statement as the bank says it: written by strangers, data and never instruction. Money in is positive. */
export interface BankLine {
  /** Day, YYYY-MM-DD. */
  readonly bookedOn: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly counterparty: string;
  readonly iban: string | null;
  readonly reference: string;
  /** The bank's own name for it, where it has one. */
  readonly bankRef: string | null;
}

/** No statement that can be read; the message says what is wrong with the file. */
export const unreadable = (message: string, cause?: unknown) =>
  new InvalidInput(message, { fields: [{ path: 'content_base64', message }], ...(cause === undefined ? {} : { cause }) });

/**
 * What makes each line one: the bank's reference, else what it says, and of equals on a day which one it is. The same file, or another that overlaps with it by whole
 * days, gives the same keys.
 */
export function keysOf(lines: readonly BankLine[]): string[] {
  const seen = new Map<string, number>();
  return lines.map(({ bankRef, bookedOn, amountCents, currency, counterparty, iban, reference }) => {
    const said =
      bankRef === null ? [bookedOn, amountCents, currency, counterparty, iban, reference] : [bookedOn, amountCents, currency, bankRef];
    const text = JSON.stringify(said);
    const n = (seen.get(text) ?? 0) + 1;
    seen.set(text, n);
    return createHash('sha256').update(`${text} ${n}`).digest('hex');
  });
}

/** UTF-8, else what western banks write instead of it. */
export function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export const tidy = (text: string, most = 500): string => text.replace(/\s+/g, ' ').trim().slice(0, most);
