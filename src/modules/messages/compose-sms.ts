import type { Composable } from './compose.ts';

/** How a person ends it. Carriers want it said, and most texts of one's own say it already. */
const WAY_OUT = 'Reply STOP to end';

/** The text as it goes out: a commercial one says how to end it. */
export function composeSms({ class: kind, text }: Pick<Composable, 'class' | 'text'>): string {
  const own = text.trim();
  return kind === 'commercial' && !/\bSTOP\b/i.test(own) ? `${own}\n${WAY_OUT}` : own;
}
