import type { Secrets } from '#core/secrets.ts';
import { readIds, signIds } from '#core/signed-ids.ts';

const PURPOSE = 'ticket rating';

/** Whose help is rated. */
export interface Rated {
  readonly companyId: string;
  readonly ticketId: string;
}

/** A signed word for the link in a mail: it names the ticket, and nothing else. */
export const ratingWord = (secrets: Secrets, { companyId, ticketId }: Rated): string => signIds(secrets, PURPOSE, [companyId, ticketId]);

export function readRatingWord(secrets: Secrets, word: string): Rated | null {
  const [companyId, ticketId] = readIds(secrets, PURPOSE, 2, word) ?? [];
  return companyId === undefined || ticketId === undefined ? null : { companyId, ticketId };
}
