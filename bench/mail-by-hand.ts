import { createTransport } from 'nodemailer';
import { compose } from '#core/mail/compose.ts';
import { newId } from '#core/ids.ts';
import { openSecrets } from '#core/secrets.ts';
import { composeEmail, messageIdOf } from '#modules/messages/compose.ts';
import { BUILT_IN } from '#modules/messages/templates/built-in.ts';
import { draw } from '#modules/messages/templates/draw.ts';

/**
 * A bare nodemailer pool with the same rendering: the same Liquid template and layout, the same ten connections; no gate, no
 * ledger, no database. Process of its own: node bench/mail-by-hand.ts <smtp port> <mails> <connections>
 */
const [port = '25', mails = '1000', connections = '10'] = process.argv.slice(2);
const secrets = openSecrets(['a secret for the bench alone']);
const welcome = BUILT_IN.find(({ key }) => key === 'welcome');
if (welcome === undefined) throw new Error('the template welcome is gone');
const transport = createTransport({
  host: '127.0.0.1',
  port: Number(port),
  pool: true,
  maxConnections: Number(connections),
  maxMessages: 10_000,
  ignoreTLS: true,
});
const company = { name: 'Acme', settings: { business_description: null, call_to_action: null, signature: null } };
const sender = { name: 'Acme' };
const frame = {
  layout: 1,
  from: { name: 'Acme', address: 'hello@acme.test' },
  replyTo: null,
  companyName: 'Acme',
  postalAddress: '1 High Street',
  publicUrl: 'http://127.0.0.1:3000',
};
const companyId = newId();

let next = 0;
async function work(): Promise<void> {
  while (next < Number(mails)) {
    const index = next++;
    const id = newId();
    const person = { first_name: 'Hand', full_name: `Hand ${index}`, email: `hand-${index}@example.test` };
    const { subject, text, html } = draw(welcome ?? { subject: '', body: '', html: null }, { person, company, sender });
    const message = {
      id,
      companyId,
      class: 'commercial' as const,
      personId: id,
      toName: person.full_name,
      toEmail: person.email,
      subject,
      text,
      html,
      messageId: messageIdOf(secrets, id, frame.from.address),
      inReplyTo: null,
    };
    await transport.sendMail(compose(composeEmail(secrets, message, frame, new Date())));
  }
}
await Promise.all(Array.from({ length: Number(connections) }, work));
transport.close();
