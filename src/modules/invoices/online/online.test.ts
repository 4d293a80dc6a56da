import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnection } from '#modules/connections/operations.ts';
import { armCrashPoint } from '#core/effects/crash-points.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { fakeStripe, type FakeStripe } from '#testing/vendors/stripe.ts';
import { createInvoice, getInvoiceOperation } from '../operations/invoices.ts';
import { mailInvoice } from '../operations/mail.ts';
import { invoicePaymentsOperation, payInvoice, voidInvoice } from '../operations/money.ts';
import { aPayer, ledgerFaults } from '../testing.ts';
import { payPath } from './link.ts';
import { lookDue } from './look.ts';
import { onlinePayments, refundPayment } from './operations.ts';

const SECRET = 'whsec_of-tests';
let app: TestApp;
let stripe: FakeStripe;
let connectionId: string;
/** What becomes of the next POSTs to a path. */
let fate: (path: string) => 'done' | 'lost_before' | 'lost_after' = () => 'done';
beforeAll(async () => {
  const clock: { now: () => Date } = { now: () => new Date() };
  stripe = await fakeStripe({ now: () => clock.now(), fate: (path) => fate(path) });
  app = await testApp({ vendorBaseUrls: { stripe: stripe.url }, settings: { STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
  clock.now = () => app.clock.now();
});
afterAll(async () => {
  await app.close();
  await stripe.close();
});

const anInvoice = async (amount = '100.00') => app.call(createInvoice, { clientId: await aPayer(app), amount, issue: true });
const pathOf = (id: string) => payPath(app.runtime, app.company.companyId, id);
const press = (id: string) => app.http.inject({ method: 'POST', url: pathOf(id), headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: '' }); // prettier-ignore
const page = async (id: string, query = '') => (await app.http.inject({ method: 'GET', url: `${pathOf(id)}${query}` })).body;
const get = (id: string) => app.call(getInvoiceOperation, { invoiceId: id });
const online = (id: string) => app.call(onlinePayments, { invoiceId: id });
const paymentsOf = async (id: string) => (await app.call(invoicePaymentsOperation, { invoiceId: id })).items.map(({ kind, amountCents }) => `${kind} ${amountCents}`); // prettier-ignore
/** The session that the browser is sent to. */
const sessionOf = (answer: { readonly headers: object }) => /(cs_test_\d+)$/.exec(String(Reflect.get(answer.headers, 'refresh')))?.[1] ?? 'none'; // prettier-ignore
const sessionFor = async (id: string) => sessionOf(await press(id));
const hook = async (type: string, object: object, id?: string) => {
  const { body, headers } = stripe.event(type, object, SECRET, id);
  const answer = await app.http.inject({ method: 'POST', url: `/vendors/${connectionId}/events`, headers, payload: body });
  return answer.statusCode;
};
const look = async () => {
  await app.drain();
  await lookDue(app.runtime);
};

test('without a payment service there is no button; with one it is on the page, and looking at it makes nothing', async () => {
  const { id } = await anInvoice();
  expect(await page(id)).toContain('can’t be paid online');
  expect(await online(id)).toMatchObject({ link: null, why: expect.stringContaining('No payment service') });
  const made = await app.call(createConnection, { connector: 'stripe', credentials: { api_key: 'sk_test_key-of-tests', webhook_secret: SECRET } });
  connectionId = made.id;
  expect(await page(id)).toContain('Pay 119.00 EUR online');
  expect(stripe.sessions.size).toBe(0);
  expect((await online(id)).link).toBe(`https://steward.acme.test${pathOf(id)}`);
  for (const wrong of [`${pathOf(id)}x`, '/pay/nonsense']) expect((await app.http.inject({ method: 'GET', url: wrong })).statusCode).toBe(404);
}); // prettier-ignore

test('mails have the link as a button while something is owed', async () => {
  const { id } = await anInvoice();
  await app.call(mailInvoice, { invoiceId: id });
  await app.drain();
  const text = `select m.text from messages m join runs r on r.id = m.run_id where r.subject_id = $1`;
  const [mail] = await app.runtime.system.read((tx) => tx.query<{ text: string }>({ name: 'test.mail', text }, [id]));
  expect(mail?.text).toContain(`\n\n→ Pay online: https://steward.acme.test${pathOf(id)}\n\n`);
});

test('who presses twice gets one page; what is paid there is booked once, however often and in whatever order it is told', async () => {
  const { id } = await anInvoice();
  const [one, two] = await Promise.all([press(id), press(id)]);
  const session = sessionOf(one);
  expect(sessionOf(two)).toBe(session);
  expect(stripe.sessions.get(session)).toMatchObject({ amount: 11_900, currency: 'eur' });
  const intent = stripe.pay(session);
  expect(await hook('payment_intent.succeeded', { id: intent })).toBe(200);
  await Promise.all([hook('checkout.session.completed', { id: session }, 'evt_same'), hook('checkout.session.completed', { id: session }, 'evt_same')]); // prettier-ignore
  expect(await page(id, '?from=payment')).toContain('Under way');
  await Promise.all([lookDue(app.runtime), lookDue(app.runtime)]);
  await look();
  await hook('charge.updated', { id: 'ch', payment_intent: intent });
  await look();
  expect([(await get(id)).status, await paymentsOf(id)]).toEqual(['paid', ['payment 11900']]);
  expect(await online(id)).toMatchObject({ checkouts: [{ state: 'paid', method: 'Visa •••• 4242', payer: 'Paula Payer, paula@payer.test', refundableCents: 11_900 }], notes: [] }); // prettier-ignore
  expect(await page(id)).toContain('Thank you. The invoice is paid.');
  expect((await press(id)).statusCode).toBe(303);
});

test('a deposit is offered first, or all at once; whoever changes their mind has one page to pay at', async () => {
  const { id } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '100.00', depositPercent: 30, issue: true });
  const choose = async (pays: string) =>
    sessionOf(await app.http.inject({ method: 'POST', url: pathOf(id), headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: `pays=${pays}` }));
  expect(await page(id)).toMatch(/Deposit, due on 9 June 2026[^]*Pay the deposit, 35\.70 EUR, online[^]*Pay all, 119\.00 EUR/);
  const [first, all] = [await choose('due'), await choose('all')];
  expect([stripe.sessions.get(first)?.amount, stripe.sessions.get(all)?.amount]).toEqual([3_570, 11_900]);
  const again = await choose('due');
  expect(again).not.toBe(first);
  await hook('payment_intent.succeeded', { id: stripe.pay(again) });
  app.clock.advance({ minutes: 5 });
  await look();
  expect([(await get(id)).status, await paymentsOf(id)]).toEqual(['partly_paid', ['payment 3570']]);
  expect(await page(id)).toContain('Pay 83.30 EUR online');
}); // prettier-ignore

test('an event with a wrong signature, or an old one, is not taken', async () => {
  const { body, headers } = stripe.event('checkout.session.completed', { id: 'cs_test_1' }, 'whsec_of-somebody');
  const url = `/vendors/${connectionId}/events`;
  expect((await app.http.inject({ method: 'POST', url, headers, payload: body })).statusCode).toBe(401);
  const good = stripe.event('checkout.session.completed', { id: 'cs_test_1' }, SECRET);
  app.clock.advance({ minutes: 6 });
  expect((await app.http.inject({ method: 'POST', url, headers: good.headers, payload: good.body })).statusCode).toBe(401);
});

test('a webhook that never comes loses nothing', async () => {
  const { id } = await anInvoice();
  stripe.pay(await sessionFor(id));
  app.clock.advance({ minutes: 3 });
  await look();
  expect((await get(id)).status).toBe('paid');
});

test('what is owed changes: the page for the old sum is closed, the next one asks for the new', async () => {
  const { id } = await anInvoice();
  const first = await sessionFor(id);
  await app.call(payInvoice, { invoiceId: id, amount: '19.00' });
  await look();
  expect(stripe.sessions.get(first)?.status).toBe('expired');
  // Before the worker has come by it is closed at the press of the button.
  const second = await sessionFor(id);
  await app.call(payInvoice, { invoiceId: id, amount: '30.00' });
  const third = await sessionFor(id);
  expect([stripe.sessions.get(second)?.status, stripe.sessions.get(third)?.amount]).toEqual(['expired', 7_000]);
});

test('money for an invoice that was voided or paid meanwhile is the client’s credit, and a person is told', async () => {
  const { id } = await anInvoice();
  const session = await sessionFor(id);
  await app.call(voidInvoice, { invoiceId: id });
  stripe.pay(session);
  await look();
  const { creditCents } = await app.call(invoicePaymentsOperation, { invoiceId: id });
  expect([(await get(id)).status, creditCents]).toEqual(['void', 11_900]);
  expect((await online(id)).notes).toMatchObject([
    { says: expect.stringContaining('which is void. 119.00 EUR of it is the client’s credit') },
  ]);
});

test('a debit under way is no second button; when the bank refuses it, it can be tried again', async () => {
  const { id } = await anInvoice();
  const session = await sessionFor(id);
  stripe.pay(session, { later: true });
  await hook('checkout.session.completed', { id: session });
  await look();
  expect(await page(id)).toContain('Your payment is under way');
  expect((await press(id)).statusCode).toBe(303);
  const intent = stripe.sessions.get(session)?.intent;
  if (intent) intent.status = 'requires_payment_method';
  await hook('checkout.session.async_payment_failed', { id: session });
  await look();
  expect(await page(id)).toContain('did not go through: The bank said no.');
  expect((await get(id)).status).toBe('issued');
});

test('a refund goes out once though its answer is lost, with a credit note; parts add up, and no more than came in goes back', async () => {
  const { id } = await anInvoice();
  stripe.pay(await sessionFor(id));
  app.clock.advance({ minutes: 3 });
  await look();
  let lost = 2;
  fate = (path) => (path === '/v1/refunds' && lost-- > 0 ? (lost === 1 ? 'lost_after' : 'lost_before') : 'done');
  const before = stripe.refunds.length;
  await app.call(refundPayment, { invoiceId: id, amount: '19.00', reason: 'Goodwill' });
  await expect(app.call(refundPayment, { invoiceId: id, amount: '100.01' })).rejects.toThrow('100.00 at most');
  for (let tries = 0; tries < 3; tries++) {
    await app.drain();
    app.clock.advance({ minutes: 2 });
  }
  fate = () => 'done';
  expect(stripe.refunds.slice(before).map(({ amount }) => amount)).toEqual([1_900]);
  expect(await paymentsOf(id)).toEqual(['payment 11900', 'refund 1900']);
  expect(await online(id)).toMatchObject({ refunds: [{ state: 'done' }], checkouts: [{ refundableCents: 10_000 }], notes: [] });
  const { creditCents } = await app.call(invoicePaymentsOperation, { invoiceId: id });
  expect([creditCents, (await get(id)).status]).toEqual([0, 'paid']);
});

test('a crash between the answer and our commit gives nothing back twice', async () => {
  const { id } = await anInvoice();
  stripe.pay(await sessionFor(id));
  app.clock.advance({ minutes: 3 });
  await look();
  const before = stripe.refunds.length;
  const disarm = armCrashPoint('effects.before-confirm', () => {
    throw new Error('the process dies here');
  });
  await app.call(refundPayment, { invoiceId: id });
  await app.drain().catch(() => undefined);
  disarm();
  app.clock.advance({ minutes: 5 });
  await app.drain();
  expect(stripe.refunds.slice(before).map(({ amount }) => amount)).toEqual([11_900]);
  expect(await paymentsOf(id)).toEqual(['payment 11900', 'refund 11900']);
  expect(await online(id)).toMatchObject({ refunds: [{ state: 'done' }] });
});

test('what was given back at Stripe, and what a bank takes back, is booked once and shown', async () => {
  const { id } = await anInvoice();
  const intent = stripe.pay(await sessionFor(id));
  app.clock.advance({ minutes: 3 });
  await look();
  stripe.refund(intent, 1_000);
  stripe.dispute(intent, 2_000);
  for (const type of ['charge.refunded', 'charge.dispute.created']) await hook(type, { id: 'x', payment_intent: intent });
  await look();
  const notes = (await online(id)).notes.map(({ says }) => says.replace(/INV-\S+/, 'it').slice(0, 38));
  expect(notes.toSorted()).toEqual(
    ['10.00 EUR of it was given back at the p', 'The payer’s bank wants 20.00 EUR of it '].map((text) => text.slice(0, 38)),
  );
  const [dispute] = stripe.disputes.slice(-1);
  if (dispute) dispute.status = 'lost';
  await hook('charge.dispute.closed', { id: 'x', payment_intent: intent });
  await look();
  expect(await paymentsOf(id)).toEqual(['payment 11900', 'refund 1000', 'refund 2000']);
  expect((await get(id)).status).toBe('paid');
});

test('the books add up after all of it, and each request was by the contract', async () => {
  expect(stripe.faults).toEqual([]);
  expect(await ledgerFaults(app)).toEqual([]);
});
