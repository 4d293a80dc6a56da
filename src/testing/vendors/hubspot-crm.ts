import { contractsFolder, openContract } from '../contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../fake-vendor.ts';

interface Contact {
  readonly id: string;
  properties: Record<string, string>;
  updatedAt: number;
}

export interface FakeHubSpotCrm extends FakeVendor {
  /** What was wrong with requests and answers by the published contract; empty where it is not at hand. */
  readonly faults: string[];
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly companies: ReadonlyMap<string, Contact>;
  /** Writes that came in, by id. */
  readonly written: { readonly id: string; readonly properties: Readonly<Record<string, string>> }[];
  /** A contact changes there, or is made. Answers its id. */
  put(properties: Record<string, string>, id?: string): string;
  putCompany(properties: Record<string, string>, id?: string): string;
  putDeal(properties: Record<string, string>, id?: string): string;
  /** A meeting or a note with these contacts. */
  putTouch(object: 'meetings' | 'notes', properties: Record<string, string>, contacts: readonly string[], id?: string): string;
  remove(id: string): void;
  /** Its clock, in milliseconds; moves on by a millisecond with each change. */
  clock: number;
  /** Requests are answered by this instead, while it answers anything. */
  chaos: ((request: VendorRequest, n: number) => VendorAnswer | undefined) | null;
  /** Called after each page that was given. */
  afterPage: ((n: number) => void) | null;
}

const START = Date.UTC(2026, 4, 1);

/**
 * HubSpot's CRM on a local port, with state: contacts and companies by list (in the order of ids) and by search (in the order of change), batch reads, writes, owners, properties. Checked
 * against the published contract where it is at hand, both ways; `/crm/v3/properties` is not in it.
 */
