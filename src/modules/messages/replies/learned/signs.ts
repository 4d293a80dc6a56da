import { conceptsOf } from '../meaning.ts';
import type { ReplyVerdict } from '../verdict.ts';

/** So much of a text is read; what people want from us stands at its head. */
const READ = 1_500;
const STEM = 5;
/** Two concepts belong together within so many words. */
const APART = 4;

/**
 * What may tell what a reply wants: its words, their beginnings (most languages bend their ends), what they are about and what stands near what
 * (`lexicon.ts`), and what the rules saw in it. Names of signs are what a person reads as the reason.
 */
export function signsOf(folded: string, rules?: Pick<ReplyVerdict, 'class' | 'reasons'>): Set<string> {
  const text = folded.slice(0, READ);
  const signs = new Set<string>(rules === undefined ? [] : [rules.class, ...rules.reasons].map((says) => `rule: ${says}`));
  // A number tells by its length: a year, a day, a telephone.
  for (const word of text.replaceAll(/\d/g, '0').match(/[a-z0-9]+/g) ?? []) {
    signs.add(word);
    if (word.length > STEM) signs.add(`${word.slice(0, STEM)}…`);
  }
  for (const words of conceptsOf(text)) {
    for (const [at, concepts] of words.entries()) {
      for (const concept of concepts) {
        signs.add(`about ${concept}`);
        for (const near of words.slice(at + 1, at + 1 + APART)) for (const other of near) signs.add(`about ${concept}, ${other}`);
      }
    }
  }
  if (text.includes('?')) signs.add('asks');
  if (text.includes('!')) signs.add('calls out');
  signs.add(`${lengthOf(text)} long`);
  return signs;
}

const LENGTHS = [15, 40, 90, 200];
const lengthOf = (text: string) => LENGTHS.filter((length) => text.length >= length).length;
