import { ensurePerson, parseName } from '#modules/people/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { isOwnAddress } from './loops.ts';
import type { ParsedInbound } from './parse.ts';

/** Does the company want people made of those who write to this mailbox? And is it nobody of its own who writes? */
const WANTED: Statement = {
  name: 'messages.receive.stranger',
  text: `select where ($4 or exists (select from inbound_rules r where r.company_id = $1 and (r.strangers = 'all' or (r.strangers = 'mailboxes' and $2::uuid = any (r.connection_ids)))))
            and not exists (select from users u where u.company_id = $1 and lower(u.email) = $3 and u.deleted_at is null)`,
};

/** Names of mailboxes that programs write from, and those nobody wants in a list of people (RFC 2142). */
const MACHINE =
  /^(no[-._]?reply|do[-._]?not[-._]?reply|noreply|mailer[-._]?daemon|postmaster|bounces?|notifications?|notify|alerts?|news(letter)?s?|mailing|marketing|updates?|automated|auto|system|daemon|root|nobody|cron|abuse|hostmaster|webmaster|www(-data)?|listserv|majordomo)([-._+0-9].*)?$/i;

/** Its headers say that a list or a program sent it (RFC 2369, RFC 3834); an empty Return-Path is a report's. */
export function isMachine(mail: Pick<ParsedInbound, 'bulk' | 'headers' | 'from'>, auto: boolean): boolean {
  const { headers, bulk, from } = mail;
  const local = (from.address ?? '').split('@')[0] ?? '';
  if (bulk || auto || MACHINE.test(local) || /[-+=]bounces?[-+=@]/i.test(from.address ?? '')) return true;
  return headers['list-unsubscribe'] !== undefined || headers['return-path']?.replace(/\s/g, '') === '<>';
}

/**
 * The person that a stranger becomes, where the company's rule says so or the mail is to its support: a name and an address, no lead, no run and no consent.
 * @returns null: the mail is left alone
 */
export async function strangerAsPerson(
  tx: Transaction,
  runtime: Runtime,
  { companyId, connectionId }: { readonly companyId: string; readonly connectionId: string },
  mail: ParsedInbound,
  auto: () => boolean,
  toSupport: boolean,
): Promise<string | null> {
  const { address, name } = mail.from;
  if (address === null) return null;
  const wanted = await tx.query(WANTED, [companyId, connectionId, address, toSupport]);
  if (wanted.length === 0 || isMachine(mail, auto()) || (await isOwnAddress(tx, runtime, companyId, address))) return null;
  return ensurePerson(tx, companyId, address, parseName(name.includes('@') ? '' : name), runtime.clock.now());
}
