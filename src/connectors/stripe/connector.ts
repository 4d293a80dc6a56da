import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { MaybeDone, VendorRefused } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import { verifyStripe } from '#core/connector/signatures/stripe.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { Checkout, CheckoutOrder, PaymentsPort } from '#core/ports/payments.ts';
import { secret } from '#core/secrets.ts';
import { obstacle, toStripe } from './amounts.ts';
import { readEvent } from './events.ts';
import { checkoutOf, OUR_KEY, refundOf } from './read.ts';
import { Disputes, Fault, Refund, Refunds, Session, Sessions } from './shapes.ts';

const Credentials = z.object({
  apiKey: secret().describe(
    'Secret key (sk_…), or a restricted one (rk_…) that may write Checkout Sessions and Refunds and read Payment Intents, Charges and Disputes',
  ),
  webhookSecret: secret().optional().describe('Signing secret of the webhook (whsec_…), once you have made it'),
});
type Credentials = z.output<typeof Credentials>;

const BASE_URL = 'https://api.stripe.com';
/** What answers look like does not change under us. @see https://docs.stripe.com/api/versioning */
const VERSION = '2026-10-28.endive';
/** Stripe keeps a key for at least 24 hours. @see https://docs.stripe.com/api/idempotent_requests */
const KEY_MS = 24 * 3_600_000;
const PAGE = 100;
/** Languages that Stripe's page speaks, of those that our invoices are written in. */
const LANGUAGES = new Set(['da', 'de', 'en', 'es', 'fi', 'fr', 'it', 'nl', 'pl', 'pt', 'sv']);

function client({ apiKey, webhookSecret }: Credentials, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Stripe',
    baseUrl: baseUrl ?? BASE_URL,
    headers: { authorization: `Bearer ${apiKey.reveal()}`, 'stripe-version': VERSION },
    secrets: [apiKey.reveal(), ...(webhookSecret === undefined ? [] : [webhookSecret.reveal()])],
    timeoutMs: 30_000,
    turn,
    log,
    refusal(_status, body, says) {
      const error = Fault.safeParse(body).data?.error;
      // The first call under this key is still under way, or was another one: the key is taken, so something may be done.
      const taken = error?.type === 'idempotency_error' || error?.code === 'idempotency_key_in_use';
      return taken ? new MaybeDone(`Stripe knows this key already: ${says}`) : undefined;
    },
  });
}

function sessionForm(order: CheckoutOrder): URLSearchParams {
  const { key, amountCents, currency, title, email, returnUrl, cancelUrl, expiresAt, language } = order;
  return new URLSearchParams({
    mode: 'payment',
    client_reference_id: key,
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': currency.toLowerCase(),
    'line_items[0][price_data][unit_amount]': String(toStripe(amountCents, currency)),
    'line_items[0][price_data][product_data][name]': title.slice(0, 250),
    'payment_intent_data[description]': title.slice(0, 250),
    [`payment_intent_data[metadata][${OUR_KEY}]`]: key,
    [`metadata[${OUR_KEY}]`]: key,
    success_url: returnUrl,
    cancel_url: cancelUrl,
    expires_at: String(Math.floor(expiresAt.getTime() / 1_000)),
    ...(email === null ? {} : { customer_email: email }),
    ...(language !== null && LANGUAGES.has(language) ? { locale: language } : {}),
  });
}

