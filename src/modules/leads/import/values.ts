/**
 * Days and numbers as people write them. `03.04.2026` and `03/04/2026` say nothing by themselves: a column tells by its other cells.
 */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];
export const DECIMAL_MARKS = ['point', 'comma'] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

const PARTS = /^(\d{1,4})([./\- ])(\d{1,2}|[A-Za-zäéûô]{3,10})\.?\2\s?(\d{2,4})(?:[,T ]+(\d{1,2}:\d{2}.*))?$/;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T ])/;

const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'janv', 'januar', 'january', 'ene', 'enero', 'janvier', 'gen', 'gennaio'],
  ['feb', 'februar', 'february', 'févr', 'fév', 'febrero', 'février', 'febbraio'],
  ['mar', 'mär', 'märz', 'mrz', 'march', 'mars', 'marzo'],
  ['apr', 'april', 'avr', 'avril', 'abr', 'abril', 'aprile'],
  ['may', 'mai', 'mayo', 'mag', 'maggio'],
  ['jun', 'juni', 'june', 'juin', 'junio', 'giu', 'giugno'],
  ['jul', 'juli', 'july', 'juil', 'juillet', 'julio', 'lug', 'luglio'],
  ['aug', 'august', 'août', 'aoû', 'ago', 'agosto'],
  ['sep', 'sept', 'september', 'septembre', 'septiembre', 'set', 'settembre'],
  ['oct', 'okt', 'october', 'oktober', 'octobre', 'octubre', 'ott', 'ottobre'],
  ['nov', 'november', 'novembre', 'noviembre'],
  ['dec', 'dez', 'déc', 'dic', 'december', 'dezember', 'décembre', 'diciembre', 'dicembre'],
];

/** What a column's cells say about the order of day and month. */
export class DateEvidence {
  #dates = 0;
  #others = 0;
  #dayFirst = 0;
  #monthFirst = 0;
  #yearFirst = 0;
  #dots = 0;

  see(cell: string): void {
    const text = cell.trim();
    if (text === '') return;
    if (ISO.test(text)) {
      this.#dates += 1;
      this.#yearFirst += 1;
      return;
    }
    const found = PARTS.exec(text);
    if (found === null) {
      this.#others += 1;
      return;
    }
    this.#dates += 1;
    const [first, second] = [Number(found[1]), Number(found[3])];
    if ((found[1] ?? '').length === 4) this.#yearFirst += 1;
    else if (Number.isNaN(second)) return;
    else if (first > 12 && second <= 12) this.#dayFirst += 1;
    else if (second > 12 && first <= 12) this.#monthFirst += 1;
    if (found[2] === '.') this.#dots += 1;
  }

  /** Nearly all cells are days. */
  get isDate(): boolean {
    return this.#dates > 0 && this.#dates >= this.#others * 9;
  }

  /** The order, and whether the cells prove it; else dots mean the day first, and a slash what the country writes. */
  order(country: string | null): { order: DateOrder; proven: boolean } {
    if (this.#dayFirst !== this.#monthFirst) return { order: this.#dayFirst > this.#monthFirst ? 'dmy' : 'mdy', proven: true };
    if (this.#yearFirst > 0 && this.#yearFirst === this.#dates) return { order: 'ymd', proven: true };
    if (this.#dots > 0) return { order: 'dmy', proven: false };
    return { order: country === 'US' ? 'mdy' : 'dmy', proven: false };
  }
}

/** `YYYY-MM-DD`, or why it is none. A year of two digits up to ten years ahead is of this century. */
export function readDate(cell: string, order: DateOrder, year: number): { value: string } | { reason: string } {
  const text = cell.trim();
  const no = { reason: 'is not a date' };
  const iso = ISO.exec(text);
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3])) ?? no;
  const found = PARTS.exec(text);
  if (found === null) return no;
  const [, a = '', , b = '', c = ''] = found;
  if (a.length === 4) return dayOf(Number(a), monthOf(b), Number(c)) ?? no;
  if (c.length === 3) return no;
  const full = c.length === 2 ? centuryOf(Number(c), year) : Number(c);
  if (Number.isNaN(Number(b))) return dayOf(full, monthOf(b), Number(a)) ?? no;
  const [day, month] = order === 'mdy' ? [Number(b), Number(a)] : [Number(a), Number(b)];
  return dayOf(full, month, day) ?? { reason: `is not a date with the ${order === 'mdy' ? 'month' : 'day'} first` };
}

