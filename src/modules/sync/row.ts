import type { CustomValue, PhoneFields } from '#modules/people/public.ts';

/** A person as a record of the source says it, everything normalised. */
export interface PersonRow {
  readonly kind: 'people';
  readonly externalId: string;
  readonly changedAt: Date | null;
  readonly hash: string;
  /** As they will be stored; null: the source has none. Absent: not mapped. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly otherEmails: readonly string[];
  readonly phone: PhoneFields | null;
  readonly custom: Readonly<Record<string, CustomValue>>;
  readonly tags: readonly string[];
  readonly optedOut: boolean;
  readonly flags: number;
  /** As it came, for the list of refused rows. */
  readonly raw: () => Readonly<Record<string, unknown>>;
}

export interface OrganisationRow {
  readonly kind: 'organisations';
  readonly externalId: string;
  readonly changedAt: Date | null;
  readonly hash: string;
  readonly fields: Readonly<Record<string, string | null>>;
  readonly flags: number;
}

/** A deal; amounts in cents of the currency, days as YYYY-MM-DD, all of it as text. */
export interface DealRow {
  readonly kind: 'deals';
  readonly externalId: string;
  readonly changedAt: Date | null;
  readonly hash: string;
  readonly fields: Readonly<Record<string, string | null>>;
  readonly flags: number;
  readonly raw: () => Readonly<Record<string, unknown>>;
}

/** A touch with a person; `at` is ISO 8601, `person` ids there, joined by `; `. */
export interface InteractionRow {
  readonly kind: 'interactions';
  readonly externalId: string;
  readonly changedAt: Date | null;
  readonly hash: string;
  readonly fields: Readonly<Record<string, string | null>>;
  readonly type: 'meeting' | 'call' | 'note' | 'email' | 'sms';
  readonly direction: 'inbound' | 'outbound' | 'internal';
  readonly at: Date;
  readonly content: string;
  /** Ids there, and addresses: the first one who is known here has it. */
  readonly personIds: readonly string[];
  readonly emails: readonly string[];
  readonly flags: number;
  readonly raw: () => Readonly<Record<string, unknown>>;
}

export interface Refusal {
  readonly externalId: string;
  readonly changedAt: Date | null;
  readonly hash: string;
  /** The vendor's field; null: the record as a whole. */
  readonly field: string | null;
  readonly reason: string;
  readonly value: string | null;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly flags: number;
}