function payments(credentials: Credentials, options: ConnectorOptions): PaymentsPort {
  const http = client(credentials, options);
  const call = options.signal ? { signal: options.signal } : {};
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  async function look(externalId: string): Promise<Checkout> {
    const query = { 'expand[]': 'payment_intent.latest_charge' };
    const session = await http.get(`/v1/checkout/sessions/${encodeURIComponent(externalId)}`, { answer: Session, query, ...call });
    const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
    const charge = typeof intent?.latest_charge === 'object' ? intent.latest_charge : null;
    const [refunds, disputes] = await Promise.all([
      intent === null || charge === null ? [] : refundsOf(intent.id),
      intent === null || charge?.disputed !== true ? { data: [] } : http.get('/v1/disputes', { answer: Disputes, query: { payment_intent: intent.id, limit: PAGE }, ...call }),
    ]); // prettier-ignore
    return checkoutOf(session, refunds, disputes.data);
  }
  async function refundsOf(paymentRef: string): Promise<Refund[]> {
    const all: Refund[] = [];
    for (;;) {
      const query = { payment_intent: paymentRef, limit: PAGE, starting_after: all.at(-1)?.id };
      const { data, has_more: more } = await http.get('/v1/refunds', { answer: Refunds, query, ...call });
      all.push(...data);
      if (!more || data.length === 0) return all;
    }
  }

  return {
    keyMs: KEY_MS,
    obstacle,
    async checkout(order) {
      const why = obstacle(order.amountCents, order.currency);
      if (why !== null) throw new VendorRefused(why);
      // No money moves by it, and the key makes it one: a lost answer may be asked for again.
      const made = await http.post('/v1/checkout/sessions', sessionForm(order), { answer: Session, repeat: 'safe', ...keyed(order.key), ...call }); // prettier-ignore
      return checkoutOf(made, [], []);
    },
    look,
    async close(externalId) {
      try {
        const path = `/v1/checkout/sessions/${encodeURIComponent(externalId)}/expire`;
        const closed = await http.post(path, new URLSearchParams(), { answer: Session, repeat: 'safe', ...keyed(`${externalId}/expire`), ...call }); // prettier-ignore
        return checkoutOf(closed, [], []);
      } catch (error) {
        // Only an open one can be closed: it is paid or at its end.
        if (error instanceof VendorRefused) return look(externalId);
        throw error;
      }
    },
    async refund({ key, paymentRef, amountCents, currency }) {
      const form = new URLSearchParams({
        payment_intent: paymentRef,
        amount: String(toStripe(amountCents, currency)),
        [`metadata[${OUR_KEY}]`]: key,
      });
      return refundOf(await http.post('/v1/refunds', form, { answer: Refund, ...keyed(key), ...call }));
    },
    refunds: async (paymentRef) => (await refundsOf(paymentRef)).map((one) => refundOf(one)),
  };
}

/**
 * Stripe: clients pay invoices on its Checkout pages; refunds. Every POST carries a key of ours.
 * @see https://docs.stripe.com/api/checkout/sessions
 * @see https://docs.stripe.com/api/refunds
 * @see https://docs.stripe.com/error-handling
 */
export default connector({
  id: 'stripe',
  title: 'Payments by Stripe',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  // A quarter of what Stripe allows in live mode, all of it in test mode. @see https://docs.stripe.com/rate-limits
  limit: () => ({ requests: 25, perMs: 1_000 }),
  async verify(credentials, options) {
    const call = { answer: Sessions, query: { limit: 1 }, ...(options.signal ? { signal: options.signal } : {}) };
    await client(credentials, options).get('/v1/checkout/sessions', call);
    const test = /^[rs]k_test_/.test(credentials.apiKey.reveal());
    const hook = credentials.webhookSecret === undefined ? '; the webhook is not set up yet, so payments are noticed within minutes' : '';
    return `${test ? 'the key works, in test mode: no real money moves' : 'the key works, for real payments'}${hook}`;
  },
  payments,
  webhooks: {
    events: {
      title: 'Paid, failed, refunded, disputed',
      hint: 'Developers → Webhooks → Add destination: this address and the events checkout.session.*, payment_intent.*, charge.refunded, charge.dispute.* and refund.*. Enter its signing secret here.',
      verify: verifyStripe,
      secrets: ({ webhookSecret }) => (webhookSecret === undefined ? [] : [webhookSecret]),
      read: readEvent,
    },
  },
});
