import type { ListResponse } from 'imapflow';
import type { InboundEmailPort, LocatedEmail } from '#core/ports/email.ts';
import { LONGEST_MAIL, type ImapCredentials } from './options.ts';
import { fault, openClient } from './watch.ts';

/** Names that junk goes by where the server does not say so (RFC 6154). */
const JUNK = /^(.*[./])?(junk|spam|junk[ -]?e-?mail|bulk mail|unerwünscht|courrier indésirable|no deseado)$/i;
/** Folders looked at, at most. */
const MOST_FOLDERS = 6;

/** By IMAP SEARCH, in the folder that is read, then in those for junk, then in the archive. Opens a session of its own. */
export function locateMail(credentials: ImapCredentials): NonNullable<InboundEmailPort['locate']> {
  return async (subject, signal) => {
    const client = await openClient(credentials);
    const stop = () => client.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (const [path, folder] of foldersOf(await client.list(), credentials.mailbox)) {
        const box = await client.mailboxOpen(path, { readOnly: true });
        const uids = (await client.search({ subject }, { uid: true })) || [];
        const uid = uids.at(-1);
        if (uid === undefined) continue;
        const mail = await client.fetchOne(String(uid), { internalDate: true, source: { maxLength: LONGEST_MAIL } }, { uid: true });
        if (mail === false || mail?.source === undefined) continue;
        const receivedAt = new Date(mail.internalDate ?? Date.now()); // the mailbox's own time; a connector has no clock of ours
        return { mail: { externalId: `${path}/${box.uidValidity}/${uid}`, raw: mail.source, receivedAt }, folder, folderName: path };
      }
      return null;
    } catch (error) {
      throw fault(error);
    } finally {
      signal.removeEventListener('abort', stop);
      client.close();
    }
  };
}

function foldersOf(all: readonly ListResponse[], read: string): readonly (readonly [string, LocatedEmail['folder']])[] {
  const junk = all.filter(({ specialUse, path }) => specialUse === '\\Junk' || JUNK.test(path)).map(({ path }) => [path, 'junk'] as const);
  const rest = all.filter(({ specialUse }) => specialUse === '\\Archive').map(({ path }) => [path, 'other'] as const);
  const inbox = read.toUpperCase() === 'INBOX' ? [] : [['INBOX', 'inbox'] as const];
  return [[read, 'inbox'] as const, ...inbox, ...junk, ...rest].slice(0, MOST_FOLDERS);
}
