import { LARGEST_FILE, normaliseEmail } from '#modules/people/public.ts';
import type { AddressObject, ParsedMail } from 'mailparser';
import { htmlToText } from '../body-html.ts';
import { readComplaint, type Complaint } from './complaint.ts';
import { readReport, type DeliveryReport } from './delivery-report.ts';

/** Longest text that is kept, in characters. */
const LONGEST_TEXT = 100_000;
/** HTML beyond this is not turned into text: hostile mail nests it to burn time. */
const LONGEST_HTML = 500_000;

const MOST_ATTACHMENTS = 20;

/** A mail as far as we need it. Everything in it was written by a stranger. */
export interface ParsedInbound {
  /** With angle brackets; null when the mail has none. */
  readonly messageId: string | null;
  /** Message-IDs that it answers or follows, nearest first. */
  readonly references: readonly string[];
  readonly from: { readonly name: string; readonly address: string | null };
  /** Every address that it was sent to, as written by anybody on the way. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Names in lower case; those that tell what kind of mail it is. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: Date | null;
  /** From a list or a program, by its headers (RFC 3834, RFC 2919): nobody typed it for us. */
  readonly bulk: boolean;
  /** A report that one of our mails could not be delivered. */
  readonly report: DeliveryReport | null;
  /** A report that somebody complained about one of our mails. */
  readonly complaint: Complaint | null;
  /** What hangs on it, without the pictures that its HTML shows; at most twenty, none larger than a file may be. */
  readonly attachments: readonly { readonly name: string; readonly content: Buffer }[];
}

const KEPT = [
  'from',
  'to',
  'cc',
  'reply-to',
  'date',
  'subject',
  'message-id',
  'in-reply-to',
  'references',
  'return-path',
  'auto-submitted',
  'precedence',
  'list-id',
  'list-unsubscribe',
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-mail-autoreply',
  'x-auto-response-suppress',
  'x-auto-response-suppress-reply',
  'content-type',
];

/** PostgreSQL stores neither NUL nor half characters. */
function clean(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('\u0000', '').toWellFormed();
}

/** @throws Error when it is no mail at all */
export async function parseMail(raw: Uint8Array): Promise<ParsedInbound> {
  const { simpleParser } = await import('mailparser'); // with the first mail: 28 MB
  const mail = await simpleParser(Buffer.from(raw), { skipImageLinks: true, skipTextToHtml: true, maxHtmlLengthToParse: LONGEST_HTML });
  const headers: Record<string, string> = {};
  for (const { key, line } of mail.headerLines) {
    if (KEPT.includes(key) && headers[key] === undefined)
      headers[key] = clean(
        line
          .slice(line.indexOf(':') + 1)
          .replace(/\s+/g, ' ')
          .trim(),
        2_000,
      );
  }
  const sender = mail.from?.value[0];
  const report = readReport(mail, headers, raw);
  const complaint = readComplaint(mail, headers, raw);
  return {
    messageId: idsIn(mail.messageId ?? '')[0] ?? null,
    references: [...new Set([...idsIn(mail.inReplyTo ?? ''), ...idsIn([mail.references ?? []].flat().join(' ')).toReversed()])].slice(
      0,
      50,
    ),
    from: { name: clean(sender?.name ?? '', 200), address: normaliseEmail(sender?.address ?? '') },
    recipients: recipientsOf(mail),
    subject: clean((mail.subject ?? '').replace(/\s+/g, ' ').trim(), 1_000),
    text: clean(textOf(mail), LONGEST_TEXT),
    headers,
    sentAt: mail.date !== undefined && !Number.isNaN(mail.date.getTime()) ? mail.date : null,
    bulk:
      report !== null || complaint !== null || headers['list-id'] !== undefined || /^(bulk|list|junk)$/i.test(headers['precedence'] ?? ''),
    report,
    complaint,
    attachments: attachmentsOf(mail),
  };
}

/** A name that a stranger gave is made harmless where it is stored (people/files). */
function attachmentsOf(mail: ParsedMail): ParsedInbound['attachments'] {
  return mail.attachments
    .filter((part) => !part.related && part.content.length > 0 && part.content.length <= LARGEST_FILE)
    .slice(0, MOST_ATTACHMENTS)
    .map((part) => ({ name: clean(part.filename ?? `attachment.${part.contentType.split('/')[1] ?? 'bin'}`, 300), content: part.content }));
}

function textOf(mail: ParsedMail): string {
  if (mail.text !== undefined && mail.text.trim() !== '') return mail.text;
  return mail.html === false ? '' : htmlToText(mail.html.slice(0, LONGEST_HTML));
}

function idsIn(text: string): string[] {
  return text.slice(0, 20_000).match(/<[^<>\s]{3,500}>/g) ?? [];
}

function recipientsOf(mail: ParsedMail): string[] {
  const lists: AddressObject[] = [mail.to ?? [], mail.cc ?? []].flat();
  const named = lists.flatMap((list) => list.value.map((entry) => entry.address ?? ''));
  const delivered = mail.headerLines
    .filter(({ key }) => key === 'delivered-to' || key === 'x-original-to' || key === 'envelope-to')
    .map(({ line }) => line.slice(line.indexOf(':') + 1).trim());
  return [...new Set([...named, ...delivered].map((address) => address.toLowerCase()).filter((address) => address.includes('@')))].slice(
    0,
    200,
  );
}
