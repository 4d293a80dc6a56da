import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { VendorHttp } from '#core/connector/http.ts';
import type { PageWanted, SourcePage, SourcePort, SourceRecord, SourceValue } from '#core/ports/source.ts';
import { momentOf, notesPage } from './notes.ts';
import { Fields, Found, Listed, Named, OBJECTS, One, Users, type Record } from './shapes.ts';

const PAGE = 500;
const OVERLAP_MS = 60_000;
/** Ids in one question. */
const AT_ONCE = 100;
const Cursor = z.object({ cursor: z.string(), start: z.string() });

interface Beside {
  readonly organizations: ReadonlyMap<number, string>;
  readonly persons: ReadonlyMap<number, string>;
}

/** By cursor in the order of ids: what is changed behind the reader's back is in the next pass, which begins with this one. */
export function pipedriveSource(http: VendorHttp, signal: AbortSignal | undefined): SourcePort {
  const call = signal === undefined ? {} : { signal };
  let users: Promise<ReadonlyMap<number, { name: string; email: string }>> | undefined;
  const names = new Map<string, Promise<ReadonlyMap<number, string>>>();

  const allUsers = async () => new Map((await http.get('/v1/users', { answer: Users, ...call })).data.map((user) => [user.id, user]));
  const named = (what: 'stages' | 'pipelines') => {
    const known =
      names.get(what) ?? http.get(`/api/v2/${what}`, { answer: Named, query: { limit: PAGE }, ...call }).then(({ data }) => new Map((data ?? []).map(({ id, name }) => [id, name]))); // prettier-ignore
    names.set(what, known);
    return known;
  };
  function object(name: string) {
    const found = OBJECTS[name];
    if (found === undefined) throw new VendorRefused(`Pipedrive has no ${name} here; there are ${Object.keys(OBJECTS).join(', ')}`);
    return found;
  }

  /** What records of a page point to, in one question a hundred. */
  async function beside(records: readonly Record[], fields: readonly string[]): Promise<Beside> {
    const ask = async <T>(what: string, ids: readonly number[], read: (record: Record) => T | null): Promise<Map<number, T>> => {
      const found = new Map<number, T>();
      const distinct = [...new Set(ids)];
      for (let from = 0; from < distinct.length; from += AT_ONCE) {
        const query = { ids: distinct.slice(from, from + AT_ONCE).join(','), limit: AT_ONCE };
        const { data } = await http.get(`/api/v2/${what}`, { answer: Listed, query, ...call });
        for (const record of data ?? []) {
          const value = read(record);
          if (value !== null) found.set(record.id, value);
        }
      }
      return found;
    };
    return {
      organizations: fields.includes('org_name') ? await ask('organizations', records.flatMap((one) => one.org_id ?? []), (one) => text(one['name'])) : new Map(),
      persons: fields.includes('person_email') ? await ask('persons', records.flatMap((one) => one.person_id ?? []), (one) => first(one.emails)) : new Map(),
    }; // prettier-ignore
  }

  async function recordOf(one: Record, fields: readonly string[], known: Beside): Promise<SourceRecord> {
    const values: { [name: string]: SourceValue } = {};
    for (const field of fields) values[field] = await valueOf(one, field, known);
    return { externalId: String(one.id), changedAt: momentOf(one.update_time), values };
  }

  async function valueOf(one: Record, field: string, known: Beside): Promise<SourceValue> {
    switch (field) {
      case 'email':
        return first(one.emails);
      case 'other_emails':
        return (one.emails ?? []).flatMap(({ value }) => (value == null || value === first(one.emails) ? [] : [value])).join(', ') || null;
      case 'phone':
        return first(one.phones);
      case 'org_name':
        return known.organizations.get(one.org_id ?? -1) ?? null;
      case 'person_email':
        return known.persons.get(one.person_id ?? -1) ?? null;
      case 'owner_email':
      case 'owner_name': {
        const owner = (await (users ??= allUsers())).get(one.owner_id ?? -1);
        return (field === 'owner_email' ? owner?.email : owner?.name) ?? null;
      }
      case 'stage_name':
        return (await named('stages')).get(one.stage_id ?? -1) ?? null;
      case 'pipeline_name':
        return (await named('pipelines')).get(one.pipeline_id ?? -1) ?? null;
      default:
        return plain(one[field] ?? one.custom_fields?.[field]);
    }
  }

  async function page(wanted: PageWanted): Promise<SourcePage> {
    const { object: name, fields, mark, cursor } = wanted;
    object(name);
    if (name === 'notes') return notesPage(http, wanted, call);
    const place = cursor === null ? null : Cursor.parse(JSON.parse(cursor));
    let start = place?.start ?? null;
    const since = mark === null ? undefined : new Date(Date.parse(mark) - OVERLAP_MS).toISOString().replace(/\.\d+Z$/, 'Z');
    const { data, additional_data: more } = await http.get(`/api/v2/${name}`, {
      answer: Listed,
      query: {
        limit: PAGE,
        cursor: place?.cursor,
        updated_since: since,
        sort_by: 'id',
        sort_direction: 'asc',
        include_fields: name === 'persons' && fields.includes('marketing_status') ? 'marketing_status' : undefined,
      },
      headersOf: (headers) => void (start ??= vendorNow(headers)),
      ...call,
    });
    const all = data ?? [];
    const living = all.filter((one) => one.is_deleted !== true);
    const known = await beside(living, fields);
    const records = await Promise.all(living.map((one) => recordOf(one, fields, known)));
    const gone = all.filter((one) => one.is_deleted === true).map((one) => String(one.id));
    const begun = start ?? vendorNow(null);
    const next = more?.next_cursor;
    if (next == null || next === '' || next === place?.cursor) return { records, gone, cursor: null, mark: begun };
    return { records, gone, cursor: JSON.stringify({ cursor: next, start: begun }), mark: null };
  }

  return {
    objects: () =>
      Promise.resolve(Object.entries(OBJECTS).map(([name, { title, kind }]) => ({ name, title, kind, writable: kind === 'people' }))),
    async fields(name) {
      const { fields, more } = object(name);
      const own = Object.entries(fields).map(([key, title]) => ({ name: key, title, type: 'text' as const, writable: WRITABLE.has(key) }));
      const custom = more === null ? [] : (await http.get(more, { answer: Fields, query: { start: 0, limit: PAGE }, ...call })).data;
      // Keys of an account's own fields are hashes.
      return [...own, ...custom.filter(({ key }) => /^[0-9a-f]{40}$/.test(key)).map(({ key, name: title }) => ({ name: key, title, type: 'text' as const, writable: false }))]; // prettier-ignore
    },
    page,
    async some(name, ids, fields) {
      object(name);
      const query = { ids: ids.join(','), limit: AT_ONCE };
      const all = (await http.get(`/api/v2/${name}`, { answer: Listed, query, ...call })).data ?? [];
      const living = all.filter((one) => one.is_deleted !== true);
      const known = await beside(living, fields);
      return Promise.all(living.map((one) => recordOf(one, fields, known)));
    },
    async write({ object: name, externalId, values }) {
      const body = bodyOf(values);
      const written =
        externalId === null
          ? await http.post(`/api/v2/${name}`, body, { answer: One, ...call })
          : await http.patch(`/api/v2/${name}/${encodeURIComponent(externalId)}`, body, { answer: One, repeat: 'safe', ...call });
      return { externalId: String(written.data.id) };
    },
    async findByEmail(name, email) {
      const query = { term: email, fields: 'email', exact_match: true, limit: 1 };
      const { data } = await http.get(`/api/v2/${name}/search`, { answer: Found, query, ...call });
      const found = data.items[0]?.item.id;
      return found === undefined ? null : String(found);
    },
  };
}

