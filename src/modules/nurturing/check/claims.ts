import { withoutContacts } from './contacts.ts';
import type { Fault, Inspection } from './draft-check.ts';
import { amountsIn, plain, type Amount, type Vocabulary } from './vocabulary.ts';

import { CLAIMS } from './claim-rules.ts';
import { TERMS } from './terms.ts';

const MONTHS =
  /\b(\d{1,2})(st|nd|rd|th|\.)? (of )?(january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|marz|mai|juni|juli|oktober|dezember)\b|\b(january|february|march|april|june|july|august|september|october|november|december) \d{1,2}(st|nd|rd|th)?\b|\b\d{1,2}[./]\d{1,2}[./](20)?\d\d\b|\b20\d\d-\d\d-\d\d\b/g;

/** Prices, percentages, numbers, dates and big words, unless the company itself says so. */
export function claims({ draft, business, known }: Inspection): Fault[] {
  const text = plain(withoutContacts(`${draft.subject}\n${draft.text}`));
  return [...bigWords(text, business), ...terms(text, business), ...dates(text, known), ...amounts(text, business, known)];
}

function bigWords(text: string, business: Vocabulary): Fault[] {
  return CLAIMS.flatMap(({ says, pattern, allowedBy }) => {
    const found = [...text.matchAll(new RegExp(pattern, 'g'))].find((match) => !(allowedBy?.test(business.text) ?? business.has(match[0])));
    return found === undefined ? [] : [{ rule: 'claim' as const, found: found[0].trim(), says }];
  });
}

/** Each stem of the lexicon must be the business's own word; what was said of the lead's side ("your oven") is not looked at. */
function terms(text: string, business: Vocabulary): Fault[] {
  return TERMS.flatMap(({ says, stems, about }) =>
    text
      .split(/(?<=[.!?;:])\s|\n/)
      .filter((sentence) => !sentence.includes('?') && (about === undefined || about.test(sentence)))
      .flatMap((sentence) => [...sentence.matchAll(stems)].map(([found]) => found))
      .filter((found) => !business.has(found) && !business.has(found.replace(/(s|ed|ing|es)$/, '')))
      .slice(0, 1)
      .map((found) => ({ rule: 'claim' as const, found, says })),
  );
}

function dates(text: string, known: Vocabulary): Fault[] {
  return [...text.matchAll(MONTHS)]
    .filter((match) => !known.has(match[0]))
    .map((match) => ({ rule: 'number', found: match[0], says: 'The date is not in the facts' }));
}

function amounts(text: string, business: Vocabulary, known: Vocabulary): Fault[] {
  const withoutDates = text.replace(MONTHS, ' ');
  return amountsIn(withoutDates)
    .filter((amount) => !isHarmless(amount) && !isKnown(amount, amount.kind === 'plain' || amount.kind === 'time' ? known : business))
    .map((amount) => ({
      rule: 'number',
      found: `${amount.found}${amount.after.slice(0, 15)}`.trim(),
      says: `The ${WORDS[amount.kind]} is not in the facts`,
    }));
}

const WORDS = { money: 'price', percent: 'percentage', time: 'time of day', plain: 'number' } as const;

/** Same value and, for money and per cent, the same kind: 30 % in the facts does not allow 30 euros. What it counts must agree where both say. */
function isKnown(amount: Amount, vocabulary: Vocabulary): boolean {
  return vocabulary.amounts.some((other) => {
    if (other.value !== amount.value) return false;
    if (amount.kind === 'money' || amount.kind === 'percent') return other.kind === amount.kind;
    const [mine, theirs] = [unitOf(amount), unitOf(other)];
    return mine === null || theirs === null || mine === theirs;
  });
}

const UNITS = /^[- ]?(minute|hour|day|week|month|year|customer|client|business|compan|cafe|shop|people|award|star|countr)/;
const unitOf = (amount: Amount) => UNITS.exec(amount.after)?.[1] ?? null;

/** A small number that claims nothing: a call of 15 minutes, "one of our engineers", "one or two pages". */
function isHarmless(amount: Amount): boolean {
  if (amount.kind !== 'plain') return false;
  if (/^[- ]?(minute|min\b)/.test(amount.after) && amount.value <= 60 && !/\b(within|in under|ready in|there in)\s*$/.test(amount.before))
    return true;
  if (amount.digits) return false;
  return (
    amount.value <= 20 &&
    !/^[- ]?(more )?(day|week|month|year|hour|customer|client|business|compan|award|star|countr|cafe|shop|percent|times\b)/.test(
      amount.after,
    )
  );
}
