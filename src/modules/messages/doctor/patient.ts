import type { MailRoute } from '#core/connector/types.ts';

/** All that is known of a sender before the DNS is asked. */
export interface Patient {
  readonly address: string;
  /** Of the address. */
  readonly domain: string;
  /** Where answers go. */
  readonly replyDomain: string;
  /** Null: no connection, or one that tells nothing. */
  readonly route: MailRoute | null;
  readonly connectionTitle: string | null;
  /** Selectors of DKIM that a person named, and those that probes were signed with. */
  readonly selectors: { readonly named: readonly string[]; readonly seen: readonly string[] };
  /** Base of the unsubscribe links; null: nobody outside can reach one. */
  readonly publicUrl: string | null;
  /** Its mail stays on this machine: a test installation, or the demo. */
  readonly loopback: boolean;
}
