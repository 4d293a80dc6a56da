import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { CHECKOUT_STATES } from '../tables.ts';

/** What the service was told, apart from what has a column. */
export const Ordered = z.object({
  title: z.string(),
  email: z.string().nullable(),
  returnUrl: z.string(),
  cancelUrl: z.string(),
  language: z.string().nullable(),
});
export type Ordered = z.output<typeof Ordered>;

/** A page of the payment service, as it is stored. */
export interface StoredCheckout {
  readonly id: string;
  readonly companyId: string;
  readonly invoiceId: string;
  readonly connectionId: string | null;
  readonly state: (typeof CHECKOUT_STATES)[number];
  readonly amountCents: number;
  readonly currency: string;
  readonly ordered: unknown;
  readonly externalId: string | null;
  readonly paymentRef: string | null;
  readonly url: string | null;
  readonly closing: boolean;
  readonly expiresAt: Date;
  readonly paidCents: number;
  readonly paymentId: string | null;
  readonly paidAt: Date | null;
  readonly method: string | null;
  readonly payer: string | null;
  readonly problem: string | null;
  readonly lookAt: Date | null;
  readonly lookedAt: Date | null;
  readonly looks: number;
  readonly createdAt: Date;
}

const COLUMNS = `k.id, k.company_id as "companyId", k.invoice_id as "invoiceId", k.connection_id as "connectionId", k.state, k.amount_cents::float8 as "amountCents", k.currency,
  k.ordered, k.external_id as "externalId", k.payment_ref as "paymentRef", k.url, k.closing, k.expires_at as "expiresAt", k.paid_cents::float8 as "paidCents",
  k.payment_id as "paymentId", k.paid_at as "paidAt", k.method, k.payer, k.problem, k.look_at as "lookAt", k.looked_at as "lookedAt", k.looks, k.created_at as "createdAt"`;

const BY_ID: Statement = {
  name: 'checkouts.get',
  text: `select ${COLUMNS} from invoice_checkouts k where k.company_id = $1 and k.id = $2`,
};
const LOCK: Statement = { name: 'checkouts.lock', text: `${BY_ID.text} for update` };
const OF_INVOICE: Statement = {
  name: 'checkouts.of_invoice',
  text: `select ${COLUMNS} from invoice_checkouts k where k.company_id = $1 and k.invoice_id = $2 order by k.created_at desc, k.id desc limit 100`,
};

export async function getCheckout(tx: Transaction, companyId: string, id: string): Promise<StoredCheckout | undefined> {
  const [row] = await tx.query<StoredCheckout>(BY_ID, [companyId, id]);
  return row;
}

/** Locked. Whoever also locks its invoice does that first. */
export async function lockCheckout(tx: Transaction, companyId: string, id: string): Promise<StoredCheckout | undefined> {
  const [row] = await tx.query<StoredCheckout>(LOCK, [companyId, id]);
  return row;
}

/** The newest first. */
export function checkoutsOf(tx: Transaction, companyId: string, invoiceId: string): Promise<StoredCheckout[]> {
  return tx.query<StoredCheckout>(OF_INVOICE, [companyId, invoiceId]);
}

/** Somebody may still pay there, or has and we do not know yet. */
export const isLive = ({ state }: Pick<StoredCheckout, 'state'>) => state === 'making' || state === 'open' || state === 'processing';
