import type { ImapFlow } from 'imapflow';
import { CredentialsRejected, VendorUnavailable } from '#core/connector/errors.ts';
import type { InboundEmail, InboundEmailPort } from '#core/ports/email.ts';
import { formatCursor, parseCursor, type Cursor } from './cursor.ts';
import { clientOptions, LONGEST_MAIL, type ImapCredentials } from './options.ts';

/** Mails fetched and handled at once. */
const BATCH = 20;
/** IDLE tells at once; this is for servers without it, and for those whose IDLE falls silent. Milliseconds. */
const POLL_IDLE_MS = 2 * 60_000;
const POLL_MS = 20_000;
/** How far back the first look at a mailbox goes, and one after its UIDs were renumbered. Days. */
const FIRST_LOOK_DAYS = 1;
const RENUMBERED_LOOK_DAYS = 14;

/** Connected and signed in. @throws CredentialsRejected, VendorUnavailable */
export async function openClient(credentials: ImapCredentials): Promise<ImapFlow> {
  const imap = await import('imapflow'); // with the first mailbox: 30 MB
  const client = new imap.ImapFlow(clientOptions(credentials));
  client.on('error', () => undefined); // told again by the command that fails, or by 'close'
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw fault(error);
  }
}

export function fault(error: unknown): CredentialsRejected | VendorUnavailable {
  const text =
    error instanceof Error
      ? 'responseText' in error && typeof error.responseText === 'string'
        ? error.responseText
        : error.message
      : String(error);
  if (error instanceof Error && 'authenticationFailed' in error && error.authenticationFailed === true) {
    return new CredentialsRejected(`The mailbox does not accept the user name or password: ${text}`);
  }
  return new VendorUnavailable(`The mailbox can't be read: ${text}`);
}

/** Wraps what the caller's `handle` threw: that is no fault of the mailbox. */
class HandlerFailed extends Error {}

type Handle = Parameters<InboundEmailPort['watch']>[1];

/**
 * One connection for as long as it lasts: reads what came after the cursor, then waits (IDLE, with a poll besides) until
 * aborted. Throws when the connection is lost: whoever calls decides when to try again.
 */
export function watchMailbox(credentials: ImapCredentials): InboundEmailPort['watch'] {
  return async (from, handle, signal) => {
    if (signal.aborted) return;
    const client = await openClient(credentials);
    const stop = () => client.close();
    signal.addEventListener('abort', stop, { once: true });
    const told = async (...[mails, cursor]: Parameters<Handle>) => {
      await handle(mails, cursor).catch((cause: unknown) => {
        throw new HandlerFailed('the mail could not be stored', { cause });
      });
    };
    try {
      const box = await client.mailboxOpen(credentials.mailbox, { readOnly: true });
      let cursor = await startAt(client, parseCursor(from), String(box.uidValidity), box.uidNext);
      await told([], formatCursor(cursor)); // the mailbox was reached; a fresh cursor is kept
      while (!signal.aborted) {
        const news = nextNews(client); // listens before it reads: what comes in between is not missed
        cursor = await readAfter(client, credentials.mailbox, cursor, told);
        stillThere(client);
        client.idle().catch(() => undefined); // ends when the next command begins, or with the connection
        await news;
      }
    } catch (error) {
      if (error instanceof HandlerFailed) throw error.cause;
      if (!signal.aborted) throw fault(error);
    } finally {
      signal.removeEventListener('abort', stop);
      client.close();
    }
  };
}

/** imapflow answers commands on a lost connection with nothing instead of an error: what was read may be short. */
function stillThere(client: ImapFlow): void {
  if (!client.usable) throw new Error('connection closed');
}

/** A new mail, the end of the connection, or time to look for oneself. */
function nextNews(client: ImapFlow): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      client.off('exists', done);
      client.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, client.capabilities.has('IDLE') ? POLL_IDLE_MS : POLL_MS);
    client.on('exists', done);
    client.on('close', done);
  });
}

/** The cursor to begin with: the known one, or one that lies some days back when there is none that counts here. */
async function startAt(client: ImapFlow, known: Cursor | null, uidValidity: string, uidNext: number): Promise<Cursor> {
  if (known !== null && known.uidValidity === uidValidity) return known;
  const days = known === null ? FIRST_LOOK_DAYS : RENUMBERED_LOOK_DAYS;
  const since = new Date(Date.now() - days * 86_400_000); // the mail server's calendar, not ours
  const recent = (await client.search({ since }, { uid: true })) || [];
  return { uidValidity, uid: Math.min(...recent, uidNext) - 1 };
}

/** Hands over, in order and a batch at a time, all that came after the cursor; answers where it stands now. */
async function readAfter(client: ImapFlow, mailbox: string, cursor: Cursor, told: Handle): Promise<Cursor> {
  // `n:*` always answers the last mail, even when its uid is below n (RFC 9051, 9)
  const found = (await client.search({ uid: `${cursor.uid + 1}:*` }, { uid: true })) || [];
  const uids = found.filter((uid) => uid > cursor.uid).toSorted((a, b) => a - b);
  let at = cursor;
  for (let start = 0; start < uids.length; start += BATCH) {
    const batch = uids.slice(start, start + BATCH);
    const mails: InboundEmail[] = [];
    for await (const mail of client.fetch(
      batch.join(','),
      { uid: true, internalDate: true, source: { maxLength: LONGEST_MAIL } },
      { uid: true },
    )) {
      if (mail.source === undefined) continue;
      mails.push({
        externalId: `${mailbox}/${at.uidValidity}/${mail.uid}`,
        raw: mail.source,
        receivedAt: new Date(mail.internalDate ?? Date.now()), // the mailbox's own time; a connector has no clock of ours
      });
    }
    stillThere(client);
    at = { ...at, uid: batch.at(-1) ?? at.uid };
    await told(mails, formatCursor(at));
  }
  return at;
}
