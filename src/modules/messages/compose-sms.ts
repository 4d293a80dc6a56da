import { understoodOf } from '#core/language.ts';
import type { Composable } from './compose.ts';
import { WAY_OUT } from './unsubscribe/words.ts';

/** The text as it goes out: a commercial one says how to end it. Carriers want it said, and most texts of one's own say it already. */
export function composeSms({ class: kind, text, language }: Pick<Composable, 'class' | 'text' | 'language'>): string {
  const own = text.trim();
  return kind === 'commercial' && !/\bSTOP\b/i.test(own) ? `${own}\n${WAY_OUT[understoodOf(language)].bySms}` : own;
}
