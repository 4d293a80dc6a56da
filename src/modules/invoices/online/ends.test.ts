import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnection } from '#modules/connections/operations.ts';
import { decideEffect, listEffects } from '#modules/workflows/operations/effects.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { fakeStripe, type FakeStripe } from '#testing/vendors/stripe.ts';
import { createInvoice, getInvoiceOperation } from '../operations/invoices.ts';
import { creditInvoice, invoicePaymentsOperation, payInvoice, voidInvoice, writeOffInvoice } from '../operations/money.ts';
import { aPayer, ledgerFaults } from '../testing.ts';
import { payPath } from './link.ts';
import { lookDue } from './look.ts';
import { onlinePayments, refundPayment } from './operations.ts';

/** Where online payments end otherwise than planned: what the books say then, to the cent, and what a person is told. */
const SECRET = 'whsec_of-tests';
let app: TestApp;
let stripe: FakeStripe;
let connectionId: string;
let fate: (path: string) => 'done' | 'lost_before' | 'lost_after' = () => 'done';
beforeAll(async () => {
  const clock: { now: () => Date } = { now: () => new Date() };
  stripe = await fakeStripe({ now: () => clock.now(), fate: (path) => fate(path) });
  app = await testApp({ vendorBaseUrls: { stripe: stripe.url }, settings: { STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
  clock.now = () => app.clock.now();
  const credentials = { api_key: 'sk_test_key-of-tests', webhook_secret: SECRET };
  connectionId = (await app.call(createConnection, { connector: 'stripe', credentials })).id;
});
afterAll(async () => {
  await app.close();
  await stripe.close();
});

const anInvoice = async () => (await app.call(createInvoice, { clientId: await aPayer(app), amount: '100.00', issue: true })).id;
const press = (id: string) => app.http.inject({ method: 'POST', url: payPath(app.runtime, app.company.companyId, id), headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: '' }); // prettier-ignore
const page = async (id: string) => (await app.http.inject({ method: 'GET', url: payPath(app.runtime, app.company.companyId, id) })).body;
const sessionFor = async (id: string) => /(cs_test_\d+)$/.exec(String(Reflect.get((await press(id)).headers, 'refresh')))?.[1] ?? 'none';
const hook = async (type: string, object: object) => {
  const { body, headers } = stripe.event(type, object, SECRET);
  return (await app.http.inject({ method: 'POST', url: `/vendors/${connectionId}/events`, headers, payload: body })).statusCode;
};
const look = async () => {
  await app.drain();
  await lookDue(app.runtime);
  await app.drain();
};
/** Time passes, and nothing is told. */
const later = async (by: Parameters<TestApp['clock']['advance']>[0]) => {
  app.clock.advance(by);
  await look();
};
const online = (id: string) => app.call(onlinePayments, { invoiceId: id });
const notesOf = async (id: string) => (await online(id)).notes.map(({ says }) => says.replace(/INV-\d+-\d+/, 'it'));
/** State, what is owed, the client's credit, and each movement of money. */
async function books(id: string) {
  const { status, balanceCents } = await app.call(getInvoiceOperation, { invoiceId: id });
  const { items, creditCents, entries } = await app.call(invoicePaymentsOperation, { invoiceId: id });
  const cash = entries.filter(({ account }) => account === 'cash').reduce((sum, one) => sum + one.amountCents, 0);
  return { status, owed: balanceCents, credit: creditCents, cash, moved: items.map(({ kind, amountCents }) => `${kind} ${amountCents}`) };
}
async function paidOnline(id: string): Promise<string> {
  const session = await sessionFor(id);
  const intent = stripe.pay(session);
  await hook('checkout.session.completed', { id: session });
  await look();
  return intent;
}
const refundsOf = (intent: string) => stripe.refunds.filter((one) => one.intent === intent).map(({ amount }) => amount);

test.each([
  ['it did happen', 'happened' as const, { cash: 0, moved: ['payment 11900', 'refund 11900'] }, 'done'],
  ['it did not', 'drop' as const, { cash: 11_900, moved: ['payment 11900'] }, 'refused'],
])(
  'a refund whose answers are lost for a day is in doubt and not made again; a person decides: %s',
  async (_name, decision, after, state) => {
    const id = await anInvoice();
    const intent = await paidOnline(id);
    fate = (path) => (path === '/v1/refunds' ? 'lost_before' : 'done');
    await app.call(refundPayment, { invoiceId: id });
    for (let tries = 0; tries < 6; tries++) await later({ hours: 5 });
    fate = () => 'done';
    await later({ hours: 1 });
    expect(await online(id)).toMatchObject({
      refunds: [{ state: 'in_doubt', problem: expect.stringContaining('no longer knows our key') }],
    });
    expect(await books(id)).toMatchObject({ cash: 11_900, credit: 11_900 });
    const { items } = await app.call(listEffects, { state: 'in_doubt' });
    await app.call(decideEffect, { effectId: items[0]?.id ?? '', decision });
    await look();
    expect(refundsOf(intent)).toEqual([]);
    expect(await online(id)).toMatchObject({ refunds: [{ state }] });
    expect(await books(id)).toMatchObject(after);
  },
);

test('less or more than was asked for is booked as it came, and a person is told', async () => {
  const [less, more] = [await anInvoice(), await anInvoice()];
  stripe.pay(await sessionFor(less), { received: 5_000 });
  stripe.pay(await sessionFor(more), { received: 15_000 });
  await later({ minutes: 3 });
  expect(await books(less)).toMatchObject({ status: 'partly_paid', owed: 6_900, credit: 0, cash: 5_000 });
  expect(await books(more)).toMatchObject({ status: 'paid', owed: 0, credit: 3_100, cash: 15_000 });
  expect((await notesOf(less)).join()).toContain('119.00 EUR was asked for online and 50.00 EUR came in');
  expect((await notesOf(more)).join()).toContain('31.00 EUR of it is the client’s credit now');
  // The rest is asked for next.
  const rest = await sessionFor(less);
  expect(stripe.sessions.get(rest)?.amount).toBe(6_900);
});

test('money in another currency is not booked, nor what goes back of it; when it is back, nobody need look any more', async () => {
  const id = await anInvoice();
  const session = await sessionFor(id);
  Object.assign(stripe.sessions.get(session) ?? {}, { currency: 'usd' });
  const intent = stripe.pay(session);
  await later({ minutes: 3 });
  const nothing = { status: 'issued', owed: 11_900, credit: 0, cash: 0, moved: [] };
  expect(await books(id)).toEqual(nothing);
  expect(await notesOf(id)).toEqual([expect.stringContaining('119.00 USD came in for it, which is in EUR. Nothing was booked')]);
  expect(await online(id)).toMatchObject({ checkouts: [{ state: 'paid', paidCents: 0, refundableCents: 0 }] });
  await expect(app.call(refundPayment, { invoiceId: id })).rejects.toThrow('no online payment of this invoice');
  stripe.refund(intent, 11_900);
  await hook('charge.refunded', { id: 'ch', payment_intent: intent });
  await look();
  expect([await books(id), await notesOf(id)]).toEqual([nothing, []]);
});

test.each(['told', 'never told'])(
  'a refund that fails days later comes back to the client’s credit, once, and can be made again: %s',
  async (how) => {
    const id = await anInvoice();
    const intent = await paidOnline(id);
    await app.call(refundPayment, { invoiceId: id });
    await look();
    expect(await books(id)).toMatchObject({ credit: 0, cash: 0 });
    const [refund] = stripe.refunds.slice(-1);
    if (refund) refund.status = 'failed';
    if (how === 'told') {
      await hook('refund.failed', { id: 're', payment_intent: intent });
      await hook('charge.refund.updated', { id: 're', payment_intent: intent });
      await look();
    } else for (let days = 0; days < 8; days += 4) await later({ days: 4 });
    expect(await books(id)).toMatchObject({ status: 'paid', credit: 11_900, cash: 11_900, moved: ['payment 11900', 'refund 11900', 'payment 11900'] }); // prettier-ignore
    expect(await notesOf(id)).toEqual([expect.stringContaining('119.00 EUR of it could not be given back')]);
    // Its credit note stands already: no second one.
    await app.call(refundPayment, { invoiceId: id });
    await look();
    expect(await books(id)).toMatchObject({ credit: 0, cash: 0 });
    expect(await online(id)).toMatchObject({ refunds: [{ state: 'failed' }, { state: 'done' }] });
  },
);

test('a dispute that is won changes nothing and its note goes; a lost one is booked once, and the client owes it', async () => {
  const [won, lost] = [await anInvoice(), await anInvoice()];
  const intents = [await paidOnline(won), await paidOnline(lost)];
  const close = async (intent: string, status: string) => {
    stripe.dispute(intent, 11_900);
    await hook('charge.dispute.created', { id: 'dp', payment_intent: intent });
    await look();
    const [dispute] = stripe.disputes.slice(-1);
    if (dispute) dispute.status = status;
    for (let told = 0; told < 2; told++) {
      await hook('charge.dispute.closed', { id: 'dp', payment_intent: intent });
      await look();
    }
  };
  await close(intents[0] ?? '', 'won');
  await close(intents[1] ?? '', 'lost');
  expect([await books(won), await notesOf(won)]).toEqual([{ status: 'paid', owed: 0, credit: 0, cash: 11_900, moved: ['payment 11900'] }, []]); // prettier-ignore
  expect(await books(lost)).toMatchObject({ status: 'paid', credit: -11_900, cash: 0, moved: ['payment 11900', 'refund 11900'] });
  expect(await notesOf(lost)).toEqual([expect.stringContaining('took 119.00 EUR of it back (fraudulent). It is booked')]);
  expect((await app.call(invoicePaymentsOperation, { invoiceId: lost })).items.map(({ kind, disputed }) => [kind, disputed])).toEqual([['payment', false], ['refund', true]]); // prettier-ignore
  // Nothing is left to give back.
  await expect(app.call(refundPayment, { invoiceId: lost })).rejects.toThrow('no online payment');
  // A credit note puts it right.
  await app.call(creditInvoice, { invoiceId: lost });
  expect(await books(lost)).toMatchObject({ credit: 0, cash: 0 });
});

test.each(['bank first', 'online first'])(
  'paid by the link and by the bank: the second is the client’s credit, which goes back without a credit note (%s)',
  async (order) => {
    const id = await anInvoice();
    const session = await sessionFor(id);
    if (order === 'bank first') await app.call(payInvoice, { invoiceId: id });
    stripe.pay(session);
    await later({ minutes: 3 });
    if (order === 'online first') await app.call(payInvoice, { invoiceId: id, amount: '119.00' });
    expect(await books(id)).toMatchObject({ status: 'paid', owed: 0, credit: 11_900, cash: 23_800 });
    if (order === 'bank first') expect((await notesOf(id)).join()).toContain('was paid already');
    await app.call(refundPayment, { invoiceId: id });
    await look();
    expect(await books(id)).toMatchObject({ status: 'paid', credit: 0, cash: 11_900 });
  },
);

test.each([
  ['paid', (id: string) => app.call(payInvoice, { invoiceId: id }), 'The invoice is paid'],
  ['voided', (id: string) => app.call(voidInvoice, { invoiceId: id }), 'was voided. Please do not pay'],
  ['credited', (id: string) => app.call(creditInvoice, { invoiceId: id }), 'nothing left to do'],
  ['written off', (id: string) => app.call(writeOffInvoice, { invoiceId: id }), 'Nothing is owed'],
])('the link of an invoice that was %s takes no money, and its page at the service is closed', async (_name, end, says) => {
  const id = await anInvoice();
  const session = await sessionFor(id);
  await end(id);
  expect((await press(id)).headers['refresh']).toBeUndefined();
  expect(await page(id)).toContain(says);
  expect(await page(id)).not.toContain('<form');
  await look();
  expect(stripe.sessions.get(session)?.status).toBe('expired');
});

test('a page that was left unpaid ends, the next press makes a new one; what is told of the old one later changes nothing', async () => {
  const id = await anInvoice();
  const old = await sessionFor(id);
  Object.assign(stripe.sessions.get(old) ?? {}, { status: 'expired' });
  await hook('checkout.session.expired', { id: old });
  await look();
  expect(await online(id)).toMatchObject({ checkouts: [{ state: 'expired' }] });
  const next = await sessionFor(id);
  expect(next).not.toBe(old);
  const intent = stripe.pay(next);
  // In the wrong order, and twice.
  for (const [type, name] of [['checkout.session.expired', old], ['checkout.session.completed', next], ['checkout.session.expired', old], ['checkout.session.completed', next]] as const) await hook(type, { id: name }); // prettier-ignore
  await hook('payment_intent.created', { id: intent });
  await look();
  expect(await books(id)).toMatchObject({ status: 'paid', cash: 11_900, moved: ['payment 11900'] });
  expect(await notesOf(id)).toEqual([]);
});

test('a credit note over a part: the link asks for the rest', async () => {
  const id = await anInvoice();
  const first = await sessionFor(id);
  await app.call(creditInvoice, { invoiceId: id, lines: [{ description: 'Less', unitPriceCents: 2_000 }] });
  const second = await sessionFor(id);
  expect([stripe.sessions.get(first)?.status, stripe.sessions.get(second)?.amount]).toEqual(['expired', 9_520]);
  stripe.pay(second);
  await later({ minutes: 3 });
  expect(await books(id)).toMatchObject({ status: 'paid', owed: 0, credit: 0, cash: 9_520 });
});

test('the books add up after all of it, and each request was by the contract', async () => {
  expect(stripe.faults).toEqual([]);
  expect(await ledgerFaults(app)).toEqual([]);
});