function monthOf(word: string): number {
  if (/^\d+$/.test(word)) return Number(word);
  const key = word.toLowerCase();
  return MONTHS.findIndex((names) => names.includes(key)) + 1;
}

function centuryOf(short: number, year: number): number {
  const full = Math.floor(year / 100) * 100 + short;
  return full > year + 10 ? full - 100 : full;
}

function dayOf(year: number, month: number, day: number): { value: string } | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  const right = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1 && year <= 9999;
  return right ? { value: date.toISOString().slice(0, 10) } : null;
}

/** What a column's cells say about point and comma. */
export class NumberEvidence {
  #numbers = 0;
  #others = 0;
  #comma = 0;
  #point = 0;

  see(cell: string): void {
    const text = bare(cell);
    if (text === '') return;
    if (!/^[-+]?[\d.,]*\d[\d.,]*$/.test(text)) {
      this.#others += 1;
      return;
    }
    this.#numbers += 1;
    const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')];
    if (comma >= 0 && point >= 0) this.#count(comma > point);
    else if (comma >= 0) this.#single(text, ',', true);
    else if (point >= 0) this.#single(text, '.', false);
  }

  #single(text: string, mark: string, comma: boolean): void {
    const parts = text.split(mark);
    // 1,234,567: more than one, so it groups; 12,5: too few digits behind it to group.
    if (parts.length > 2) this.#count(!comma);
    else if ((parts[1] ?? '').length !== 3) this.#count(comma);
  }

  #count(comma: boolean): void {
    if (comma) this.#comma += 1;
    else this.#point += 1;
  }

  get isNumber(): boolean {
    return this.#numbers > 0 && this.#numbers >= this.#others * 9;
  }

  mark(country: string | null): { mark: DecimalMark; proven: boolean } {
    if (this.#comma !== this.#point) return { mark: this.#comma > this.#point ? 'comma' : 'point', proven: true };
    return { mark: POINT_COUNTRIES.has(country ?? 'US') ? 'point' : 'comma', proven: false };
  }
}

const POINT_COUNTRIES = new Set(['US', 'GB', 'IE', 'AU', 'NZ', 'CA', 'IN', 'MX', 'JP', 'CN', 'SG', 'IL', 'TH', 'PH', 'MY', 'KE', 'NG']);

/** Without spaces, apostrophes and signs of money. */
function bare(cell: string): string {
  return cell.replace(/[\s\u00a0\u202f'’_]|[$€£¥₹]|(?:USD|EUR|GBP|CHF)|%/g, '').replace(/^−/, '-');
}

/** Plain digits with a point for parseCustom, or why it is no number. */
export function readNumber(cell: string, mark: DecimalMark): { value: string } | { reason: string } {
  const text = bare(cell);
  const [group, decimal] = mark === 'comma' ? ['.', ','] : [',', '.'];
  const [whole = '', fraction, ...more] = text.split(decimal);
  const digits = whole.replace(/^[-+]/, '');
  const grouped = digits.split(group);
  const right = more.length === 0 && /^\d*$/.test(fraction ?? '') && (grouped.length === 1 ? /^\d*$/.test(digits) : isGrouped(grouped));
  if (!right || !/\d/.test(text)) return { reason: `is not a number with a decimal ${mark}` };
  const sign = whole.startsWith('-') ? '-' : '';
  return { value: `${sign}${grouped.join('') || '0'}${fraction === undefined || fraction === '' ? '' : `.${fraction}`}` };
}

function isGrouped([first = '', ...rest]: readonly string[]): boolean {
  return /^\d{1,3}$/.test(first) && rest.every((part) => /^\d{3}$|^\d{2}$/.test(part)) && /^\d{3}$/.test(rest.at(-1) ?? '');
}
