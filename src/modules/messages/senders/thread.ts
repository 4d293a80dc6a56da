import type { Statement, Transaction } from '#core/database/database.ts';
import type { Gate } from '../gate/ask.ts';

const THREADS: Statement = {
  name: 'senders.of_threads',
  text: `select distinct on (t.thread_id) t.thread_id as "threadId", s.id as "senderId" from messages t
           join senders s on s.company_id = t.company_id and s.state <> 'retired' and (s.id = t.sender_id or (t.direction = 'inbound' and s.address = t.to_email))
          where t.thread_id = any($1::uuid[]) and t.company_id = any($2::uuid[]) order by t.thread_id, t.created_at desc, t.id desc`,
};

/** The sender that each conversation is with: who wrote last, or whom they wrote to. By thread; asks nothing where there are no senders. */
export async function threadSenders(
  tx: Transaction,
  gate: Gate,
  drafts: readonly { readonly companyId: string; readonly follows: { readonly threadId: string } | null }[],
): Promise<ReadonlyMap<string, string>> {
  const following = drafts.filter(({ companyId, follows }) => follows !== null && (gate.settings.get(companyId)?.senders.length ?? 0) > 0);
  if (following.length === 0) return new Map();
  const threads = [...new Set(following.flatMap(({ follows }) => follows?.threadId ?? []))];
  const companies = [...new Set(following.map(({ companyId }) => companyId))];
  const rows = await tx.query<{ threadId: string; senderId: string }>(THREADS, [threads, companies]);
  return new Map(rows.map(({ threadId, senderId }) => [threadId, senderId]));
}
