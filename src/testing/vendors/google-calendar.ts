import { contractsFolder, openContract } from '../contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../fake-vendor.ts';

/** An entry as it stands there. */
export interface FakeEvent {
  readonly id: string;
  readonly status: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** How often it was written. */
  readonly writes: number;
}

type Fate = 'taken' | 'lost_before' | 'lost_after' | 'busy' | 'down';

export interface FakeGoogleCalendar extends FakeVendor {
  /** What was wrong with requests by the published contract; empty where it is not at hand. */
  readonly faults: string[];
  /** Entries by calendar and id. Nothing ever leaves: what was taken out is `cancelled`, as at Google. */
  readonly events: Map<string, Map<string, FakeEvent>>;
  /** Busy times of a calendar besides its entries. */
  readonly busy: Map<string, { start: string; end: string }[]>;
  /** Calendars that cannot be read, and Google's reason. */
  readonly unreadable: Map<string, string>;
  /** What becomes of a request that writes; of a question, whether it is answered. */
  fate(decide: (request: VendorRequest) => Fate): void;
  /** Nobody is signed in any more. */
  expire(): void;
}

const gone = (status: number, reason: string): VendorAnswer => ({
  status,
  body: { error: { code: status, message: reason, errors: [{ domain: 'global', reason, message: reason }] } },
});

/** Calendars with Google's sign-in before them, on a local port. Any code is good. */
export async function fakeGoogleCalendar(): Promise<FakeGoogleCalendar> {
  const contract = contractsFolder() === undefined ? null : openContract('google-calendar');
  const faults: string[] = [];
  const events = new Map<string, Map<string, FakeEvent>>();
  const busy = new Map<string, { start: string; end: string }[]>();
  const unreadable = new Map<string, string>();
  let decide: (request: VendorRequest) => Fate = () => 'taken';
  let [tokens, access] = [0, new Set<string>()];

  function token(): VendorAnswer {
    tokens += 1;
    access.add(`access-token-${tokens}`);
    const body = {
      access_token: `access-token-${tokens}`,
      expires_in: 3600,
      refresh_token: `refresh-token-${tokens}`,
      token_type: 'Bearer',
    };
    return { status: 200, body };
  }

  function freeBusy(body: unknown): VendorAnswer {
    const { items = [], timeMin = '', timeMax = '' } = Object(body) as { items?: { id: string }[]; timeMin?: string; timeMax?: string };
    const calendars = Object.fromEntries(
      items.map(({ id }) => {
        const reason = unreadable.get(id);
        if (reason !== undefined) return [id, { errors: [{ domain: 'global', reason }], busy: [] }];
        const own = [...(events.get(id)?.values() ?? [])]
          .filter(({ status }) => status !== 'cancelled')
          .map(({ body: one }) => ({ start: momentOf(one, 'start'), end: momentOf(one, 'end') }));
        const all = [...(busy.get(id) ?? []), ...own].filter(
          ({ start, end }) => Date.parse(start) < Date.parse(timeMax) && Date.parse(end) > Date.parse(timeMin),
        );
        return [id, { busy: all }];
      }),
    );
    return { status: 200, body: { kind: 'calendar#freeBusy', timeMin, timeMax, calendars } };
  }

  function entries({ method, path, body }: VendorRequest): VendorAnswer {
    const [, , name = '', , id] = path.split('/').map(decodeURIComponent);
    const calendar = events.get(name) ?? new Map<string, FakeEvent>();
    events.set(name, calendar);
    if (method === 'GET' && id === undefined)
      return { status: 200, body: { kind: 'calendar#events', summary: 'ann@acme.test', items: [] } };
    const given = Object(body) as Record<string, unknown>;
    const key = id ?? String(given['id']);
    const known = calendar.get(key);
    if (method === 'POST' && known !== undefined) return gone(409, 'duplicate');
    if (method !== 'POST' && known === undefined) return gone(404, 'notFound');
    if (method === 'DELETE' && known?.status === 'cancelled') return gone(410, 'deleted');
    if (method === 'GET') return { status: 200, body: answerOf(known) };
    const next: FakeEvent = {
      id: key,
      status: method === 'DELETE' ? 'cancelled' : String(given['status'] ?? 'confirmed'),
      body: { ...known?.body, ...given },
      writes: (known?.writes ?? 0) + 1,
    };
    calendar.set(key, next);
    return method === 'DELETE' ? { status: 204, body: '' } : { status: 200, body: answerOf(next) };
  }

  const vendor = await fakeVendor((request) => {
    if (request.path === '/token') return token();
    const wrong = [...(contract?.faults(request) ?? []), ...looseEnds(request)];
    faults.push(...wrong);
    if (wrong.length > 0) return { status: 400, body: { error: { code: 400, message: wrong.join('; ') } } };
    if (!access.has(String(request.headers['authorization']).replace('Bearer ', ''))) return gone(401, 'authError');
    const becomes = decide(request);
    if (becomes === 'lost_before') return 'cut';
    if (becomes === 'busy') return gone(403, 'rateLimitExceeded');
    if (becomes === 'down') return gone(500, 'backendError');
    const answer = request.path === '/freeBusy' ? freeBusy(request.body) : entries(request);
    return becomes === 'lost_after' ? 'cut' : answer;
  });
  return {
    ...vendor,
    faults,
    events,
    busy,
    unreadable,
    fate: (next) => void (decide = next),
    expire: () => void (access = new Set()),
  };
}

const momentOf = (event: Readonly<Record<string, unknown>>, which: string) => String(Reflect.get(Object(event[which]), 'dateTime'));
const answerOf = (event: FakeEvent | undefined) => ({
  ...event?.body,
  kind: 'calendar#event',
  id: event?.id,
  status: event?.status,
  htmlLink: `https://calendar.google.test/${event?.id ?? ''}`,
});

/** Google's contract leaves nearly every field open; its documentation does not. */
export function looseEnds({ method, path, query, body }: VendorRequest): string[] {
  const given = Object(body) as Record<string, unknown>;
  const moment = (value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value);
  if (path === '/freeBusy') {
    const faults: string[] = [];
    if (!moment(given['timeMin']) || !moment(given['timeMax'])) faults.push('timeMin and timeMax are needed');
    if (!Array.isArray(given['items']) || given['items'].length === 0) faults.push('no calendar is asked for');
    return faults;
  }
  if (method === 'GET') return [];
  const faults = new URLSearchParams(query).get('sendUpdates') === 'none' ? [] : ['Google would write to guests by itself'];
  if (method !== 'POST' && method !== 'PATCH') return faults;
  for (const which of ['start', 'end']) {
    if (!moment(Reflect.get(Object(given[which]), 'dateTime'))) faults.push(`${which} is no moment`);
  }
  if (momentOf(given, 'end') <= momentOf(given, 'start')) faults.push('it ends before it begins');
  if (method === 'POST' && (typeof given['id'] !== 'string' || !/^[a-v0-9]{5,1024}$/.test(given['id'])))
    faults.push('the id is not in base32hex');
  if (!['confirmed', 'tentative', 'cancelled'].includes(String(given['status']))) faults.push('no such status');
  return faults;
}
