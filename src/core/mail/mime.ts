import { encodeWord, foldLines } from 'nodemailer/lib/mime-funcs';
import { address, line } from '#core/ports/email-line.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';

/** RFC 5322 (2.1.1): no line is longer than 998; folding begins at 76. */
const FOLD_AT = 76;
const PRINTABLE = /^[\x20-\x7e]*$/;
/** Needs neither quotes nor an encoded word in a display name. */
const PLAIN_NAME = /^[A-Za-z0-9 ]+$/;
/** A line that stands for itself in quoted-printable (RFC 2045, 6.7). */
const PLAIN_LINE = /^(?:[\t\x20-\x3c\x3e-\x7e]{0,75}[\x21-\x3c\x3e-\x7e])?$/;
/** A soft break takes one place of the 76. */
const LONGEST = 75;

/**
 * The mail as it goes on the wire, at once: text and HTML as multipart/alternative. nodemailer's composer says the same with a dozen
 * streams a mail, three times the work of sending it. Null for the rare ones it is left to: attachments, addresses or
 * header values beyond ASCII.
 */
export function plainMime(mail: OutgoingEmail): Buffer | null {
  const from = address(mail.from.address);
  const to = address(mail.to.address);
  const replyTo = mail.replyTo === undefined ? null : address(mail.replyTo);
  const extra = Object.entries(mail.headers).map(([name, value]) => [name, line(value)] as const);
  if ((mail.attachments?.length ?? 0) > 0) return null;
  if (![from, to, replyTo ?? '', mail.messageId, mail.inReplyTo ?? '', ...(mail.references ?? [])].every((text) => PRINTABLE.test(text)))
    return null;
  if (!extra.every(([, value]) => value.length <= 900 && PRINTABLE.test(value))) return null;
  const boundary = `=_${crypto.randomUUID()}`; // `=_` stands in no quoted-printable text
  const head = [
    ...extra.map(([name, value]) => `${name}: ${value}`),
    foldLines(`From: ${mailbox(mail.from.name, from)}`, FOLD_AT),
    foldLines(`To: ${mailbox(mail.to.name, to)}`, FOLD_AT),
    ...(replyTo === null ? [] : [`Reply-To: ${replyTo}`]),
    foldLines(`Subject: ${words(line(mail.subject))}`, FOLD_AT),
    `Message-ID: ${line(mail.messageId)}`,
    ...(mail.inReplyTo === undefined ? [] : [`In-Reply-To: ${line(mail.inReplyTo)}`]),
    ...(mail.references === undefined ? [] : [foldLines(`References: ${mail.references.map(line).join(' ')}`, FOLD_AT)]),
    `Date: ${mail.date.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ].join('\r\n');
  if (head.split('\r\n').some((one) => one.length > 998)) return null;
  return Buffer.from(
    `${head}\r\n\r\n${part(boundary, 'text/plain', mail.text)}${part(boundary, 'text/html', mail.html)}--${boundary}--\r\n`,
    'latin1', // nothing but ASCII is left
  );
}

function part(boundary: string, type: string, text: string): string {
  return `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}\r\n`;
}

function mailbox(name: string, at: string): string {
  const said = line(name);
  if (said === '') return at;
  if (PLAIN_NAME.test(said)) return `${said} <${at}>`;
  if (PRINTABLE.test(said) && !said.includes('=?')) return `"${said.replace(/["\\]/g, '\\$&')}" <${at}>`;
  return `${encodeWord(said, 'B', 52)} <${at}>`;
}

/** What looks like an encoded word, or can't be folded, is encoded, too. */
function words(text: string): string {
  return PRINTABLE.test(text) && !text.includes('=?') && !/\S{70}/.test(text) ? text : encodeWord(text, 'B', 52);
}

const TOKENS = Array.from({ length: 256 }, (_, byte) =>
  byte === 0x09 || (byte >= 0x20 && byte <= 0x7e && byte !== 0x3d)
    ? String.fromCharCode(byte)
    : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** RFC 2045, 6.7. Every kind of line break becomes CRLF. */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((one) => (PLAIN_LINE.test(one) ? one : encoded(one)))
    .join('\r\n');
}

function encoded(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  let out = '';
  let column = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    // White space at the end of a line would be lost on the way.
    const token = i === bytes.length - 1 && (byte === 0x20 || byte === 0x09) ? (byte === 0x20 ? '=20' : '=09') : (TOKENS[byte] ?? '');
    if (column + token.length > LONGEST) {
      out += '=\r\n';
      column = 0;
    }
    out += token;
    column += token.length;
  }
  return out;
}
