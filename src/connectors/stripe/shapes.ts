import { z } from 'zod';

/** The parts of answers that we rely on; the rest may change freely. Times are seconds since 1970, amounts in Stripe's own units. */
const Card = z.object({ brand: z.string().nullish(), last4: z.string().nullish() });
const Charge = z.object({
  id: z.string(),
  created: z.number(),
  amount_refunded: z.int(),
  disputed: z.boolean(),
  payment_method_details: z.object({ type: z.string(), card: Card.nullish() }).nullish(),
  billing_details: z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish(),
});
const Intent = z.object({
  id: z.string(),
  status: z.string(),
  currency: z.string(),
  amount_received: z.int(),
  latest_charge: z.union([Charge, z.string()]).nullish(),
  last_payment_error: z.object({ message: z.string().nullish() }).nullish(),
});

/** @see https://docs.stripe.com/api/checkout/sessions/object */
export const Session = z.object({
  id: z.string().startsWith('cs_'),
  status: z.enum(['open', 'complete', 'expired']),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  url: z.url().nullish(),
  amount_total: z.int(),
  currency: z.string().length(3),
  client_reference_id: z.string().nullish(),
  customer_details: z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish(),
  /** Whole where it was asked for. */
  payment_intent: z.union([Intent, z.string()]).nullish(),
});
export type Session = z.output<typeof Session>;
export const Sessions = z.object({ data: z.array(z.object({ id: z.string(), livemode: z.boolean() })) });

/** @see https://docs.stripe.com/api/refunds/object */
export const Refund = z.object({
  id: z.string().min(1),
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']).nullable(),
  amount: z.int(),
  currency: z.string().length(3),
  created: z.number(),
  failure_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type Refund = z.output<typeof Refund>;
export const Refunds = z.object({ data: z.array(Refund), has_more: z.boolean() });

/** @see https://docs.stripe.com/api/disputes/object */
export const Dispute = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.int(),
  currency: z.string().length(3),
  reason: z.string(),
  created: z.number(),
  evidence_details: z.object({ due_by: z.number().nullish() }).nullish(),
});
export type Dispute = z.output<typeof Dispute>;
export const Disputes = z.object({ data: z.array(Dispute) });

export const Fault = z.object({ error: z.object({ type: z.string(), code: z.string().nullish() }) });
