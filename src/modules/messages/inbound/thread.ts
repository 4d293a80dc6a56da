import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { readReplyToken } from '../tokens.ts';
import type { ParsedInbound } from './parse.ts';

/** The message that a mail belongs to. */
export interface Thread {
  readonly id: string;
  readonly direction: 'outbound' | 'inbound';
  readonly threadId: string;
  readonly personId: string | null;
  readonly leadId: string | null;
  readonly runId: string | null;
  readonly toEmail: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, direction, thread_id as "threadId", person_id as "personId", lead_id as "leadId", run_id as "runId", to_email as "toEmail", created_at as "createdAt"`;
const BY_ID: Statement = {
  name: 'messages.thread.by_id',
  text: `select ${COLUMNS} from messages where company_id = $1 and id = any($2::uuid[]) and direction = 'outbound'`,
};
const BY_MESSAGE_ID: Statement = {
  name: 'messages.thread.by_message_id',
  text: `select ${COLUMNS} from messages where company_id = $1 and message_id = any($2::text[]) and direction = 'inbound' order by created_at desc limit 1`,
};
const LAST_TO: Statement = {
  name: 'messages.thread.last_to',
  text: `select ${COLUMNS} from messages where company_id = $1 and person_id = $2 and direction = 'outbound' and state in ('sent', 'in_doubt') and created_at >= $3 order by created_at desc, id desc limit 1`,
};

/** How old a mail of ours may be for a new mail of the same person to count as its answer. */
const CONVERSATION_MS = 60 * 86_400_000;

/** Tokens of ours in a Message-ID: `<token@domain>`. */
export function messagesNamed(runtime: Runtime, ids: readonly string[]): string[] {
  return ids.flatMap((id) => readReplyToken(runtime.secrets, /^<?([a-z2-7]{42})@/i.exec(id)?.[1] ?? '') ?? []);
}

/** Tokens of ours in an address: `name+token@domain`. */
function messagesAddressed(runtime: Runtime, addresses: readonly string[]): string[] {
  return addresses.flatMap((address) => readReplyToken(runtime.secrets, /\+([a-z2-7]{42})@/i.exec(address)?.[1] ?? '') ?? []);
}

/**
 * First what it says it answers (our Message-IDs, signed), then a reply address, then a mail that we had received, then, unless only what it names counts, the
 * sender's last mail from us.
 */
export async function findThread(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  mail: ParsedInbound,
  sender: { readonly personId: string } | undefined,
  namedOnly = false,
): Promise<Thread | null> {
  const named = [...messagesNamed(runtime, mail.references), ...messagesAddressed(runtime, mail.recipients)];
  if (named.length > 0) {
    const rows = new Map((await tx.query<Thread>(BY_ID, [companyId, named])).map((row) => [row.id, row]));
    for (const id of named) {
      const row = rows.get(id);
      if (row !== undefined) return row;
    }
  }
  const [earlier] = mail.references.length === 0 ? [] : await tx.query<Thread>(BY_MESSAGE_ID, [companyId, mail.references]);
  if (earlier !== undefined) return earlier;
  if (sender === undefined || namedOnly) return null;
  const [last] = await tx.query<Thread>(LAST_TO, [companyId, sender.personId, new Date(runtime.clock.now().getTime() - CONVERSATION_MS)]);
  return last ?? null;
}

export async function messageById(tx: Transaction, companyId: string, ids: readonly string[]): Promise<Thread | undefined> {
  const [row] = ids.length === 0 ? [] : await tx.query<Thread>(BY_ID, [companyId, ids]);
  return row;
}
