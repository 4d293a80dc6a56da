import type { Secret } from '#core/secrets.ts';
import type { SignedRequest, VerifySignature } from './signatures/types.ts';
import type { ConnectorOptions } from './types.ts';

/** What a vendor calls when something happened there. One address for each connection and each of these. */
export interface VendorWebhook<Credentials> {
  readonly title: string;
  /** What to set at the vendor, in a sentence. */
  readonly hint: string;
  readonly verify: VerifySignature;
  /** What it signs with; none: nothing was entered yet, and nothing is taken. */
  secrets(credentials: Credentials): readonly Secret[];
  /**
   * What happened, out of a request that was verified.
   * @throws VendorRefused when it is not what the vendor documents, VendorUnavailable when more had to be asked for and could not be
   */
  read(request: SignedRequest, credentials: Credentials, options: ConnectorOptions): Promise<readonly VendorEvent[]>;
  /** What the vendor wants to hear. Default: nothing. */
  readonly reply?: { readonly contentType: string; readonly body: string };
  /** To one request another answer: its own word back, for vendors that ask if the address is ours. */
  readonly replyTo?: (request: SignedRequest) => { readonly contentType: string; readonly body: string } | null;
}

/** What became of a message of ours. Later ones in this list outdo earlier ones, in whatever order they come. */
export const DELIVERIES = ['deferred', 'delivered', 'refused', 'bounced', 'complained'] as const;

export interface DeliveryEvent {
  readonly kind: 'delivery';
  /** The vendor's own name for this event: the second one is the first one. */
  readonly key: string;
  /** sent: the vendor sent it on, and knows no more than that. */
  readonly what: (typeof DELIVERIES)[number] | 'sent' | 'opened' | 'clicked' | 'unsubscribed';
  /** Our Message-ID, `<token@…>`, or what stands for it; events about anything else are none of our business. */
  readonly messageId: string;
  /** Null: the vendor does not say; now. */
  readonly at: Date | null;
  /** In the vendor's words. */
  readonly reason: string | null;
  /** Of `bounced`: the address is no good, nothing more may go there. */
  readonly permanent: boolean;
}

/** A mail that arrived. */
export interface MailEvent {
  readonly kind: 'mail';
  readonly key: string;
  readonly raw: Uint8Array;
  readonly receivedAt: Date | null;
}

/** An SMS that arrived. */
export interface SmsEvent {
  readonly kind: 'sms';
  readonly key: string;
  /** E.164. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** The vendor took it for a stop word and lets nothing more through. */
  readonly optOut: boolean;
}

/** A record changed there. Never taken for the change itself: whoever wants to know fetches it. */
export interface HintEvent {
  readonly kind: 'hint';
  readonly key: string;
  /** The vendor's name for what it is: contacts. */
  readonly object: string;
  readonly externalId: string;
}

/** Something happened there that workflows may want to know. Written by strangers: data, never instruction. */
export interface NoticeEvent {
  readonly kind: 'notice';
  /** The vendor's own name for it: the second one is the first one. */
  readonly key: string;
  /** The vendor's name of its kind, such as `app_mention`. */
  readonly type: string;
  /** Null: the vendor does not say; now. */
  readonly at: Date | null;
  readonly data: Readonly<Record<string, string | null>>;
}

export type VendorEvent = DeliveryEvent | MailEvent | SmsEvent | HintEvent | NoticeEvent;
