import { setTimeout as pause } from 'node:timers/promises';
import { MaybeDone } from '#core/connector/errors.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Checkout, PaymentsPort } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById, paymentsPort } from '#modules/connections/public.ts';
import { balanceOf, dueNowOf, lockInvoice, type StoredInvoice } from '../invoice.ts';
import { addressee } from '../mail/start.ts';
import { applySeen } from './apply.ts';
import { checkoutsOf, getCheckout, isLive, Ordered, type StoredCheckout } from './checkout.ts';
import { payLink } from './link.ts';
import { nextLook } from './next-look.ts';
import { obstacleTo, offersOf } from './offered.ts';

const MINUTE_MS = 60_000;
/** Half an hour less than the longest that the service allows. */
const LIFE_MS = 23.5 * 60 * MINUTE_MS;
/** Whoever presses the button has at least so long to pay. */
const SHORTEST_MS = 60 * MINUTE_MS;
/** One that was begun and never finished is taken up again for so long, under its own key. */
const TAKE_UP_MS = 10 * MINUTE_MS;
/** The same call again while the service still works on the first. */
const TRIES_MS = [300, 1_000];
const MOST_ROUNDS = 4;

const INSERT: Statement = {
  name: 'checkouts.insert',
  text: `insert into invoice_checkouts (id, company_id, invoice_id, connection_id, state, amount_cents, currency, ordered, expires_at, look_at, created_at, updated_at)
         values ($1, $2, $3, $4, 'making', $5, $6, $7, $8, $9, $10, $10)`,
};
const MADE: Statement = {
  name: 'checkouts.made',
  text: `update invoice_checkouts set state = 'open', external_id = $3, url = $4, look_at = $5, updated_at = $6 where company_id = $1 and id = $2 and state = 'making' returning id`,
};
const DROP: Statement = {
  name: 'checkouts.drop',
  text: `update invoice_checkouts set state = 'expired', look_at = null, updated_at = $3 where company_id = $1 and id = $2 and state = 'making'`,
};
const CLOSING: Statement = {
  name: 'checkouts.closing',
  text: `update invoice_checkouts set closing = true, look_at = $3 where company_id = $1 and id = $2 and state = 'open'`,
};

/** Where the payer goes; or why there is nothing to pay online now, and whether a payment is under way. */
export type Begun = { readonly url: string } | { readonly says: string; readonly underWay: boolean };

/** What is asked for next, or all that is owed: the same where there is no deposit. */
export type Pays = 'due' | 'all';

type Step =
  | Begun
  /** It is to be closed at the service first: it asks for something else. */
  | { readonly close: StoredCheckout }
  | { readonly make: StoredCheckout };

/**
 * Somebody wants to pay: a page of the payment service for what is owed now. There is never more than one where money can go in: pages for another sum are closed before.
 * What is made stands in the database first, under the key that the service gets; a crash leaves a page whose address nobody has.
 * @throws VendorUnavailable, VendorRefused, CredentialsRejected, MaybeDone
 */
export async function beginPayment(runtime: Runtime, companyId: string, invoiceId: string, pays: Pays = 'due'): Promise<Begun> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = await runtime.database.write(companyId, (tx) => nextStep(tx, runtime, companyId, invoiceId, pays));
    if ('url' in step || 'says' in step) return step;
    const checkout = 'make' in step ? step.make : step.close;
    const port = await portOf(runtime, checkout);
    if ('close' in step) {
      const seen = await port.close(checkout.externalId ?? '');
      await runtime.database.write(companyId, (tx) => applySeen(tx, runtime, companyId, checkout.id, seen));
      runtime.engine.nudge();
      continue;
    }
    const made = await create(port, checkout);
    const url = await runtime.database.write(companyId, (tx) => keep(tx, runtime, checkout, made));
    if (url !== null) return { url };
  }
  return { says: 'The invoice is being changed. Try again in a minute.', underWay: false };
}

async function portOf(runtime: Runtime, { companyId, connectionId }: StoredCheckout): Promise<PaymentsPort> {
  const row =
    connectionId === null ? undefined : await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) throw new MaybeDone('The payment service was disconnected a moment ago');
  return paymentsPort(runtime, row);
}

async function nextStep(tx: Transaction, runtime: Runtime, companyId: string, invoiceId: string, pays: Pays): Promise<Step> {
  const row = await lockInvoice(tx, companyId, invoiceId);
  const offer = (await offersOf(tx, runtime, [companyId])).get(companyId);
  const why = obstacleTo(offer, row);
  if (why !== null || offer === undefined) return { says: why ?? '', underWay: false };
  const at = runtime.clock.now();
  const owed = pays === 'all' ? balanceOf(row) : dueNowOf(row);
  const live = (await checkoutsOf(tx, companyId, invoiceId)).filter(isLive);
  if (live.some(({ state }) => state === 'processing'))
    return { says: 'A payment is under way. It may take some days until it arrives.', underWay: true };
  for (const one of live) {
    const good = one.amountCents === owed && one.connectionId === offer.connection.id && !one.closing;
    if (one.state === 'open') {
      if (good && one.url !== null && one.expiresAt.getTime() - at.getTime() > SHORTEST_MS) return { url: one.url };
      await tx.query(CLOSING, [companyId, one.id, at]);
      if (one.connectionId !== null) return { close: one };
    } else if (good && at.getTime() - one.createdAt.getTime() < TAKE_UP_MS) return { make: one };
    else await tx.query(DROP, [companyId, one.id, at]);
  }
  const id = newId();
  const ordered = await orderOf(tx, runtime, row);
  const expiresAt = new Date(at.getTime() + LIFE_MS);
  const values = [id, companyId, invoiceId, offer.connection.id, owed, row.currency, JSON.stringify(ordered), expiresAt, new Date(at.getTime() + TAKE_UP_MS), at];
  await tx.query(INSERT, values);
  const made = await getCheckout(tx, companyId, id);
  if (made === undefined) throw new Error('the row was written a line above');
  return { make: made };
} // prettier-ignore

async function orderOf(tx: Transaction, runtime: Runtime, row: StoredInvoice): Promise<Ordered> {
  const link = payLink(runtime, row.companyId, row.id);
  const whom = await addressee(tx, row.companyId, row.clientId);
  return {
    title: `Invoice ${row.number ?? ''}`.trim(),
    email: whom?.email ?? null,
    returnUrl: `${link}?from=payment`,
    cancelUrl: link,
    language: row.language,
  };
}

async function create(port: PaymentsPort, checkout: StoredCheckout): Promise<Checkout> {
  const { id: key, amountCents, currency, expiresAt } = checkout;
  const order = { ...Ordered.parse(checkout.ordered), key, amountCents, currency, expiresAt };
  for (let tries = 0; ; tries++) {
    try {
      return await port.checkout(order);
    } catch (error) {
      const wait = TRIES_MS[tries];
      if (!(error instanceof MaybeDone) || wait === undefined) throw error;
      await pause(wait);
    }
  }
}

/** Its address, from now on known; null: meanwhile it is no longer wanted. */
async function keep(
  tx: Transaction,
  runtime: Runtime,
  { companyId, id, expiresAt }: StoredCheckout,
  made: Checkout,
): Promise<string | null> {
  const at = runtime.clock.now();
  const next = nextLook({ state: 'open', looks: 0, paidAt: null, expiresAt }, at);
  await tx.query(MADE, [companyId, id, made.externalId, made.url, next, at]);
  const now = await getCheckout(tx, companyId, id);
  return now?.state === 'open' && !now.closing ? now.url : null;
}
