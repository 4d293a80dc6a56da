import { withoutContacts } from './contacts.ts';
import type { Fault, Inspection } from './draft-check.ts';
import { plain } from './vocabulary.ts';

const GREETING =
  /^\s*(hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hallo|liebe[rs]?|guten (?:tag|morgen)|sehr geehrte[rs]?|bonjour|cher|chere|hola|estimad[oa]|buongiorno|gentile|caro|cara|beste|ola|prezad[oa])\b[ ,]*(?<who>[^\n,!:.]*)/i;
const TITLES = /^(mr|mrs|ms|miss|mx|dr|prof|herr|frau|herrn|monsieur|madame|m|mme|senor|senora|sr|sra|signor|signora|dott)\.?$/;
const ANYBODY =
  /^(there|all|everyone|team|again|to|you|and|the|at|from|of|zusammen|damen|herren|und|a|tous|todos|a tutti|allemaal|sir|madam|or|folks)$/;
const SIGN_OFF =
  /^\s*(kind regards|best regards|warm regards|regards|best wishes|best|all the best|warm greetings|greetings|cheers|thanks|thank you|many thanks|yours sincerely|sincerely|yours|mit freundlichen grussen|freundliche grusse|viele grusse|beste grusse|herzliche grusse|cordialement|bien a vous|saludos|un saludo|cordiali saluti|met vriendelijke groet|groeten|atenciosamente|cumprimentos)\b/;

/** Capitalised in the middle of an English sentence without being a name. */
const ORDINARY = new Set(
  (
    "i i'm i'll i'd i've ok pdf faq english german french spanish italian dutch portuguese polish european british american monday tuesday wednesday thursday friday saturday sunday " +
    'january february march april may june july august september october november december christmas easter new year ps p.s mr mrs ms dr cv it hr vat diy uk us eu usa paypal visa mastercard google whatsapp zoom instagram facebook'
  ).split(' '),
);
/** Begins a sentence and takes a capital from that alone. */
const STARTERS =
  /^(if|before|after|on|in|at|by|for|from|with|when|while|since|until|as|so|but|and|or|our|your|my|the|this|that|these|those|every|each|all|most|many|some|dear|hello|hi|good|thank|thanks|please|maybe|perhaps|would|could|can|do|does|is|are|how|what|where|who|why|we|you|they|he|she|it|there|here|because|although|whether|like|about|of|to|then|now|also|both|either|selling)$/;
/** A sentence that starts with a name says what that one does. */
const NAME_THEN_VERB =
  /(?:^|[.!?]\s+|\n)(\p{Lu}[\p{L}&'-]+(?: \p{Lu}[\p{L}&'-]+)*) (?:uses|use|used|switched|chose|trusts?|saved|saves|loves|works with|relies|bought|orders?|already|recommended|told|says|said)\b/gu;
const PRONOUNS =
  /^(i|we|you|they|he|she|it|who|that|this|these|those|people|everyone|nobody|many|some|most|our|your|guests|customers|clients|owners|homes|one)$/;

/** The person addressed, the one who signs, and everyone named between: all must be in the facts. */
export function names({ draft, facts, known }: Inspection): Fault[] {
  const faults: Fault[] = [];
  const lines = draft.text.trim().split('\n');
  const greeted = GREETING.exec(plain(lines[0] ?? '')) === null ? null : GREETING.exec(lines[0] ?? '');
  const lead = new Set(plain(`${facts.lead.firstName} ${facts.lead.name} ${facts.lead.organisation}`).match(/[\p{L}]+/gu) ?? []);
  for (const word of (greeted?.groups?.['who'] ?? '').split(/[\s/]+/)) {
    const bare = plain(word).replace(/[^\p{L}]/gu, '');
    if (bare !== '' && !TITLES.test(bare) && !ANYBODY.test(bare) && !lead.has(bare))
      faults.push({ rule: 'name', found: word, says: 'The letter greets somebody else' });
  }
  const signAt = lines.findLastIndex((line) => SIGN_OFF.test(plain(line)));
  const body = lines.slice(greeted === null ? 0 : 1, signAt < 0 ? lines.length : signAt);
  const signature = signAt < 0 ? [] : lines.slice(signAt + 1);
  const unknown = (name: string) => name.split(/[\s/-]+/).filter((word) => /^\p{Lu}/u.test(word) && !knows(word));
  const knows = (word: string) => {
    const bare = plain(word).replace(/'s$|[^\p{L}\p{N}'.]+$/gu, '');
    return bare.length < 2 || ORDINARY.has(bare) || known.hasWord(bare) || known.hasWord(bare.replace(/s$/, ''));
  };
  for (const line of signature) {
    for (const word of unknown(line))
      faults.push({ rule: 'name', found: word, says: 'The signature names somebody who is not in the facts' });
  }
  const text = withoutContacts(body.join('\n'));
  for (const [, name] of text.matchAll(NAME_THEN_VERB)) {
    if (name !== undefined && !PRONOUNS.test(plain(name)) && unknown(name).length > 0)
      faults.push({ rule: 'name', found: name, says: 'The name is not in the facts' });
  }
  for (const [, pair] of text.matchAll(/(?:^|[.!?]\s+|\n)(\p{Lu}[\p{L}&'-]+ \p{Lu}[\p{L}&'-]+)/gu)) {
    if (pair !== undefined && !known.has(pair) && !pair.split(' ').some((word) => ORDINARY.has(plain(word)) || STARTERS.test(plain(word))))
      faults.push({ rule: 'name', found: pair, says: 'The name is not in the facts' });
  }
  if (capitalisesNouns(text)) return faults;
  // A capital in the middle of a sentence is a name; at its start it says nothing.
  for (const [, word] of text.matchAll(/(?<=[\p{Ll}\p{N},;] )(\p{Lu}[\p{L}\p{N}&'-]+)/gu)) {
    if (word !== undefined && unknown(word).length > 0) faults.push({ rule: 'name', found: word, says: 'The name is not in the facts' });
  }
  return faults;
}

/** German writes every noun with a capital. */
function capitalisesNouns(text: string): boolean {
  return (text.match(/\b(und|der|die|das|ist|nicht|mit|für|wir|Sie|Ihnen)\b/g) ?? []).length >= 4;
}
