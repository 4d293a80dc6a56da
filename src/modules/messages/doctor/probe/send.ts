import { mailboxConnections, unlock, type ConnectionRow } from '#modules/connections/public.ts';
import { Conflict } from '#core/errors.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { openGate } from '../../gate/ask.ts';
import { writeDrafts, type Written } from '../../send/write.ts';
import type { SendingAddress } from '../patients.ts';
import { PROBE_TOPIC, probeSubject } from './topic.ts';

/** No mailbox is connected in which a probe could be found. */
export class NoMailbox extends Conflict {
  override readonly code = 'no_mailbox';
}
/** Nothing can leave: there is no mail server. */
export class NothingToSendBy extends Conflict {
  override readonly code = 'nothing_to_send_by';
}

/** The first look: an answer that comes by another way is faster. Milliseconds. */
export const FIRST_LOOK_MS = 4_000;

const INSERT: Statement = {
  name: 'probes.insert',
  text: `insert into sender_probes (id, company_id, checkup_id, to_email, message_id, state, says, look_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
};

/** Addresses of the mailboxes that the company reads; those of another address than the sender's first, as a server may deliver to itself without looking. */
export async function mailboxAddresses(tx: Transaction, runtime: Runtime, companyId: string, sender: string): Promise<readonly string[]> {
  const rows = await mailboxConnections(tx, runtime, [companyId]);
  const found = await Promise.all(rows.map((row) => addressOf(runtime, row)));
  const known = [...new Set(found.flatMap((address) => address ?? []))];
  return known.toSorted((a, b) => Number(a === sender) - Number(b === sender));
}

async function addressOf(runtime: Runtime, row: ConnectionRow): Promise<string | null> {
  const { connector, credentials } = await unlock(runtime, row);
  return connector.mailbox?.(credentials)?.address.toLowerCase() ?? null;
}

/**
 * Writes a probe and reserves its sending, in the caller's transaction: through the gate and the ledger like every mail, by this sender and no other.
 * @throws NoMailbox, NothingToSendBy
 */
export async function sendProbe(
  tx: Transaction,
  runtime: Runtime,
  { companyId, checkupId, sending, to }: { companyId: string; checkupId: string; sending: SendingAddress; to: string | undefined },
): Promise<{ readonly id: string; readonly written: Written; readonly to: string }> {
  if (sending.settings.connection === null)
    throw new NothingToSendBy('No mail server is connected, so nothing can leave. Connect one under Connections');
  const mailboxes = await mailboxAddresses(tx, runtime, companyId, sending.address);
  const [first] = mailboxes;
  if (first === undefined && (await mailboxConnections(tx, runtime, [companyId])).length === 0)
    throw new NoMailbox('No mailbox is connected in which a probe could be found. Connect one by IMAP or Gmail under Connections');
  const address = to ?? first;
  if (address === undefined) throw new NoMailbox('The connected mailbox does not tell its address. Say where the probe should go');
  const id = newId();
  const now = runtime.clock.now();
  const gate = await openGate(tx, runtime, [{ companyId, personId: null, address, messageId: null }], 'draft');
  const [written] = await writeDrafts(tx, runtime, gate, [
    {
      companyId,
      class: 'transactional',
      topic: PROBE_TOPIC,
      personId: null,
      leadId: null,
      run: null,
      key: `probe/${id}`,
      effectKey: `mail/probe/${id}`,
      template: null,
      to: { name: '', address },
      subject: probeSubject(id),
      text: `This mail was sent by ${sending.address} to see how its mail arrives. Steward finds it again and reports; nobody needs to answer.`,
      html: null,
      unresolved: [],
      provenance: null,
      sensitive: false,
      follows: null,
      ...(sending.senderId === null ? {} : { senderId: sending.senderId, onlyBy: true }),
    },
  ]);
  if (written === undefined) throw new Error('one draft makes one message');
  const blocked = written.state === 'blocked';
  const says = blocked ? (written.verdict.reasons[0]?.says ?? null) : null;
  const look = blocked ? null : new Date(now.getTime() + FIRST_LOOK_MS);
  await tx.query(INSERT, [id, companyId, checkupId, address, written.id, blocked ? 'refused' : 'waiting', says, look, now]);
  return { id, written, to: address };
}
