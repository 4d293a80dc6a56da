import { LEXICONS, type Concept } from './lexicon.ts';
import type { Rule } from './rule.ts';

/**
 * What is left to read where no phrase is known: each word is looked up for what it is about, in the languages that the text may be in, and
 * a sentence says something where such words stand near each other. One set of relations holds for all languages.
 */
export interface Meaning {
  readonly stop: readonly string[];
  readonly rest: readonly Pick<Rule, 'class' | 'weight' | 'says'>[];
  /** It tells of an absence, should a date of return or a machine say so, too. */
  readonly away: boolean;
}

type Tagged = ReadonlySet<Concept>;
type Words = readonly (readonly [Concept, RegExp])[];

const tagged = (tokens: readonly string[], words: Words): Tagged[] =>
  tokens.map((token) => new Set(words.flatMap(([concept, pattern]) => (pattern.test(token) ? [concept] : []))));

const compiled = Object.entries(LEXICONS).map(([lang, { known, words }]) => ({
  lang,
  known: whole(known),
  words: Object.entries(words).map(([concept, list]) => [concept as Concept, whole(list)] as const), // the keys are Concept by declaration
}));

function whole(list: string): RegExp {
  return new RegExp(String.raw`^(?:${list})$`);
}

/** "That I have not received" is no wish; nor is "I could not". The rest of that sentence is not read for a stop. */
const NOT_RECEIVED =
  /\b(?:(?:did|have|has|had|could|can|was|were) ?(?:not|n't)|didn'?t|haven'?t|hasn'?t|couldn'?t|can'?t|never)\b[^.!?;\n]{0,30}\b(?:get|got|gotten|received?|arrived?|see|seen|find|found|open|opened|read|hear|heard|reach)\b[^.!?;\n]*|\b(?:habe|hab|haben|hat|wurde|ist)\b[^.!?;\n]{0,40}\b(?:kein\w*|nicht|nichts|nie)\b[^.!?;\n]{0,60}\b(?:erhalten|bekommen|gehort|angekommen|gekommen|gefunden|gelesen)\b|\b(?:heb|hebben|heeft|is)\b[^.!?;\n]{0,40}\b(?:geen|niet|niets|nooit)\b[^.!?;\n]{0,60}\b(?:ontvangen|gekregen|gehad|gevonden|aangekomen|binnen\w*)\b|\b(?:n'|ne )?(?:ai|avons|a|est|ont) (?:pas|rien|jamais)\b[^.!?;\n]{0,20}\b(?:recu\w*|eu|trouve|arrive\w*|lu)\b[^.!?;\n]*|\b(?:no|nunca) (?:\w+ )?(?:he|hemos|ha|han|recibi|llego)\b[^.!?;\n]{0,20}\b(?:recibido|llegado|encontrado|visto)?\b[^.!?;\n]*|\bnon (?:\w+ )?(?:ho|abbiamo|e|ha|mi e|ci e)\b[^.!?;\n]{0,20}\b(?:ricevuto|arrivat\w*|trovato|visto)\b[^.!?;\n]*|\bnao (?:\w+ )?(?:recebi|recebemos|chegou|encontrei|vi)\b[^.!?;\n]*|\bnie (?:\w+ )?(?:otrzymal\w*|dostal\w*|dotarl\w*|przyszl\w*|doszl\w*)\b[^.!?;\n]*|\b(?:har|fick|fik)\b[^.!?;\n]{0,20}\b(?:inte|ikke|aldrig|aldri|inga|ingen)\b[^.!?;\n]{0,20}\b(?:fatt|faet|mottatt|modtaget|mottagit|kommit|kommet|sett|set)\b[^.!?;\n]*/g;

/** Without what somebody says that they did not receive, find or reach. */
export function withoutUnreceived(folded: string): string {
  return folded.replace(NOT_RECEIVED, ' ');
}

const tokensOf = (sentence: string): string[] =>
  sentence
    .replace(/\b(do|does|did|is|are|was|were|wo|ca|have|has|had|could|would|should)n't\b/g, '$1 not')
    .replace(/\b(can)'t\b/g, '$1 not')
    .match(/[a-z0-9]+/g) ?? [];

/** So many words tell a language. */
const TELLING = 120;

/** The languages that it is likely in: by their small words, and half as much by those that are about something. All where it holds none. */
function languagesOf(all: readonly string[]) {
  const tokens = all.slice(0, TELLING);
  const scores = compiled.map(
    ({ known, words }) =>
      tokens.filter((token) => known.test(token)).length +
      tokens.filter((token) => words.some(([, pattern]) => pattern.test(token))).length / 2,
  );
  const best = Math.max(...scores);
  return compiled.filter((_, at) => (scores[at] ?? 0) >= best * 0.75);
}

/** Names of the languages that folded text is likely in. */
export function likelyLanguages(folded: string): ReadonlySet<string> {
  return new Set(languagesOf(tokensOf(folded)).map(({ lang }) => lang));
}

/** Who orders is interested; who asks after their order has something with us. */
const MY_ORDER = /\b(my|our|the) (last |recent |first )?orders?\b/;

export function meaningOf(folded: string): Meaning {
  const languages = languagesOf(tokensOf(folded));
  const stop = new Set<string>();
  /** By what they say: two languages that know a word are one witness. */
  const rest = new Map<string, Meaning['rest'][number]>();
  let away = false;
  for (const [sentence] of folded.matchAll(/[^.!?;\n]+\??/g)) {
    const asks = sentence.endsWith('?');
    const service = MY_ORDER.test(sentence);
    const tokens = tokensOf(sentence);
    if (tokens.length === 0) continue;
    for (const { words } of languages) {
      const tags = tagged(tokens, words);
      away ||= tags.some((tag) => tag.has('away') || tag.has('back'));
      if (service || has(tags, 'service')) continue;
      for (const says of [...stopsIn(tags), ...refusals(sentence, words)]) stop.add(says);
      for (const one of restIn(tags, asks)) rest.set(one.says, one);
    }
  }
  return { stop: [...stop], rest: [...rest.values()], away };
}

/** Does `second` stand at most `apart` words after `first` (or before it, where order says nothing)? */
function near(tags: readonly Tagged[], first: Concept, second: Concept, apart: number, ordered = false): boolean {
  return tags.some((tag, at) => {
    if (!tag.has(first)) return false;
    const before = ordered ? [] : tags.slice(Math.max(0, at - apart), at);
    return [...before, ...tags.slice(at + 1, at + 1 + apart)].some((other) => other.has(second));
  });
}

/** What the words of each sentence are about, in the languages that the text is likely in. */
export function conceptsOf(folded: string): readonly (readonly Tagged[])[] {
  const languages = languagesOf(tokensOf(folded));
  return folded.split(/[.!?;\n]+/).flatMap((sentence) => {
    const tokens = tokensOf(sentence);
    return tokens.length === 0 ? [] : languages.map(({ words }) => tagged(tokens, words));
  });
}

const has = (tags: readonly Tagged[], concept: Concept) => tags.some((tag) => tag.has(concept));

function stopsIn(tags: readonly Tagged[]): string[] {
  const found: string[] = [];
  if (near(tags, 'remove', 'list', 6)) found.push('asks to be taken off a list');
  if (near(tags, 'remove', 'self', 3)) found.push('asks to be removed');
  if (near(tags, 'end', 'write', 4, true) || near(tags, 'end', 'mailing', 4, true)) found.push('asks to end it');
  if (near(tags, 'neg', 'mailing', 3, true)) found.push('wants no advertising');
  if (near(tags, 'neg', 'consent', 3, true)) found.push('does not agree to it');
  return found;
}

/** "Not" and "write" belong together only where no comma parts them: "not now, write to me in spring". */
function refusals(sentence: string, words: Words): string[] {
  const refused = sentence.split(/[,:–]/).some((clause) => {
    const tags = tagged(tokensOf(clause), words);
    return near(tags, 'neg', 'write', 5, true) && has(tags, 'self') && !has(tags, 'meet');
  });
  return refused ? ['does not want to be written to'] : [];
}

/** Weights are small: a phrase that is known counts for more, and one relation alone leaves room for a model's opinion (below 0.6). */
function restIn(tags: readonly Tagged[], asks: boolean): Meaning['rest'][number][] {
  const found: Meaning['rest'][number][] = [];
  const no = has(tags, 'neg');
  // An appointment or a line of an offer is struck: that is about something between us.
  if (near(tags, 'remove', 'meet', 4) || near(tags, 'remove', 'price', 5)) return found;
  const noNeed = (no && near(tags, 'neg', 'need', 5)) || near(tags, 'end', 'need', 4, true);
  if (noNeed || near(tags, 'already', 'provider', 4) || near(tags, 'later', 'need', 5))
    found.push({ class: 'not_now', weight: 1.35, says: 'has no use for it, or not now' });
  if ((no && near(tags, 'neg', 'responsible', 4)) || near(tags, 'ask', 'colleague', 5, true))
    found.push({ class: 'wrong_person', weight: 1.45, says: 'somebody else is asked' });
  if (has(tags, 'later') && !asks && !has(tags, 'meet') && !has(tags, 'good'))
    found.push({ class: 'not_now', weight: 1.1, says: 'speaks of a later time' });
  if (!no && (has(tags, 'meet') || has(tags, 'price') || (has(tags, 'info') && asks)))
    found.push({ class: 'interested', weight: has(tags, 'good') || asks ? 1.3 : 1.2, says: 'talks of prices, of an offer, or of talking' });
  return found;
}
