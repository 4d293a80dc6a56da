import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { PageWanted, SourcePage, SourcePort, SourceRecord } from '#core/ports/source.ts';
import { API, Created, Described, Found, NoSuch } from './api.ts';
import { createJob, resultsOf, rowsOfJob } from './bulk.ts';
import { fieldsOf, OBJECTS, type Fields } from './fields.ts';

/** Rows of one query. */
const PAGE = 2_000;
/** From so many rows on everything is read by a bulk job: one request for each page instead of a query that sorts them all. */
const BULK_FROM = 10_000;
/** A transaction there may take ten minutes, and is seen at its end under the time of its beginning. */
const OVERLAP_MS = 10 * 60_000;
/** Salesforce wants one of each person that is made; its own forms write the same where nothing was given. */
const NOT_PROVIDED = '[not provided]';

/** `job`: everything, out of a bulk job. `after`: everything in the order of ids. `at`: in the order of change, behind the last row. `start`: when the pass began, by their clock. */
const Cursor = z.union([
  z.object({ job: z.string(), locator: z.string().nullable(), ready: z.boolean(), start: z.string() }),
  z.object({ after: z.string(), start: z.string() }),
  z.object({ at: z.string(), id: z.string(), start: z.string() }),
]);
type Cursor = z.output<typeof Cursor>;

