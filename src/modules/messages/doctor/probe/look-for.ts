import { inboundPort, mailboxConnections, unlock, type ConnectionRow } from '#modules/connections/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { InboundEmail } from '#core/ports/email.ts';
import type { Runtime } from '#core/runtime.ts';
import { verdictOf } from '../finding.ts';
import { askOf } from '../look.ts';
import { judgeProbe, type Arrived } from './judge.ts';
import { headerText } from './received.ts';
import { probeNamed, probeSubject } from './topic.ts';

/** After so long a probe counts as lost. Servers that do not know a sender let it wait for a quarter of an hour or more (greylisting). */
const PATIENCE_MS = 60 * 60_000;
/** The next look comes later the longer it takes. */
const LOOKS_MS = [4_000, 8_000, 15_000, 30_000, 60_000, 120_000, 300_000];
/** Longest mail that is kept until it is judged, in bytes: a probe is short. */
const LONGEST = 1_000_000;

const CLAIM: Statement = {
  name: 'probes.claim',
  text: `update sender_probes p set look_at = $1::timestamptz + interval '2 minutes' where p.id = any (array(
           select id from sender_probes where look_at <= $1 order by look_at limit 10 for update skip locked))
         returning p.id, p.company_id as "companyId", p.checkup_id as "checkupId", p.state, p.raw, p.folder, p.folder_name as "folderName", p.mailbox, p.arrived_at as "arrivedAt", p.created_at as "createdAt",
           (select c.address from sender_checkups c where c.id = p.checkup_id) as address,
           (select m.state from messages m where m.id = p.message_id) as "messageState", (select m.state_reason from messages m where m.id = p.message_id) as "messageReason",
           (select m.sent_at from messages m where m.id = p.message_id) as "sentAt"`,
};
const ARRIVED: Statement = {
  name: 'probes.arrived',
  text: `update sender_probes set state = 'arrived', raw = $3, folder = $4, folder_name = $5, mailbox = $6, arrived_at = $7, look_at = $8, updated_at = $8
          where id = $1 and company_id = $2 and state in ('waiting', 'lost') returning id`,
};
const JUDGED: Statement = {
  name: 'probes.judged',
  text: `update sender_probes set state = 'judged', findings = $3::jsonb, verdict = $4, header = $5, raw = null, look_at = null, says = null, updated_at = $6 where id = $1 and company_id = $2`,
};
const SEEN: Statement = {
  name: 'checkups.seen',
  text: `update sender_checkups set seen_selectors = $3::text[], due_at = $4, updated_at = $4 where id = $1 and company_id = $2`,
};
const LATER: Statement = {
  name: 'probes.later',
  text: `update sender_probes set look_at = $3, says = $4, updated_at = $5 where id = $1 and company_id = $2 and state = 'waiting'`,
};
const ENDED: Statement = {
  name: 'probes.ended',
  text: `update sender_probes set state = $3, says = $4, look_at = null, updated_at = $5 where id = $1 and company_id = $2 and state = 'waiting'`,
};

interface Row {
  readonly id: string;
  readonly companyId: string;
  readonly checkupId: string;
  readonly state: 'waiting' | 'arrived';
  readonly raw: Buffer | null;
  readonly folder: Arrived['folder'] | null;
  readonly folderName: string | null;
  readonly mailbox: string | null;
  readonly arrivedAt: Date | null;
  readonly createdAt: Date;
  readonly address: string | null;
  readonly messageState: string | null;
  readonly messageReason: string | null;
  readonly sentAt: Date | null;
}

/** Looks for probes that are due, and judges those that arrived. Any number of processes may do so at once. */
export async function lookForProbes(runtime: Runtime): Promise<number> {
  const due = await runtime.system.write((tx) => tx.query<Row>(CLAIM, [runtime.clock.now()]));
  for (const row of due) {
    if (row.state === 'arrived') await judge(runtime, row);
    else await lookFor(runtime, row);
  }
  return due.length;
}

async function lookFor(runtime: Runtime, row: Row): Promise<void> {
  const { id, companyId } = row;
  const now = runtime.clock.now();
  const write = (statement: Statement, values: readonly unknown[]) =>
    runtime.database.write(companyId, (tx) => tx.query(statement, [id, companyId, ...values]));
  if (row.messageState === 'refused' || row.messageState === 'blocked' || row.messageState === 'captured' || row.messageState === null) {
    await write(ENDED, ['refused', row.messageReason ?? 'It never left', now]);
    return;
  }
  const found = row.messageState === 'queued' ? null : await search(runtime, row);
  if (found !== null && found !== 'trouble') {
    await keep(runtime, { companyId, id }, found);
    return;
  }
  const age = now.getTime() - (row.sentAt ?? row.createdAt).getTime();
  if (row.messageState !== 'queued' && age > PATIENCE_MS) {
    await write(ENDED, ['lost', 'It was not found in any connected mailbox within an hour', now]);
    return;
  }
  const wait = LOOKS_MS.find((ms) => ms > age / 2) ?? LOOKS_MS.at(-1) ?? 0;
  const says =
    row.messageState === 'queued' ? row.messageReason : found === 'trouble' ? 'A mailbox could not be read; it is looked for again' : null;
  await write(LATER, [new Date(now.getTime() + wait), says, now]);
}

