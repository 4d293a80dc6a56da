import { contractsFolder, openContract } from '../contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../fake-vendor.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;

interface Sms {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly created: string;
  readonly statusUrl: string | null;
}

export interface TwilioOptions {
  /** What becomes of a message: `lost_before` the connection breaks before it was taken, `lost_after` when it was; a number is Twilio's code for no. */
  readonly fate?: (sms: { readonly to: string; readonly text: string }) => 'taken' | 'lost_before' | 'lost_after' | number;
  readonly now: () => Date;
}

export interface FakeTwilio extends FakeVendor {
  /** What was wrong with requests by the published contract; empty where it is not at hand. */
  readonly faults: string[];
  /** What it took, oldest first. */
  readonly taken: readonly Sms[];
}

/** Twilio's messages on a local port, with state: what was taken stands in the list. Lists end at page one, but for `PageSize`. */
export async function fakeTwilio({ fate = () => 'taken', now }: TwilioOptions): Promise<FakeTwilio> {
  const contract = contractsFolder() === undefined ? null : openContract('twilio');
  const faults: string[] = [];
  const taken: Sms[] = [];
  const path = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
  const shown = ({ sid, to, from, body, created }: Sms) => ({
    sid,
    to,
    from,
    body,
    account_sid: ACCOUNT,
    date_created: created,
    date_updated: created,
    date_sent: null,
    direction: 'outbound-api',
    status: 'queued',
    num_segments: '1',
    num_media: '0',
    error_code: null,
    error_message: null,
  });

  function create(form: Record<string, string>): VendorAnswer {
    const [to, text] = [form['To'] ?? '', form['Body'] ?? ''];
    const becomes = fate({ to, text });
    if (typeof becomes === 'number')
      return { status: 400, body: { code: becomes, message: 'Attempt to send to unsubscribed recipient', status: 400 } };
    if (becomes === 'lost_before') return 'cut';
    const sid = `SM${(taken.length + 1).toString(16).padStart(32, '0')}`;
    const sms = { sid, to, from: form['From'] ?? '+14155550100', body: text, created: now().toUTCString().replace('GMT', '+0000') };
    taken.push({ ...sms, statusUrl: form['StatusCallback'] ?? null });
    return becomes === 'lost_after' ? 'cut' : { status: 201, body: shown({ ...sms, statusUrl: null }) };
  }

  function list(query: URLSearchParams): VendorAnswer {
    const size = Number(query.get('PageSize') ?? 50);
    const page = Number(query.get('Page') ?? 0);
    const all = taken.filter(({ to }) => query.get('To') === null || to === query.get('To')).toReversed();
    const more = all.length > (page + 1) * size;
    query.set('Page', String(page + 1));
    return {
      status: 200,
      body: {
        page,
        page_size: size,
        start: page * size,
        end: page * size + size - 1,
        first_page_uri: path,
        uri: path,
        previous_page_uri: null,
        next_page_uri: more ? `${path}?${query.toString()}` : null,
        messages: all.slice(page * size, (page + 1) * size).map(shown),
      },
    };
  }

  const vendor = await fakeVendor((request) => {
    const wrong = [...(contract?.faults(request) ?? []), ...looseEnds(request)];
    faults.push(...wrong);
    if (wrong.length > 0) return { status: 400, body: { code: 21_600, message: wrong.join('; '), status: 400 } };
    if (request.method === 'POST') return create(request.body as Record<string, string>); // a form
    if (request.path === path) return list(new URLSearchParams(request.query));
    return { status: 200, body: { sid: ACCOUNT, status: 'active', friendly_name: 'Acme' } };
  });
  return { ...vendor, faults, taken };
}

/** What Twilio wants besides To, and its contract does not say. */
export function looseEnds({ method, path, body }: VendorRequest): string[] {
  if (method !== 'POST' || !path.endsWith('/Messages.json')) return [];
  const { Body: text, From: from, MessagingServiceSid: service }: Record<string, unknown> = Object(body);
  return [
    ...(typeof text === 'string' && text !== '' ? [] : ['a message without a body']),
    ...(typeof from === 'string' || typeof service === 'string' ? [] : ['a message from nobody']),
  ];
}
