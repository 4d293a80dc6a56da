import { afterEach, describe, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Connector } from '#core/connector/types.ts';
import type { LlmRequest } from '#core/ports/llm.ts';
import { contractsFolder, openContract } from './contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer } from './fake-vendor.ts';

export interface LlmVendor {
  readonly connector: Connector;
  /** Where a text is asked for. */
  readonly path: string;
  answer(text: string, extra?: { readonly model?: string }): VendorAnswer;
  /** The model says no. */
  readonly declined: VendorAnswer;
  /** The parameter that asks for JSON of one schema. */
  readonly schemaParameter: string;
  /** Micro-dollars for 1,000 tokens in and 200 out. */
  readonly cost: number;
  readonly verifyMethod: string;
  readonly verifyPath: string;
  readonly verifyAnswer: unknown;
  /** Wrong parts of a request that the contract must notice, beside those of every vendor. */
  readonly planted: readonly { readonly headers?: Readonly<Record<string, unknown>>; readonly body?: Readonly<Record<string, unknown>> }[];
}

const request: LlmRequest = {
  system: 'Answer in JSON.',
  prompt: 'Write to Ann.',
  maxTokens: 600,
  temperature: 0.4,
  jsonSchema: {
    name: 'draft',
    schema: { type: 'object', properties: { subject: { type: 'string' } }, required: ['subject'], additionalProperties: false },
  },
};

let fake: FakeVendor | undefined;

