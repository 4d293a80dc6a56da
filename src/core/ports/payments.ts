/** What a checkout became. `failed`: it was filled in, and the bank said no afterwards. */
export type CheckoutState = 'open' | 'processing' | 'paid' | 'failed' | 'expired';

/** A page of the vendor's where somebody pays one sum once. Money is integer cents of `currency`, as everywhere here. */
export interface CheckoutOrder {
  /** Ours: the same order told twice is one page, for as long as the vendor keeps keys. Comes back as `key` of what is looked at. */
  readonly key: string;
  readonly amountCents: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** `Invoice R-0007`: what the payer reads, and finds on the receipt. */
  readonly title: string;
  readonly email: string | null;
  /** Where the browser goes afterwards. It proves nothing: whoever wants to know looks. */
  readonly returnUrl: string;
  readonly cancelUrl: string;
  /** Nobody can pay there any more from then on. */
  readonly expiresAt: Date;
  /** Two letters; null: the payer's browser decides. */
  readonly language: string | null;
}

/** Money that went back. `pending`: the vendor works on it. */
export interface VendorRefund {
  readonly externalId: string;
  /** Of our order; null: somebody gave it back at the vendor. */
  readonly key: string | null;
  readonly state: 'pending' | 'done' | 'failed';
  readonly amountCents: number;
  readonly at: Date;
  /** Why it failed, in the vendor's words. */
  readonly problem: string | null;
}

/** The payer's bank wants the money back. */
export interface VendorDispute {
  readonly externalId: string;
  readonly state: 'open' | 'won' | 'lost';
  readonly amountCents: number;
  readonly reason: string;
  /** Last moment for an answer; null: none is possible, or none is asked for. */
  readonly answerBy: Date | null;
  readonly at: Date;
}

/** All that the vendor knows of one checkout now. Absolute: what is told twice, late or in another order says the same. */
export interface Checkout {
  readonly externalId: string;
  readonly key: string | null;
  readonly state: CheckoutState;
  /** Where the payer goes while it is open. */
  readonly url: string | null;
  /** What came in when it is paid, else what is asked for. */
  readonly amountCents: number;
  readonly currency: string;
  /** The vendor's name for the payment; null: nobody has paid yet. */
  readonly paymentRef: string | null;
  readonly paidAt: Date | null;
  /** `Visa •••• 4242`, `SEPA debit`. */
  readonly method: string | null;
  /** Who paid, as they wrote it. */
  readonly payer: string | null;
  /** Why the last try failed, for people. */
  readonly problem: string | null;
  readonly refunds: readonly VendorRefund[];
  readonly disputes: readonly VendorDispute[];
}

export interface RefundOrder {
  /** Ours, as in `CheckoutOrder`. */
  readonly key: string;
  readonly paymentRef: string;
  readonly amountCents: number;
  readonly currency: string;
}

/** Where clients pay. Every call throws the errors of `connector/errors.ts` alone. */
export interface PaymentsPort {
  /** Milliseconds that the vendor keeps a key for: that long the same call made twice is one. */
  readonly keyMs: number;
  /** Why this sum can't be paid there, in a sentence; null: it can. Asks nobody. */
  obstacle(amountCents: number, currency: string): string | null;
  /** Keyed, and moves no money: a lost answer is VendorUnavailable. */
  checkout(order: CheckoutOrder): Promise<Checkout>;
  look(externalId: string): Promise<Checkout>;
  /** Nobody can pay there any more; what it is then, which may be paid. */
  close(externalId: string): Promise<Checkout>;
  /** Keyed. A lost answer is MaybeDone. */
  refund(order: RefundOrder): Promise<VendorRefund>;
  /** What went back of a payment, ours and others. */
  refunds(paymentRef: string, currency: string): Promise<readonly VendorRefund[]>;
}
