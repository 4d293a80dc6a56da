import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { PageWanted, SourcePage, SourcePort, SourceRecord, SourceValue } from '#core/ports/source.ts';
import { CONTACTS, OBJECTS, TOUCH, TOUCHES, VIRTUAL, type HubSpotObject } from './objects.ts';
import { lookups } from './lookups.ts';

const Thing = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullable()),
  updatedAt: z.string(),
  archived: z.boolean().optional(),
});
const Listed = z.object({ results: z.array(Thing), paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish() });
const Found = Listed.extend({ total: z.number() });
const Batch = z.object({ results: z.array(Thing) });
const Associated = z.object({
  results: z.array(
    z.object({ from: z.object({ id: z.string() }), to: z.array(z.object({ toObjectId: z.union([z.string(), z.number()]) })) }),
  ),
});
const Properties = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      hidden: z.boolean().optional(),
      calculated: z.boolean().optional(),
      modificationMetadata: z.object({ readOnlyValue: z.boolean().optional() }).optional(),
    }),
  ),
});

const LIST_PAGE = 100;
const SEARCH_PAGE = 200;
/** HubSpot answers no search beyond this; a pass goes on behind the last moment that it saw. */
const SEARCH_END = 9_800;
/** Its search learns of changes late, by seconds and at times minutes. */
const OVERLAP_MS = 5 * 60_000;

/** `list`: everything by id, from `start` on what changed is the next pass's. `since`: in the order of change, from this moment (milliseconds). */
const Cursor = z.union([
  z.object({ list: z.string().nullable(), start: z.number() }),
  z.object({ since: z.number(), after: z.string().nullable(), start: z.number() }),
]);

