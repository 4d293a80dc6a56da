import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { contractsFolder } from '#testing/contract.ts';
import { twilioSigned } from '#testing/vendors/signing.ts';
import { listHooks, updateHook } from '../operations/hooks.ts';
import { createWorkflow } from '../operations/workflows.ts';
import type { SignatureScheme } from './signature.ts';

type Preset = Exclude<SignatureScheme['preset'], 'own'>;
interface Vector {
  readonly preset: Preset;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Carries the signature. */
  readonly header: string;
  /** When it was signed; null where the vendor signs no time. */
  readonly at: Date | null;
}

// The oldest of the vendors' own vectors is of 2018: the clock goes forward from there.
const BEGIN = new Date('2018-07-12T18:36:00Z');
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ start: BEGIN, settings: { STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
});
afterAll(() => app.close());

let made = 0;
async function aHook(preset: Preset, secret: string): Promise<string> {
  const name = `vector-${(made += 1)}`;
  const steps = [{ id: 'fin', title: 'Fin', type: 'end', input: { outcome: 'served' } }];
  const definition = { name, title: name, subject: 'company', triggers: [{ on: 'webhook', key: 'in' }], settings: {}, steps };
  const workflow = await app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true });
  const [hook] = (await app.call(listHooks, { workflowId: workflow.id })).items;
  if (hook === undefined) throw new Error('a hook was expected');
  await app.call(updateHook, { hookId: hook.id, signature: { preset }, secret });
  return hook.path;
}
const post = async (url: string, payload: string, headers: Readonly<Record<string, string>>) =>
  (await app.http.inject({ method: 'POST', url, payload, headers: { 'content-type': 'text/plain', ...headers } })).statusCode;
const forwardTo = (at: Date) => app.clock.advance({ seconds: (at.getTime() - app.clock.now().getTime()) / 1_000 });

/** Right passes; a flipped byte of the body or of the signature, an old time, a body written anew and no signature fail. */
async function check({ preset, body, headers, header, at }: Vector, url: string) {
  if (at !== null) forwardTo(at);
  expect(await post(url, body, headers), preset).toBe(202);
  const given = headers[header] ?? '';
  const last = given.length - 3;
  const flipped = given.slice(0, last) + (given[last] === 'a' ? 'b' : 'a') + given.slice(last + 1);
  const { [header]: _, ...unsigned } = headers;
  expect(await post(url, `${body.slice(0, -1)}${body.endsWith('~') ? '!' : '~'}`, headers), `${preset}: a flipped byte`).toBe(401);
  expect(await post(url, body, { ...headers, [header]: flipped }), `${preset}: a flipped signature`).toBe(401);
  expect(await post(url, body.replace(/([,:&=])/, '$1 '), headers), `${preset}: written anew`).toBe(401);
  expect(await post(url, body, unsigned), `${preset}: unsigned`).toBe(401);
  if (at === null) return;
  forwardTo(new Date(at.getTime() + 301_000));
  expect(await post(url, body, headers), `${preset}: old`).toBe(401);
}

test.skipIf(contractsFolder() === undefined)('the vendors’ own vectors pass at a hook’s address, and nothing beside them', async () => {
  const vectors: Record<string, Record<string, string>> = JSON.parse(
    readFileSync(join(contractsFolder() ?? '', 'webhook-vectors.json'), 'utf8'),
  );
  const of = (vendor: string, name: string) => String(vectors[vendor]?.[name] ?? '');
  const at = (vendor: string) => new Date(Number(of(vendor, 'ts')) * 1_000);
  const hub = (vendor: string): Vector => ({
    preset: 'github',
    secret: of(vendor, 'secret'),
    body: of(vendor, 'rawBody'),
    headers: { 'x-hub-signature-256': of(vendor, 'expected') },
    header: 'x-hub-signature-256',
    at: null,
  });
  const all: Vector[] = [
    {
      preset: 'slack',
      secret: of('slack', 'secret'),
      body: of('slack', 'body'),
      headers: { 'x-slack-signature': of('slack', 'expected'), 'x-slack-request-timestamp': of('slack', 'ts') },
      header: 'x-slack-signature',
      at: at('slack'),
    },
    {
      preset: 'svix',
      secret: of('svix', 'secret'),
      body: of('svix', 'body'),
      headers: { 'svix-id': of('svix', 'id'), 'svix-timestamp': of('svix', 'ts'), 'svix-signature': of('svix', 'expected') },
      header: 'svix-signature',
      at: at('svix'),
    },
    {
      preset: 'stripe',
      secret: of('stripe', 'secret'),
      body: of('stripe', 'body'),
      headers: { 'stripe-signature': `t=${of('stripe', 'ts')},v1=${of('stripe', 'expected')}` },
      header: 'stripe-signature',
      at: at('stripe'),
    },
    hub('github'),
    hub('meta'),
  ];
  for (const vector of all) await check(vector, await aHook(vector.preset, vector.secret));
  process.stderr.write(`webhook vectors at routes: ${all.length} pass, each with its wrong ones refused\n`);
});

test('Shopify signs the body alone; HubSpot and Twilio sign the address, too', async () => {
  // Its vector's secret is shorter than hooks take.
  const order = '{"id":1}';
  const digest = createHmac('sha256', 'hush, hush').update(order).digest('base64');
  await check(
    {
      preset: 'shopify',
      secret: 'hush, hush',
      body: order,
      headers: { 'x-shopify-hmac-sha256': digest },
      header: 'x-shopify-hmac-sha256',
      at: null,
    },
    await aHook('shopify', 'hush, hush'),
  );

  const hubspot = await aHook('hubspot', 'app secret');
  const at = app.clock.now();
  const stamp = String(at.getTime());
  const body = '[{"eventId":1,"objectId":123}]';
  const signature = createHmac('sha256', 'app secret').update(`POSThttps://steward.acme.test${hubspot}${body}${stamp}`).digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': stamp };
  await check({ preset: 'hubspot', secret: 'app secret', body, headers, header: 'x-hubspot-signature-v3', at }, hubspot);

  const twilio = await aHook('twilio', 'twilio token');
  const signed = twilioSigned('twilio token', `https://steward.acme.test${twilio}`, {
    MessageSid: 'SM1',
    From: '+14158675309',
    Body: 'Hi',
  });
  await check({ preset: 'twilio', secret: 'twilio token', ...signed, header: 'x-twilio-signature', at: null }, twilio);
});
