import { z } from 'zod';
import type { Contract } from '../contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../fake-vendor.ts';

/**
 * Salesforce publishes no machine-readable contract that may be kept: this one is written by hand from its REST and Bulk API 2.0 developer guides (version 60), for what the connector
 * asks. SOQL is understood as far as it is asked; anything else is MALFORMED_QUERY.
 */
const DATA = '/services/data/v60.0';

type Row = Readonly<Record<string, unknown>> & { readonly Id: string };
export interface FakeSalesforce extends FakeVendor {
  /** What was wrong with requests by the contract. */
  readonly faults: string[];
  put(object: string, values: Readonly<Record<string, unknown>>, id?: string): string;
  remove(object: string, id: string): void;
  readonly rows: (object: string) => readonly Row[];
  /** Its clock, in milliseconds; each change moves it on by a second. */
  clock: number;
  /** Looks at a job until it is done; `fails`: it never is. */
  job: { looks: number; fails: boolean };
  /** Called after each page that was given. */
  afterPage: (() => void) | null;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly query?: Readonly<Record<string, RegExp>>;
  readonly required?: readonly string[];
  readonly body?: z.ZodType;
}
const ID = String.raw`[a-zA-Z0-9]{15,18}`;
const whole = /^[1-9]\d*$/;
/** Values are of the type that the field has: a yes or no is no text. */
const values = z
  .record(z.string().regex(/^[A-Z]\w*$/), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .refine((body) => Object.keys(body).every((name) => FIELDS.some((field) => field.name === name && field.updateable)))
  .refine((body) => !('HasOptedOutOfEmail' in body) || typeof body['HasOptedOutOfEmail'] === 'boolean');
const ROUTES: readonly Route[] = [
  { method: 'GET', path: new RegExp(`^${DATA}/(query|queryAll)$`), query: { q: /^SELECT / }, required: ['q'] },
  { method: 'GET', path: new RegExp(`^${DATA}/(query|queryAll)/${ID}-\\d+$`) },
  { method: 'GET', path: new RegExp(`^${DATA}/sobjects/\\w+/describe$`) },
  { method: 'POST', path: new RegExp(`^${DATA}/sobjects/\\w+$`), body: values },
  { method: 'PATCH', path: new RegExp(`^${DATA}/sobjects/\\w+/${ID}$`), body: values },
  {
    method: 'POST',
    path: new RegExp(`^${DATA}/jobs/query$`),
    body: z.strictObject({ operation: z.enum(['query', 'queryAll']), query: z.string().regex(/^SELECT (?!COUNT)/) }),
  },
  { method: 'GET', path: new RegExp(`^${DATA}/jobs/query/${ID}$`) },
  { method: 'GET', path: new RegExp(`^${DATA}/jobs/query/${ID}/results$`), query: { maxRecords: whole, locator: /^\w+$/ } },
];

export const salesforceContract: Contract = {
  faults(request) {
    const route = ROUTES.find(({ method, path }) => method === request.method && path.test(request.path));
    if (route === undefined) return [`${request.method} ${request.path} is not in the contract`];
    const faults: string[] = [];
    const given = new URLSearchParams(request.query);
    for (const [name, value] of given) if (route.query?.[name]?.test(value) !== true) faults.push(`query ${name} does not fit`);
    for (const name of route.required ?? []) if (!given.has(name)) faults.push(`query ${name} is missing`);
    const soql = given.get('q');
    if (soql !== null && parsed(soql) === null) faults.push(`MALFORMED_QUERY: ${soql}`);
    if (!/^Bearer \S+$/.test(String(request.headers['authorization']))) faults.push('no access token');
    if (route.body === undefined) {
      if (request.body !== undefined) faults.push('takes no body');
    } else {
      if (!String(request.headers['content-type']).startsWith('application/json')) faults.push('is no JSON');
      const result = route.body.safeParse(request.body);
      if (!result.success) faults.push(`body ${result.error.message}`);
    }
    return faults;
  },
  answerFaults: () => [],
};

const field = (name: string, type = 'string', more: object = {}) => ({
  name,
  label: name.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
  type,
  updateable: true,
  relationshipName: null,
  referenceTo: [],
  ...more,
});
const system = (name: string, type: string) => field(name, type, { updateable: false });
const lookup = (name: string, to: readonly string[]) =>
  field(name, 'reference', { label: name.replace(/Id$/, ' ID'), relationshipName: name.replace(/Id$/, ''), referenceTo: to });
const FIELDS = [
  system('Id', 'id'), system('SystemModstamp', 'datetime'), system('CreatedDate', 'datetime'), system('IsDeleted', 'boolean'), lookup('OwnerId', ['Group', 'User']),
  lookup('AccountId', ['Account']), field('FirstName'), field('LastName'), field('Name'), field('Email', 'email'), field('Phone', 'phone'), field('Company'),
  field('HasOptedOutOfEmail', 'boolean'), field('MailingAddress', 'address', { updateable: false }), field('Website', 'url'), field('Amount', 'currency'), field('StageName', 'picklist'),
  field('Probability', 'percent'), field('CloseDate', 'date'), system('IsClosed', 'boolean'), system('IsWon', 'boolean'), field('Interests__c', 'multipicklist'), lookup('WhoId', ['Contact', 'Lead']),
  field('Subject'), field('Description', 'textarea'), system('TaskSubtype', 'picklist'), field('ActivityDate', 'date'), field('StartDateTime', 'datetime'), field('ActivityDateTime', 'datetime'),
  system('CompletedDateTime', 'datetime'),
]; // prettier-ignore

interface Asked {
  readonly columns: readonly string[];
  readonly object: string;
  readonly fits: (row: Row) => boolean;
  readonly order: readonly string[];
  readonly limit: number;
}
const NAME = String.raw`[A-Za-z]\w*(?:\.[A-Za-z]\w*)?`;
const SOQL = new RegExp(
  `^SELECT (COUNT\\(\\)|${NAME}(?:, ${NAME})*) FROM (\\w+)(?: WHERE (.+?))?(?: ORDER BY ([\\w, ]+?))?(?: LIMIT (\\d+))?$`,
  's',
);
const TEXT = String.raw`'((?:[^'\\]|\\.)*)'`;
const MOMENT = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)`;

/** Null: MALFORMED_QUERY. */
function parsed(soql: string): Asked | null {
  const found = SOQL.exec(soql);
  if (found === null) return null;
  const [, columns = '', object = '', where, order, limit] = found;
  const fits = where === undefined ? () => true : condition(where);
  if (fits === null) return null;
  return { columns: columns.split(', '), object, fits, order: order?.split(', ') ?? [], limit: Number(limit ?? 50_000) };
}

function condition(where: string): ((row: Row) => boolean) | null {
  // parts of an object that are always asked for
  const only = /^(IsClosed = true AND )?WhoId != null(?: AND (.+))?$/s.exec(where);
  if (only !== null) {
    const rest = only[2] === undefined ? () => true : condition(only[2]);
    return rest === null ? null : (row) => row['WhoId'] != null && (only[1] === undefined || row['IsClosed'] === true) && rest(row);
  }
  const said = (pattern: string) => new RegExp(`^${pattern}$`, 's').exec(where);
  const plain = (text = '') => text.replaceAll(/\\(.)/gs, '$1');
  const stamp = (row: Row) => Number(row['SystemModstamp']);
  const after = said(`Id > ${TEXT}`);
  if (after !== null) return (row) => row.Id > plain(after[1]);
  const same = said(`Email = ${TEXT}`);
  if (same !== null) return (row) => row['Email'] === plain(same[1]);
  const since = said(`SystemModstamp >= ${MOMENT}`);
  if (since !== null) return (row) => stamp(row) >= Date.parse(since[1] ?? '');
  const behind = said(String.raw`\(SystemModstamp > ${MOMENT} OR \(SystemModstamp = ${MOMENT} AND Id > ${TEXT}\)\)`);
  if (behind === null) return null;
  const at = Date.parse(behind[1] ?? '');
  return (row) => stamp(row) > at || (stamp(row) === at && row.Id > plain(behind[3]));
}

/** Salesforce on a local port, with state. `batch`: rows that it gives at once, whatever the query asks for. */
export async function fakeSalesforce({
  batch = 2_000,
  count,
}: { readonly batch?: number; readonly count?: number } = {}): Promise<FakeSalesforce> {
  const stores = new Map<string, Map<string, Row>>();
  const state: Pick<FakeSalesforce, 'clock' | 'job' | 'afterPage'> = {
    clock: Date.UTC(2026, 4, 1),
    job: { looks: 1, fails: false },
    afterPage: null,
  };
  const faults: string[] = [];
  const cursors = new Map<string, { readonly rows: readonly Row[]; readonly columns: readonly string[] }>();
  const jobs = new Map<string, { readonly rows: readonly Row[]; readonly columns: readonly string[]; looks: number }>();
  let made = 0;
  const idOf = (prefix: string) => `${prefix}${String((made += 1)).padStart(15, '0')}`;
  const store = (object: string) => stores.get(object) ?? stores.set(object, new Map()).get(object)!; // set a moment ago
  const put = (object: string, given: Readonly<Record<string, unknown>>, id = idOf('003')) => {
    state.clock += 1_000;
    store(object).set(id, {
      ...store(object).get(id),
      ...given,
      Id: id,
      IsDeleted: given['IsDeleted'] === true,
      SystemModstamp: state.clock,
    });
    return id;
  };
  const shown = (row: Row, columns: readonly string[]) => {
    const record: Record<string, unknown> = { attributes: { type: 'x' } };
    for (const column of columns) {
      const [first = '', second] = column.split('.');
      const value = row[first] ?? null;
      record[first] =
        second === undefined ? (first === 'SystemModstamp' ? new Date(Number(value)).toISOString().replace('Z', '+0000') : value) : value;
    }
    return record;
  };
  const fault = (status: number, errorCode: string, message: string): VendorAnswer => ({ status, body: [{ message, errorCode }] });
  const given = (rows: readonly Row[], columns: readonly string[], from: number, name: string, which: string): VendorAnswer => {
    const records = rows.slice(from, from + batch).map((row) => shown(row, columns));
    const end = from + batch;
    const more = end < rows.length ? { done: false, nextRecordsUrl: `${DATA}/${which}/${name}-${end}` } : { done: true };
    const answer = ok({ totalSize: rows.length, ...more, records });
    state.afterPage?.();
    return answer;
  };
  /** A column that is not there, or null. */
  const stranger = (columns: readonly string[]) =>
    columns.find((column) => !column.includes('.') && !FIELDS.some(({ name }) => name === column)) ?? null;
  const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): VendorAnswer & object => ({
    status: 200,
    headers: { date: new Date(state.clock).toUTCString(), ...headers },
    body,
  });
  const hits = ({ object, fits, order, limit }: Asked, deleted: boolean) =>
    [...store(object).values()]
      .filter((row) => (deleted || row['IsDeleted'] !== true) && fits(row))
      .toSorted((a, b) =>
        order.reduce((less, name) => less || (name === 'Id' ? (a.Id < b.Id ? -1 : 1) : Number(a[name]) - Number(b[name])), 0),
      )
      .slice(0, limit);

  function query(which: string, soql: string): VendorAnswer {
    const asked = parsed(soql);
    if (asked === null) return fault(400, 'MALFORMED_QUERY', 'unexpected token');
    if (asked.columns[0] === 'COUNT()') return ok({ totalSize: count ?? hits(asked, false).length, done: true, records: [] });
    if (asked.object === 'Organization') return ok({ totalSize: 1, done: true, records: [{ Name: 'Acme Inc', IsSandbox: false }] });
    const wrong = stranger(asked.columns);
    if (wrong !== null) return fault(400, 'INVALID_FIELD', `No such column '${wrong}' on entity '${asked.object}'`);
    const name = idOf('01g');
    const rows = hits(asked, which === 'queryAll');
    cursors.set(name, { rows, columns: asked.columns });
    return given(rows, asked.columns, 0, name, which);
  }

  function bulk(path: string, { method, body, query: text }: VendorRequest): VendorAnswer {
    if (method === 'POST') {
      const asked = parsed(String(Reflect.get(Object(body), 'query')));
      if (asked === null || asked.limit < 50_000) return fault(400, 'API_ERROR', 'the query is not valid');
      const id = idOf('750');
      jobs.set(id, { rows: hits(asked, false), columns: asked.columns, looks: state.job.looks });
      return ok({ id, operation: 'query', state: 'UploadComplete' });
    }
    const [, id = '', results] = /^\/([^/]+)(\/results)?$/.exec(path) ?? [];
    const job = jobs.get(id);
    if (job === undefined) return fault(404, 'NOT_FOUND', 'The requested resource does not exist');
    if (results === undefined) {
      job.looks -= 1;
      if (state.job.fails) return ok({ id, state: 'Failed', errorMessage: 'out of luck' });
      return ok({ id, state: job.looks >= 0 ? 'InProgress' : 'JobComplete', numberRecordsProcessed: job.rows.length });
    }
    const asked = new URLSearchParams(text);
    const from = Number(asked.get('locator')?.replace('at', '') ?? 0);
    const end = from + Math.min(Number(asked.get('maxRecords') ?? batch), batch);
    const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
    const lines = job.rows.slice(from, end).map((row) => {
      const record = shown(row, job.columns);
      return job.columns.map((column) => cell(column.includes('.') ? Reflect.get(Object(record[column.split('.')[0] ?? '']), column.split('.')[1] ?? '') : column === 'SystemModstamp' ? new Date(Number(row['SystemModstamp'])).toISOString() : record[column])).join(','); // prettier-ignore
    });
    const answer = ok(`${[job.columns.map(cell).join(','), ...lines].join('\n')}\n`, {
      'content-type': 'text/csv',
      'sforce-locator': end < job.rows.length ? `at${end}` : 'null',
      'sforce-numberofrecords': String(lines.length),
    });
    state.afterPage?.();
    return answer;
  }

  const vendor = await fakeVendor((request) => {
    const wrong = salesforceContract.faults(request);
    faults.push(...wrong);
    if (wrong.length > 0) return fault(400, 'MALFORMED_QUERY', wrong.join('; '));
    const { method, query: text } = request;
    const path = request.path.slice(DATA.length);
    const asked = /^\/(query|queryAll)(?:\/(\w+)-(\d+))?$/.exec(path);
    if (asked !== null) {
      const [, which = '', name, from] = asked;
      if (name === undefined) return query(which, new URLSearchParams(text).get('q') ?? '');
      const cursor = cursors.get(name);
      return cursor === undefined
        ? fault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
        : given(cursor.rows, cursor.columns, Number(from), name, which);
    }
    if (path.startsWith('/jobs/query')) return bulk(path.slice('/jobs/query'.length), request);
    const [, object = '', id] = /^\/sobjects\/(\w+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (id === 'describe' || path.endsWith('/describe')) return ok({ fields: FIELDS });
    if (method === 'POST') return { status: 201, body: { id: put(object, Object(request.body)), success: true, errors: [] } };
    if (id === undefined || !store(object).has(id)) return fault(404, 'NOT_FOUND', 'The requested resource does not exist');
    put(object, Object(request.body), id);
    return { status: 204, body: '' };
  });
  // The state itself, so that a test which sets its clock sets the one that is read.
  return Object.assign(state, vendor, {
    faults,
    put,
    remove: (object: string, id: string) => void put(object, { IsDeleted: true }, id),
    rows: (object: string) => [...store(object).values()],
  });
}