const WRITABLE = new Set(['name', 'first_name', 'last_name', 'email', 'phone', 'marketing_status']);

/** Pipedrive's own name is the whole one; an address or number is a list with a primary one. */
function bodyOf(values: Readonly<{ [name: string]: SourceValue }>): { [name: string]: unknown } {
  const body: { [name: string]: unknown } = {};
  const parts = [values['first_name'], values['last_name']].filter((part) => part !== undefined && part !== null && part !== '');
  if (parts.length > 0) body['name'] = parts.join(' ');
  if (values['name'] != null) body['name'] = values['name'];
  if (values['email'] != null) body['emails'] = [{ value: values['email'], primary: true, label: 'work' }];
  if (values['phone'] != null) body['phones'] = [{ value: values['phone'], primary: true, label: 'work' }];
  if (values['marketing_status'] != null) body['marketing_status'] = 'unsubscribed';
  return body;
}

const first = (entries: Record['emails']): string | null =>
  (entries ?? []).find(({ primary }) => primary === true)?.value ?? entries?.[0]?.value ?? null;
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function plain(value: unknown): SourceValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}

/** By the vendor's clock; by the real one here where it does not say. */
function vendorNow(headers: Headers | null): string {
  const said = Date.parse(headers?.get('date') ?? '');
  // the real clock is meant: a mark is compared with times of the vendor
  return new Date(Number.isNaN(said) ? Date.now() : said).toISOString();
}
