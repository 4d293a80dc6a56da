/** Numbers written out, as far as letters use them. */
const NUMBER_WORDS = new Map<string, number>([
  ...[
    'zero',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
    'thirteen',
    'fourteen',
    'fifteen',
    'sixteen',
    'seventeen',
    'eighteen',
    'nineteen',
    'twenty',
  ].map((word, value) => [word, value] as const),
  ['thirty', 30],
  ['forty', 40],
  ['fifty', 50],
  ['sixty', 60],
  ['seventy', 70],
  ['eighty', 80],
  ['ninety', 90],
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1_000_000],
  ['dozen', 12],
  ['decade', 10],
  ['half', 0.5],
  ['zwei', 2],
  ['drei', 3],
  ['vier', 4],
  ['funf', 5],
  ['sechs', 6],
  ['sieben', 7],
  ['acht', 8],
  ['neun', 9],
  ['zehn', 10],
]);

export interface Amount {
  readonly value: number;
  readonly found: string;
  /** Was it written in digits? */
  readonly digits: boolean;
  readonly kind: 'money' | 'percent' | 'time' | 'plain';
  /** Words right after it. */
  readonly after: string;
  readonly before: string;
}

export interface Vocabulary {
  readonly text: string;
  readonly amounts: readonly Amount[];
  has(phrase: string): boolean;
  hasWord(word: string): boolean;
}

/** Lower case, straight quotes, no accents, single spaces. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/\s+/g, ' ');
}

export function vocabulary(texts: readonly string[]): Vocabulary {
  const text = plain(texts.join(' \n '));
  const words = new Set(text.match(/[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu) ?? []);
  return {
    text,
    amounts: texts.flatMap((one) => amountsIn(plain(one))),
    has: (phrase) => text.includes(plain(phrase)),
    hasWord: (word) => words.has(plain(word)),
  };
}

const CURRENCY = String.raw`[$€£¥]|usd|eur|gbp|chf|dollars?|euros?|pounds?|franken|kr\b|zl\b`;
const WORD_NUMBER = [...NUMBER_WORDS.keys()].join('|');
const AMOUNT = new RegExp(
  String.raw`(?<money>${CURRENCY})?\s?(?<![\p{L}\p{N}#/._-])(?<digits>\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,:]\d+)?)(?<scale>k|m)?\b\s?(?<unit>%|percent|per cent|prozent|${CURRENCY})?|\b(?<word>${WORD_NUMBER})s?\b(?:[- ](?<second>hundred|thousand|million|${WORD_NUMBER}))?\s?(?<wordUnit>percent|per cent|prozent|${CURRENCY})?`,
  'gu',
);

/** Every amount in a plain text, with what it counts. */
export function amountsIn(text: string): Amount[] {
  return [...text.matchAll(AMOUNT)].map((match) => {
    const { money, digits, scale, unit, word, second, wordUnit } = match.groups ?? {};
    const end = match.index + match[0].length;
    const mark = unit ?? wordUnit ?? '';
    const clock = digits?.includes(':') === true;
    return {
      value: digits === undefined ? spelled(word ?? '', second) : numeric(digits) * (scale === 'k' ? 1_000 : scale === 'm' ? 1_000_000 : 1),
      found: match[0].trim(),
      digits: digits !== undefined,
      kind: /%|percent|per cent|prozent/.test(mark) ? 'percent' : money !== undefined || mark !== '' ? 'money' : clock ? 'time' : 'plain',
      after: text.slice(end, end + 40),
      before: text.slice(Math.max(0, match.index - 40), match.index),
    };
  });
}

function spelled(word: string, second: string | undefined): number {
  const first = NUMBER_WORDS.get(word) ?? 0;
  const next = second === undefined ? undefined : NUMBER_WORDS.get(second);
  if (next === undefined) return first;
  return next >= 100 ? first * next : first + next;
}

/** `2,400`, `2.400`, `2 400`, `2.5`, `8:00` (as 8). */
function numeric(digits: string): number {
  if (digits.includes(':')) {
    const [hours, minutes] = digits.split(':');
    return Number(hours) + Number(minutes) / 60;
  }
  const grouped = /^\d{1,3}([,.' ]\d{3})+([.,]\d{1,2})?$/.test(digits);
  if (grouped) return Number(digits.replace(/[,.' ](?=\d{3})/g, '').replace(',', '.'));
  return Number(digits.replace(',', '.'));
}
