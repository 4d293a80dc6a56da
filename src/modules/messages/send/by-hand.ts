import { newId } from '#core/ids.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { openGate } from '../gate/ask.ts';
import type { ReplyClass } from '../replies/verdict.ts';
import type { Channel } from '../tables.ts';
import type { PersonAttachment } from '../templates/store/row.ts';
import { writeDrafts, type Written } from './write.ts';

/** The message of a conversation that another one follows or answers. */
export interface Before {
  readonly id: string;
  readonly threadId: string;
  readonly messageId: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Message-IDs of what is known of its thread, oldest first: not every mail program names all of it. */
  readonly thread?: readonly string[];
}

/** The message of theirs that an answer rests on. */
export interface Answered {
  readonly id: string;
  readonly createdAt: Date;
  readonly replyClass: ReplyClass | null;
  readonly classifiedBy: 'rules' | 'model' | 'person' | null;
}

/** A message that a user typed to one person. */
export interface ByHand {
  readonly companyId: string;
  readonly authorId: string | null;
  readonly channel: Channel;
  readonly class: 'commercial' | 'transactional';
  readonly personId: string | null;
  readonly leadId: string | null;
  /** An address, or a number in E.164. */
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  /** Makes it one, however often it is asked for. */
  readonly key: string | null;
  readonly follows: Before | null;
  readonly answers: Answered | null;
  /** Files of the person that go with it. */
  readonly attachments?: readonly PersonAttachment[];
}

/** They stand on the message like those of mail that came in. */
const LINK: Statement = {
  name: 'messages.files_sent',
  text: 'insert into message_files (company_id, message_id, file_id) select $1, $2, unnest($3::uuid[]) on conflict do nothing',
};

/** RFC 5322 wants the whole chain; no mail program needs more than the beginning and the end of a long one. */
const MOST_REFERENCES = 20;

/** Writes it and reserves its sending, in the caller's transaction; the gate is asked like for every message. */
export async function writeByHand(tx: Transaction, runtime: Runtime, message: ByHand): Promise<Written> {
  const { companyId, personId, channel, to, follows, answers, attachments = [] } = message;
  const asked = [{ companyId, personId, address: to.address, messageId: null }];
  const gate = await openGate(tx, runtime, asked, 'draft', undefined, undefined, channel);
  const [written] = await writeDrafts(tx, runtime, gate, [
    {
      companyId,
      class: message.class,
      channel,
      topic: null,
      personId,
      leadId: message.leadId,
      run: null,
      key: message.key,
      effectKey: `mail/${message.key ?? newId()}`,
      template: null,
      to,
      subject: message.subject,
      text: message.text,
      html: null,
      unresolved: [],
      provenance: null,
      sensitive: false,
      ...(attachments.length === 0 ? {} : { attachments }),
      follows: follows === null ? null : { ...follows, references: referencesOf(follows) },
      hand: {
        authorId: message.authorId,
        answers: answers === null ? null : { id: answers.id, at: answers.createdAt, stop: stopOf(answers) },
      },
    },
  ]);
  if (written === undefined) throw new Error('one draft makes one message');
  if (attachments.length > 0) await tx.query(LINK, [companyId, written.id, attachments.map((one) => one.fileId)]);
  return written;
}

/** As `ANSWERED` says it in SQL. */
function stopOf({ replyClass, classifiedBy }: Answered): boolean | null {
  if (replyClass === 'stop') return true;
  return classifiedBy === 'person' ? false : null;
}

/** RFC 5322, 3.6.4: what the mail before refers to, the thread as we know it, then that mail. */
function referencesOf({ headers, messageId, thread = [] }: Before): string[] {
  const before = (headers['references'] ?? headers['in-reply-to'] ?? '').match(/<[^<>\s]{3,500}>/g) ?? [];
  const earlier = [...before.filter((id) => !thread.includes(id)), ...thread].filter((id) => id !== messageId);
  const chain = [...new Set([...earlier, ...(messageId === null ? [] : [messageId])])];
  return chain.length <= MOST_REFERENCES ? chain : [...chain.slice(0, 1), ...chain.slice(1 - MOST_REFERENCES)];
}

/** One "Re:", whatever stands there already, in any of the usual languages. */
export function answerSubject(subject: string): string {
  return /^\s*(re|aw|antw|sv|rif|res|odp)\s*:/i.test(subject) ? subject : `Re: ${subject}`.trim();
}
