import type { Tone } from '#web/kit/badge.tsx';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A day without an hour, `2026-07-01`, as people write it. */
export const dayOf = (day: string): string => DAY.format(new Date(`${day}T00:00:00Z`));

export const HEALTH: Record<'good' | 'watch' | 'at_risk', { readonly tone: Tone; readonly says: string }> = {
  good: { tone: 'ok', says: 'Good' },
  watch: { tone: 'warn', says: 'Watch' },
  at_risk: { tone: 'bad', says: 'At risk' },
};