/** The suite that every connector with a language model passes. */
export function llmContract({
  connector,
  path,
  answer,
  declined,
  schemaParameter,
  cost,
  verifyAnswer,
  verifyPath,
  verifyMethod,
  planted,
}: LlmVendor) {
  const name = connector.id;
  afterEach(async () => {
    await fake?.close();
    fake = undefined;
  });

  describe(`${name} as a language model`, () => {
    async function port(reply: VendorAnswer | (() => VendorAnswer)) {
      fake = await fakeVendor(typeof reply === 'function' ? reply : () => reply);
      const credentials = connector.credentials.parse({ apiKey: 'sk-test-1234567890' });
      const options = { baseUrl: fake.url };
      const llm = connector.llm?.(credentials, options);
      if (llm === undefined) throw new Error(`${name} is no language model`);
      return { llm, vendor: fake, credentials, options };
    }

    test('counts what an answer cost', async () => {
      const { llm } = await port(answer('{"subject":"Hi"}'));
      const got = await llm.complete(request);
      expect(got).toMatchObject({ text: '{"subject":"Hi"}', inputTokens: 1_000, outputTokens: 200 });
      expect(got.costMicros).toBe(cost);
    });

    test('knows no price for an unknown model', async () => {
      const { llm } = await port(answer('{}', { model: 'llama3.2:3b' }));
      expect((await llm.complete(request)).costMicros).toBeNull();
    });

    test.each([
      [401, CredentialsRejected],
      [403, CredentialsRejected],
      [400, VendorRefused],
      [404, VendorRefused],
      [409, VendorRefused],
      [422, VendorRefused],
      [429, VendorUnavailable],
      [500, VendorUnavailable],
      [502, VendorUnavailable],
      [503, VendorUnavailable],
      [529, VendorUnavailable],
    ])('answers %i with its own error', async (status, expected) => {
      const { llm, vendor } = await port({
        status,
        headers: { 'retry-after': '17' },
        body: { error: { message: 'no, sk-test-1234567890', type: 'x' } },
      });
      const error: unknown = await llm.complete(request).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(expected);
      expect(String(error)).not.toContain('sk-test');
      expect(vendor.requests).toHaveLength(1);
    });

    test('passes on how long a busy vendor wants us to wait', async () => {
      const { llm } = await port({ status: 429, headers: { 'retry-after': '17' }, body: { error: { message: 'slow down' } } });
      await expect(llm.complete(request)).rejects.toMatchObject({ retryAfterS: 17, retry: 'later' });
    });

    test.each<[string, VendorAnswer]>([
      ['a cut connection', 'cut'],
      ['a page instead of JSON', { status: 200, body: '<html>gateway</html>' }],
      ['another shape', { status: 200, body: { hello: 'world' } }],
    ])('treats %s as unavailable', async (_, reply) => {
      const { llm } = await port(reply);
      await expect(llm.complete(request)).rejects.toBeInstanceOf(VendorUnavailable);
    });

    test('gives up when told to, while the vendor is silent', async () => {
      const { llm } = await port('silence');
      await expect(llm.complete(request, AbortSignal.timeout(50))).rejects.toBeInstanceOf(VendorUnavailable);
    });

    test('treats an empty answer and a refusal as refused', async () => {
      const empty = await port(answer('  '));
      await expect(empty.llm.complete(request)).rejects.toBeInstanceOf(VendorRefused);
      await fake?.close();
      const refusal = await port(declined);
      await expect(refusal.llm.complete(request)).rejects.toThrow(/declined/);
    });

    test('repeats without a parameter that an older model refuses by name, and remembers', async () => {
      const refused = schemaParameter;
      const { llm, vendor } = await port(() => answer('{}'));
      vendor.answer(({ body }) =>
        typeof body === 'object' && body !== null && refused in body
          ? { status: 400, body: { error: { message: `${refused} is not supported` } } }
          : answer('{}'),
      );
      await llm.complete(request);
      await llm.complete(request);
      expect(vendor.requests.map(({ body }) => refused in (body as object))).toEqual([true, false, false]);
    });

    const withContract = contractsFolder() === undefined ? test.skip : test;
    if (contractsFolder() === undefined) process.stderr.write(`SKIPPED: the contract of ${name}, because STEWARD_CONTRACTS is not set\n`);

    withContract('sends only what the contract allows, and gets answers that fit it', async () => {
      const contract = openContract(name);
      const faults: string[] = [];
      const { llm, vendor, credentials, options } = await port(answer('{}'));
      vendor.answer((sent) => {
        faults.push(...contract.faults(sent));
        const reply = sent.path === path ? answer('{}') : { status: 200, body: verifyAnswer };
        if (typeof reply === 'object') faults.push(...contract.answerFaults(sent.method, sent.path, reply.body));
        return reply;
      });
      await llm.complete(request);
      const { jsonSchema: _, ...plain } = request;
      await llm.complete(plain);
      await connector.verify(credentials, options);
      expect(vendor.requests.map(({ method, path: sent }) => `${method} ${sent}`)).toEqual([
        `POST ${path}`,
        `POST ${path}`,
        `${verifyMethod} ${verifyPath}`,
      ]);
      expect(faults).toEqual([]);
    });

    withContract('would notice a wrong request', async () => {
      const contract = openContract(name);
      const { llm, vendor } = await port(answer('{}'));
      await llm.complete(request);
      const [good] = vendor.requests;
      if (good === undefined) throw new Error('nothing was sent');
      const body = good.body as Record<string, unknown>;
      expect(contract.faults(good)).toEqual([]);
      const { model: _m, ...noModel } = body;
      const { messages: _s, ...noMessages } = body;
      const wrong = [
        { ...good, path: '/v1/complete' },
        { ...good, method: 'PUT' },
        { ...good, headers: { 'content-type': 'application/json' } },
        { ...good, headers: { ...good.headers, 'content-type': 'text/plain' } },
        { ...good, body: noModel },
        { ...good, body: noMessages },
        { ...good, body: { ...body, messages: 'hello' } },
        { ...good, body: { ...body, messages: [{ role: 'robot', content: 'hi' }] } },
        { ...good, body: { ...body, messages: [{ role: 'user' }] } },
        { ...good, body: { ...body, max_token: 5 } },
        ...planted.map((part) => ({ ...good, headers: { ...good.headers, ...part.headers }, body: { ...body, ...part.body } })),
      ];
      const unnoticed = wrong.filter((one) => contract.faults(one).length === 0);
      expect(unnoticed).toEqual([]);
    });
  });
}
