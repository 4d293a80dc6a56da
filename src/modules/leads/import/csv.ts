/**
 * RFC 4180, forgiving. Our own because of one thing that files from real life have: a quote that is opened and never
 * closed. A strict parser takes the rest of the file as one cell (or stops); here that quote is a letter like any other.
 */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** Line of text on which it starts, from 1. */
  readonly line: number;
}

/** A quoted cell that is longer was never meant to be one. */
const LONGEST_QUOTED = 100_000;

interface Cell {
  readonly text: string;
  /** Position after the cell. */
  readonly end: number;
}

/** Records one by one; lines without a letter in any cell are passed over. `delimiter` is one character. */
export function* parseCsv(text: string, delimiter: string): Generator<CsvRecord> {
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const start = position;
    const cells: string[] = [];
    for (;;) {
      const cell = readCell(text, position, delimiter);
      cells.push(cell.text);
      position = cell.end;
      if (text[position] !== delimiter) break;
      position += 1;
    }
    if (text[position] === '\r') position += 1;
    if (text[position] === '\n') position += 1;
    if (cells.some((cell) => cell.trim() !== '')) yield { cells, line };
    line += countLines(text, start, position);
  }
}

function readCell(text: string, start: number, delimiter: string): Cell {
  if (text[start] === '"') {
    const quoted = readQuoted(text, start, delimiter);
    if (quoted !== null) return quoted;
  }
  const end = endOfPlain(text, start, delimiter);
  return { text: text.slice(start, end), end };
}

/** Null when the quote is no quote: never closed, or closed in the middle of another line's text. */
function readQuoted(text: string, start: number, delimiter: string): Cell | null {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1 || quote - start > LONGEST_QUOTED) return null;
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const inner = text.slice(start + 1, quote).replaceAll('""', '"');
    const after = quote + 1;
    if (after >= text.length || text[after] === delimiter || text[after] === '\n' || text[after] === '\r')
      return { text: inner, end: after };
    if (/[\r\n]/.test(inner)) return null;
    const end = endOfPlain(text, after, delimiter); // "Ann" Lee
    return { text: inner + text.slice(after, end), end };
  }
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end; at += 1) {
    const letter = text[at];
    if (letter === '\n' || (letter === '\r' && text[at + 1] !== '\n')) lines += 1;
  }
  return lines;
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
  return /^sep=([,;\t|])(\r?\n|$)/i.exec(text)?.[1] ?? null;
}

function scoreOf(sample: string, delimiter: string): number {
  const counts = new Map<number, number>();
  let records = 0;
  for (const record of parseCsv(sample, delimiter)) {
    if (++records > SAMPLE_RECORDS) break;
    counts.set(record.cells.length, (counts.get(record.cells.length) ?? 0) + 1);
  }
  let best = 0;
  for (const [cells, times] of counts) if (cells > 1) best = Math.max(best, (times / records) * 100 + Math.min(cells, 50));
  return best;
}
