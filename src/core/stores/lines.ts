import { BATCH_BYTES, BATCH_ROWS } from './store.ts';

/** PostgreSQL's text of a value; null is SQL's null. */
export type Cell = string | null;

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** The cells of a line that COPY wrote. @see https://www.postgresql.org/docs/18/sql-copy.html */
export function cellsOf(line: string): Cell[] {
  const cells: Cell[] = line.split('\t');
  if (!line.includes('\\')) return cells;
  for (const [i, cell] of cells.entries()) {
    if (cell === '\\N') cells[i] = null;
    else if (cell?.includes('\\') === true) cells[i] = cell.replaceAll(/\\(.)/gs, (_, sign: string) => ESCAPED[sign] ?? sign);
  }
  return cells;
}

/** The line that COPY would write. */
export function lineOf(cells: readonly Cell[]): string {
  let line = '';
  for (const [i, cell] of cells.entries()) {
    if (i > 0) line += '\t';
    line +=
      cell === null ? '\\N' : /[\b\f\n\r\t\v\\]/.test(cell) ? cell.replaceAll(/[\b\f\n\r\t\v\\]/g, (sign) => ESCAPES[sign] ?? sign) : cell;
  }
  return line;
}

/** Lines of a stream of bytes, in batches. `bytes`: how much of the stream the batch and those before it took. */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<{ readonly lines: string[]; readonly bytes: number }> {
  let begun: Buffer[] = [];
  let lines: string[] = [];
  let [size, bytes] = [0, 0];
  for await (const chunk of stream) {
    const end = chunk.lastIndexOf(10);
    if (end === -1) {
      begun.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...begun, chunk.subarray(0, end + 1)]);
    begun = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    bytes += whole.length;
    size += whole.length;
    for (const line of whole.toString('utf8', 0, whole.length - 1).split('\n')) lines.push(line);
    if (lines.length < BATCH_ROWS && size < BATCH_BYTES) continue;
    yield { lines, bytes };
    lines = [];
    size = 0;
  }
  if (begun.length > 0) throw new Error('the last line has no end');
  if (lines.length > 0) yield { lines, bytes };
}
