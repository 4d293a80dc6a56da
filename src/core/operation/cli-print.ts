/** How an answer looks to a person. Data, not decoration: a table for a list, a line a field for one thing. */

/** In a list, so that a row stays a row. The whole text is in the thing itself, and in --json. */
const LONGEST_CELL = 48;
const LONGEST_PIPED_CELL = 100;
/** What nobody reads in a list. */
const HIDDEN = new Set(['company_id', 'etag', 'updated_at']);
/** Below this a column says nothing any more. */
const NARROWEST = 8;

/**
 * @param columns width of the terminal; null when stdout is none: lines are not cut then
 * @param named what a person reads of a list, in this order; default: everything but ids of other things
 */
export function forPeople(body: unknown, columns: number | null, named?: readonly string[]): string {
  if (body === null || body === undefined) return 'Done.';
  if (Array.isArray(body)) return table(body, columns, named);
  if (!isObject(body)) return String(body);
  if (Array.isArray(body['items'])) {
    const next = body['next_cursor'];
    const rest = Object.entries(body).filter(([key]) => key !== 'items' && key !== 'next_cursor');
    return [
      table(body['items'], columns, named),
      ...(rest.length > 0 ? [fields(Object.fromEntries(rest), columns)] : []),
      ...(typeof next === 'string' ? [`There is more: add --cursor ${next}`] : []),
    ].join('\n');
  }
  return fields(body, columns);
}

function table(rows: readonly unknown[], columns: number | null, named?: readonly string[]): string {
  if (rows.length === 0) return 'Nothing here yet.';
  const objects = rows.map((row) => (isObject(row) ? row : { value: row }));
  const filled = (name: string) => objects.some((row) => row[name] !== null && row[name] !== undefined && !isObject(row[name]));
  const all = [...new Set(objects.flatMap((row) => Object.keys(row)))].filter((name) => !HIDDEN.has(name) && filled(name));
  const wanted = named?.filter(filled) ?? all.filter((name) => !name.endsWith('_id'));
  const chosen = wanted.length > 0 ? wanted : all;
  const texts = new Map(chosen.map((name) => [name, [name, ...objects.map((row) => cell(row[name]))]]));
  const limit = columns === null ? LONGEST_PIPED_CELL : LONGEST_CELL;
  const wide = chosen.map((name) => ({ name, width: Math.min(limit, Math.max(...(texts.get(name) ?? []).map(widthOf))) }));
  const shown = columns === null ? wide : fitting(wide, columns);
  const lines = ['', ...objects].map((_, row) =>
    shown
      .map(({ name, width }) => pad(texts.get(name)?.[row] ?? '', width))
      .join('  ')
      .trimEnd(),
  );
  const left = chosen.slice(shown.length);
  const fits = lines.map((line) => (columns === null ? line : cut(line, columns)));
  return [...fits, ...(left.length === 0 ? [] : [`Not shown: ${left.join(', ')}. A wider terminal or --json has them.`])].join('\n');
}

interface Column {
  readonly name: string;
  readonly width: number;
}

/** As many as fit, from the left. The last one may be narrowed: a title that is cut says more than none. */
function fitting(wide: readonly Column[], columns: number): Column[] {
  const shown: Column[] = [];
  let left = columns;
  for (const column of wide) {
    const width = Math.min(column.width, left);
    // Half an id is of no use.
    const least = /(^|_)id$/.test(column.name) ? column.width : Math.min(column.width, NARROWEST);
    if (shown.length > 0 && width < least) break;
    shown.push({ ...column, width });
    left -= width + 2;
  }
  return shown;
}

function fields(body: Readonly<Record<string, unknown>>, columns: number | null): string {
  const entries = Object.entries(body);
  if (entries.length === 0) return 'Done.';
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries
    .map(([name, value]) => {
      if (Array.isArray(value) && value.some(isObject)) return `${name}\n${indent(table(value, columns === null ? null : columns - 2))}`;
      if (isObject(value) && Object.keys(value).length > 0) return `${name}\n${indent(fields(value, columns))}`;
      if (typeof value === 'string' && value.trimEnd().includes('\n'))
        return `${name}\n${indent(value.trimEnd().split('\n').map(cell).join('\n'))}`;
      return `${name.padEnd(width)}  ${cell(value)}`;
    })
    .join('\n');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'object')
    return Array.isArray(value) && !value.some(isObject) ? value.map(String).join(', ') : JSON.stringify(value);
  // What strangers wrote must not move the cursor or colour the terminal.
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');
const widthOf = (text: string) => [...text].length;
const cut = (text: string, width: number) => (widthOf(text) <= width ? text : `${[...text].slice(0, Math.max(1, width - 1)).join('')}…`);
const pad = (text: string, width: number) => {
  const short = cut(text, width);
  return short + ' '.repeat(Math.max(0, width - widthOf(short)));
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
