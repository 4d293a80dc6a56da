import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import {
  SOURCE_KINDS,
  type PageWanted,
  type SourcePage,
  type SourcePort,
  type SourceRecord,
  type SourceValue,
} from '#core/ports/source.ts';
import type { Ask, ColumnsOf, InSession, SqlDialect } from './types.ts';

const column = z.string().trim().min(1).max(128);
export const SqlSettings = z.object({
  query: z
    .string()
    .trim()
    .min(8)
    .max(20_000)
    .regex(/^(select|with)\b/i, { error: 'must begin with select' })
    .describe('select id, email, first_name, updated_at from customers'),
  idColumn: column.default('id').describe('Tells one row from the others'),
  cursorColumn: column.optional().describe('Grows with each change, such as updated_at; without one, everything is read each time'),
  kind: z.enum(SOURCE_KINDS).default('people').describe('What its rows become'),
});
type SqlSettings = z.output<typeof SqlSettings>;

const PAGE = 1_000;
const OBJECT = 'query';

/** `all`: in the order of ids, behind the last one. `at`: in the order of change, behind the last row. Texts as the database writes them. */
const Cursor = z.union([
  z.object({ all: z.string(), mark: z.string().nullable() }),
  z.object({ at: z.string(), id: z.string(), mark: z.string() }),
]);

interface Shape {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly idType: string;
  readonly cursorType: string | null;
}

/** A query whose rows are kept in step: wrapped as a subquery, read in pages behind the last row. A page is a session of its own: nothing is held open between two. */
export function sqlSource(settings: SqlSettings, dialect: SqlDialect, inSession: InSession): SourcePort {
  // On a line of its own, so that a comment at its end hides nothing.
  const from = `(\n${settings.query.replace(/;\s*$/, '')}\n) q`;
  const id = `q.${dialect.quoted(settings.idColumn)}`;
  const changed = settings.cursorColumn === undefined ? null : `q.${dialect.quoted(settings.cursorColumn)}`;
  let known: Shape | undefined;

  /** Columns with their types; nothing is read. */
  async function shapeOf(columnsOf: ColumnsOf): Promise<Shape> {
    if (known !== undefined) return known;
    dialect.check?.(settings.query);
    const columns = await columnsOf(`select * from ${from} where 1 = 0`);
    const typeOf = (name: string) => {
      const found = columns.find((one) => one.name === name);
      if (found === undefined)
        throw new VendorRefused(`The query has no column ${name}; it has ${columns.map((one) => one.name).join(', ')}`);
      const unfit = dialect.unfit(found.type);
      if (unfit !== null) throw new VendorRefused(`The column ${name} ${unfit}`);
      return found.type;
    };
    const { idColumn, cursorColumn } = settings;
    known = { columns, idType: typeOf(idColumn), cursorType: cursorColumn === undefined ? null : typeOf(cursorColumn) };
    return known;
  }

  function list(fields: readonly string[], shape: Shape): string {
    const typeOf = (name: string) => {
      const found = shape.columns.find((one) => one.name === name);
      if (found === undefined) throw new VendorRefused(`The query has no column ${name} any more; change the mapping`);
      return found.type;
    };
    return [
      ...fields.map((field, index) => `${dialect.read(`q.${dialect.quoted(field)}`, typeOf(field))} as f${index}`),
      `${dialect.text(id, shape.idType)} as steward_id`,
      changed === null || shape.cursorType === null ? 'null as steward_at' : `${dialect.text(changed, shape.cursorType)} as steward_at`,
    ].join(', ');
  }

  function recordsOf(rows: readonly Record<string, unknown>[], fields: readonly string[], shape: Shape): SourceRecord[] {
    return rows.map((row) => {
      const at = row['steward_at'];
      const values = Object.fromEntries(fields.map((field, index) => [field, valueOf(row[`f${index}`])]));
      const moment = typeof at === 'string' && shape.cursorType !== null ? dialect.moment(at, shape.cursorType) : null;
      return {
        externalId: String(row['steward_id']),
        changedAt: moment === null || Number.isNaN(moment.getTime()) ? null : moment,
        values,
      };
    });
  }

  /** Collects what is bound, in the order in which the statement says it. */
  function bound() {
    const values: string[] = [];
    return { values, bind: (value: string, type: string) => dialect.value(values.push(value), type) };
  }

  async function everything(ask: Ask, shape: Shape, wanted: PageWanted, after: string | null, mark: string | null): Promise<SourcePage> {
    // Before the first page: whatever changes from now on belongs to the next pass.
    const latest = changed === null || shape.cursorType === null ? null : dialect.text(`max(${changed})`, shape.cursorType);
    const [first] =
      after === null && latest !== null && wanted.look !== true
        ? await ask(`select ${latest} as mark, count(*) as total from ${from}`, [])
        : [];
    const begun = after === null ? textOrNull(first?.['mark']) : mark;
    const { values, bind } = bound();
    const where = after === null ? `${id} is not null` : `${id} > ${bind(after, shape.idType)}`;
    const rows = await ask(dialect.page(list(wanted.fields, shape), from, where, id, PAGE), values);
    const last = rows.at(-1)?.['steward_id'];
    const total = Number(first?.['total'] ?? Number.NaN);
    const page = { records: recordsOf(rows, wanted.fields, shape), ...(Number.isInteger(total) ? { total } : {}) };
    if (rows.length < PAGE || last === undefined) return { ...page, cursor: null, mark: begun };
    return { ...page, cursor: JSON.stringify({ all: String(last), mark: begun }), mark: null };
  }

  async function changes(
    ask: Ask,
    shape: Shape,
    wanted: PageWanted,
    mark: string,
    place: { readonly at: string; readonly id: string } | null,
  ): Promise<SourcePage> {
    const type = shape.cursorType ?? 'text';
    const by = changed ?? id;
    const { values, bind } = bound();
    const where =
      place === null
        ? `${by} >= ${dialect.earlier(bind(mark, type), type)}`
        : dialect.behind(
            by,
            id,
            () => bind(place.at, type),
            () => bind(place.id, shape.idType),
          );
    const rows = await ask(dialect.page(list(wanted.fields, shape), from, where, `${by}, ${id}`, PAGE), values);
    const last = rows.at(-1);
    const records = recordsOf(rows, wanted.fields, shape);
    const seen = last === undefined ? mark : String(last['steward_at']);
    if (rows.length < PAGE || last === undefined) return { records, cursor: null, mark: seen };
    return { records, cursor: JSON.stringify({ at: seen, id: String(last['steward_id']), mark }), mark: null };
  }

  return {
    objects: () => Promise.resolve([{ name: OBJECT, title: 'The rows of the query', kind: settings.kind, writable: false }]),
    fields: () =>
      inSession(async (_ask, columnsOf) =>
        (await shapeOf(columnsOf)).columns.map(({ name, type }) => ({ name, title: name, type: dialect.fieldType(type), writable: false })),
      ),
    page: (wanted) =>
      inSession(async (ask, columnsOf) => {
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
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  // bytes are no text of anybody's
  if (ArrayBuffer.isView(value)) return null;
  if (Array.isArray(value)) return value.map(String).join('; ');
  return JSON.stringify(value);
}
