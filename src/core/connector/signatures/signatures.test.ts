import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from '#core/secrets.ts';
import { contractsFolder } from '#testing/contract.ts';
import { verifyHub256 } from './hub-256.ts';
import { verifyHubSpot } from './hubspot.ts';
import { verifySendGrid } from './sendgrid.ts';
import { verifyShopify } from './shopify.ts';
import { verifySlack } from './slack.ts';
import { verifyStripe } from './stripe.ts';
import { verifySvix } from './svix.ts';
import { verifyTwilio } from './twilio.ts';
import type { SignedRequest, VerifySignature } from './types.ts';

interface Case {
  readonly name: string;
  readonly verify: VerifySignature;
  readonly secret: string;
  readonly request: SignedRequest;
  /** When it was signed, where the vendor signs that. */
  readonly at: Date | null;
  /** The header that carries the signature. */
  readonly header: string;
}

const request = (headers: Record<string, string>, body: string, changes: Partial<SignedRequest> = {}): SignedRequest => ({
  method: 'POST',
  url: 'https://hooks.acme.test/in',
  headers,
  rawBody: Buffer.from(body),
  ...changes,
});
const hmac = (algorithm: string, key: string | Buffer, text: string) => createHmac(algorithm, key).update(text);

/** Signed here with fresh secrets, by the vendors' recipes: these run without the vendors' own vectors. */
function ownCases(): Case[] {
  const at = new Date('2026-11-21T07:00:00Z');
  const seconds = String(at.getTime() / 1000);
  const body = '{"b": 1, "a": "ü"}';
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const url = 'https://hooks.acme.test/in?x=1';
  const form = 'To=%2B1800&From=%2B1415&Body=Hello+you';
  const json = `${url}&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  const signed = (
    name: string,
    verify: VerifySignature,
    header: string,
    value: string,
    more: Record<string, string>,
    time: Date | null,
  ): Case => ({
    name,
    verify,
    secret: 's3cret of tests',
    request: request({ ...more, [header]: value }, body),
    at: time,
    header,
  });
  const key = 's3cret of tests';
  return [
    {
      ...signed(
        'SendGrid',
        verifySendGrid,
        'x-twilio-email-event-webhook-signature',
        sign('sha256', Buffer.from(`${seconds}${body}`), pair.privateKey).toString('base64'),
        { 'x-twilio-email-event-webhook-timestamp': seconds },
        at,
      ),
      secret: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    },
    {
      ...signed(
        'Resend (Svix)',
        verifySvix,
        'svix-signature',
        `v1,${hmac('sha256', Buffer.from('key of tests'), `msg_1.${seconds}.${body}`).digest('base64')}`,
        { 'svix-id': 'msg_1', 'svix-timestamp': seconds },
        at,
      ),
      secret: `whsec_${Buffer.from('key of tests').toString('base64')}`,
    },
    {
      ...signed(
        'Twilio, a form',
        verifyTwilio,
        'x-twilio-signature',
        hmac('sha1', key, `${url}BodyHello youFrom+1415To+1800`).digest('base64'),
        { 'content-type': 'application/x-www-form-urlencoded' },
        null,
      ),
      request: request(
        {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': hmac('sha1', key, `${url}BodyHello youFrom+1415To+1800`).digest('base64'),
        },
        form,
        { url },
      ),
    },
    {
      ...signed('Twilio, JSON', verifyTwilio, 'x-twilio-signature', '', {}, null),
      request: request({ 'content-type': 'application/json', 'x-twilio-signature': hmac('sha1', key, json).digest('base64') }, body, {
        url: json,
      }),
    },
    signed(
      'HubSpot',
      verifyHubSpot,
      'x-hubspot-signature-v3',
      hmac('sha256', key, `POSThttps://hooks.acme.test/in${body}${at.getTime()}`).digest('base64'),
      { 'x-hubspot-request-timestamp': String(at.getTime()) },
      at,
    ),
    signed(
      'Slack',
      verifySlack,
      'x-slack-signature',
      `v0=${hmac('sha256', key, `v0:${seconds}:${body}`).digest('hex')}`,
      { 'x-slack-request-timestamp': seconds },
      at,
    ),
    signed(
      'Stripe',
      verifyStripe,
      'stripe-signature',
      `t=${seconds},v1=${hmac('sha256', key, `${seconds}.${body}`).digest('hex')}`,
      {},
      at,
    ),
    signed('Shopify', verifyShopify, 'x-shopify-hmac-sha256', hmac('sha256', key, body).digest('base64'), {}, null),
    signed('GitHub and Meta', verifyHub256, 'x-hub-signature-256', `sha256=${hmac('sha256', key, body).digest('hex')}`, {}, null),
  ];
}

