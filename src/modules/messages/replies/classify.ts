import { readByRules } from './by-rules.ts';
import { fold } from './fold.ts';
import { signsOf } from './learned/signs.ts';
import { chancesOf, weights } from './learned/weights.ts';
import type { ReplyText, ReplyVerdict } from './verdict.ts';

/** Rules that see a stop in what is less likely one than this are not believed. */
const UNLIKELY = 0.2;
/** From this chance on it is a stop; it must be likelier where words are few, or where rules know that they ask for something else. */
const LIKELY = 0.5;
const VERY_LIKELY = 0.8;
const SHORT = 45;
/** Below this a person should look. */
const SURE = 0.6;
/** Less of a text than this is known: nothing was learned about the like of it. */
const KNOWN = 0.6;

/**
 * Sorts a reply with no model beside it: by rules, whose plain stops and absences stand whatever else is said; and where they are open, by what was learned
 * from labelled replies (ADR 0150).
 */
export function classifyReply(reply: ReplyText): ReplyVerdict {
  const { verdict, settled, back, cleared } = readByRules(reply);
  if (settled || reply.answers === false) return verdict;
  const read = chancesOf(weights(), signsOf(fold(verdict.newText), verdict));
  const doubted = verdict.class === 'stop';
  if (read.known < KNOWN || (doubted && read.of.stop >= UNLIKELY)) return verdict;
  const likely = cleared || verdict.newText.length < SHORT ? VERY_LIKELY : LIKELY;
  const best = read.ranked[0] ?? 'other';
  if (best === 'stop' && read.of.stop < likely) return verdict;
  const away = best === 'out_of_office';
  const chance = doubted ? Math.min(read.of[best], SURE - 0.01) : read.of[best];
  return {
    ...verdict,
    class: best,
    confidence: Math.round(chance * 100) / 100,
    reasons: [`reads like others that meant this: ${read.because(best).join('; ')}`],
    auto: verdict.auto || away,
    returnDate: away ? back : null,
  };
}