export async function fakeHubSpotCrm(
  options: {
    readonly check?: boolean;
    readonly pageSize?: number;
    /** Every so manieth list answers the page before once more. */ readonly repeatEvery?: number;
  } = {},
): Promise<FakeHubSpotCrm> {
  const contract = options.check === false || contractsFolder() === undefined ? null : openContract('hubspot');
  const stores: Record<string, Map<string, Contact>> = {
    contacts: new Map(),
    companies: new Map(),
    deals: new Map(),
    meetings: new Map(),
    notes: new Map(),
  };
  /** Whom a meeting or note is with, by its id. */
  const withWhom = new Map<string, readonly string[]>();
  const faults: string[] = [];
  const written: FakeHubSpotCrm['written'] = [];
  let [next, asked, pages] = [1_000, 0, 0];
  const state: { clock: number; chaos: FakeHubSpotCrm['chaos']; afterPage: FakeHubSpotCrm['afterPage'] } = {
    clock: START,
    chaos: null,
    afterPage: null,
  };

  const put = (object: string, properties: Record<string, string>, id?: string) => {
    const known = stores[object]?.get(id ?? '');
    state.clock += 1;
    const key = id ?? String((next += 1));
    stores[object]?.set(key, { id: key, properties: { ...known?.properties, ...properties }, updatedAt: state.clock });
    return key;
  };
  const changedOf = (object: string) => (object === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate');
  const shown = (object: string, one: Contact, names: readonly string[]) => {
    const updatedAt = new Date(one.updatedAt).toISOString();
    const all: Record<string, string> = { ...one.properties, [changedOf(object)]: updatedAt };
    return {
      id: one.id,
      properties: Object.fromEntries(names.map((name) => [name, all[name] ?? null])),
      createdAt: new Date(START).toISOString(),
      updatedAt,
      archived: false,
    };
  };

  function list(object: string, query: URLSearchParams): VendorAnswer {
    const limit = Math.min(Number(query.get('limit') ?? 10), options.pageSize ?? 100);
    const after = Number(query.get('after') ?? 0);
    const names = (query.get('properties') ?? '').split(',');
    const results: Contact[] = [];
    let more = false;
    // Ids grow, and a Map keeps them in that order.
    for (const one of stores[object]?.values() ?? []) {
      if (Number(one.id) <= after) continue;
      if (results.length === limit) {
        more = true;
        break;
      }
      results.push(one);
    }
    const last = results.at(-1)?.id ?? '';
    const paging = more ? { paging: { next: { after: last, link: `https://api.hubapi.com/?after=${last}` } } } : {};
    return ok({ results: results.map((one) => shown(object, one, names)), ...paging });
  }

  function search(object: string, body: Record<string, unknown>): VendorAnswer {
    const groups = Array.isArray(body['filterGroups']) ? body['filterGroups'] : [];
    const filter = Object(Object(groups[0]).filters?.[0]);
    const names = Array.isArray(body['properties']) ? body['properties'].map(String) : [];
    const value = String(filter.value ?? '');
    const hits = [...(stores[object]?.values() ?? [])]
      .filter((one) => (filter.operator === 'EQ' ? one.properties[String(filter.propertyName)] === value : one.updatedAt >= Number(value)))
      .toSorted((a, b) => a.updatedAt - b.updatedAt || Number(a.id) - Number(b.id));
    const from = Number(body['after'] ?? 0);
    const limit = Math.min(Number(body['limit'] ?? 10), options.pageSize === undefined ? 200 : options.pageSize * 2);
    const end = from + limit;
    const paging = end < hits.length ? { paging: { next: { after: String(end), link: '' } } } : {};
    return ok({ total: hits.length, results: hits.slice(from, end).map((one) => shown(object, one, names)), ...paging });
  }

  let [lists, lastList]: [number, VendorAnswer | null] = [0, null];
  function reply(request: VendorRequest): VendorAnswer {
    const [, , , kind, object = '', id] = request.path.split('/');
    const body = Object(request.body) as Record<string, unknown>; // HubSpot takes objects only
    if (kind === 'owners')
      return ok({
        results: [
          {
            id: '7',
            email: 'ada@acme.test',
            firstName: 'Ada',
            lastName: 'Admin',
            createdAt: iso(START),
            updatedAt: iso(START),
            archived: false,
            type: 'PERSON',
          },
        ],
      });
    if (kind === 'pipelines') return ok({ results: [PIPELINE] });
    if (kind === 'properties') return ok({ results: PROPERTIES[object] ?? [] });
    if (kind === 'associations') {
      const inputs = Array.isArray(body['inputs']) ? body['inputs'] : [];
      const results = inputs.flatMap((input) => {
        const from = String(Object(input).id);
        const to = (withWhom.get(from) ?? []).map((toObjectId) => ({ toObjectId, associationTypes: [] }));
        return to.length === 0 ? [] : [{ from: { id: from }, to }];
      });
      return ok({ status: 'COMPLETE', results, startedAt: iso(state.clock), completedAt: iso(state.clock) });
    }
    const store = stores[object];
    if (kind !== 'objects' || store === undefined)
      return { status: 404, body: { status: 'error', message: 'no such thing', correlationId: 'c', category: 'OBJECT_NOT_FOUND' } };
    if (request.method === 'GET') {
      lists += 1;
      if (options.repeatEvery !== undefined && lists % options.repeatEvery === 0 && lastList !== null) return lastList;
      lastList = list(object, new URLSearchParams(request.query));
      return lastList;
    }
    if (id === 'search') return search(object, body);
    const names = Array.isArray(body['properties']) ? body['properties'].map(String) : [];
    if (id === 'batch') {
      const inputs = Array.isArray(body['inputs']) ? body['inputs'] : [];
      const results = inputs.flatMap((input) => store.get(String(Object(input).id)) ?? []).map((one) => shown(object, one, names));
      return ok({ status: 'COMPLETE', results, startedAt: iso(state.clock), completedAt: iso(state.clock) });
    }
    const properties = Object(body['properties']) as Record<string, string>; // by the contract: texts
    const key = put(object, properties, id);
    written.push({ id: key, properties });
    const one = store.get(key);
    return { ...ok(one === undefined ? {} : shown(object, one, Object.keys(properties))), status: id === undefined ? 201 : 200 };
  }
  const ok = (body: unknown): VendorAnswer & object => ({ status: 200, headers: { date: new Date(state.clock).toUTCString() }, body });

  const vendor = await fakeVendor((request) => {
    asked += 1;
    const instead = state.chaos?.(request, asked);
    if (instead !== undefined) return instead;
    if (contract !== null && !request.path.startsWith('/crm/v3/properties/')) faults.push(...contract.faults(request));
    const answer = reply(request);
    if (contract !== null && typeof answer === 'object' && answer.status < 300 && !request.path.startsWith('/crm/v3/properties/'))
      faults.push(...contract.answerFaults(request.method, request.path, answer.body, answer.status));
    if (request.path.includes('/objects/')) state.afterPage?.((pages += 1));
    return answer;
  });
  const own = {
    faults,
    contacts: stores['contacts'] ?? new Map(),
    companies: stores['companies'] ?? new Map(),
    written,
    put: (properties: Record<string, string>, id?: string) => put('contacts', properties, id),
    putCompany: (properties: Record<string, string>, id?: string) => put('companies', properties, id),
    putDeal: (properties: Record<string, string>, id?: string) => put('deals', properties, id),
    putTouch(object: string, properties: Record<string, string>, contacts: readonly string[], id?: string) {
      const key = put(object, properties, id);
      withWhom.set(key, contacts);
      return key;
    },
    remove: (id: string) => void stores['contacts']?.delete(id),
  };
  return Object.defineProperties(Object.assign(vendor, own), {
    clock: {
      get: () => state.clock,
      set(at: number) {
        state.clock = at;
      },
    },
    chaos: {
      get: () => state.chaos,
      set(chaos: FakeHubSpotCrm['chaos']) {
        state.chaos = chaos;
      },
    },
    afterPage: {
      get: () => state.afterPage,
      set(after: FakeHubSpotCrm['afterPage']) {
        state.afterPage = after;
      },
    },
    // three properties of a state that closures share; TypeScript does not see defineProperties
  }) as typeof vendor & typeof own & typeof state;
}

const iso = (at: number) => new Date(at).toISOString();
const text = (name: string, label: string, more: object = {}) => ({ name, label, type: 'string', fieldType: 'text', ...more });
const stage = (id: string, label: string, displayOrder: number, probability: string, isClosed: boolean) => ({
  id,
  label,
  displayOrder,
  metadata: { probability, isClosed: String(isClosed) },
  createdAt: iso(START),
  updatedAt: iso(START),
  archived: false,
});
const PIPELINE = {
  id: 'default',
  label: 'New business',
  displayOrder: 0,
  createdAt: iso(START),
  updatedAt: iso(START),
  archived: false,
  stages: [
    stage('s1', 'Talking', 0, '0.2', false),
    stage('s2', 'Offer sent', 1, '0.6', false),
    stage('won', 'Closed won', 2, '1.0', true),
    stage('lost', 'Closed lost', 3, '0.0', true),
  ],
};
const PROPERTIES: Readonly<Record<string, readonly object[]>> = {
  contacts: [
    text('firstname', 'First Name'),
    text('lastname', 'Last Name'),
    text('email', 'Email'),
    text('phone', 'Phone Number'),
    text('company', 'Company Name'),
    text('hs_email_optout', 'Unsubscribed from all email', { type: 'bool', modificationMetadata: { readOnlyValue: true } }),
    text('jobtitle', 'Job Title'),
  ],
  deals: [
    text('dealname', 'Deal Name'),
    text('amount', 'Amount'),
    text('dealstage', 'Deal Stage'),
    text('pipeline', 'Pipeline'),
    text('closedate', 'Close Date'),
  ],
  meetings: [
    text('hs_meeting_title', 'Meeting name'),
    text('hs_meeting_body', 'Description'),
    text('hs_meeting_start_time', 'Start time', { type: 'datetime' }),
  ],
  notes: [text('hs_note_body', 'Note body'), text('hs_timestamp', 'Activity date', { type: 'datetime' })],
  companies: [text('name', 'Company name'), text('domain', 'Company Domain Name')],
};
