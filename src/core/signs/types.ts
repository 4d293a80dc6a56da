import type { Transaction } from '#core/database/database.ts';

/** A client who is looked at. */
export interface Watched {
  readonly companyId: string;
  readonly clientId: string;
  readonly personId: string;
  /** The company's day, YYYY-MM-DD. */
  readonly today: string;
}

/** One thing that can be said of a client now. It stands on the agenda of their check-in; where it takes points, it counts into their health. */
export interface Sign {
  readonly clientId: string;
  /** Name of the rule that speaks; stable. */
  readonly rule: string;
  /** What it takes from a health of 100; 0: only worth a word. */
  readonly points: number;
  /** One sentence with the figures that made it speak. */
  readonly says: string;
  /** Page where it can be seen. */
  readonly link: string | null;
}

/** What one module has to say of clients: set work, whatever their number. Of several companies at once: every statement joins by company and client. */
export type ReadSigns = (tx: Pick<Transaction, 'query'>, clients: readonly Watched[], now: Date) => Promise<readonly Sign[]>;
