import type { Tone } from '#web/kit/badge.tsx';

export const HEALTH: Record<'good' | 'watch' | 'at_risk', { readonly tone: Tone; readonly says: string }> = {
  good: { tone: 'ok', says: 'Good' },
  watch: { tone: 'warn', says: 'Watch' },
  at_risk: { tone: 'bad', says: 'At risk' },
};
