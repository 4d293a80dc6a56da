import { afterEach, expect, test } from 'vitest';
import { CredentialsRejected, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { InboundEmail } from '#core/ports/email.ts';
import { Secret } from '#core/secrets.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { aMail } from '#testing/email-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import { fakeGmail, looseEnds, type FakeGmail, type GmailOptions } from '#testing/vendors/gmail.ts';
import { client } from './api.ts';
import gmail from './connector.ts';
import { fetched, lookBack, readAfter } from './watch.ts';

const TOKEN = 'ya29.token-of-tests';
const credentials = gmail.credentials.parse({
  address: 'us@acme.test',
  fromName: 'Acme',
  clientId: 'client-of-tests',
  clientSecret: 'secret-of-tests',
});
const noNews = () => Promise.reject(new CredentialsRejected('the sign-in has ended'));
const tokens = { current: () => Promise.resolve(new Secret(TOKEN)), renew: noNews };
const signedIn = (options: ConnectorOptions) => ({ ...options, tokens });
const email = (options: ConnectorOptions) => {
  const port = gmail.email?.(credentials, signedIn(options));
  if (port?.find === undefined) throw new Error('Gmail sends mail and can be asked');
  return { send: port.send, find: port.find };
};
/** Reads until the cursor has moved, so there must be news. */
async function read(options: ConnectorOptions, cursor: string | null): Promise<{ mails: string[]; cursor: string | null }> {
  const stop = new AbortController();
  const seen: { mails: string[]; cursor: string | null } = { mails: [], cursor };
  const handle = (mails: readonly InboundEmail[], at: string) => {
    seen.mails.push(...mails.map(({ raw }) => Buffer.from(raw).toString()));
    seen.cursor = at;
    if (!at.startsWith('look:')) stop.abort();
    return Promise.resolve();
  };
  await gmail
    .inboundEmail?.(credentials, options)
    .watch(cursor, handle, AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]));
  return seen;
}

const reader = (options: ConnectorOptions) => client(signedIn(options));
const until = ({ signal }: ConnectorOptions) => signal ?? new AbortController().signal;
const taken = () => Promise.resolve();
const profile = { status: 200, body: { emailAddress: 'us@acme.test', historyId: '7' } };
const whole = { status: 200, body: { id: 'm1', threadId: 'm1', raw: 'SGVsbG8', internalDate: '1767225600000', labelIds: ['INBOX'] } };
const news = {
  history: [
    { id: '6', messages: [{ id: 'm1', threadId: 'm1' }], messagesAdded: [{ message: { id: 'm1', threadId: 'm1', labelIds: ['INBOX'] } }] },
  ],
  historyId: '6',
};
/** What reading asks besides: whose mailbox it is, and a mail. */
const besides = ({ path }: { readonly path: string }) =>
  path.endsWith('/profile') ? profile : path.endsWith('/messages/m1') ? whole : undefined;
const listed = { messages: [{ id: 'm1', threadId: 'm1' }], resultSizeEstimate: 1 };
actionContract({
  vendor: 'gmail',
  secret: TOKEN,
  refusal: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT', errors: [{ reason: 'invalid', message }] } }),
  also: looseEnds,
  actions: [
    {
      name: 'send',
      repeat: 'unsafe',
      run: (options) => email(options).send(aMail()),
      good: () => ({ status: 200, body: { id: 'm1', threadId: 'm1' } }),
      planted: [
        withBody(({ raw: _, ...body }) => body),
        withBody((body) => ({ ...body, raw: 7 })),
        withBody((body) => ({ ...body, raw: 'From: us@acme.test' })),
        withBody((body) => ({ ...body, threadId: 7 })),
        withBody((body) => ({ ...body, payload: { body: { contents: 'x' } } })),
        withQuery('prettyPrint', 'perhaps'),
      ],
    },
    {
      name: 'find',
      repeat: 'safe',
      run: (options) => email(options).find('<abc@acme.test>'),
      good: () => ({ status: 200, body: listed }),
      planted: [withQuery('q', null), withQuery('maxResults', 'one'), withQuery('includeSpamTrash', 'perhaps'), withQuery('query', 'x')],
    },
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => gmail.verify(credentials, signedIn(options)),
      good: () => profile,
    },
    {
      name: 'read what is new',
      repeat: 'safe',
      run: (options) => readAfter(reader(options), '5', taken, until(options)),
      beside: besides,
      good: () => ({ status: 200, body: news }),
      requests: 2,
    },
    {
      name: 'look back',
      repeat: 'safe',
      run: (options) => lookBack(reader(options), 1, taken, until(options)),
      beside: besides,
      good: () => ({ status: 200, body: listed }),
      requests: 3,
    },
    {
      name: 'fetch a mail',
      repeat: 'safe',
      run: (options) => fetched(reader(options), ['m1'], until(options)),
      good: () => whole,
      means: { 404: 'answers' }, // deleted meanwhile
    },
  ],
});

