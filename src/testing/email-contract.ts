import { afterEach, describe, expect, test } from 'vitest';
import { CredentialsRejected, MaybeDone, VendorUnavailable } from '#core/connector/errors.ts';
import type { Connector, ConnectorOptions } from '#core/connector/types.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';
import { actionContract, withBody } from './action-contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from './fake-vendor.ts';

export interface EmailVendor {
  readonly connector: Connector;
  /** Where a mail is handed over. */
  readonly path: string;
  readonly accepted: VendorAnswer & object;
  readonly externalId: string;
  readonly verify: {
    readonly method: string;
    readonly path: string;
    readonly answer: VendorAnswer & object;
    readonly says: string;
    /** Where the contract knows less than the vendor does. */
    readonly contractAnswer?: VendorAnswer & object;
  };
  /** Its words for no, in its own shape. */
  refusal(message: string): unknown;
  /** Does it keep idempotency keys, so that a lost answer may be asked for again? */
  readonly keyed: boolean;
  /** The headers that go on the mail, out of a request's body. */
  headersOf(body: unknown): unknown;
  /** Bodies that the contract must notice, made of a good one. */
  readonly planted: readonly ((body: Record<string, unknown>) => Record<string, unknown>)[];
}

const KEY = 'key-of-tests-1234567890';

/** Mistakes in any mail that goes out as JSON. */
const EVERY_MAIL: EmailVendor['planted'] = [
  ({ from: _, ...body }) => body,
  (body) => ({ ...body, subject: 7 }),
  (body) => ({ ...body, sender: 'us@acme.test' }),
  (body) => ({ ...body, headers: 'List-Unsubscribe: x' }),
];

