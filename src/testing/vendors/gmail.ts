import { createHash } from 'node:crypto';
import { contractsFolder, openContract } from '../contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../fake-vendor.ts';

interface Mail {
  readonly id: string;
  readonly raw: string;
  readonly labels: readonly string[];
  readonly history: number;
}

export interface FakeGmail extends FakeVendor {
  /** What was wrong with requests by the published contract; empty where it is not at hand. */
  readonly faults: string[];
  /** Mails that it took from us, as text. */
  readonly sent: string[];
  /** How often a code or a refresh token became tokens. */
  readonly grants: { readonly code: number; readonly refresh: number };
  /** A mail arrives. */
  deliver(raw: string, labels?: readonly string[]): void;
  /** The person agrees on the page at this address: the way back, with code and state. */
  agree(url: string): { code: string; state: string };
  /** No access token is good any more; `all`: nor is the refresh token. */
  expire(which: 'access' | 'all'): void;
  /** Forgets its history before now, as Gmail does after a week. */
  forget(): void;
}

const account = 'us@acme.test';

export interface GmailOptions {
  readonly pageSize?: number;
  /** Seconds until the refresh token is void. */
  readonly refreshEndsInS?: number;
  /** What becomes of a mail that we send: `lost_before` the connection breaks before it was taken, `lost_after` when it was. */
  readonly fate?: (raw: string) => 'taken' | 'lost_before' | 'lost_after';
}