/** Contacts, leads, accounts, opportunities, and what was done with whom. Pages go on behind the last row seen, never by offset: what changes meanwhile moves no neighbour out of sight. */
export function salesforceSource(http: VendorHttp, { signal }: ConnectorOptions): SourcePort {
  const call = signal === undefined ? {} : { signal };
  const known = new Map<string, Promise<Fields>>();

  function describe(object: string): Promise<Fields> {
    if (OBJECTS[object] === undefined)
      throw new VendorRefused(`Salesforce has no ${object} here; there are ${Object.keys(OBJECTS).join(', ')}`);
    const found =
      known.get(object) ??
      http.get(`${API}/sobjects/${object}/describe`, { answer: Described, ...call }).then((answer) => fieldsOf(object, answer));
    known.set(object, found);
    return found;
  }

  /** All rows of a query of at most PAGE, whatever Salesforce gives at once. `which`: with the deleted ones, or without. */
  async function rowsOf(
    which: 'query' | 'queryAll',
    soql: string,
    headersOf?: (headers: Headers) => void,
  ): Promise<Record<string, unknown>[]> {
    let found = await http.get(`${API}/${which}`, {
      answer: Found,
      query: { q: soql },
      ...(headersOf === undefined ? {} : { headersOf }),
      ...call,
    });
    const rows = found.records;
    for (let next = found.nextRecordsUrl; !found.done && next !== undefined; next = found.nextRecordsUrl) {
      found = await http.get(next, { answer: Found, ...call });
      rows.push(...found.records);
    }
    return rows;
  }

  /** Null: Salesforce is not willing to count so many. */
  async function countOf(object: string, headersOf: (headers: Headers) => void): Promise<number | null> {
    const q = `SELECT COUNT() FROM ${object}${whereOf(object)}`;
    return http.get(`${API}/query`, { answer: Found, query: { q }, headersOf, ...call }).then(
      ({ totalSize }) => totalSize,
      (error: unknown) => {
        if (error instanceof VendorRefused) return null;
        throw error;
      },
    );
  }

  async function begin(wanted: PageWanted, fields: Fields): Promise<SourcePage> {
    if (wanted.look === true) return byId(wanted, fields, '', now(null));
    let start: string | null = null;
    const total = await countOf(wanted.object, (headers) => void (start ??= now(headers)));
    const begun = start ?? now(null);
    if (total !== null && total < BULK_FROM) return { ...(await byId(wanted, fields, '', begun)), total };
    const query = `SELECT ${fields.columns(wanted.fields).join(', ')} FROM ${wanted.object}${whereOf(wanted.object)}`;
    try {
      const job = await createJob(http, query, call);
      return {
        records: [],
        cursor: cursorOf({ job, locator: null, ready: false, start: begun }),
        mark: null,
        ...(total === null ? {} : { total }),
      };
    } catch (error) {
      // Not every edition and user has the Bulk API.
      if (!(error instanceof VendorRefused)) throw error;
      return byId(wanted, fields, '', begun);
    }
  }

  async function byJob(wanted: PageWanted, fields: Fields, place: Extract<Cursor, { job: string }>): Promise<SourcePage> {
    const { job, start } = place;
    const instead: SourcePage = { records: [], cursor: cursorOf({ after: '', start }), mark: null };
    try {
      if (!place.ready) {
        const rows = await rowsOfJob(http, job, call);
        if (rows === 'failed') return instead;
        if (rows === null) return { records: [], cursor: cursorOf(place), mark: null };
        return { records: [], cursor: cursorOf({ ...place, ready: true }), mark: null, total: rows };
      }
      const columns = fields.columns(wanted.fields);
      const { rows, locator } = await resultsOf(http, job, { columns, locator: place.locator }, call);
      const records = rows.map((row) => fields.record(wanted.fields, (column) => row[columns.indexOf(column)]));
      if (locator === null || locator === place.locator) return { records, cursor: null, mark: start };
      return { records, cursor: cursorOf({ ...place, locator }), mark: null };
    } catch (error) {
      // Jobs are kept for some days: whoever was away for longer reads everything in another way.
      if (error instanceof NoSuch) return instead;
      throw error;
    }
  }

  async function byId(wanted: PageWanted, fields: Fields, after: string, start: string): Promise<SourcePage> {
    const where = whereOf(wanted.object, after === '' ? null : `Id > '${quoted(after)}'`);
    const limit = wanted.look === true ? 10 : PAGE;
    const rows = await rowsOf(
      'query',
      `SELECT ${fields.columns(wanted.fields).join(', ')} FROM ${wanted.object}${where} ORDER BY Id LIMIT ${limit}`,
    );
    const records = rows.map((row) => recordOf(row, wanted, fields));
    const last = records.at(-1);
    if (rows.length < PAGE || last === undefined) return { records, cursor: null, mark: start };
    return { records, cursor: cursorOf({ after: last.externalId, start }), mark: null };
  }

  async function changes(
    wanted: PageWanted,
    fields: Fields,
    mark: string,
    place: Extract<Cursor, { at: string }> | null,
  ): Promise<SourcePage> {
    const since = new Date(Date.parse(mark) - OVERLAP_MS).toISOString();
    const where =
      place === null
        ? `SystemModstamp >= ${since}`
        : `(SystemModstamp > ${place.at} OR (SystemModstamp = ${place.at} AND Id > '${quoted(place.id)}'))`;
    let start = place?.start ?? null;
    const columns = [...fields.columns(wanted.fields), 'IsDeleted'].join(', ');
    const rows = await rowsOf(
      'queryAll',
      `SELECT ${columns} FROM ${wanted.object}${whereOf(wanted.object, where)} ORDER BY SystemModstamp, Id LIMIT ${PAGE}`,
      (headers) => void (start ??= now(headers)),
    );
    const records = rows.filter((row) => row['IsDeleted'] !== true).map((row) => recordOf(row, wanted, fields));
    const gone = rows.filter((row) => row['IsDeleted'] === true).map((row) => String(row['Id']));
    const begun = start ?? now(null);
    const last = rows.at(-1);
    const at = new Date(String(last?.['SystemModstamp']));
    if (rows.length < PAGE || Number.isNaN(at.getTime())) return { records, gone, cursor: null, mark: begun };
    return { records, gone, cursor: cursorOf({ at: at.toISOString(), id: String(last?.['Id']), start: begun }), mark: null };
  }

  return {
    objects: () => Promise.resolve(Object.entries(OBJECTS).map(([name, { title, kind, writable }]) => ({ name, title, kind, writable }))),
    fields: async (object) => (await describe(object)).list,
    async page(wanted) {
      const fields = await describe(wanted.object);
      const place = wanted.cursor === null ? null : Cursor.parse(JSON.parse(wanted.cursor));
      if (place === null) return wanted.mark === null ? begin(wanted, fields) : changes(wanted, fields, wanted.mark, null);
      if ('job' in place) return byJob(wanted, fields, place);
      if ('after' in place) return byId(wanted, fields, place.after, place.start);
      return changes(wanted, fields, place.start, place);
    },
    async write({ object, externalId, values }) {
      const fields = await describe(object);
      const body = Object.fromEntries(
        Object.entries(values).map(([field, value]) => [field, fields.given(field, value === '' ? null : value)]),
      );
      if (externalId !== null) {
        await http.patch(`${API}/sobjects/${object}/${encodeURIComponent(externalId)}`, body, {
          answer: z.undefined(),
          repeat: 'safe',
          ...call,
        });
        return { externalId };
      }
      const whole = { LastName: NOT_PROVIDED, ...(object === 'Lead' ? { Company: NOT_PROVIDED } : {}), ...body };
      return { externalId: (await http.post(`${API}/sobjects/${object}`, whole, { answer: Created, ...call })).id };
    },
    async findByEmail(object, email) {
      await describe(object);
      const [found] = await rowsOf('query', `SELECT Id FROM ${object} WHERE Email = '${quoted(email)}' ORDER BY CreatedDate LIMIT 1`);
      return found === undefined ? null : String(found['Id']);
    },
  };
}

const cursorOf = (cursor: Cursor): string => JSON.stringify(cursor);

function recordOf(row: Readonly<Record<string, unknown>>, wanted: PageWanted, fields: Fields): SourceRecord {
  return fields.record(wanted.fields, (column) => {
    const [first = '', second] = column.split('.');
    if (second === undefined) return row[first];
    const beside = row[first];
    return typeof beside === 'object' && beside !== null ? Reflect.get(beside, second) : null;
  });
}

function whereOf(object: string, more: string | null = null): string {
  const parts = [OBJECTS[object]?.only, more].flatMap((part) => part ?? []);
  return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
}

/** Inside the quotes of SOQL. */
const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`);

/** By their clock; by the real one here where they do not say. */
function now(headers: Headers | null): string {
  const said = Date.parse(headers?.get('date') ?? '');
  // the real clock is meant: a mark is compared with times of the vendor
  return new Date(Number.isNaN(said) ? Date.now() : said).toISOString();
}
