import type { TableRecord } from './record.ts';

/** The columns that a vCard file is read as, whatever its cards hold. */
export const CARD_COLUMNS = [
  'Full name', 'First name', 'Last name', 'Email', 'Email 2', 'Email 3', 'Phone', 'Phone 2', 'Phone 3', 'Company', 'Job title', 'Note',
  'Categories', 'Language', 'Time zone', 'Birthday', 'Address', 'Website',
] as const; // prettier-ignore

const LONGEST_LINE = 500_000;
const LONGEST_VALUE = 20_000;

interface Property {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
}

/** vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), in pieces. Photos and other large values are passed over. */
export class CardReader {
  #rest = '';
  #line = 0;
  #began = 0;
  #folded: string | null = null;
  #card: Property[] | null = null;
  #records: TableRecord[] = [];

  push(text: string): TableRecord[] {
    this.#rest += text;
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#rest.length > LONGEST_LINE) this.#rest = this.#rest.slice(0, 1_000);
    return this.#given();
  }

  end(): TableRecord[] {
    if (this.#rest !== '') this.#take(this.#rest.replace(/\r$/, ''));
    this.#flush();
    if (this.#card !== null) this.#finish('has a beginning and no end: the file may be cut off');
    return this.#given();
  }

  #given(): TableRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #take(line: string): void {
    this.#line += 1;
    const before = this.#folded;
    // A folded line goes on with a space; quoted-printable (2.1) with an equals sign at the line's end.
    if (before !== null && /^[ \t]/.test(line)) {
      if (before.length < LONGEST_LINE) this.#folded = before + line.slice(1);
      return;
    }
    if (before !== null && before.endsWith('=') && /ENCODING=QUOTED-PRINTABLE|;QUOTED-PRINTABLE/i.test(before.split(':')[0] ?? '')) {
      this.#folded = before.slice(0, -1) + line;
      return;
    }
    this.#flush();
    this.#folded = line;
    if (/^\s*BEGIN:VCARD\s*$/i.test(line)) {
      this.#folded = null;
      if (this.#card !== null) this.#finish('has a beginning and no end');
      this.#card = [];
      this.#began = this.#line;
    } else if (/^\s*END:VCARD\s*$/i.test(line)) {
      this.#folded = null;
      if (this.#card !== null) this.#finish(null);
    }
  }

  #flush(): void {
    const line = this.#folded;
    this.#folded = null;
    if (line === null || this.#card === null || line.trim() === '') return;
    const property = propertyOf(line);
    if (property !== null) this.#card.push(property);
  }

  #finish(fault: string | null): void {
    this.#flush();
    const cells = cellsOf(this.#card ?? []);
    this.#card = null;
    this.#records.push({ cells, line: this.#began, ...(fault === null ? {} : { fault }) });
  }
}

function propertyOf(line: string): Property | null {
  const head = /^(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:[^:;"]|"[^"]*")*)*):/.exec(line);
  if (head?.[1] === undefined) return null;
  const parameters = new Map<string, string>();
  for (const part of (head[2] ?? '').split(';').filter((one) => one !== '')) {
    const [key = '', ...value] = part.split('=');
    // 2.1 writes TYPE and ENCODING bare: TEL;WORK;VOICE
    if (value.length > 0) parameters.set(key.toUpperCase(), value.join('=').replaceAll('"', ''));
    else parameters.set(/^(quoted-printable|base64|b)$/i.test(key) ? 'ENCODING' : 'TYPE', key);
  }
  const raw = line.slice(head[0].length);
  const encoding = (parameters.get('ENCODING') ?? '').toUpperCase();
  if (encoding === 'BASE64' || encoding === 'B') return null;
  const value = encoding === 'QUOTED-PRINTABLE' ? fromQuotedPrintable(raw, parameters.get('CHARSET') ?? 'utf-8') : raw;
  return { name: head[1].toUpperCase(), parameters, value: value.slice(0, LONGEST_VALUE) };
}

/** RFC 2045 6.7. An unknown charset is read as Windows-1252. */
function fromQuotedPrintable(text: string, charset: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hex = text[at] === '=' ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3)) : null;
    if (hex === null) bytes.push(...Buffer.from(text[at] ?? ''));
    else {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    }
  }
  try {
    return new TextDecoder(charset).decode(new Uint8Array(bytes));
  } catch {
    return new TextDecoder('windows-1252').decode(new Uint8Array(bytes));
  }
}

/** Text of a value: escapes undone. */
function plain(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_all, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter)).trim();
}

/** Parts of a structured value such as N: cut at semicolons that are not escaped. */
function parts(value: string): string[] {
  return value.split(/(?<!\\);/).map((part) => plain(part.replaceAll(/(?<!\\),/g, ' ')));
}

function cellsOf(card: readonly Property[]): string[] {
  const all = (name: string) => card.filter((property) => property.name === name && property.value.trim() !== '');
  const first = (name: string) => plain(all(name)[0]?.value ?? '');
  // PREF (4.0: 1 is first; 3.0: TYPE=pref) comes first, else the order of the card.
  const preferred = (name: string) =>
    all(name)
      .map((property, index) => ({ value: plain(property.value).replace(/^(mailto|tel):/i, ''), rank: rankOf(property) * 1_000 + index }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  const [last = '', given = ''] = parts(all('N')[0]?.value ?? '');
  const emails = preferred('EMAIL');
  const phones = preferred('TEL');
  return [
    first('FN'), given, last, emails[0] ?? '', emails[1] ?? '', emails[2] ?? '', phones[0] ?? '', phones[1] ?? '', phones[2] ?? '',
    parts(all('ORG')[0]?.value ?? '')[0] ?? '', first('TITLE'), all('NOTE').map((note) => plain(note.value)).join('\n'),
    all('CATEGORIES').map((category) => plain(category.value)).join(','), first('LANG'), first('TZ'), birthday(first('BDAY')),
    parts(all('ADR')[0]?.value ?? '').filter((part) => part !== '').join(', '), first('URL'),
  ]; // prettier-ignore
}

function rankOf({ parameters }: Property): number {
  const pref = Number(parameters.get('PREF'));
  if (Number.isInteger(pref) && pref >= 1) return Math.min(pref, 100);
  return /\bpref\b/i.test(parameters.get('TYPE') ?? '') ? 1 : 101;
}

/** 19850412 → 1985-04-12; a day without a year (4.0: --0412) stays as it is. */
function birthday(text: string): string {
  const basic = /^(\d{4})(\d{2})(\d{2})/.exec(text);
  return basic === null ? text : `${basic[1]}-${basic[2]}-${basic[3]}`;
}
