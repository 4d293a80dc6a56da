import { afterEach, describe, expect, test } from 'vitest';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Connector } from '#core/connector/types.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';
import { contractsFolder, openContract } from './contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from './fake-vendor.ts';

export interface EmailVendor {
  readonly connector: Connector;
  /** Where a mail is handed over. */
  readonly path: string;
  readonly accepted: VendorAnswer & object;
  readonly externalId: string;
  readonly verify: { readonly method: string; readonly path: string; readonly answer: VendorAnswer & object; readonly says: string };
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
  afterEach(async () => {
    await fake?.close();
    fake = undefined;
  });

  async function open(reply: VendorAnswer | ((request: VendorRequest) => VendorAnswer), signal?: AbortSignal) {
    fake = await fakeVendor(typeof reply === 'function' ? reply : () => reply);
    const credentials = connector.credentials.parse({ apiKey: KEY, fromEmail: 'us@acme.test', fromName: 'Acme' });
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

    test.each([
      [400, VendorRefused],
      [401, CredentialsRejected],
      [403, CredentialsRejected],
      [404, VendorRefused],
      [409, VendorRefused],
      [413, VendorRefused],
      [422, VendorRefused],
      [429, VendorUnavailable],
      [503, VendorUnavailable],
      [302, VendorRefused],
    ])('%i is told once and never asked again by itself', async (status, expected) => {
      const { port, vendor } = await open({ status, headers: { 'retry-after': '17' }, body: refusal(`no, ${KEY}`) });
      const error: unknown = await port.send(aMail()).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(expected);
      expect(String(error)).not.toContain(KEY);
      if (status < 300 || status >= 400) expect(String(error)).toContain('no, [secret]');
      if (status === 429) expect(error).toMatchObject({ retryAfterS: 17 });
      expect(vendor.requests).toHaveLength(1);
    });

    test.each<[string, VendorAnswer]>([
      ['500', { status: 500, body: refusal('oops') }],
      ['502 with a page', { status: 502, body: '<html>bad gateway</html>' }],
      ['504', { status: 504, body: '' }],
      ['a cut connection', 'cut'],
      ['a page instead of its answer', { status: 200, body: '<html>login</html>' }],
      ['another shape', { status: 200, body: { hello: 'world' } }],
    ])('after %s nobody knows: it may have happened', async (_, reply) => {
      const { port, vendor } = await open(reply);
      await expect(port.send(aMail())).rejects.toBeInstanceOf(MaybeDone);
      const keys = new Set(vendor.requests.map((request) => request.headers['idempotency-key']));
      expect({ tries: vendor.requests.length, keys: keys.size, key: !keys.has(undefined) }).toEqual({
        tries: keyed ? 3 : 1,
        keys: 1,
        key: keyed,
      });
    });

    test('a vendor that stays silent: it may have happened', async () => {
      const { port } = await open('silence', AbortSignal.timeout(100));
      await expect(port.send(aMail())).rejects.toBeInstanceOf(MaybeDone);
    });

    test('nobody listening is unavailable: nothing was handed over', async () => {
      const { port, vendor } = await open(accepted);
      await vendor.close();
      await expect(port.send(aMail())).rejects.toBeInstanceOf(VendorUnavailable);
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
        for (const status of [401, 422, 429]) {
          let calls = 0;
          const { port, vendor } = await open(() => (calls++ === 0 ? 'cut' : { status, body: refusal('no') }));
          await expect(port.send(aMail())).rejects.toBeInstanceOf(MaybeDone);
          await vendor.close();
        }
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

    const withContract = contractsFolder() === undefined ? test.skip : test;
    if (contractsFolder() === undefined) process.stderr.write(`SKIPPED: the contract of ${name}, because STEWARD_CONTRACTS is not set\n`);

    withContract('sends only what the contract allows, and gets answers that fit it', async () => {
      const contract = openContract(name);
      const faults: string[] = [];
      const { port, vendor, credentials, options } = await open((sent) => {
        faults.push(...contract.faults(sent));
        const reply = sent.method === verify.method && sent.path === verify.path && verify.path !== path ? verify.answer : accepted;
        faults.push(...contract.answerFaults(sent.method, sent.path, reply.body, reply.status));
        return reply;
      });
      const attachments = [{ filename: 'a.pdf', contentType: 'application/pdf', content: new Uint8Array([1, 2, 3]) }];
      const { replyTo: _r, inReplyTo: _i, references: _s, ...bare } = aMail({ headers: {}, from: { name: '', address: 'us@acme.test' } });
      for (const mail of [aMail(), aMail({ attachments }), bare, aMail({ text: '', html: '' })]) await port.send(mail);
      await connector.verify(credentials, options);
      expect(faults).toEqual([]);
      process.stderr.write(`contract of ${name}: 2 actions (send, verify), ${vendor.requests.length} right requests fit, 0 faults\n`);
    });

    withContract('the contract notices each planted mistake', async () => {
      const contract = openContract(name);
      const { port, vendor } = await open(accepted);
      await port.send(aMail());
      const [good] = vendor.requests;
      if (good === undefined) throw new Error('nothing was sent');
      const body = good.body as Record<string, unknown>; // what was sent is an object
      expect(contract.faults(good)).toEqual([]);
      const without = (key: string) => Object.fromEntries(Object.entries(body).filter(([part]) => part !== key));
      const wrong = [
        { ...good, path: `${path}s` },
        { ...good, method: 'PUT' },
        { ...good, headers: { 'content-type': 'application/json' } },
        { ...good, headers: { ...good.headers, authorization: KEY } },
        { ...good, headers: { ...good.headers, 'content-type': 'text/plain' } },
        { ...good, body: undefined },
        { ...good, body: without('from') },
        { ...good, body: { ...body, subject: 7 } },
        { ...good, body: { ...body, sender: 'us@acme.test' } },
        { ...good, body: { ...body, headers: 'List-Unsubscribe: x' } },
        ...planted.map((change) => ({ ...good, body: change(body) })),
      ];
      const unnoticed = wrong.filter((one) => contract.faults(one).length === 0);
      expect(unnoticed).toEqual([]);
      process.stderr.write(`contract of ${name}: ${wrong.length} wrong requests, ${wrong.length - unnoticed.length} rejected\n`);
    });
  });
}
