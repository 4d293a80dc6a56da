import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadSettings } from '../gate/settings.ts';

/** More mails than this from one person within an hour are a program's: whatever it answers is not answered by ours. */
export const MOST_AN_HOUR = 12;

const LATELY: Statement = {
  name: 'messages.receive.lately',
  text: `select count(*)::int as count from (select from messages where person_id = $1 and company_id = $2 and direction = 'inbound' and created_at > $3::timestamptz - interval '1 hour' limit ${MOST_AN_HOUR}) m`,
};

/** Does it write faster than people do? messages_person serves it. */
export async function isTooFast(tx: Transaction, companyId: string, personId: string, now: Date): Promise<boolean> {
  const [row] = await tx.query<{ count: number }>(LATELY, [personId, companyId, now]);
  return (row?.count ?? 0) >= MOST_AN_HOUR;
}

/** Our own mail that came back: forwarded to ourselves, a list that we are on, two mailboxes of ours that answer each other. */
export async function isOwnAddress(tx: Transaction, runtime: Runtime, companyId: string, address: string): Promise<boolean> {
  const settings = (await loadSettings(tx, runtime, [companyId])).get(companyId);
  const senders = settings?.senders.map((sender) => sender.address) ?? [];
  return [settings?.from?.address, settings?.mailbox?.address, ...senders].some((own) => own?.toLowerCase() === address);
}
