import { address, line } from '#core/ports/email-line.ts';
import { OUR_ARGUMENT } from './events.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';

function party({ name, address: at }: OutgoingEmail['from']) {
  const said = line(name);
  return { email: address(at), ...(said === '' ? {} : { name: said }) };
}

/** SendGrid takes no empty text. */
const filled = (text: string) => (text === '' ? ' ' : text);

/**
 * A mail as `POST /v3/mail/send` takes it. SendGrid's own tracking and its own unsubscribe footer stay off, whatever the account says: they
 * would rewrite our links, the way out among them.
 */
export function bodyFor(mail: OutgoingEmail) {
  const headers = {
    ...Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [name, line(value)])),
    'Message-ID': line(mail.messageId),
    ...(mail.inReplyTo === undefined ? {} : { 'In-Reply-To': line(mail.inReplyTo) }),
    ...(mail.references === undefined ? {} : { References: mail.references.map(line).join(' ') }),
  };
  return {
    personalizations: [{ to: [party(mail.to)], custom_args: { [OUR_ARGUMENT]: line(mail.messageId) } }],
    from: party(mail.from),
    ...(mail.replyTo === undefined ? {} : { reply_to: { email: address(mail.replyTo) } }),
    subject: filled(line(mail.subject)),
    content: [
      { type: 'text/plain', value: filled(mail.text) },
      { type: 'text/html', value: filled(mail.html) },
    ],
    headers,
    ...(mail.attachments === undefined
      ? {}
      : {
          attachments: mail.attachments.map(({ filename, contentType, content }) => ({
            filename: line(filename),
            type: line(contentType),
            content: Buffer.from(content).toString('base64'),
          })),
        }),
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
    },
  };
}

/** A mail to nobody, for sandbox mode. */
export function probe(from: string | undefined) {
  return {
    personalizations: [{ to: [{ email: 'nobody@example.com' }] }],
    from: { email: from ?? 'nobody@example.com' },
    subject: 'Test of the key',
    content: [{ type: 'text/plain', value: 'Sandbox mode: this is delivered to nobody.' }],
    mail_settings: { sandbox_mode: { enable: true } },
  };
}
