import { VendorRefused } from '#core/connector/errors.ts';

/** The vendor knows that this number wants no messages: they wrote STOP. */
export class OptedOutAtVendor extends VendorRefused {}

/** A text message, complete: what is here is what goes out. */
export interface OutgoingSms {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** Where the vendor may tell what became of it; null where nobody outside can reach us. */
  readonly statusUrl: string | null;
}

export interface SmsPort {
  /** @throws VendorRefused, VendorUnavailable (nothing handed), CredentialsRejected, MaybeDone (the answer was lost). */
  send(sms: OutgoingSms): Promise<{ externalId: string; response: string }>;
  /**
   * Did this message go out since that moment? `known`: ids that other messages have already. Null proves nothing: vendors show a message some
   * time after they took it.
   */
  find?(sms: Pick<OutgoingSms, 'to' | 'text'>, since: Date, known: ReadonlySet<string>): Promise<{ externalId: string } | null>;
}