/** A Gmail mailbox with Google's sign-in before it, on a local port. It keeps state: mails, history, codes, tokens. Lists end at page one, but for `pageSize`. */
export async function fakeGmail({ pageSize = 1_000, refreshEndsInS, fate = () => 'taken' }: GmailOptions = {}): Promise<FakeGmail> {
  const contract = contractsFolder() === undefined ? null : openContract('gmail');
  const mails: Mail[] = [];
  const sent: string[] = [];
  const faults: string[] = [];
  const codes = new Map<string, { challenge: string; redirectUri: string }>();
  const grants = { code: 0, refresh: 0 };
  let [history, forgotten, tokens] = [100, 0, 0];
  let [access, refresh] = ['', ''];
  const add = (raw: string, labels: readonly string[]) => {
    history += 1;
    mails.push({ id: `m${history}`, raw, labels, history });
    return `m${history}`;
  };
  const grant = (): VendorAnswer => {
    tokens += 1;
    access = `access-token-${tokens}`;
    // A new one each time, and the old one is void: the strictest of vendors.
    refresh = `refresh-token-${tokens}`;
    const ends = refreshEndsInS === undefined ? {} : { refresh_token_expires_in: refreshEndsInS };
    return {
      status: 200,
      body: { access_token: access, expires_in: 3600, refresh_token: refresh, token_type: 'Bearer', scope: 'mail', ...ends },
    };
  };
  const refused = (error: string): VendorAnswer => ({
    status: 400,
    body: { error, error_description: 'Token has been expired or revoked.' },
  });

  function token(request: VendorRequest): VendorAnswer {
    const form = request.body as Record<string, string>; // a form
    if (request.method !== 'POST' || form['client_id'] !== 'client-of-tests' || form['client_secret'] !== 'secret-of-tests')
      return refused('invalid_client');
    if (form['grant_type'] === 'authorization_code') {
      const known = codes.get(form['code'] ?? '');
      codes.delete(form['code'] ?? '');
      const challenge = createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url');
      if (known === undefined || known.challenge !== challenge || known.redirectUri !== form['redirect_uri'])
        return refused('invalid_grant');
      grants.code += 1;
      return grant();
    }
    if (form['grant_type'] !== 'refresh_token' || form['refresh_token'] !== refresh || refresh === '') return refused('invalid_grant');
    grants.refresh += 1;
    return grant();
  }

  function page<T>(all: readonly T[], query: URLSearchParams): { items: readonly T[]; next: { nextPageToken?: string } } {
    const start = Number(query.get('pageToken') ?? 0);
    const end = start + pageSize;
    return { items: all.slice(start, end), next: end < all.length ? { nextPageToken: String(end) } : {} };
  }

  function mailbox({ method, path, query, body }: VendorRequest): VendorAnswer {
    const asked = new URLSearchParams(query);
    const at = path.replace('/gmail/v1/users/me', '');
    if (at === '/profile') return { status: 200, body: { emailAddress: account, historyId: String(history), messagesTotal: mails.length } };
    if (at === '/messages/send' && method === 'POST') {
      const raw = Buffer.from(String(Reflect.get(Object(body), 'raw')), 'base64url').toString();
      const becomes = fate(raw);
      if (becomes === 'lost_before') return 'cut';
      sent.push(raw);
      const id = add(raw, ['SENT']);
      if (becomes === 'lost_after') return 'cut';
      return { status: 200, body: { id, threadId: id, labelIds: ['SENT'] } };
    }
    if (at === '/messages') {
      const wanted = /^rfc822msgid:(\S+)$/.exec(asked.get('q') ?? '')?.[1];
      const found = mails.filter(({ raw, labels }) =>
        wanted === undefined ? !labels.includes('SENT') : raw.includes(`Message-ID: <${wanted}>`),
      );
      const { items, next } = page(found.toReversed(), asked);
      const list = items.length === 0 ? {} : { messages: items.map(({ id }) => ({ id, threadId: id })) };
      return { status: 200, body: { ...list, ...next, resultSizeEstimate: found.length } };
    }
    if (at === '/history') {
      const from = Number(asked.get('startHistoryId'));
      if (from < forgotten) return { status: 404, body: { error: { code: 404, message: 'Requested entity was not found.' } } };
      const { items, next } = page(
        mails.filter((mail) => mail.history > from),
        asked,
      );
      const records = items.map(({ id, labels, history: record }) => ({
        id: String(record),
        messagesAdded: [{ message: { id, threadId: id, labelIds: [...labels] } }],
      }));
      return { status: 200, body: { ...(records.length === 0 ? {} : { history: records }), ...next, historyId: String(history) } };
    }
    const mail = mails.find(({ id }) => at === `/messages/${id}`);
    if (mail === undefined) return { status: 404, body: { error: { code: 404, message: 'Requested entity was not found.' } } };
    return {
      status: 200,
      body: { id: mail.id, threadId: mail.id, raw: Buffer.from(mail.raw).toString('base64url'), internalDate: '1780387200000' },
    };
  }

  const vendor = await fakeVendor((request) => {
    if (request.path === '/token') return token(request);
    const wrong = [...(contract?.faults(request) ?? []), ...looseEnds(request)];
    faults.push(...wrong);
    if (wrong.length > 0) return { status: 400, body: { error: { code: 400, message: wrong.join('; ') } } };
    if (request.headers['authorization'] !== `Bearer ${access}` || access === '')
      return { status: 401, body: { error: { code: 401, message: 'Invalid Credentials', status: 'UNAUTHENTICATED' } } };
    return mailbox(request);
  });
  return {
    ...vendor,
    faults,
    sent,
    grants,
    deliver: (raw, labels = ['INBOX', 'UNREAD']) => void add(raw, labels),
    agree(url) {
      const asked = new URL(url).searchParams;
      const code = `code-${codes.size + 1}-${history}`;
      codes.set(code, { challenge: asked.get('code_challenge') ?? '', redirectUri: asked.get('redirect_uri') ?? '' });
      return { code, state: asked.get('state') ?? '' };
    },
    expire(which) {
      access = '';
      if (which === 'all') refresh = '';
    },
    forget() {
      history += 1;
      forgotten = history;
    },
  };
}

/** Google's contract leaves nearly every field open; its documentation does not. */
export function looseEnds({ method, path, query, body }: VendorRequest): string[] {
  const asked = new URLSearchParams(query);
  const faults: string[] = [];
  if (path.endsWith('/messages/send')) {
    const raw: unknown = Reflect.get(Object(body), 'raw');
    const text = typeof raw === 'string' && /^[\w-]+=*$/.test(raw) ? Buffer.from(raw, 'base64url').toString() : '';
    if (!/^From: /m.test(text) || !/^To: /m.test(text)) faults.push('raw is no mail in base64url');
    if (!/^Message-ID: <[^<>\s]+>/m.test(text)) faults.push('the mail has no Message-ID');
  }
  if (method === 'GET' && path.endsWith('/history') && !/^\d+$/.test(asked.get('startHistoryId') ?? ''))
    faults.push('startHistoryId is missing');
  if (method === 'GET' && path.endsWith('/messages') && (asked.get('q') ?? '') === '') faults.push('a search without words');
  if (method === 'GET' && /\/messages\/[^/]+$/.test(path) && asked.get('format') !== 'raw') faults.push('format is not raw');
  return faults;
}
