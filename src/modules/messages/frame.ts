import { understoodOf, type Understood } from '#core/language.ts';
import type { Secrets } from '#core/secrets.ts';
import type { SenderSettings } from './gate/settings.ts';
import { replyToken } from './tokens.ts';
import type { Tracking } from './tracking/rewrite.ts';
import { trackingFor } from './tracking/settings.ts';

/** What code puts around a message when it leaves: kept with it, so that the outbox shows what went out. */
export interface Frame {
  /** Which layout drew it. */
  readonly layout: number;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  readonly companyName: string;
  readonly postalAddress: string | null;
  /** Base of the links. */
  readonly publicUrl: string;
  /** Of what code adds: the reader's, else the company's. Absent on mails of before: English. */
  readonly language?: Understood;
  /** What is counted of it; absent: nothing. */
  readonly tracking?: Tracking;
}

/** The layout that is drawn today. Messages keep the number of theirs. */
export const LAYOUT = 1;

/** Where a captured message would come from while nobody has said so: a name that can't receive (RFC 2606). */
const NOBODY = 'sender-not-set@steward.invalid';

/** The frame that a message would get now. */
export function frameFor(
  secrets: Secrets,
  settings: SenderSettings,
  message: {
    readonly id: string;
    readonly class: 'commercial' | 'transactional';
    readonly template?: string | null;
    readonly basis?: string | null;
  },
  /** The language that is known of the reader (BCP 47). */
  reader: string | null = null,
): Frame {
  const tracking = trackingFor(settings.tracking, message);
  return {
    ...(tracking === null ? {} : { tracking }),
    layout: LAYOUT,
    from: settings.from ?? { name: settings.companyName, address: NOBODY },
    replyTo: replyAddress(secrets, settings, message.id),
    companyName: settings.companyName,
    language: understoodOf(reader, settings.language),
    postalAddress: message.class === 'commercial' ? (settings.postalAddress?.trim() ?? null) : null,
    publicUrl: settings.publicUrl ?? settings.linkBase,
  };
}

/** A plus address with the message's token where the mailbox takes one; else the mailbox, when it is not the sender itself. */
function replyAddress(secrets: Secrets, { replyTo, mailbox, from }: SenderSettings, messageId: string): string | null {
  if (replyTo !== null) return replyTo;
  if (mailbox === null) return null;
  const at = mailbox.address.lastIndexOf('@');
  if (mailbox.plusAddresses) return `${mailbox.address.slice(0, at)}+${replyToken(secrets, messageId)}${mailbox.address.slice(at)}`;
  return mailbox.address === from?.address ? null : mailbox.address;
}
