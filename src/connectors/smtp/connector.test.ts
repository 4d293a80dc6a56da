import { createServer, type AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { EmailPort, OutgoingEmail } from '#core/ports/email.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import smtp from './connector.ts';

let sink: SmtpSink;
let port: EmailPort;
const options = { baseUrl: undefined };

beforeAll(async () => void (sink = await smtpSink()));
afterAll(() => sink.close());
beforeEach(() => {
  sink.fault(() => 'accept');
  port = open({ port: sink.port });
});
afterEach(() => port.close());

function open(fields: Record<string, unknown>): EmailPort {
  const made = smtp.email?.(smtp.credentials.parse({ host: '127.0.0.1', fromEmail: 'us@acme.test', ...fields }), options);
  if (made === undefined) throw new Error('the SMTP connector sends email');
  return made;
}

const aMail = (changes: Partial<OutgoingEmail> = {}): OutgoingEmail => ({
  messageId: `<${crypto.randomUUID()}@acme.test>`,
  from: { name: 'Acme', address: 'us@acme.test' },
  to: { name: 'Ann', address: 'ann@example.test' },
  subject: 'Hello',
  text: 'Hello Ann',
  html: '<p>Hello Ann</p>',
  date: new Date('2026-11-02T09:00:00Z'),
  headers: {},
  ...changes,
});

test('what arrives is complete: sender, recipient, date, Message-ID, text and HTML as quoted-printable', async () => {
  const mail = aMail({
    from: { name: 'Zoë Ünal, Acme "GmbH"', address: 'us@acme.test' },
    subject: `Größe – ${'sehr '.repeat(40)}lang 🎉`,
    text: 'Grüße,\n\n.a line that begins with a dot\n',
    html: '<p>Grüße</p>',
    replyTo: 'reply+abc@acme.test',
    inReplyTo: '<first@acme.test>',
    references: ['<first@acme.test>', '<second@acme.test>'],
    headers: { 'List-Unsubscribe': '<https://acme.test/u/x>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  });
  await port.send(mail);
  const raw = sink.mails.at(-1)?.raw ?? '';
  const parsed = await simpleParser(raw);
  expect(parsed.from?.value).toEqual([{ name: 'Zoë Ünal, Acme "GmbH"', address: 'us@acme.test' }]);
  expect(parsed.to).toMatchObject({ value: [{ name: 'Ann', address: 'ann@example.test' }] });
  expect(parsed.subject).toBe(mail.subject);
  expect(parsed.messageId).toBe(mail.messageId);
  expect(parsed.date?.toISOString()).toBe('2026-11-02T09:00:00.000Z');
  expect(parsed.inReplyTo).toBe('<first@acme.test>');
  expect(parsed.references).toEqual(['<first@acme.test>', '<second@acme.test>']);
  expect(parsed.replyTo?.value[0]?.address).toBe('reply+abc@acme.test');
  expect(parsed.text).toContain('.a line that begins with a dot');
  expect(parsed.html).toContain('<p>Grüße</p>');
  expect(raw.match(/content-transfer-encoding: quoted-printable/gi)).toHaveLength(2);
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  expect(Math.max(...raw.split(/\r?\n/).map((text) => text.length))).toBeLessThanOrEqual(998);
});

test.each([
  ['subject', { subject: 'Hi\r\nBcc: victim@example.test' }],
  ['sender name', { from: { name: 'Acme\r\nBcc: victim@example.test', address: 'us@acme.test' } }],
  ['recipient name', { to: { name: 'Ann\nBcc: victim@example.test', address: 'ann@example.test' } }],
  ['header value', { headers: { 'X-Steward': 'a\r\nBcc: victim@example.test' } }],
  ['reply address', { replyTo: 'a@b.test\r\nBcc: victim@example.test' }],
])('a line break in the %s adds no header and no recipient', async (_, changes) => {
  const before = sink.mails.length;
  await port.send(aMail(changes));
  expect(sink.mails.slice(before).map((mail) => mail.to)).toEqual(['ann@example.test']);
  const head = (sink.mails.at(-1)?.raw ?? '').split(/\r?\n\r?\n/)[0] ?? '';
  expect(head).not.toMatch(/^bcc:/im);
});

test('a recipient that does not exist is refused for good, and says so', async () => {
  sink.fault(() => 'refuse_recipient');
  const sent = port.send(aMail());
  await expect(sent).rejects.toThrow(VendorRefused);
  await expect(sent).rejects.toThrow('The mail server refused the recipient: 550 5.1.1 No such user here');
});

test.each([
  ['refuses the text', 'refuse_data', VendorRefused],
  ['is busy at the recipient', 'busy_recipient', VendorUnavailable],
  ['is busy after the text', 'busy_data', VendorUnavailable],
  ['hangs up before the text', 'drop_before_data', VendorUnavailable],
  ['hangs up after the text, before its answer', 'drop_after_data', MaybeDone],
] as const)('a server that %s', async (_, fault, expected) => {
  sink.fault(() => fault);
  await expect(port.send(aMail())).rejects.toThrow(expected);
});

test('a mail whose answer was lost is not repeated: the server has it once', async () => {
  sink.fault(() => 'drop_after_data');
  const mail = aMail();
  await expect(port.send(mail)).rejects.toThrow(MaybeDone);
  sink.fault(() => 'accept');
  await port.send(aMail());
  await new Promise((done) => setTimeout(done, 300)); // nodemailer would requeue within 150 ms
  expect(sink.counts.get(mail.messageId)).toBe(1);
});

test('nobody listening is unavailable: nothing was handed over', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port: closed } = server.address() as AddressInfo; // a TCP server's address is an object
  await new Promise((done) => server.close(done));
  const nobody = open({ port: closed });
  await expect(nobody.send(aMail())).rejects.toThrow(VendorUnavailable);
  await nobody.close();
});

test('a wrong password is CredentialsRejected when sending and when testing; the right one says who we are', async () => {
  const guarded = await smtpSink({ password: 'right' });
  const fields = { host: '127.0.0.1', port: guarded.port, username: 'ann@acme.test' };
  const wrong = open({ ...fields, password: 'wrong' });
  await expect(wrong.send(aMail())).rejects.toThrow(CredentialsRejected);
  await wrong.close();
  await expect(smtp.verify(smtp.credentials.parse({ ...fields, password: 'wrong' }), options)).rejects.toThrow(CredentialsRejected);
  expect(await smtp.verify(smtp.credentials.parse({ ...fields, password: 'right' }), options)).toBe(
    `ann@acme.test at 127.0.0.1:${guarded.port}`,
  );
  await guarded.close();
});

test('knows its sender and whether the server is on this machine', () => {
  const sender = (fields: Record<string, unknown>) => smtp.sender?.(smtp.credentials.parse(fields));
  expect(sender({ host: 'localhost', fromEmail: 'a@b.test', fromName: 'A' })).toEqual({ name: 'A', address: 'a@b.test', loopback: true });
  expect(sender({ host: 'smtp.example.com', username: 'me@example.com' })).toEqual({
    name: null,
    address: 'me@example.com',
    loopback: false,
  });
  expect(sender({ host: 'localhost.example.com' })).toEqual({ name: null, address: null, loopback: false });
});
