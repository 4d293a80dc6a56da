import type { Checkout, CheckoutState, VendorDispute, VendorRefund } from '#core/ports/payments.ts';
import { fromStripe } from './amounts.ts';
import type { Dispute, Refund, Session } from './shapes.ts';

/** What names our order in the metadata of a refund. */
export const OUR_KEY = 'steward_key';

const METHODS: Readonly<Record<string, string>> = {
  sepa_debit: 'SEPA debit',
  us_bank_account: 'Bank debit',
  bacs_debit: 'Bacs debit',
  ideal: 'iDEAL',
  paypal: 'PayPal',
  link: 'Link',
  amazon_pay: 'Amazon Pay',
  customer_balance: 'Bank transfer',
};

export function checkoutOf(session: Session, refunds: readonly Refund[], disputes: readonly Dispute[]): Checkout {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const charge = intent !== null && typeof intent?.latest_charge === 'object' ? intent?.latest_charge : null;
  const state = stateOf(session);
  const currency = (state === 'paid' ? (intent?.currency ?? session.currency) : session.currency).toUpperCase();
  const amount = state === 'paid' ? (intent?.amount_received ?? session.amount_total) : session.amount_total;
  const details = charge?.payment_method_details;
  const who = [session.customer_details?.name ?? charge?.billing_details?.name, session.customer_details?.email];
  return {
    externalId: session.id,
    key: session.client_reference_id ?? null,
    state,
    url: session.url ?? null,
    amountCents: fromStripe(amount, currency),
    currency,
    paymentRef: intent?.id ?? (typeof session.payment_intent === 'string' ? session.payment_intent : null),
    paidAt: state === 'paid' && charge != null ? at(charge.created) : null,
    method: details == null ? null : methodOf(details),
    payer: who.filter((one) => one != null && one !== '').join(', ') || null,
    problem: intent?.last_payment_error?.message ?? null,
    refunds: refunds.map((one) => refundOf(one)),
    disputes: disputes.map((one) => disputeOf(one)),
  };
}

function stateOf({ status, payment_status: paid, payment_intent: intent }: Session): CheckoutState {
  if (status !== 'complete') return status;
  if (paid !== 'unpaid') return 'paid';
  // A debit that a bank refused asks for another way to pay, which nobody will give any more.
  return typeof intent === 'object' && intent !== null && ['requires_payment_method', 'canceled'].includes(intent.status)
    ? 'failed'
    : 'processing';
}

function methodOf({ type, card }: { readonly type: string; readonly card?: { readonly brand?: string | null | undefined; readonly last4?: string | null | undefined } | null | undefined }): string {
  if (type !== 'card' || card == null) return METHODS[type] ?? capital(type.replaceAll('_', ' '));
  return [capital(card.brand ?? 'card'), card.last4 == null ? '' : `•••• ${card.last4}`].filter((part) => part !== '').join(' ');
} // prettier-ignore

export function refundOf(refund: Refund): VendorRefund {
  const { id, status, amount, currency, created, metadata, failure_reason: reason } = refund;
  const failed = status === 'failed' || status === 'canceled';
  return {
    externalId: id,
    key: metadata?.[OUR_KEY] ?? null,
    state: failed ? 'failed' : status === 'succeeded' ? 'done' : 'pending',
    amountCents: fromStripe(amount, currency.toUpperCase()),
    at: at(created),
    problem: failed ? `Stripe says ${(reason ?? status).replaceAll('_', ' ')}` : null,
  };
}

function disputeOf({ id, status, amount, currency, reason, created, evidence_details: evidence }: Dispute): VendorDispute {
  const by = evidence?.due_by;
  return {
    externalId: id,
    // A warning that was closed cost nothing. @see https://docs.stripe.com/api/disputes/object#dispute_object-status
    state: status === 'won' || status === 'warning_closed' || status === 'prevented' ? 'won' : status === 'lost' ? 'lost' : 'open',
    amountCents: fromStripe(amount, currency.toUpperCase()),
    reason: reason.replaceAll('_', ' '),
    answerBy: by == null ? null : at(by),
    at: at(created),
  };
}

const at = (seconds: number) => new Date(seconds * 1_000);
const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
