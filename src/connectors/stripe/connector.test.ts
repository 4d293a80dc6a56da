import { afterEach, expect, test } from 'vitest';
import { MaybeDone, VendorRefused } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import type { VendorRequest } from '#testing/fake-vendor.ts';
import { checkoutContract, fakeStripe, looseEnds, type FakeStripe, type StripeOptions } from '#testing/vendors/stripe.ts';
import { fromStripe, obstacle, toStripe } from './amounts.ts';
import stripe from './connector.ts';
import { readEvent } from './events.ts';

const KEY = 'sk_test_key-of-tests';
const credentials = stripe.credentials.parse({ apiKey: KEY, webhookSecret: 'whsec_tests' });
const port = (options: ConnectorOptions) => {
  const made = stripe.payments?.(credentials, options);
  if (made === undefined) throw new Error('Stripe takes payments');
  return made;
};
const at = new Date('2026-06-02T08:00:00Z');
const order = {
  key: '0198c0de-0000-7000-8000-000000000001',
  amountCents: 11_900,
  currency: 'EUR',
  title: 'Invoice R-0001',
  email: 'paula@payer.test',
  returnUrl: 'https://acme.test/pay/x?paid',
  cancelUrl: 'https://acme.test/pay/x',
  expiresAt: new Date('2026-06-03T08:00:00Z'),
  language: 'de',
};
const back = { key: 'refund-1', paymentRef: 'pi_1', amountCents: 2_000, currency: 'EUR' };
const session = {
  id: 'cs_test_1',
  status: 'open',
  payment_status: 'unpaid',
  url: 'https://checkout.stripe.com/c/1',
  amount_total: 11_900,
  currency: 'eur',
};
const refund = { id: 're_1', object: 'refund', status: 'succeeded', amount: 2_000, currency: 'eur', created: 1_780_000_000, metadata: {} };
const refusal = (message: string) => ({ error: { type: 'invalid_request_error', message } });
const withoutKey = ({ headers: { 'idempotency-key': _, ...headers }, ...request }: VendorRequest) => ({ ...request, headers });

actionContract({
  vendor: 'stripe',
  secret: KEY,
  refusal,
  also: looseEnds,
  actions: [
    {
      name: 'refund',
      repeat: 'unsafe',
      run: (options) => port(options).refund(back),
      good: () => ({ status: 200, body: refund }),
      planted: [
        withoutKey,
        withBody((body) => ({ ...body, amount: 'much' })),
        withBody((body) => ({ ...body, amount_cents: '20' })),
        withBody(({ amount: _, ...body }) => body),
        withBody((body) => ({ ...body, metadata: 'x' })),
      ],
    },
  ],
});

actionContract({
  vendor: 'stripe',
  byHand: checkoutContract,
  secret: KEY,
  refusal,
  also: looseEnds,
  actions: [
    {
      name: 'checkout',
      repeat: 'safe',
      run: (options) => port(options).checkout(order),
      good: () => ({ status: 200, body: session }),
      planted: [
        withoutKey,
        withBody(({ success_url: _, ...body }) => body),
        withBody((body) => ({ ...body, mode: 'subscription' })),
        withBody((body) => ({ ...body, expires_at: '2026-06-03' })),
        withBody((body) => ({ ...body, line_items: [] })),
        withBody((body) => ({ ...body, line_items: [{ quantity: '1', price_data: { currency: 'EUR', unit_amount: '119.00', product_data: { name: 'x' } } }] })),
      ],
    },
    {
      name: 'look',
      repeat: 'safe',
      run: (options) => port(options).look('cs_test_1'),
      good: () => ({ status: 200, body: session }),
      planted: [withQuery('expand[]', 'customer'), (request) => ({ ...request, path: '/v1/checkout/sessions/pi_1' })],
    },
    {
      name: 'refunds',
      repeat: 'safe',
      run: (options) => port(options).refunds('pi_1', 'EUR'),
      good: () => ({ status: 200, body: { data: [refund], has_more: false } }),
      planted: [withQuery('payment_intent', null), withQuery('limit', '1000')],
    },
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => stripe.verify(credentials, options),
      good: () => ({ status: 200, body: { data: [] } }),
      planted: [withQuery('limit', 'one')],
    },
  ],
}); // prettier-ignore

let vendor: FakeStripe | undefined;
afterEach(async () => {
  await vendor?.close();
  const faults = vendor?.faults ?? [];
  vendor = undefined;
  if (faults.length > 0) throw new Error(`not by the contract: ${faults.join('; ')}`);
});
async function opened(fate?: NonNullable<StripeOptions['fate']>) {
  vendor = await fakeStripe({ now: () => at, ...(fate === undefined ? {} : { fate }) });
  return { vendor, ...port({ baseUrl: vendor.url }) };
}

