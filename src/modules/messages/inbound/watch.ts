import { setTimeout as sleep } from 'node:timers/promises';
import {
  allConnectionsFor,
  connectionById,
  inboundPort,
  markRejected,
  markTrouble,
  moveCursor,
  type ConnectionRow,
} from '#modules/connections/public.ts';
import { CredentialsRejected } from '#core/connector/errors.ts';
import { errorCode } from '#core/database/pg-error.ts';
import type { InboundEmail } from '#core/ports/email.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { takeProbe } from '../doctor/probe/look-for.ts';
import { parseMail, type ParsedInbound } from './parse.ts';
import { receive } from './store.ts';

/** How soon a new, changed or removed connection is noticed. Milliseconds. */
const LOOK_MS = 3_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5 * 60_000;

interface Watch {
  readonly stamp: number;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Keeps one watch open for each mailbox of each company. Several processes may watch the same one: a mail is taken in once
 * whoever sees it first, because its Message-ID and its place in the mailbox are unique. Answers how to stop.
 */
export function watchMailboxes(runtime: Runtime): Stop {
  const open = new Map<string, Watch>();
  const all = new AbortController();
  const stopOne = (id: string) => {
    open.get(id)?.stop.abort();
    open.delete(id);
  };
  const look = async () => {
    const rows = await runtime.system.read((tx) => allConnectionsFor(tx, runtime, 'inbound_email'));
    const wanted = new Map(rows.map((row) => [row.id, row]));
    for (const [id, watch] of open) if (wanted.get(id)?.updatedAt.getTime() !== watch.stamp) stopOne(id);
    for (const row of rows) {
      if (open.has(row.id)) continue;
      const stop = new AbortController();
      open.set(row.id, { stamp: row.updatedAt.getTime(), stop, ended: watchOne(runtime, row, AbortSignal.any([all.signal, stop.signal])) });
    }
  };
  const looking = nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'list mailboxes', atOnce: true, round: look });
  return async () => {
    all.abort();
    await looking();
    await Promise.all([...open.values()].map((watch) => watch.ended));
  };
}

/** One mailbox until it is stopped: comes back after every lost connection, a little later each time. */
async function watchOne(runtime: Runtime, first: ConnectionRow, signal: AbortSignal): Promise<void> {
  const { companyId, id } = first;
  let delay = FIRST_DELAY_MS;
  while (!signal.aborted) {
    try {
      const row = await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, id));
      if (row === undefined) return;
      const port = await inboundPort(runtime, row);
      await port.watch(
        row.cursor,
        async (mails, cursor) => {
          await takeIn(runtime, { companyId, connectionId: id }, mails, cursor);
          delay = FIRST_DELAY_MS;
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      const rejected = error instanceof CredentialsRejected;
      runtime.log.warn(
        { connection: id, reason: message },
        rejected ? 'a mailbox rejects our credentials' : 'a mailbox was lost; trying again',
      );
      const mark = rejected ? markRejected : markTrouble;
      await runtime.database.write(companyId, (tx) => mark(tx, companyId, id, message)).catch(() => undefined);
      if (rejected) return; // until a person mends it: then it is another version of the connection
    }
    await sleep(delay, undefined, { signal }).catch(() => undefined);
    delay = Math.min(delay * 2, LONGEST_DELAY_MS);
  }
}

/** Stores a batch, each mail in a transaction of its own, then moves the cursor. A mail that can't be read or stored at all is skipped, loudly. */
export async function takeIn(
  runtime: Runtime,
  mailbox: { companyId: string; connectionId: string },
  mails: readonly InboundEmail[],
  cursor: string,
): Promise<void> {
  for (const email of mails) await storeMail(runtime, mailbox, email);
  await runtime.database.write(mailbox.companyId, (tx) => moveCursor(tx, runtime, mailbox.companyId, mailbox.connectionId, cursor));
}

/** One mail, in a transaction of its own. Twice is once. */
export async function storeMail(
  runtime: Runtime,
  mailbox: { companyId: string; connectionId: string },
  email: InboundEmail,
): Promise<void> {
  const mail = await parsed(runtime, email);
  if (mail === null || (await takeProbe(runtime, mailbox, email, mail.subject))) return;
  try {
    await runtime.database.write(mailbox.companyId, (tx) => receive(tx, runtime, mailbox, email, mail));
    runtime.engine.nudge();
  } catch (error) {
    // Data that the database will never take (class 22) must not keep the next mail out; everything else is tried again.
    if (errorCode(error)?.startsWith('22') !== true) throw error;
    runtime.log.error({ err: error, mail: email.externalId }, 'a mail could not be stored and was skipped');
  }
}

async function parsed(runtime: Runtime, email: InboundEmail): Promise<ParsedInbound | null> {
  try {
    return await parseMail(email.raw);
  } catch (error) {
    runtime.log.error({ err: error, mail: email.externalId }, 'a mail could not be read and was skipped');
    return null;
  }
}
