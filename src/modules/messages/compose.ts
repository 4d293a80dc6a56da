import type { OutgoingEmail } from '#core/ports/email.ts';
import type { Secrets } from '#core/secrets.ts';
import { textToHtml } from './body-html.ts';
import type { Frame } from './frame.ts';
import { footed } from './compose-page.ts';
import { escapeHtml } from './liquid.ts';
import { absoluteImages } from './templates/images/address.ts';
import { isPage } from './templates/source/compile.ts';
import type { MessageFile } from './templates/store/row.ts';
import { PROBE_TOPIC } from './doctor/probe/topic.ts';
import { linkToken, replyToken } from './tokens.ts';
import { WAY_OUT } from './unsubscribe/words.ts';
import { trackHtml } from './tracking/rewrite.ts';

/** What of a message goes on the wire. */
export interface Composable {
  readonly id: string;
  readonly companyId: string;
  readonly class: 'commercial' | 'transactional';
  readonly personId: string | null;
  readonly toName: string;
  readonly toEmail: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly topic?: string | null;
  /** Written by hand to this one person. */
  readonly personal?: boolean;
  /** Message-IDs of the thread, oldest first, blanks between; null: the one that it answers. */
  readonly references?: string | null;
  /** Of the text (BCP 47); null: unknown. */
  readonly language?: string | null;
  /** Files that go with it, by name; their bytes are read when it leaves. */
  readonly attachments?: readonly MessageFile[] | null;
}

/** `<token@domain>`: the same for the same message for ever (RFC 5322, 3.6.4), and it finds its way back from a reply. */
export function messageIdOf(secrets: Secrets, id: string, fromAddress: string): string {
  const domain = fromAddress.split('@')[1] ?? '';
  return `<${replyToken(secrets, id)}@${domain === '' ? 'steward.invalid' : domain}>`;
}

/** Commercial mail has a person, and every person a way out. */
export function linksOf(
  secrets: Secrets,
  message: Pick<Composable, 'id' | 'companyId' | 'class' | 'personId'>,
  publicUrl: string,
): { unsubscribe: string; preferences: string } | null {
  if (message.class !== 'commercial' || message.personId === null) return null;
  const token = linkToken(secrets, { companyId: message.companyId, personId: message.personId, messageId: message.id });
  return { unsubscribe: `${publicUrl}/u/${token}`, preferences: `${publicUrl}/p/${token}` };
}

/** The whole mail: what is shown in the outbox is what goes out, byte for byte but for the transfer encoding. */
export function composeEmail(secrets: Secrets, message: Composable, frame: Frame, date: Date): OutgoingEmail {
  const links = linksOf(secrets, message, frame.publicUrl);
  return {
    messageId: message.messageId,
    from: frame.from,
    to: { name: message.toName, address: message.toEmail },
    ...(frame.replyTo === null ? {} : { replyTo: frame.replyTo }),
    subject: message.subject,
    text: wholeText(message.text, frame, links),
    html: counted(secrets, message, frame, wholeHtml(message, drawnHtml(message, frame), frame, links)),
    date,
    headers: headersOf(message, links, frame),
    ...(message.inReplyTo === null
      ? {}
      : { inReplyTo: message.inReplyTo, references: message.references?.split(' ') ?? [message.inReplyTo] }),
  };
}

/** By way of us, where the company counts and this person agreed. */
function counted(secrets: Secrets, { id, companyId }: Composable, { tracking, publicUrl }: Frame, html: string): string {
  return tracking === undefined ? html : trackHtml(secrets, publicUrl, { companyId, messageId: id }, tracking, html);
}

/** RFC 2369 and RFC 8058: one https URI, and the word that a POST to it acts at once. What a person typed is no automatic mail (RFC 3834). */
function headersOf(message: Composable, links: { unsubscribe: string } | null, { publicUrl }: Frame): Record<string, string> {
  // A probe shows what becomes of both fields on the way; its address unsubscribes nobody.
  if (message.topic === PROBE_TOPIC) return { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(`${publicUrl}/u/probe`) };
  if (links === null) return message.class === 'transactional' && message.personal !== true ? { 'Auto-Submitted': 'auto-generated' } : {};
  return unsubscribeHeaders(links.unsubscribe);
}

function unsubscribeHeaders(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** Name and postal address on one line; the name once. */
function addressLine({ companyName, postalAddress }: Frame): string | null {
  if (postalAddress === null || postalAddress === '') return null;
  const address = postalAddress.replace(/\s*\n\s*/g, ', ');
  return address.toLowerCase().startsWith(companyName.toLowerCase()) ? address : `${companyName}, ${address}`;
}

interface Links {
  readonly unsubscribe: string;
  readonly preferences: string;
}

function wholeText(text: string, frame: Frame, links: Links | null): string {
  const words = WAY_OUT[frame.language ?? 'en'];
  const footer = [
    addressLine(frame),
    links === null ? null : `${words.noMore}: ${links.unsubscribe}`,
    links === null ? null : `${words.chooseWhat}: ${links.preferences}`,
  ].filter((line) => line !== null);
  return links === null && frame.postalAddress === null ? `${text.trim()}\n` : `${text.trim()}\n\n-- \n${footer.join('\n')}\n`;
}

/** What was written, as HTML: all of it that a reader may click on, and nothing yet that code puts around it. */
function drawnHtml(message: Composable, frame: Frame): string {
  return message.html === null ? textToHtml(message.text) : absoluteImages(message.html, frame.publicUrl);
}

/** Reads like a letter in every client: one column, system type, no images, no styles that a client must fetch. A page that brings its own look keeps it. */
function wholeHtml(message: Composable, drawn: string, frame: Frame, links: Links | null): string {
  const { language = 'en' } = frame;
  const words = WAY_OUT[language];
  const address = escapeHtml(addressLine(frame) ?? '');
  const ways =
    links === null
      ? ''
      : `<span lang="${language}"><a href="${links.unsubscribe}" style="color:#6b7280">${words.unsubscribe}</a> · <a href="${links.preferences}" style="color:#6b7280">${words.chooseWhat}</a></span>`;
  const footer = [address, ways].filter((part) => part !== '').join('<br>');
  if (message.html !== null && isPage(drawn)) return footed(drawn, footer);
  return `<!doctype html>
<html lang="${escapeHtml(message.language ?? language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeHtml(message.subject)}</title></head>
<body style="margin:0;padding:24px 16px">
<div style="max-width:600px;margin:0 auto;font:16px/1.55 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
${drawn}
${footer === '' ? '' : `<p style="margin:32px 0 0;padding-top:12px;border-top:1px solid #d1d5db;font-size:12px;line-height:1.5;color:#6b7280">${footer}</p>`}
</div></body></html>
`;
}
