import { hasText, LONGEST_CELL, MOST_COLUMNS, type TableRecord } from './record.ts';

/**
 * RFC 4180, forgiving, in pieces: a file of any size passes through a window of text. Our own because of one thing that files
 * from real life have: a quote that is opened and never closed. A strict parser takes the rest of the file as one cell (or
 * stops); here that quote is a letter like any other.
 */
const LONGEST_RECORD = 2_000_000;
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

export class CsvReader {
  readonly #delimiter: number;
  #text = '';
  #line = 1;
  /** A record that was too long is passed over up to its line's end. */
  #skipping = false;
  // Of the record that is read now.
  #end = 0;
  #looked = 0;
  #newlines = 0;

  /** @param delimiter one character */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Records that are complete by now; rows without a letter in any cell are passed over. */
  push(text: string): TableRecord[] {
    this.#text = this.#text === '' ? text : this.#text + text;
    return this.#read(false);
  }

  /** What is left when the file has ended. */
  end(): TableRecord[] {
    return this.#read(true);
  }

  #read(last: boolean): TableRecord[] {
    const records: TableRecord[] = [];
    const text = this.#text;
    let from = 0;
    while (from < text.length) {
      if (this.#skipping) {
        from = endOfLine(text, from);
        if (from === text.length && !last) break;
        from = afterNewline(text, from);
        this.#skipping = false;
        this.#line += 1;
        continue;
      }
      const cells = this.#record(text, from);
      // What lies behind the window may still change how this record is read.
      if (!last && (this.#end + 1 >= text.length || this.#looked >= text.length)) {
        if (text.length - from <= LONGEST_RECORD) break;
        records.push({ cells: cells.map((cell) => cell.slice(0, 200)), line: this.#line, fault: 'is longer than a row can be' });
        this.#skipping = true;
        from = text.length;
        continue;
      }
      if (this.#end - from > LONGEST_RECORD)
        records.push({ cells: cells.map((cell) => cell.slice(0, 200)), line: this.#line, fault: 'is longer than a row can be' });
      else if (hasText(cells)) records.push(this.#checked(cells));
      from = afterNewline(text, this.#end);
      this.#line += 1 + this.#newlines;
    }
    this.#text = from >= text.length ? '' : text.slice(from);
    return records;
  }

  #checked(cells: readonly string[]): TableRecord {
    const line = this.#line;
    for (let column = 0; column < cells.length; column += 1) {
      if ((cells[column] ?? '').length > LONGEST_CELL) return { cells, line, faults: new Map([[column, 'is longer than a cell can be']]) };
    }
    return { cells, line };
  }

  #record(text: string, start: number): string[] {
    const cells: string[] = [];
    let at = start;
    this.#looked = 0;
    this.#newlines = 0;
    for (;;) {
      const cell = text.charCodeAt(at) === QUOTE ? this.#quoted(text, at) : null;
      if (cell === null) {
        const end = this.#endOfPlain(text, at);
        if (cells.length < MOST_COLUMNS) cells.push(text.slice(at, end));
        at = end;
      } else {
        if (cells.length < MOST_COLUMNS) cells.push(cell);
        at = this.#end;
      }
      if (text.charCodeAt(at) !== this.#delimiter) break;
      at += 1;
    }
    this.#end = at;
    return cells;
  }

  /** The cell that a quote opens; null when it never closes or was never meant as a quote. Leaves its end in #end. */
  #quoted(text: string, start: number): string | null {
    let from = start + 1;
    let doubled = false;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote === -1 || quote - start > LONGEST_CELL) {
        this.#looked = Math.max(this.#looked, start + LONGEST_CELL + 1);
        return null;
      }
      if (text.charCodeAt(quote + 1) === QUOTE) {
        doubled = true;
        from = quote + 2;
        continue;
      }
      this.#looked = Math.max(this.#looked, quote + 1);
      const raw = text.slice(start + 1, quote);
      const after = text.charCodeAt(quote + 1);
      const newlines = raw.includes('\n') || raw.includes('\r') ? countNewlines(raw) : 0;
      const inner = doubled ? raw.replaceAll('""', '"') : raw;
      if (quote + 1 >= text.length || after === this.#delimiter || after === NEWLINE || after === RETURN) {
        this.#newlines += newlines;
        this.#end = quote + 1;
        return inner;
      }
      if (newlines > 0) return null;
      const end = this.#endOfPlain(text, quote + 1); // "Ann" Lee
      this.#end = end;
      return inner + text.slice(quote + 1, end);
    }
  }

  #endOfPlain(text: string, start: number): number {
    const delimiter = this.#delimiter;
    let end = start;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === delimiter || code === NEWLINE || code === RETURN) break;
    }
    return end;
  }
}

function endOfLine(text: string, from: number): number {
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== NEWLINE && text.charCodeAt(end) !== RETURN) end += 1;
  return end;
}

function afterNewline(text: string, end: number): number {
  if (text.charCodeAt(end) === RETURN) return text.charCodeAt(end + 1) === NEWLINE ? end + 2 : end + 1;
  return end + 1;
}

function countNewlines(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE || (code === RETURN && text.charCodeAt(at + 1) !== NEWLINE)) lines += 1;
  }
  return lines;
}

/** All records of a text that is at hand. */
export function parseCsv(text: string, delimiter: string): TableRecord[] {
  const reader = new CsvReader(delimiter);
  return [...reader.push(text), ...reader.end()];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Text that the guess is made from. */
const SAMPLE = 64_000;
const SAMPLE_RECORDS = 50;

/** The delimiter that cuts the first records into most cells, equally many each. Excel's `sep=;` line decides at once. */
export function delimiterOf(text: string): string {
  const declared = separatorLine(text);
  if (declared !== null) return declared;
  const sample = text.slice(0, SAMPLE);
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, score: scoreOf(sample, delimiter) }));
  return scores.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

/** `sep=;` as the first line: Excel's own way to say it. */
export function separatorLine(text: string): string | null {
  return /^sep=([,;\t|])(\r?\n|\r|$)/i.exec(text)?.[1] ?? null;
}

function scoreOf(sample: string, delimiter: string): number {
  const counts = new Map<number, number>();
  const records = parseCsv(sample, delimiter).slice(0, SAMPLE_RECORDS);
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let best = 0;
  for (const [cells, times] of counts) if (cells > 1) best = Math.max(best, (times / records.length) * 100 + Math.min(cells, 50));
  return best;
}
