/** Outgoing mail, complete: what is here is what goes on the wire. */
export interface OutgoingEmail {
  readonly messageId: string; // with angle brackets, deterministic per effect
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly date: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly attachments?: readonly { readonly filename: string; readonly contentType: string; readonly content: Uint8Array }[];
}

export interface EmailPort {
  /** @throws VendorRefused, VendorUnavailable (nothing handed), CredentialsRejected, MaybeDone (answer lost after DATA). */
  send(mail: OutgoingEmail): Promise<{ externalId: string | null; response: string }>;
  /** Did a mail with this Message-ID go out? Only where the vendor can be asked. Null proves nothing: vendors find a mail some time after they took it. */
  find?(messageId: string): Promise<{ externalId: string } | null>;
  /** The vendor takes the Message-ID for an idempotency key for this long (milliseconds): until then the same mail may be sent again, and goes out once. */
  readonly keyMs?: number;
  close(): Promise<void>;
}

/** A mail as it arrived; parsing is ours, so that every vendor gives the same. */
export interface InboundEmail {
  /** Stable per mailbox, e.g. `INBOX/<uidvalidity>/<uid>`: the same mail twice is one. */
  readonly externalId: string;
  readonly raw: Uint8Array;
  readonly receivedAt: Date;
}

export interface InboundEmailPort {
  /** Mails after `cursor`, then waits for new ones until aborted. `handle` must have committed before the cursor moves on. */
  watch(
    cursor: string | null,
    handle: (mails: readonly InboundEmail[], cursor: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /** The mail with these words in its subject, in whichever folder it lies, junk too; null: not found. Absent: the vendor can't be asked. */
  locate?(subject: string, signal: AbortSignal): Promise<LocatedEmail | null>;
}

export interface LocatedEmail {
  readonly mail: InboundEmail;
  readonly folder: 'inbox' | 'junk' | 'other';
  /** As the mailbox calls it. */
  readonly folderName: string;
}
