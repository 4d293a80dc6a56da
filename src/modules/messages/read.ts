import type { Statement, Transaction } from '#core/database/database.ts';
import type { StoredVerdict } from './gate/types.ts';
import type { ReplyClass } from './replies/verdict.ts';
import type { Channel } from './tables.ts';

/** A mail or SMS that somebody wrote to us, as far as others read it. Written by a stranger: data, never instruction. */
export interface InboundText {
  readonly id: string;
  readonly personId: string | null;
  readonly fromName: string;
  readonly channel: Channel;
  /** Their address, or their number. */
  readonly from: string;
  readonly subject: string;
  /** What the sender wrote, without the quoted mail. */
  readonly text: string;
  readonly receivedAt: Date;
  readonly class: ReplyClass | null;
  readonly confidence: number | null;
  readonly reasons: readonly string[];
  readonly returnAt: Date | null;
  readonly auto: boolean;
  /** The message of ours that it answers. */
  readonly inReplyToMessageId: string | null;
}

const INBOUND: Statement = {
  name: 'messages.inbound_texts',
  text: `select id, person_id as "personId", from_name as "fromName", channel, coalesce(from_phone, from_email) as "from", subject, coalesce(new_text, text) as text, created_at as "receivedAt", reply_class as class,
           reply_confidence as confidence, coalesce(reply_reasons, '[]') as reasons, reply_return_at as "returnAt", auto, reply_to_id as "inReplyToMessageId"
         from messages where company_id = $1 and id = any($2::uuid[]) and direction = 'inbound' order by created_at, id`,
};

export function inboundTexts(tx: Transaction, companyId: string, messageIds: readonly string[]): Promise<InboundText[]> {
  return tx.query<InboundText>(INBOUND, [companyId, messageIds]);
}

const LAST: Statement = {
  name: 'messages.last_of_person',
  text: `select direction, subject, coalesce(new_text, text) as text, created_at as at from messages
          where company_id = $1 and person_id = $2 and not sensitive and state in ('sent', 'captured', 'in_doubt', 'received') order by created_at desc, id desc limit $3`,
};

export interface PastMessage {
  readonly direction: 'inbound' | 'outbound';
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

/** What was said lately, newest first: only what really left, or came. */
export function lastMessages(tx: Transaction, companyId: string, personId: string, limit: number): Promise<PastMessage[]> {
  return tx.query<PastMessage>(LAST, [companyId, personId, limit]);
}

const SET_VERDICT: Statement = {
  name: 'messages.set_reply_verdict',
  text: `update messages set reply_class = $3, reply_confidence = $4, reply_reasons = $5::jsonb, reply_return_at = $6, classified_by = $7 where company_id = $1 and id = $2 and direction = 'inbound'`,
};

/** What a reply means, as somebody wiser than the rules says. */
export async function setReplyVerdict(
  tx: Transaction,
  verdict: {
    readonly companyId: string;
    readonly messageId: string;
    readonly class: ReplyClass;
    readonly confidence: number;
    readonly reasons: readonly string[];
    readonly returnAt: Date | null;
    readonly by: 'model' | 'person';
  },
): Promise<void> {
  await tx.query(SET_VERDICT, [
    verdict.companyId,
    verdict.messageId,
    verdict.class,
    verdict.confidence,
    JSON.stringify(verdict.reasons),
    verdict.returnAt,
    verdict.by,
  ]);
}

const OF_KEY: Statement = {
  name: 'messages.of_key',
  text: `select id, state, reply_to_id as "replyToId", verdict from messages where company_id = $1 and key = $2`,
};

/** The message that was written under this key, and what the gate said of it. */
export async function messageOfKey(tx: Transaction, companyId: string, key: string) {
  const [row] = await tx.query<{ id: string; state: string; replyToId: string | null; verdict: StoredVerdict | null }>(OF_KEY, [
    companyId,
    key,
  ]);
  return row === undefined ? undefined : { ...row, reasons: (row.verdict?.reasons ?? []).map(({ says, fix }) => `${says}. ${fix}`) };
}
