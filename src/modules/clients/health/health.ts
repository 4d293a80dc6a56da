import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import type { ReadSigns, Sign, Watched } from '#core/signs/types.ts';

export const HEALTH_LEVELS = ['good', 'watch', 'at_risk'] as const;
export type HealthLevel = (typeof HEALTH_LEVELS)[number];

export const HealthSign = z.object({
  rule: z.string().describe('Name of the rule that speaks'),
  points: z.int().describe('What it takes from 100; 0: only worth a word'),
  says: z.string(),
  link: z.string().nullable(),
});
export const Health = z.object({
  level: z.enum(HEALTH_LEVELS).describe('good from 75, watch from 50, at_risk below'),
  score: z.int().min(0).max(100).describe('100 less the points of all signs'),
});
export type Health = z.output<typeof Health>;

/** 100 less what the signs take; the level follows from it alone, so that whoever reads the signs can work it out. ADR 0139 has the weights. */
export function healthOf(signs: readonly Pick<Sign, 'points'>[]): Health {
  const score = Math.max(0, 100 - signs.reduce((sum, { points }) => sum + points, 0));
  return { score, level: score >= 75 ? 'good' : score >= 50 ? 'watch' : 'at_risk' };
}

/** What all modules have to say of these clients, by client, the heaviest first. */
export async function signsOf(
  tx: Pick<Transaction, 'query'>,
  readers: readonly ReadSigns[],
  clients: readonly Watched[],
  now: Date,
): Promise<Map<string, Sign[]>> {
  const signs = new Map<string, Sign[]>(clients.map(({ clientId }) => [clientId, []]));
  if (clients.length === 0) return signs;
  // One after the other: they share the transaction's connection.
  for (const read of readers) for (const sign of await read(tx, clients, now)) signs.get(sign.clientId)?.push(sign);
  for (const [id, all] of signs)
    signs.set(
      id,
      all.toSorted((a, b) => b.points - a.points),
    );
  return signs;
}

/** As it stands on a check-in and its task: one line a sign. */
export function agendaOf(signs: readonly Sign[]): string {
  if (signs.length === 0) return '• No word has passed between you yet: ask what they expect of you.';
  return signs.map(({ says }) => `• ${says}`).join('\n');
}