test('a checkout is one by its key, closes once, and says who paid how; what went back and what is disputed come with it', async () => {
  const { vendor: box, checkout, look, close, refund: giveBack } = await opened();
  const made = await checkout(order);
  expect(made).toMatchObject({ state: 'open', amountCents: 11_900, currency: 'EUR', key: order.key, paymentRef: null });
  expect((await checkout(order)).externalId).toBe(made.externalId);
  const other = await checkout({ ...order, key: 'another', currency: 'HUF', amountCents: 500 });
  expect(box.sessions.get(other.externalId)?.amount).toBe(50_000);
  expect([(await close(other.externalId)).state, (await close(other.externalId)).state]).toEqual(['expired', 'expired']);

  const paymentRef = box.pay(made.externalId);
  expect(await look(made.externalId)).toMatchObject({ state: 'paid', amountCents: 11_900, method: 'Visa •••• 4242', payer: 'Paula Payer, paula@payer.test', paymentRef, paidAt: at }); // prettier-ignore
  // Whoever closes what is paid hears that it is paid.
  expect((await close(made.externalId)).state).toBe('paid');
  await giveBack({ ...back, paymentRef });
  await giveBack({ ...back, paymentRef });
  box.refund(paymentRef, 100);
  box.dispute(paymentRef, 9_800);
  const { refunds, disputes } = await look(made.externalId);
  expect(refunds.map(({ key, amountCents, state }) => [key, amountCents, state])).toEqual([['refund-1', 2_000, 'done'], [null, 100, 'done']]); // prettier-ignore
  expect(disputes).toMatchObject([{ state: 'open', amountCents: 9_800, reason: 'fraudulent', answerBy: new Date('2026-06-09T08:00:00Z') }]);
  await expect(giveBack({ ...back, key: 'more', paymentRef, amountCents: 9_801 })).rejects.toBeInstanceOf(VendorRefused);
  // The same key with another sum is no plain no: something is done under it.
  await expect(giveBack({ ...back, paymentRef, amountCents: 3_000 })).rejects.toBeInstanceOf(MaybeDone);
});

test('a debit that takes days is under way, then refused by the bank', async () => {
  const { vendor: box, checkout, look } = await opened();
  const { externalId } = await checkout(order);
  box.pay(externalId, { later: true });
  expect((await look(externalId)).state).toBe('processing');
  const intent = box.sessions.get(externalId)?.intent;
  if (intent) intent.status = 'requires_payment_method';
  expect(await look(externalId)).toMatchObject({ state: 'failed', problem: 'The bank said no.' });
});

test('amounts are in the digits that Stripe counts in, and come back the same', () => {
  const cases: [cents: number, currency: string, amount: number][] = [
    [11_900, 'EUR', 11_900],
    [500, 'JPY', 500],
    [500, 'HUF', 50_000],
    [500, 'ISK', 50_000],
    [5_120, 'KWD', 5_120],
    [700, 'KRW', 700],
  ];
  for (const [cents, currency, amount] of cases) {
    expect([currency, toStripe(cents, currency), fromStripe(amount, currency)]).toEqual([currency, amount, cents]);
    expect(obstacle(cents, currency)).toBeNull();
  }
  expect(obstacle(5_124, 'KWD')).toContain('in steps of 0.010');
  expect(obstacle(500, 'UGX')).toContain('can’t be paid');
  expect(obstacle(100_000_000, 'EUR')).toContain('eight digits');
  expect(obstacle(0, 'EUR')).toBe('Nothing is owed');
});

test('an event is a hint: what it is about, never what it says', async () => {
  const read = (type: string, object: object) =>
    readEvent({ method: 'POST', url: 'https://acme.test/vendors/x/events', headers: {}, rawBody: Buffer.from(JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } })) }); // prettier-ignore
  expect(await read('checkout.session.completed', { id: 'cs_1', payment_status: 'paid' })).toMatchObject([{ kind: 'hint', object: 'checkout.session', externalId: 'cs_1' }]); // prettier-ignore
  expect(await read('payment_intent.succeeded', { id: 'pi_1' })).toMatchObject([{ object: 'payment_intent', externalId: 'pi_1' }]);
  for (const type of ['charge.refunded', 'charge.dispute.created', 'refund.failed'])
    expect(await read(type, { id: 'x', payment_intent: 'pi_2' })).toMatchObject([{ object: 'payment_intent', externalId: 'pi_2' }]);
  expect(await read('customer.created', { id: 'cus_1' })).toEqual([]);
  await expect(read('charge.refunded', {})).rejects.toBeInstanceOf(VendorRefused);
});
