import { connector } from '#core/connector/connector.ts';
import { locateMail } from './locate.ts';
import { fault, openClient, watchMailbox } from './watch.ts';
import { ImapCredentials } from './options.ts';

/** Replies from a mailbox by IMAP (RFC 9051, RFC 3501). Reads only: nothing is moved, marked or deleted. */
export default connector({
  id: 'imap',
  title: 'Replies by IMAP',
  credentials: ImapCredentials,
  async verify(credentials) {
    const client = await openClient(credentials);
    try {
      const box = await client.mailboxOpen(credentials.mailbox, { readOnly: true });
      return `${credentials.username} at ${credentials.host}, ${box.exists} mails in ${credentials.mailbox}`;
    } catch (error) {
      throw fault(error);
    } finally {
      client.close();
    }
  },
  mailbox({ address, username, plusAddresses }) {
    const known = address ?? (username.includes('@') ? username : null);
    return known === null ? null : { address: known, plusAddresses };
  },
  inboundEmail: (credentials) => ({ watch: watchMailbox(credentials), locate: locateMail(credentials) }),
});