export const aMail = (changes: Partial<OutgoingEmail> = {}): OutgoingEmail => ({
  messageId: `<${crypto.randomUUID()}@acme.test>`,
  from: { name: 'Zoë, "Acme"', address: 'us@acme.test' },
  to: { name: 'Ann', address: 'ann@example.test' },
  replyTo: 'reply+abc@acme.test',
  subject: 'Größe – hello 🎉',
  text: 'Hello Ann\n',
  html: '<p>Hello Ann</p>',
  date: new Date('2026-11-02T09:00:00Z'),
  headers: { 'List-Unsubscribe': '<https://acme.test/u/x>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  inReplyTo: '<first@acme.test>',
  references: ['<zero@acme.test>', '<first@acme.test>'],
  ...changes,
});

let fake: FakeVendor | undefined;

/** The suite that every connector passes which sends mail by HTTP. */
export function emailContract({ connector, path, accepted, externalId, verify, refusal, keyed, headersOf, planted }: EmailVendor) {
  const name = connector.id;
  const form = { apiKey: KEY, fromEmail: 'us@acme.test', fromName: 'Acme', perSecond: 100 };
  const sends = (mail: OutgoingEmail) => async (options: ConnectorOptions) =>
    connector.email?.(connector.credentials.parse(form), options).send(mail);
  const attachments = [{ filename: 'a.pdf', contentType: 'application/pdf', content: new Uint8Array([1, 2, 3]) }];
  const { replyTo: _r, inReplyTo: _i, references: _s, ...bare } = aMail({ headers: {}, from: { name: '', address: 'us@acme.test' } });
  const send = {
    repeat: 'unsafe',
    triesWhenLost: keyed ? 3 : 1,
    good: () => accepted,
    planted: [...EVERY_MAIL, ...planted].map(withBody),
  } as const;
  actionContract({
    vendor: name,
    secret: KEY,
    refusal,
    actions: [
      { ...send, name: 'send', run: sends(aMail()) },
      { ...send, name: 'send with an attachment', run: sends(aMail({ attachments })) },
      { ...send, name: 'send a bare mail', run: sends({ ...bare, text: '', html: '' }), planted: [] },
      {
        name: 'verify',
        repeat: 'safe',
        run: (options) => connector.verify(connector.credentials.parse(form), options),
        good: () => verify.contractAnswer ?? verify.answer,
      },
    ],
  });
  afterEach(async () => {
    await fake?.close();
    fake = undefined;
  });

  async function open(reply: VendorAnswer | ((request: VendorRequest) => VendorAnswer), signal?: AbortSignal) {
    fake = await fakeVendor(typeof reply === 'function' ? reply : () => reply);
    const credentials = connector.credentials.parse(form);
    const options = { baseUrl: fake.url, ...(signal ? { signal } : {}) };
    const port = connector.email?.(credentials, options);
    if (port === undefined) throw new Error(`${name} sends no mail`);
    return { port, vendor: fake, credentials, options };
  }

  describe(`${name} sends mail`, () => {
    test('a mail that was taken has the vendor’s id', async () => {
      const { port, vendor } = await open(accepted);
      expect(await port.send(aMail())).toMatchObject({ externalId });
      expect(vendor.requests).toHaveLength(1);
      expect(vendor.requests[0]).toMatchObject({ method: 'POST', path, headers: { authorization: `Bearer ${KEY}` } });
    });

    test('Message-ID, thread and the way out go along', async () => {
      const { port, vendor } = await open(accepted);
      const mail = aMail();
      await port.send(mail);
      expect(headersOf(vendor.requests[0]?.body)).toEqual({
        'List-Unsubscribe': '<https://acme.test/u/x>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Message-ID': mail.messageId,
        'In-Reply-To': '<first@acme.test>',
        References: '<zero@acme.test> <first@acme.test>',
      });
    });

    test('a line break anywhere adds no header and no recipient', async () => {
      const { port, vendor } = await open(accepted);
      const evil = 'a\r\nBcc: victim@example.test';
      await port.send(
        aMail({
          subject: evil,
          from: { name: evil, address: 'us@acme.test' },
          to: { name: evil, address: 'ann@example.test' },
          replyTo: `r@b.test${evil}`,
          headers: { 'X-One': evil },
          inReplyTo: evil,
          text: 't',
          html: 'h',
        }),
      );
      const texts: string[] = [];
      JSON.stringify(vendor.requests[0]?.body, (_, value: unknown) => {
        if (typeof value === 'string') texts.push(value);
        return value;
      });
      expect(texts.filter((text) => /[\r\n]/.test(text))).toEqual([]);
    });

    test('a lost answer: the vendor has the mail once', async () => {
      const mails: VendorRequest[] = [];
      const keys = new Set<unknown>();
      const { port } = await open((request) => {
        const key = request.headers['idempotency-key'];
        if (key === undefined || !keys.has(key)) mails.push(request);
        const known = keys.has(key);
        keys.add(key);
        return known ? accepted : 'cut';
      });
      const sent = port.send(aMail());
      if (keyed) expect(await sent).toMatchObject({ externalId });
      else await expect(sent).rejects.toBeInstanceOf(MaybeDone);
      expect(mails).toHaveLength(1);
    });

    // Only a service with keys can be asked again.
    // oxlint-disable-next-line vitest/no-conditional-tests -- a case that does not apply is no test, not a skipped one
    if (keyed)
      test('after a lost answer a later no does not mean that nothing went out', async () => {
        let calls = 0;
        const { port } = await open(() => (calls++ === 0 ? 'cut' : { status: [401, 422, 429][calls - 2] ?? 422, body: refusal('no') }));
        await expect(port.send(aMail())).rejects.toBeInstanceOf(MaybeDone);
        expect(calls).toBe(3);
      });

    test('the key is tested without sending; one that is not good is said', async () => {
      const { credentials, options, vendor } = await open(verify.answer);
      expect(await connector.verify(credentials, options)).toBe(verify.says);
      expect(vendor.requests).toMatchObject([{ method: verify.method, path: verify.path }]);
      vendor.answer(() => ({ status: 401, body: refusal('no such key') }));
      await expect(connector.verify(credentials, options)).rejects.toBeInstanceOf(CredentialsRejected);
      vendor.answer(() => 'cut');
      await expect(connector.verify(credentials, options)).rejects.toBeInstanceOf(VendorUnavailable);
    });

    test('its sender is the one of its form', () => {
      const credentials = connector.credentials.parse({ apiKey: KEY, fromEmail: 'us@acme.test', fromName: 'Acme' });
      expect(connector.sender?.(credentials)).toEqual({ name: 'Acme', address: 'us@acme.test', loopback: false });
    });
  });
}
