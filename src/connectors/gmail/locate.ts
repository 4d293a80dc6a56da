import type { VendorHttp } from '#core/connector/http.ts';
import type { InboundEmailPort } from '#core/ports/email.ts';
import { Listed, RawWithLabels } from './api.ts';

/** By Gmail's search, Spam and Trash too. */
export function locateInGmail(http: VendorHttp): NonNullable<InboundEmailPort['locate']> {
  return async (subject, signal) => {
    const query = { q: `subject:"${subject}" -in:sent`, includeSpamTrash: true, maxResults: 1 };
    const { messages } = await http.get('/gmail/v1/users/me/messages', { answer: Listed, query, signal });
    const [found] = messages ?? [];
    if (found === undefined) return null;
    const mail = await http.get(`/gmail/v1/users/me/messages/${encodeURIComponent(found.id)}`, {
      answer: RawWithLabels,
      query: { format: 'raw' },
      signal,
    });
    const labels = mail.labelIds ?? [];
    const folder = labels.includes('SPAM') ? 'junk' : labels.includes('INBOX') ? 'inbox' : 'other';
    return {
      mail: { externalId: mail.id, raw: Buffer.from(mail.raw, 'base64url'), receivedAt: new Date(Number(mail.internalDate)) },
      folder,
      folderName: { junk: 'Spam', inbox: 'Inbox', other: 'All Mail' }[folder],
    };
  };
}