let vendor: FakeGmail | undefined;
afterEach(async () => {
  await vendor?.close();
  vendor = undefined;
});
const raw = (subject: string) =>
  `From: ann@example.test\r\nTo: us@acme.test\r\nMessage-ID: <${subject}@example.test>\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
/** Signed in at a fake Gmail. */
async function opened(options: GmailOptions = {}) {
  vendor = await fakeGmail(options);
  const grant = vendor.agree(`${vendor.url}/o?state=s&redirect_uri=r&code_challenge=${'47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'}`);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: grant.code,
    code_verifier: '',
    redirect_uri: 'r',
    client_id: 'client-of-tests',
    client_secret: 'secret-of-tests',
  });
  const answer = await fetch(`${vendor.url}/token`, { method: 'POST', body: form });
  const access = new Secret(String(Reflect.get(Object(await answer.json()), 'access_token')));
  return { gmail: vendor, options: { baseUrl: vendor.url, tokens: { current: () => Promise.resolve(access), renew: noNews } } };
}

test('a mail goes out whole, with our Message-ID, and is found by it when the answer was lost', async () => {
  const { gmail: box, options } = await opened({ fate: () => 'lost_after' });
  const port = gmail.email?.(credentials, options);
  const mail = aMail({
    subject: 'Größe',
    attachments: [{ filename: 'a.pdf', contentType: 'application/pdf', content: new Uint8Array([1, 2]) }],
  });
  await expect(port?.send(mail)).rejects.toMatchObject({ code: 'maybe_done' });
  expect(await port?.find?.(mail.messageId)).toEqual({ externalId: 'm101' });
  expect(box.sent).toHaveLength(1);
  expect(box.sent[0]).toContain(`Message-ID: ${mail.messageId}`);
  expect(box.sent[0]).toContain('a.pdf');
  expect(box.faults).toEqual([]);
});

test('the inbox is read from the cursor on, page by page, without what we sent and without junk', async () => {
  const { gmail: box, options } = await opened({ pageSize: 2 });
  const first = await read(options, null);
  expect(first.mails).toEqual([]);
  for (const subject of ['one', 'two', 'three']) box.deliver(raw(subject));
  box.deliver(raw('mine'), ['SENT']);
  box.deliver(raw('junk'), ['SPAM']);
  let at = first;
  const seen: string[] = [];
  for (let looks = 0; looks < 3; looks++) {
    at = await read(options, at.cursor);
    seen.push(...at.mails.map((mail) => /Subject: (\w+)/.exec(mail)?.[1] ?? ''));
  }
  expect(seen).toEqual(['one', 'two', 'three']);
  expect(at.cursor).toBe('105');
  expect(box.faults).toEqual([]);
});

test('when Gmail has forgotten where we stood, the last days are read again', async () => {
  const { gmail: box, options } = await opened();
  const { cursor } = await read(options, null);
  box.deliver(raw('missed'));
  box.forget();
  expect((await read(options, cursor)).mails).toEqual([raw('missed')]);
});

test('403 for too many requests means later', async () => {
  const busy = await fakeVendor(() => ({
    status: 403,
    body: { error: { code: 403, message: 'slow down', errors: [{ reason: 'userRateLimitExceeded' }] } },
  }));
  await expect(email({ baseUrl: busy.url }).send(aMail())).rejects.toThrow(VendorUnavailable);
  await busy.close();
});

test('signed in as somebody else is said', async () => {
  const { options } = await opened();
  const other = gmail.credentials.parse({ address: 'other@acme.test', clientId: 'client-of-tests', clientSecret: 's' });
  await expect(gmail.verify(other, options)).rejects.toThrow(/signed in as us@acme.test/);
});