interface Place {
  readonly mail: Pick<InboundEmail, 'raw' | 'receivedAt'>;
  readonly folder: Arrived['folder'];
  readonly folderName: string;
  readonly mailbox: string;
}

/** In every mailbox of the company that can be searched, junk folders too. */
async function search(runtime: Runtime, { companyId, id }: Row): Promise<Place | 'trouble' | null> {
  const boxes = await runtime.database.read(companyId, (tx) => mailboxConnections(tx, runtime, [companyId]));
  let trouble = false;
  for (const box of boxes) {
    try {
      const port = await inboundPort(runtime, box);
      const found = await port.locate?.(probeSubject(id), AbortSignal.timeout(60_000));
      if (found != null) return { ...found, mailbox: await nameOf(runtime, box) };
    } catch (error) {
      trouble = true;
      runtime.log.warn(
        { connection: box.id, reason: error instanceof Error ? error.message : String(error) },
        'a mailbox could not be searched for a probe',
      );
    }
  }
  return trouble ? 'trouble' : null;
}

async function nameOf(runtime: Runtime, box: ConnectionRow): Promise<string> {
  const { connector, credentials } = await unlock(runtime, box);
  return connector.mailbox?.(credentials)?.address ?? connector.title;
}

async function keep(
  runtime: Runtime,
  { companyId, id }: { companyId: string; id: string },
  { mail, folder, folderName, mailbox }: Place,
): Promise<void> {
  const now = runtime.clock.now();
  const raw = Buffer.from(mail.raw.subarray(0, LONGEST));
  await runtime.database.write(companyId, (tx) =>
    tx.query(ARRIVED, [id, companyId, raw, folder, folderName, mailbox, mail.receivedAt, now]),
  );
}

/**
 * A mail that comes into a mailbox that is read: is it a probe of ours? Then it is kept for the doctor, and is nothing else.
 * @returns true: it is one
 */
export async function takeProbe(
  runtime: Runtime,
  { companyId, connectionId }: { companyId: string; connectionId: string },
  email: InboundEmail,
  subject: string,
): Promise<boolean> {
  const id = probeNamed(subject);
  if (id === null) return false;
  const box = await runtime.database.read(companyId, (tx) => knownProbe(tx, runtime, companyId, id, connectionId));
  if (box === undefined) return false;
  const folderName = email.externalId.includes('/') ? (email.externalId.split('/')[0] ?? 'inbox') : 'the inbox';
  await keep(runtime, { companyId, id }, { mail: email, folder: 'inbox', folderName, mailbox: await nameOf(runtime, box) });
  return true;
}

const KNOWN: Statement = { name: 'probes.known', text: `select id from sender_probes where id = $1 and company_id = $2` };

async function knownProbe(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  id: string,
  connectionId: string,
): Promise<ConnectionRow | undefined> {
  const [known] = await tx.query(KNOWN, [id, companyId]);
  if (known === undefined) return undefined;
  return (await mailboxConnections(tx, runtime, [companyId])).find((box) => box.id === connectionId);
}

async function judge(runtime: Runtime, row: Row): Promise<void> {
  const { id, companyId, checkupId, raw, address, folder, folderName, mailbox, arrivedAt } = row;
  if (raw === null || address === null || folder === null) return;
  const left = row.sentAt ?? row.createdAt;
  const seconds = Math.max(0, Math.round(((arrivedAt ?? left).getTime() - left.getTime()) / 1000));
  const { findings, selectors } = await judgeProbe(askOf(runtime), {
    raw,
    address,
    folder,
    folderName: folderName ?? 'the inbox',
    mailbox: mailbox ?? '',
    seconds,
  });
  const now = runtime.clock.now();
  await runtime.database.write(companyId, async (tx) => {
    await tx.query(JUDGED, [
      id,
      companyId,
      JSON.stringify(findings),
      verdictOf(findings),
      headerText(raw).slice(0, 30_000).replaceAll('\u0000', ''),
      now,
    ]);
    // What it was signed with is known now: the key is looked at, and from then on each day.
    if (selectors.length > 0) await tx.query(SEEN, [checkupId, companyId, selectors, now]);
  });
}
