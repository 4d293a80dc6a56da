import { z } from 'zod';
import { contractsFolder, openContract, type Contract } from '../contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../fake-vendor.ts';
import { stripeSigned, type Signed } from './signing.ts';

const count = z.string().regex(/^[1-9]\d*$/);
const text = z.string().min(1).max(500);
const marks = z.record(z.string().max(40), text);
const currency = z.string().regex(/^[a-z]{3}$/);

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly query?: Readonly<Record<string, RegExp>>;
  readonly required?: readonly string[];
  readonly body?: z.ZodType;
}
const PAGE = { limit: /^([1-9]\d?|100)$/, starting_after: /^\w+$/ };
/** What the published contract leaves out: written by hand from https://docs.stripe.com/api. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/v1\/checkout\/sessions$/, query: PAGE },
  { method: 'GET', path: /^\/v1\/checkout\/sessions\/cs_\w+$/, query: { 'expand[]': /^payment_intent(\.latest_charge)?$/ } },
  { method: 'POST', path: /^\/v1\/checkout\/sessions\/cs_\w+\/expire$/, body: z.undefined() },
  { method: 'GET', path: /^\/v1\/refunds$/, query: { ...PAGE, payment_intent: /^pi_\w+$/ }, required: ['payment_intent'] },
  { method: 'GET', path: /^\/v1\/disputes$/, query: { ...PAGE, payment_intent: /^pi_\w+$/ }, required: ['payment_intent'] },
  {
    method: 'POST',
    path: /^\/v1\/checkout\/sessions$/,
    body: z.strictObject({
      mode: z.literal('payment'),
      client_reference_id: text.max(200),
      customer_email: z.email().optional(),
      success_url: z.url(),
      cancel_url: z.url(),
      expires_at: count,
      locale: z.string().length(2).optional(),
      metadata: marks,
      payment_intent_data: z.strictObject({ description: text, metadata: marks }),
      line_items: z.array(z.strictObject({ quantity: count, price_data: z.strictObject({ currency, unit_amount: count, product_data: z.strictObject({ name: text }) }) })).length(1), // prettier-ignore
    }),
  },
];

const keyless = ({ method, headers }: VendorRequest) =>
  method === 'POST' && typeof headers['idempotency-key'] !== 'string' ? ['a POST without an Idempotency-Key'] : [];
/** Beside the published contract: every request its version, every POST its key; a refund says of what, and how much. */
export const looseEnds = (request: VendorRequest): string[] => {
  const { payment_intent: intent, amount }: Record<string, unknown> = Object(request.body);
  const refund = request.method === 'POST' && request.path === '/v1/refunds';
  return [
    ...keyless(request),
    ...(/^2\d{3}-\d\d-\d\d\.\w+$/.test(String(request.headers['stripe-version'])) ? [] : ['a request without its version']),
    ...(refund && (typeof intent !== 'string' || typeof amount !== 'string') ? ['a refund of nothing'] : []),
  ];
};

export const checkoutContract: Contract = {
  faults(request) {
    const route = ROUTES.find(({ method, path }) => method === request.method && path.test(request.path));
    if (route === undefined) return [`${request.method} ${request.path} is not in the contract`];
    const given = new URLSearchParams(request.query);
    const faults = [...given].flatMap(([name, value]) => (route.query?.[name]?.test(value) === true ? [] : [`query ${name} does not fit`]));
    for (const name of route.required ?? []) if (!given.has(name)) faults.push(`query ${name} is missing`);
    if (!/^Bearer [rs]k_\S+$/.test(String(request.headers['authorization']))) faults.push('no secret key');
    const fits = (route.body ?? z.undefined()).safeParse(request.body);
    if (!fits.success) faults.push(`body ${fits.error.message}`);
    if (request.method === 'POST' && request.headers['content-type'] !== 'application/x-www-form-urlencoded') faults.push('is no form');
    return faults;
  },
  answerFaults: () => [],
};

interface FakeSession {
  readonly id: string;
  readonly key: string;
  status: 'open' | 'complete' | 'expired';
  paid: boolean;
  readonly amount: number;
  readonly currency: string;
  readonly url: string;
  readonly returnUrl: string;
  intent: { readonly id: string; status: string; readonly received: number; disputed: boolean } | null;
}
interface FakeRefund {
  readonly id: string;
  readonly intent: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
  status: string;
}

