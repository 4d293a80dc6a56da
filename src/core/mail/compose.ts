import type { SendMailOptions } from 'nodemailer';
import { address, line } from '#core/ports/email-line.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';

/** A link stays on one line where RFC 5322 (2.1.1) allows it: many readers of List-Unsubscribe do not unfold. */
function header(value: string): string | { prepared: true; value: string } {
  return /^[\x20-\x7e]{1,900}$/.test(value) ? { prepared: true, value } : value;
}

/**
 * What nodemailer makes RFC 5322 and MIME of: multipart/alternative, quoted-printable, encoded words (RFC 2047). Nothing in
 * a value can add a header: breaks become spaces here, and header names are ours.
 */
export function compose(mail: OutgoingEmail): SendMailOptions {
  const from = address(mail.from.address);
  const to = address(mail.to.address);
  return {
    envelope: { from, to: [to] },
    messageId: line(mail.messageId),
    date: mail.date,
    from: { name: line(mail.from.name), address: from },
    to: { name: line(mail.to.name), address: to },
    ...(mail.replyTo === undefined ? {} : { replyTo: address(mail.replyTo) }),
    subject: line(mail.subject),
    text: mail.text,
    html: mail.html,
    textEncoding: 'quoted-printable',
    ...(mail.inReplyTo === undefined ? {} : { inReplyTo: line(mail.inReplyTo) }),
    ...(mail.references === undefined ? {} : { references: mail.references.map(line) }),
    headers: Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [name, header(line(value))])),
    attachments: (mail.attachments ?? []).map(({ filename, contentType, content }) => ({
      filename: line(filename),
      contentType: line(contentType),
      content: Buffer.from(content),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
