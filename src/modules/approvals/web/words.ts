import type { Item } from '#web/kit/api.ts';
import type { Tone } from '#web/kit/badge.tsx';

export type Row = Item<'approvals.list'>;

export const risks: Record<Row['risk'], readonly [Tone, string]> = {
  low: ['neutral', 'low risk'],
  medium: ['warn', 'medium risk'],
  high: ['bad', 'high risk'],
};
export const states: Record<Exclude<Row['state'], 'waiting'>, readonly [Tone, string]> = {
  approved: ['ok', 'Approved'],
  rejected: ['bad', 'Rejected'],
  expired: ['neutral', 'Too late'],
  withdrawn: ['neutral', 'Its run has ended'],
};
export const fallbacks: Record<Row['fallback'], string> = {
  approve: 'then it counts as approved',
  reject: 'then it counts as rejected',
  escalate: 'then others are asked',
  end: 'then the run ends',
};

/** Text as people write it, or the JSON of anything else. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value, null, 2);
