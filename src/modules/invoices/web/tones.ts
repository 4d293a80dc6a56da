import type { Tone } from '#web/kit/badge.tsx';

export const invoiceTones: Record<string, Tone> = {
  draft: 'neutral',
  issued: 'accent',
  partly_paid: 'warn',
  overdue: 'bad',
  paid: 'ok',
  void: 'neutral',
  written_off: 'neutral',
  accepted: 'ok',
  invoiced: 'ok',
  declined: 'neutral',
  lapsed: 'neutral',
};
