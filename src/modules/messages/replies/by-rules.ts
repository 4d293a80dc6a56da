import { AWAY_RULES, AWAY_SUBJECT } from './away-rules.ts';
import { DECLINE_RULES } from './decline-rules.ts';
import { fold } from './fold.ts';
import { INTEREST_RULES } from './interest-rules.ts';
import { leftAlone } from './left-alone.ts';
import { meaningOf, withoutUnreceived, type Meaning } from './meaning.ts';
import { ownWords } from './own-words.ts';
import { returnDate } from './return-date.ts';
import type { Rule } from './rule.ts';
import { stopFrames } from './stop-frames.ts';
import { STOP_IDIOMS } from './stop-idioms.ts';
import { NOT_A_STOP, STOP_ALONE, STOP_RULES } from './stop-rules.ts';
import { AWAY_PHRASES, OTHER_PHRASES, STOP_PHRASES } from './widened.ts';
import type { ReplyClass, ReplyText, ReplyVerdict } from './verdict.ts';

/** A verdict of the rules. `settled`: nothing that was learned may change it. */
export interface Ruled {
  readonly verdict: ReplyVerdict;
  readonly settled: boolean;
  /** The day that somebody is back, should they be away. */
  readonly back: Date | null;
  /** Something in it is worded like a stop and asks for something else. */
  readonly cleared: boolean;
}

/**
 * Sorts a reply by rules that people wrote. A stop wins over everything a person wrote; then an out-of-office; then the class with the most evidence; else
 * `other`, for a person to read.
 */
export function readByRules(reply: ReplyText): Ruled {
  const newText = ownWords(reply.text);
  const body = fold(newText);
  const subject = fold(reply.subject).replace(/^((re|aw|antw|sv|fwd?|wg|tr|rif|res|odp)\s*:\s*)+/, '');
  const machine = machineHeader(reply.headers ?? {});
  const back = returnDate(newText, reply.receivedAt);
  const ruled = (cls: ReplyClass, confidence: number, reasons: readonly string[], rest: Partial<ReplyVerdict> = {}): Ruled => ({
    settled: true,
    back,
    cleared: NOT_A_STOP.some((pattern) => body.search(pattern) >= 0),
    verdict: { class: cls, confidence, reasons, returnDate: null, auto: machine !== null, newText, ...rest },
  });
  const open = (cls: ReplyClass, confidence: number, reasons: readonly string[]): Ruled => ({
    ...ruled(cls, confidence, reasons),
    settled: machine !== null,
  });

  const meaning = meaningOf(body);
  const stop = stopReasons(subject, body);
  const away = awayReasons(subject, body, { machine, back: back !== null, stops: stop !== null, about: meaning.away });
  if (away.length > 0) {
    return ruled('out_of_office', machine === null ? 0.9 : 0.98, away, { auto: true, returnDate: back });
  }
  if (stop !== null) return { ...ruled('stop', stop.confidence, stop.reasons), settled: stop.plain };
  if (body === '') return ruled('other', 0.5, ['nothing was written']);

  if (TO_A_PROGRAM.test(body)) return ruled('other', 0.5, ['it speaks to a program, not to you']);
  const scores = tally([...DECLINE_RULES, ...INTEREST_RULES, ...OTHER_PHRASES], body, meaning.rest);
  const [best, second] = [...scores.entries()].toSorted((a, b) => b[1].score - a[1].score);
  if (best === undefined) return open('other', 0.5, ['no rule applies']);
  const [cls, { score, reasons }] = best;
  // "No thanks, but what does it cost?": close scores are for a person, but a decline outweighs a polite yes.
  const confidence = Math.min(0.95, score / (score + (second?.[1].score ?? 0) + 1));
  return open(cls, Math.round(confidence * 100) / 100, reasons);
}