export interface StripeOptions {
  readonly now: () => Date;
  /** What becomes of a POST: `lost_before` the connection breaks before it was done, `lost_after` when it was. */
  readonly fate?: (path: string) => 'done' | 'lost_before' | 'lost_after' | VendorAnswer;
}

export interface FakeStripe extends FakeVendor {
  /** What was wrong with requests by the contracts. */
  readonly faults: string[];
  readonly sessions: Map<string, FakeSession>;
  readonly refunds: FakeRefund[];
  readonly disputes: { readonly id: string; readonly intent: string; status: string; readonly amount: number }[];
  /** Somebody pays. `later`: by a debit that takes days. Answers the name of the payment. */
  pay(session: string, how?: { readonly received?: number; readonly later?: true }): string;
  refund(intent: string, amount: number): FakeRefund;
  dispute(intent: string, amount: number): void;
  /** An event as Stripe sends it. */
  event(type: string, object: object, secret: string, id?: string): Signed;
}

const no = (status: number, message: string, type = 'invalid_request_error', code?: string): VendorAnswer => ({
  status,
  body: { error: { type, message, ...(code === undefined ? {} : { code }) } },
});

/** Stripe's checkouts and refunds on a local port, with state; keys are kept for ever. */
export async function fakeStripe({ now: clock, fate = () => 'done' }: StripeOptions): Promise<FakeStripe> {
  const contract = contractsFolder() === undefined ? null : openContract('stripe');
  const now = () => Math.floor(clock().getTime() / 1_000);
  const faults: string[] = [];
  const sessions = new Map<string, FakeSession>();
  const refunds: FakeRefund[] = [];
  const disputes: FakeStripe['disputes'] = [];
  const keys = new Map<string, { readonly asked: string; readonly answer: VendorAnswer }>();
  let made = 0;
  const sessionOf = (intent: string) => [...sessions.values()].find((one) => one.intent?.id === intent);
  const backOf = (intent: string) => refunds.filter((one) => one.intent === intent && one.status !== 'failed').reduce((sum, one) => sum + one.amount, 0); // prettier-ignore

  const shownSession = (one: FakeSession, whole: boolean) => ({
    id: one.id,
    object: 'checkout.session',
    livemode: false,
    status: one.status,
    payment_status: one.paid ? 'paid' : 'unpaid',
    url: one.status === 'open' ? one.url : null,
    amount_total: one.amount,
    currency: one.currency,
    client_reference_id: one.key,
    customer_details: one.intent === null ? null : { name: 'Paula Payer', email: 'paula@payer.test' },
    payment_intent: one.intent === null ? null : whole ? shownIntent(one, one.intent) : one.intent.id,
  });
  const shownIntent = ({ currency: code }: FakeSession, { id, status, received, disputed }: NonNullable<FakeSession['intent']>) => ({
    id,
    status,
    currency: code,
    amount_received: received,
    last_payment_error: status === 'requires_payment_method' ? { message: 'The bank said no.' } : null,
    latest_charge: {
      id: `ch_${id}`,
      created: now(),
      amount_refunded: backOf(id),
      disputed,
      payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
      billing_details: { name: 'Paula Payer', email: null },
    },
  });
  const shownRefund = ({ id, intent, amount, metadata, status }: FakeRefund) => ({
    id,
    object: 'refund',
    status,
    amount,
    currency: sessionOf(intent)?.currency ?? 'eur',
    created: now(),
    metadata,
    payment_intent: intent,
  });

  function create(form: Record<string, unknown>, base: string): VendorAnswer {
    const [{ price_data: price }] = form['line_items'] as [{ price_data: { currency: string; unit_amount: string } }]; // by the contract
    const id = `cs_test_${(made += 1)}`;
    const one: FakeSession = {
      id,
      key: String(form['client_reference_id']),
      status: 'open',
      paid: false,
      amount: Number(price.unit_amount),
      currency: price.currency,
      url: `${base}/pay/${id}`,
      returnUrl: String(form['success_url']),
      intent: null,
    };
    sessions.set(id, one);
    return { status: 200, body: shownSession(one, false) };
  }
  function giveBack(intent: string, amount: number, metadata: Record<string, string>): FakeRefund | VendorAnswer {
    const left = (sessionOf(intent)?.intent?.received ?? 0) - backOf(intent);
    if (amount > left) return no(400, `Refund amount is greater than unrefunded amount on charge (${left})`);
    const refund = { id: `re_${(made += 1)}`, intent, amount, metadata, status: 'succeeded' };
    refunds.push(refund);
    return refund;
  }
  function post(request: VendorRequest): VendorAnswer {
    const form = Object(request.body) as Record<string, unknown>; // a form
    if (request.path === '/v1/checkout/sessions') return create(form, vendor.url);
    if (request.path === '/v1/refunds') {
      const back = giveBack(String(form['payment_intent']), Number(form['amount']), Object(form['metadata']) as Record<string, string>); // by the contract
      return 'id' in Object(back) ? { status: 200, body: shownRefund(back as FakeRefund) } : (back as VendorAnswer); // told apart by its id
    }
    const one = sessions.get(request.path.split('/')[4] ?? '');
    if (one === undefined) return no(404, 'No such session');
    if (one.status !== 'open') return no(400, 'Only Checkout Sessions with a status of open can be expired');
    one.status = 'expired';
    return { status: 200, body: shownSession(one, false) };
  }
  function get({ path, query }: VendorRequest): VendorAnswer {
    const intent = new URLSearchParams(query).get('payment_intent');
    const list = (data: object[]): VendorAnswer => ({ status: 200, body: { object: 'list', data, has_more: false } });
    if (path === '/v1/refunds') return list(refunds.filter((one) => one.intent === intent).map(shownRefund));
    if (path === '/v1/disputes')
      return list(disputes.filter((one) => one.intent === intent).map(({ id, status, amount }) => ({ id, status, amount, currency: 'eur', reason: 'fraudulent', created: now(), evidence_details: { due_by: now() + 7 * 86_400 } }))); // prettier-ignore
    if (path === '/v1/checkout/sessions') return list([...sessions.values()].map((one) => shownSession(one, false)));
    const one = sessions.get(path.split('/')[4] ?? '');
    return one === undefined ? no(404, `No such checkout.session: ${path}`) : { status: 200, body: shownSession(one, query.includes('payment_intent')) };
  } // prettier-ignore

  const vendor = await fakeVendor((request) => {
    const published = request.path === '/v1/refunds' && request.method === 'POST';
    const wrong = [...(published ? (contract?.faults(request) ?? []) : checkoutContract.faults(request)), ...looseEnds(request)];
    faults.push(...wrong);
    if (wrong.length > 0) return no(400, wrong.join('; '));
    if (request.method === 'GET') return get(request);
    const key = `${request.path} ${String(request.headers['idempotency-key'])}`;
    const known = keys.get(key);
    if (known !== undefined && known.asked !== request.rawBody) return no(400, 'Keys for idempotent requests can only be used with the same parameters', 'idempotency_error'); // prettier-ignore
    const becomes = fate(request.path);
    if (becomes === 'lost_before') return 'cut';
    if (becomes !== 'done' && becomes !== 'lost_after') return becomes;
    const answer = known?.answer ?? post(request);
    keys.set(key, { asked: request.rawBody, answer });
    return becomes === 'lost_after' ? 'cut' : answer;
  });

  return {
    ...vendor,
    faults,
    sessions,
    refunds,
    disputes,
    pay(id, { received, later } = {}) {
      const one = sessions.get(id);
      if (one?.status !== 'open') throw new Error(`nobody can pay at ${id}`);
      const intent = { id: `pi_${(made += 1)}`, status: later ? 'processing' : 'succeeded', received: later ? 0 : (received ?? one.amount), disputed: false }; // prettier-ignore
      Object.assign(one, { status: 'complete', paid: later !== true, intent });
      return intent.id;
    },
    refund(intent, amount) {
      const back = giveBack(intent, amount, {});
      if (!('id' in Object(back))) throw new Error('there is not so much');
      return back as FakeRefund; // it has an id
    },
    dispute(intent, amount) {
      const of = sessionOf(intent)?.intent;
      if (of) of.disputed = true;
      disputes.push({ id: `dp_${(made += 1)}`, intent, status: 'needs_response', amount });
    },
    event(type, object, secret, id = `evt_${(made += 1)}`) {
      return stripeSigned(secret, JSON.stringify({ id, object: 'event', type, data: { object } }), clock());
    },
  };
}
