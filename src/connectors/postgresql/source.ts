import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { PageWanted, SourcePage, SourcePort, SourceRecord, SourceValue } from '#core/ports/source.ts';
import { inSession, type Ask, type ColumnsOf, type PostgresCredentials } from './session.ts';

const column = z.string().trim().min(1).max(63);
export const Settings = z.object({
  query: z
    .string()
    .trim()
    .min(8)
    .max(20_000)
    .regex(/^(select|with)\b/i, { error: 'must begin with select' })
    .describe('select id, email, first_name, updated_at from customers'),
  idColumn: column.default('id').describe('Tells one row from the others'),
  cursorColumn: column.optional().describe('Grows with each change, such as updated_at; without one, everything is read each time'),
  kind: z.enum(['people', 'organisations']).default('people').describe('What its rows become'),
});
type Settings = z.output<typeof Settings>;

const PAGE = 1_000;
/** A transaction that began earlier may commit later: rows of the last minutes are looked at again. Of columns that hold a time. */
const OVERLAP = '5 minutes';
const OBJECT = 'query';

/** `all`: in the order of ids, behind the last one. `from`: in the order of change, behind the last row. Texts as PostgreSQL writes them. */
const Cursor = z.union([
  z.object({ all: z.string(), mark: z.string().nullable() }),
  z.object({ at: z.string(), id: z.string(), mark: z.string() }),
]);

interface Shape {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly idType: string;
  readonly cursorType: string | null;
}

export function postgresSource(credentials: PostgresCredentials, settings: Settings): SourcePort {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  // On a line of its own, so that a comment at its end hides nothing.
  const from = `(\n${settings.query.replace(/;\s*$/, '')}\n) q`;
  const id = `q.${quoted(settings.idColumn)}`;
  const changed = settings.cursorColumn === undefined ? null : `q.${quoted(settings.cursorColumn)}`;
  let known: Shape | undefined;

  /** Columns with their types; nothing is read. */
  async function shapeOf(columnsOf: ColumnsOf): Promise<Shape> {
    if (known !== undefined) return known;
    const columns = await columnsOf(`select * from ${from} where false`);
    const typeOf = (name: string) => {
      const found = columns.find((one) => one.name === name);
      if (found === undefined)
        throw new VendorRefused(`The query has no column ${name}; it has ${columns.map((one) => one.name).join(', ')}`);
      return found.type;
    };
    const { idColumn, cursorColumn } = settings;
    known = { columns, idType: typeOf(idColumn), cursorType: cursorColumn === undefined ? null : typeOf(cursorColumn) };
    return known;
  }

  const list = (fields: readonly string[]) =>
    [
      ...fields.map((field, index) => `q.${quoted(field)} as f${index}`),
      `${id}::text as steward_id`,
      changed === null ? 'null as steward_at' : `${changed}::text as steward_at`,
    ].join(', ');

  function recordsOf(rows: readonly Record<string, unknown>[], fields: readonly string[], shape: Shape): SourceRecord[] {
    const isTime = /^(timestamp|date)/.test(shape.cursorType ?? '');
    return rows.map((row) => {
      const at =
        isTime && row['steward_at'] !== null
          ? new Date(
              String(row['steward_at'])
                .replace(' ', 'T')
                .replace(/([+-]\d\d)$/, '$1:00'),
            )
          : null;
      const values = Object.fromEntries(fields.map((field, index) => [field, valueOf(row[`f${index}`])]));
      return { externalId: String(row['steward_id']), changedAt: at === null || Number.isNaN(at.getTime()) ? null : at, values };
    });
  }

  async function everything(ask: Ask, shape: Shape, wanted: PageWanted, after: string | null, mark: string | null): Promise<SourcePage> {
    // Before the first page: whatever changes from now on belongs to the next pass.
    const [first] =
      after === null && changed !== null ? await ask(`select max(${changed})::text as mark, count(*)::int as total from ${from}`, []) : [];
    const begun = after === null ? textOrNull(first?.['mark']) : mark;
    const where = after === null ? `${id} is not null` : `${id} > $1::${shape.idType}`;
    const rows = await ask(
      `select ${list(wanted.fields)} from ${from} where ${where} order by ${id} limit ${PAGE}`,
      after === null ? [] : [after],
    );
    const last = rows.at(-1)?.['steward_id'];
    const page = {
      records: recordsOf(rows, wanted.fields, shape),
      ...(typeof first?.['total'] === 'number' ? { total: first['total'] } : {}),
    };
    if (rows.length < PAGE || last === undefined) return { ...page, cursor: null, mark: begun };
    return { ...page, cursor: JSON.stringify({ all: String(last), mark: begun }), mark: null };
  }

  async function changes(
    ask: Ask,
    shape: Shape,
    wanted: PageWanted,
    mark: string,
    place: { at: string; id: string } | null,
  ): Promise<SourcePage> {
    const type = shape.cursorType ?? 'text';
    const overlap = type.startsWith('timestamp') ? ` - interval '${OVERLAP}'` : '';
    const [where, values] =
      place === null
        ? [`${changed} >= $1::${type}${overlap}`, [mark]]
        : [`(${changed}, ${id}) > ($1::${type}, $2::${shape.idType})`, [place.at, place.id]];
    const rows = await ask(`select ${list(wanted.fields)} from ${from} where ${where} order by ${changed}, ${id} limit ${PAGE}`, values);
    const last = rows.at(-1);
    const records = recordsOf(rows, wanted.fields, shape);
    const seen = last === undefined ? mark : String(last['steward_at']);
    if (rows.length < PAGE || last === undefined) return { records, cursor: null, mark: seen };
    return { records, cursor: JSON.stringify({ at: seen, id: String(last['steward_id']), mark }), mark: null };
  }

  return {
    objects: () => Promise.resolve([{ name: OBJECT, title: 'The rows of the query', kind: settings.kind, writable: false }]),
    fields: () =>
      inSession(credentials, async (_ask, columnsOf) =>
        (await shapeOf(columnsOf)).columns.map(({ name, type }) => ({ name, title: name, type: /^timestamp|^date/.test(type) ? ('moment' as const) : type === 'boolean' ? ('boolean' as const) : /int|numeric|double|real/.test(type) ? ('number' as const) : ('text' as const), writable: false })),
      ), // prettier-ignore
    page: (wanted) =>
      inSession(credentials, async (ask, columnsOf) => {
        const shape = await shapeOf(columnsOf);
        const cursor = wanted.cursor === null ? null : Cursor.parse(JSON.parse(wanted.cursor));
        if (cursor !== null && 'all' in cursor) return everything(ask, shape, wanted, cursor.all, cursor.mark);
        if (cursor !== null) return changes(ask, shape, wanted, cursor.mark, cursor);
        if (wanted.mark === null || changed === null) return everything(ask, shape, wanted, null, null);
        return changes(ask, shape, wanted, wanted.mark, null);
      }),
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function valueOf(value: unknown): SourceValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(String).join('; ');
  return JSON.stringify(value);
}
