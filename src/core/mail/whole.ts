import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingEmail } from '#core/ports/email.ts';
import { compose } from './compose.ts';
import { plainMime } from './mime.ts';

/** The mail as bytes (RFC 5322), for vendors that take it whole. */
export function mimeOf(mail: OutgoingEmail): Promise<Buffer> {
  const plain = plainMime(mail);
  return plain === null ? new MailComposer(compose(mail)).compile().build() : Promise.resolve(plain);
}