const Text = z.string();
const Vectors = z.object({
  sendgrid: z.object({ publicKey: Text, signature: Text, ts: Text, rawBody: Text }),
  svix: z.object({ secret: Text, id: Text, ts: z.int(), body: Text, expected: Text }),
  twilio: z.object({ token: Text, url: Text, params: z.record(Text, Text), expected: Text }),
  hubspot: z.object({ v3: z.object({ secret: Text, method: Text, uri: Text, body: Text, ts: z.int(), expected: Text }) }),
  slack: z.object({ secret: Text, ts: z.int(), body: Text, expected: Text }),
  stripe: z.object({ secret: Text, ts: z.int(), body: Text, expected: Text }),
  shopify: z.object({ secret: Text, rawBody: Text, expected: Text }),
  meta: z.object({ secret: Text, rawBody: Text, expected: Text }),
  github: z.object({ secret: Text, rawBody: Text, expected: Text }),
});

/** The vendors' own, from the folder of contracts. */
function vectorCases(): Case[] {
  const folder = contractsFolder();
  if (folder === undefined) {
    process.stderr.write('SKIPPED: the vendors’ own signature vectors, because STEWARD_CONTRACTS is not set\n');
    return [];
  }
  const { sendgrid, svix, twilio, hubspot, slack, stripe, shopify, meta, github } = Vectors.parse(
    JSON.parse(readFileSync(join(folder, 'webhook-vectors.json'), 'utf8')),
  );
  const s = (seconds: number | string) => new Date(Number(seconds) * 1_000);
  return [
    {
      name: 'SendGrid’s vector',
      verify: verifySendGrid,
      secret: sendgrid.publicKey,
      at: s(sendgrid.ts),
      header: 'x-twilio-email-event-webhook-signature',
      request: request(
        { 'x-twilio-email-event-webhook-signature': sendgrid.signature, 'x-twilio-email-event-webhook-timestamp': sendgrid.ts },
        sendgrid.rawBody,
      ),
    },
    {
      name: 'Svix’s vector',
      verify: verifySvix,
      secret: svix.secret,
      at: s(svix.ts),
      header: 'svix-signature',
      request: request({ 'svix-id': svix.id, 'svix-timestamp': String(svix.ts), 'svix-signature': svix.expected }, svix.body),
    },
    {
      name: 'Twilio’s vector',
      verify: verifyTwilio,
      secret: twilio.token,
      at: null,
      header: 'x-twilio-signature',
      request: request(
        { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': twilio.expected },
        new URLSearchParams(twilio.params).toString(),
        { url: twilio.url },
      ),
    },
    {
      name: 'HubSpot’s vector',
      verify: verifyHubSpot,
      secret: hubspot.v3.secret,
      at: new Date(hubspot.v3.ts),
      header: 'x-hubspot-signature-v3',
      request: request(
        { 'x-hubspot-signature-v3': hubspot.v3.expected, 'x-hubspot-request-timestamp': String(hubspot.v3.ts) },
        hubspot.v3.body,
        { method: hubspot.v3.method, url: hubspot.v3.uri },
      ),
    },
    {
      name: 'Slack’s vector',
      verify: verifySlack,
      secret: slack.secret,
      at: s(slack.ts),
      header: 'x-slack-signature',
      request: request({ 'x-slack-signature': slack.expected, 'x-slack-request-timestamp': String(slack.ts) }, slack.body),
    },
    {
      name: 'Stripe’s vector',
      verify: verifyStripe,
      secret: stripe.secret,
      at: s(stripe.ts),
      header: 'stripe-signature',
      request: request({ 'stripe-signature': `t=${stripe.ts},v1=${stripe.expected}` }, stripe.body),
    },
    {
      name: 'Shopify’s vector',
      verify: verifyShopify,
      secret: shopify.secret,
      at: null,
      header: 'x-shopify-hmac-sha256',
      request: request({ 'x-shopify-hmac-sha256': shopify.expected }, shopify.rawBody),
    },
    ...[meta, github].map((vector, i): Case => ({
      name: i === 0 ? 'Meta’s vector' : 'GitHub’s vector',
      verify: verifyHub256,
      secret: vector.secret,
      at: null,
      header: 'x-hub-signature-256',
      request: request({ 'x-hub-signature-256': vector.expected }, vector.rawBody),
    })),
  ];
}

const other = new Secret(Buffer.from('another secret').toString('base64'));
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

describe.each([...ownCases(), ...vectorCases()])('$name', ({ name, verify, secret, request: good, at, header }) => {
  const now = at ?? new Date('2026-11-21T07:00:00Z');
  const secrets = [new Secret(secret)];
  const is = (changes: Partial<SignedRequest>, keys = secrets, when = now) => verify({ ...good, ...changes }, keys, when);
  const no = (reason: string) => ({ valid: false, reason });
  const counts: Record<string, number> = {};
  const count = (what: string, by = 1) => void (counts[what] = (counts[what] ?? 0) + by);
  afterAll(() => {
    const told = Object.entries(counts).map(([what, number]) => `${number} ${what}`);
    process.stderr.write(`signatures, ${name}: ${told.join(', ')}\n`);
  });

  test('is valid as it came, while a secret is being replaced, too', () => {
    expect(is({})).toEqual({ valid: true });
    expect(is({}, [other, ...secrets])).toEqual({ valid: true });
    expect(is({}, [...secrets, other])).toEqual({ valid: true });
    count('valid', 3);
  });

  test('another secret, or none, does not fit', () => {
    expect(is({}, [other])).toEqual(no('mismatch'));
    expect(is({}, [])).toEqual(no('mismatch'));
    count('with another secret or none refused', 2);
  });

  test('one flipped bit anywhere in the body fails', () => {
    for (let i = 0; i < good.rawBody.length; i++) expect(is({ rawBody: flipped(good.rawBody, i) })).toEqual(no('mismatch'));
    count('flipped bytes refused', good.rawBody.length);
  });

  test('one changed character anywhere in the signature fails', () => {
    const text = String(good.headers[header]);
    const at0 = header === 'stripe-signature' ? text.indexOf('v1=') : 0;
    for (let i = at0; i < text.length; i++) {
      const changed = `${text.slice(0, i)}${text[i] === 'A' ? 'B' : 'A'}${text.slice(i + 1)}`;
      expect(is({ headers: { ...good.headers, [header]: changed } }).valid).toBe(false);
    }
    count('changed signatures refused', text.length - at0);
  });

  test('a body that was parsed and written anew fails', () => {
    const text = Buffer.from(good.rawBody).toString('utf8');
    const anew = text.startsWith('{') || text.startsWith('[') ? JSON.stringify(JSON.parse(text), null, 1) : `${text} `;
    expect(is({ rawBody: Buffer.from(anew) })).toEqual(no('mismatch'));
    count('written anew refused');
  });

  test('without its signature it is unsigned', () => {
    const { [header]: _, ...headers } = good.headers;
    expect(is({ headers })).toEqual(no('unsigned'));
    expect(is({ headers: { ...good.headers, [header]: [String(good.headers[header]), 'x'] } })).toEqual(no('unsigned'));
    count('unsigned refused', 2);
  });

  // Some vendors sign no time: nothing can be stale there.
  if (at === null) return;
  test('a copy that comes later, or from the future, is stale; a new time breaks the signature', () => {
    expect(is({}, secrets, new Date(now.getTime() + 26 * 3_600_000))).toEqual(no('stale'));
    expect(is({}, secrets, new Date(now.getTime() - 26 * 3_600_000))).toEqual(no('stale'));
    const stamp = Object.entries(good.headers).find(([name]) => name.includes('timestamp'));
    const moved =
      stamp === undefined
        ? { [header]: String(good.headers[header]).replace(/^t=(\d+)/, (_, t: string) => `t=${Number(t) + 1}`) }
        : { [stamp[0]]: String(Number(stamp[1]) + 1) };
    expect(is({ headers: { ...good.headers, ...moved } })).toEqual(no('mismatch'));
    count('stale or with another time refused', 3);
  });
});

test('Twilio: the address counts, and a body that nothing vouches for is not taken', () => {
  const [good] = ownCases().filter((one) => one.name === 'Twilio, a form');
  if (good === undefined) throw new Error('no such case');
  const is = (changes: Partial<SignedRequest>) => verifyTwilio({ ...good.request, ...changes }, [new Secret(good.secret)], new Date());
  expect(is({ url: `${good.request.url}&y=2` }).valid).toBe(false);
  const bare = {
    headers: {
      ...good.request.headers,
      'content-type': 'application/json',
      'x-twilio-signature': hmac('sha1', good.secret, good.request.url).digest('base64'),
    },
  };
  expect(is({ ...bare, rawBody: Buffer.from('') }).valid).toBe(true);
  expect(is({ ...bare, rawBody: Buffer.from('{"planted":true}') }).valid).toBe(false);
});

test('HubSpot signs an address with its brackets and slashes decoded', () => {
  const at = new Date('2026-11-21T07:00:00Z');
  const signature = hmac('sha256', 'key', `GEThttps://hooks.acme.test/in?a=b/c%20d${at.getTime()}`).digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(at.getTime()) };
  const asked = { method: 'GET', url: 'https://hooks.acme.test/in?a=b%2Fc%20d', headers, rawBody: Buffer.alloc(0) };
  expect(verifyHubSpot(asked, [new Secret('key')], at)).toEqual({ valid: true });
});