/** Orders to whoever sorts mail: read as nothing but a reason for a person to look. */
const TO_A_PROGRAM =
  /\b(ignore|disregard|forget|override|bypass)\b.{0,30}\b(instructions?|rules?|prompts?|guidelines|everything above|all of the above)\b|^\W*(system|assistant|developer)( message| prompt)?\s*:|\b(classif(y|ied)|label|mark|categori[sz]e|treat) (this|me|it|the (sender|message|reply|mail))( \w+){0,2} as\b|\b(you are|act as) (now )?(an? )?(\w+ )?(ai|assistant|language model|bot)\b|\b(call|invoke|run|use|trigger) (the |a |your )?(tools?|functions?|api)\b|\bas (the|your|an?) (developer|admin\w*|system|owner) of (this|the|your)\b|<\/?(system|assistant|instructions?)>|<\|\w+\|>|\{[{%]|\$\{|\b(drop|truncate|alter) table\b|\bdelete from \w+|[a-z0-9+/]{40,}={0,2}/m;

/** RFC 3834 and what the usual servers send beside it. Null for a person's mail. */
function machineHeader(headers: Readonly<Record<string, string>>): string | null {
  const auto = headers['auto-submitted']?.toLowerCase();
  if (auto !== undefined && !auto.startsWith('no')) return `header Auto-Submitted: ${auto}`;
  for (const name of ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress-reply', 'x-autoresponder', 'x-mail-autoreply']) {
    if (headers[name] !== undefined) return `header ${name}`;
  }
  if (headers['precedence']?.toLowerCase() === 'auto_reply') return 'header Precedence: auto_reply';
  return null;
}

interface Signs {
  readonly machine: string | null;
  /** A day of return was found. */
  readonly back: boolean;
  readonly stops: boolean;
  /** A word of absence stands in it. */
  readonly about: boolean;
}

/** What machines answer that are no absence: a receipt. */
const RECEIPT =
  /\b(ticket|case|request|reference|inquiry|enquiry|vorgang\w*|anfrage|nummer|number|numero|demande|solicitud|richiesta|zgloszen\w*|arende\w*)\b|#\d+/;

function awayReasons(subject: string, body: string, { machine, back, stops, about }: Signs): string[] {
  const bySubject = AWAY_SUBJECT.test(subject);
  const byBody = [...AWAY_RULES, ...AWAY_PHRASES].filter((rule) => rule.pattern.test(body)).map((rule) => rule.says);
  // A person may well write "I'm out until Monday, call me then. And remove me": only a machine or a subject outranks a stop.
  if (bySubject) return ['subject of an automatic reply', ...byBody];
  if (machine !== null && (byBody.length > 0 || back)) return [machine, ...byBody];
  // A responder answers for somebody; what programs send by themselves (auto-generated) is no answer.
  if (machine?.includes('auto-replied') === true && !RECEIPT.test(body)) return [machine];
  if (byBody.length > 0 && !stops) return byBody;
  if (about && back && !stops) return ['away, and back on a day'];
  // A machine that says neither: a ticket receipt or the like. No human answered.
  return [];
}

interface Stop {
  readonly confidence: number;
  readonly reasons: readonly string[];
  /** Nothing but a stop: no sentence around it can mean something else. */
  readonly plain: boolean;
}

function stopReasons(subject: string, body: string): Stop | null {
  const all = bare(body);
  const whole = STOP_ALONE.test(all) || (all === '' && STOP_ALONE.test(bare(subject)));
  if (whole) return { confidence: 1, reasons: ['the whole answer says stop'], plain: true };
  const cleared = NOT_A_STOP.reduce((text, pattern) => text.replace(pattern, ' '), withoutUnreceived(body));
  const alone = cleared
    .split(/[.!?;\n]+/)
    // "I am begging you, stop": the last clause may say it all.
    .flatMap((sentence) => (sentence.includes(',') ? [sentence, sentence.slice(sentence.lastIndexOf(',') + 1)] : [sentence]))
    .map(bare)
    .some((sentence) => STOP_ALONE.test(sentence));
  if (alone) return { confidence: 0.98, reasons: ['one sentence says stop'], plain: true };
  const hits = unique([
    ...[...STOP_RULES, ...STOP_PHRASES, ...STOP_IDIOMS].filter((rule) => rule.pattern.test(cleared)).map((rule) => rule.says),
    ...stopFrames(cleared),
    ...meaningOf(cleared).stop,
    ...leftAlone(cleared),
  ]);
  if (hits.length > 0) return { confidence: hits.length > 1 ? 0.99 : 0.95, reasons: hits, plain: false };
  return null;
}

/** Greetings and thanks around a word that says it all. */
const COURTESY =
  /\b(pls|plz|please|kindly|just|thx|thanks?|thank you|cheers|hi|hello|hey|dear|sir|madam|regards|best|bye|goodbye|now|already|ok|okay|bitte|danke|sofort|hallo|svp|stp|s'il vous plait|merci|bonjour|por favor|porfa|gracias|hola|ya|per favore|per cortesia|grazie|buongiorno|aub|alstublieft|alsjeblieft|graag|dank|bedankt|obrigad[oa]|faz favor|prosze|dziekuje|tack|snalla|tak|takk|venligst|vennligst|hej|hei)\b/g;

/** Letters and single spaces only, without courtesies; what is said three times is said. */
const bare = (text: string) =>
  text
    .replace(COURTESY, ' ')
    .replace(/[^a-z' -]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\b(\w+)( \1\b)+/g, '$1');
const unique = (texts: readonly string[]) => [...new Set(texts)];

function tally(rules: readonly Rule[], body: string, rest: Meaning['rest']): Map<Rule['class'], { score: number; reasons: string[] }> {
  const scores = new Map<Rule['class'], { score: number; reasons: string[] }>();
  for (const rule of [...rules.filter(({ pattern }) => pattern.test(body)), ...rest]) {
    const entry = scores.get(rule.class) ?? { score: 0, reasons: [] };
    entry.score += rule.weight;
    if (!entry.reasons.includes(rule.says)) entry.reasons.push(rule.says);
    scores.set(rule.class, entry);
  }
  return scores;
}
