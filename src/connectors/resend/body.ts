import { address, line, mailbox } from '#core/ports/email-line.ts';
import { OUR_TAG } from './events.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';

/** A mail as `POST /emails` takes it. The date is Resend's: with ours the same mail would differ from try to try. */
export function bodyFor(mail: OutgoingEmail) {
  const headers = {
    ...Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [name, line(value)])),
    'Message-ID': line(mail.messageId),
    ...(mail.inReplyTo === undefined ? {} : { 'In-Reply-To': line(mail.inReplyTo) }),
    ...(mail.references === undefined ? {} : { References: mail.references.map(line).join(' ') }),
  };
  return {
    from: mailbox(mail.from),
    to: [mailbox(mail.to)],
    ...(mail.replyTo === undefined ? {} : { reply_to: [address(mail.replyTo)] }),
    subject: line(mail.subject),
    text: mail.text,
    html: mail.html,
    headers,
    tags: [{ name: OUR_TAG, value: tagOf(mail.messageId) }],
    ...(mail.attachments === undefined
      ? {}
      : {
          attachments: mail.attachments.map(({ filename, contentType, content }) => ({
            filename: line(filename),
            content_type: line(contentType),
            content: Buffer.from(content).toString('base64'),
          })),
        }),
  };
}

/** Resend takes letters, digits, _ and - in a tag, 256 at most: our Message-IDs begin so. */
function tagOf(messageId: string): string {
  return (/^<?([^@>]*)/.exec(messageId)?.[1] ?? '').replace(/[^\w-]/g, '_').slice(0, 256);
}