export function hubspotSource(http: VendorHttp, { signal }: ConnectorOptions): SourcePort {
  const call = signal === undefined ? {} : { signal };
  const known = lookups(http, signal);

  function object(name: string): HubSpotObject {
    const found = OBJECTS[name];
    if (found === undefined) throw new VendorRefused(`HubSpot has no ${name} here; there are ${Object.keys(OBJECTS).join(', ')}`);
    return found;
  }
  const propertiesOf = (name: string, fields: readonly string[]) => [
    ...new Set([...fields.map((field) => VIRTUAL[field]?.of ?? field), object(name).changed]),
  ];
  /** With whom these were, in one question. HubSpot leaves out those that were with nobody. */
  async function contactsOf(name: string, things: readonly z.output<typeof Thing>[]): Promise<ReadonlyMap<string, string>> {
    if (things.length === 0) return new Map();
    const body = { inputs: things.map(({ id }) => ({ id })) };
    const { results } = await http.post(`/crm/v4/associations/${name}/contacts/batch/read`, body, {
      answer: Associated,
      repeat: 'safe',
      ...call,
    });
    return new Map(results.map(({ from, to }) => [from.id, to.map(({ toObjectId }) => String(toObjectId)).join('; ')]));
  }

  async function records(name: string, things: readonly z.output<typeof Thing>[], fields: readonly string[]): Promise<SourceRecord[]> {
    const contacts = fields.includes(CONTACTS) ? await contactsOf(name, things) : new Map<string, string>();
    const valueOf = async (thing: z.output<typeof Thing>, field: string): Promise<SourceValue> => {
      if (field === CONTACTS) return contacts.get(thing.id) ?? null;
      if (field === TOUCH) return TOUCHES[name] ?? null;
      const virtual = VIRTUAL[field];
      return virtual === undefined ? (thing.properties[field] ?? null) : known(field, thing.properties[virtual.of] ?? null);
    };
    return Promise.all(
      things.map(async (thing) => {
        const values: Record<string, SourceValue> = {};
        for (const field of fields) values[field] = await valueOf(thing, field);
        return { externalId: thing.id, changedAt: new Date(thing.updatedAt), values };
      }),
    );
  }

  async function list(wanted: PageWanted, after: string | null, start: number | null): Promise<SourcePage> {
    let now = start;
    const { results, paging } = await http.get(`/crm/v3/objects/${wanted.object}`, {
      answer: Listed,
      query: {
        limit: LIST_PAGE,
        after: after ?? undefined,
        archived: false,
        properties: propertiesOf(wanted.object, wanted.fields).join(','),
      },
      // By HubSpot's clock: what changes after this moment belongs to the next pass.
      headersOf: (headers) => void (now ??= vendorNow(headers)),
      ...call,
    });
    const next = paging?.next?.after;
    const begun = now ?? vendorNow(null);
    const page = { records: await records(wanted.object, results, wanted.fields) };
    if (next === undefined) return { ...page, cursor: null, mark: new Date(begun).toISOString() };
    return { ...page, cursor: JSON.stringify({ list: next, start: begun }), mark: null };
  }

  /** In the order of change; each page begins behind the last moment seen, since an offset would pass over rows whenever one is changed meanwhile. */
  async function changes(wanted: PageWanted, since: number, after: string | null, start: number | null): Promise<SourcePage> {
    const { changed } = object(wanted.object);
    let now = start;
    const { results, paging, total } = await http.post(
      `/crm/v3/objects/${wanted.object}/search`,
      {
        filterGroups: [{ filters: [{ propertyName: changed, operator: 'GTE', value: String(since) }] }],
        sorts: [changed],
        properties: propertiesOf(wanted.object, wanted.fields),
        limit: SEARCH_PAGE,
        ...(after === null ? {} : { after }),
      },
      {
        answer: Found,
        repeat: 'safe',
        headersOf: (headers) => void (now ??= vendorNow(headers)),
        ...call,
      },
    );
    const begun = now ?? vendorNow(null);
    const page = { records: await records(wanted.object, results, wanted.fields), ...(after === null && start === null ? { total } : {}) };
    const last = momentOf(results.at(-1), changed);
    if (results.length < SEARCH_PAGE || last === null) return { ...page, cursor: null, mark: new Date(begun).toISOString() };
    if (last > since) return { ...page, cursor: JSON.stringify({ since: last, after: null, start: begun }), mark: null };
    // A page of one moment: only its offset tells the rest. Beyond what a search answers everything is read once.
    const next = paging?.next?.after;
    if (next === undefined) return { ...page, cursor: null, mark: new Date(begun).toISOString() };
    if (Number(next) >= SEARCH_END) return { ...page, cursor: JSON.stringify({ list: null, start: begun }), mark: null };
    return { ...page, cursor: JSON.stringify({ since, after: next, start: begun }), mark: null };
  }

  return {
    objects: () =>
      Promise.resolve(Object.entries(OBJECTS).map(([name, { title, kind }]) => ({ name, title, kind, writable: kind === 'people' }))),
    async fields(name) {
      const { kind } = object(name);
      const { results } = await http.get(`/crm/v3/properties/${name}`, { answer: Properties, ...call });
      const own = results
        .filter(({ hidden }) => hidden !== true)
        .map((property) => ({
          name: property.name,
          title: property.label,
          type: TYPES[property.type] ?? ('text' as const),
          writable: property.calculated !== true && property.modificationMetadata?.readOnlyValue !== true,
        }));
      const virtual = Object.entries(VIRTUAL).filter(([, { of }]) => {
        if (of === 'hubspot_owner_id') return true;
        return kind === (of === 'hs_timestamp' ? 'interactions' : 'deals');
      });
      return [...virtual.map(([field, { title }]) => ({ name: field, title, type: 'text' as const, writable: false })), ...own];
    },
    async page(wanted) {
      object(wanted.object);
      if (wanted.cursor !== null) {
        const cursor = Cursor.parse(JSON.parse(wanted.cursor));
        return 'list' in cursor ? list(wanted, cursor.list, cursor.start) : changes(wanted, cursor.since, cursor.after, cursor.start);
      }
      if (wanted.mark === null) return list(wanted, null, null);
      return changes(wanted, Date.parse(wanted.mark) - OVERLAP_MS, null, null);
    },
    async some(name, ids, fields) {
      const body = { inputs: ids.map((id) => ({ id })), properties: propertiesOf(name, fields), propertiesWithHistory: [] };
      const { results } = await http.post(`/crm/v3/objects/${name}/batch/read`, body, {
        answer: Batch,
        repeat: 'safe',
        query: { archived: false },
        ...call,
      });
      return records(name, results, fields);
    },
    async write({ object: name, externalId, values }) {
      const properties = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, value === null ? '' : String(value)]));
      const written =
        externalId === null
          ? await http.post(`/crm/v3/objects/${name}`, { properties, associations: [] }, { answer: Thing, ...call })
          : // Absolute values: the same again changes nothing more.
            await http.patch(
              `/crm/v3/objects/${name}/${encodeURIComponent(externalId)}`,
              { properties },
              { answer: Thing, repeat: 'safe', ...call },
            );
      return { externalId: written.id };
    },
    async findByEmail(name, email) {
      const body = {
        filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: email }] }],
        properties: ['email'],
        limit: 1,
      };
      const { results } = await http.post(`/crm/v3/objects/${name}/search`, body, { answer: Found, repeat: 'safe', ...call });
      return results[0]?.id ?? null;
    },
  };
}

/** By the vendor's clock, in milliseconds; by the real one here where it does not say. */
function vendorNow(headers: Headers | null): number {
  const said = Date.parse(headers?.get('date') ?? '');
  // the real clock is meant: a mark is compared with times of the vendor
  return Number.isNaN(said) ? Date.now() : said;
}

/** The property is milliseconds or ISO 8601. */
function momentOf(thing: z.output<typeof Thing> | undefined, changed: string): number | null {
  if (thing === undefined) return null;
  const text = thing.properties[changed] ?? thing.updatedAt;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

const TYPES: Readonly<Record<string, 'text' | 'number' | 'moment' | 'boolean' | 'list'>> = {
  number: 'number',
  datetime: 'moment',
  date: 'moment',
  bool: 'boolean',
  enumeration: 'list',
};
