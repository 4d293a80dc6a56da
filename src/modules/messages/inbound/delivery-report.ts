import type { ParsedMail } from 'mailparser';

/** That a mail of ours was not delivered (RFC 3464), or what servers write instead of a proper report. */
export interface DeliveryReport {
  /** `failed` for good; `delayed` is still being tried. */
  readonly action: 'failed' | 'delayed';
  /** Enhanced status code (RFC 3463), e.g. 5.1.1; null when the report has none. */
  readonly status: string | null;
  /** The server's words. */
  readonly diagnostic: string;
  /** Message-IDs that stand anywhere in the report: one of them is the mail that it is about. */
  readonly mentions: readonly string[];
}

/** As much of a report as is looked at, in bytes. */
const LONGEST = 300_000;
const DAEMON = /^(mailer-daemon|postmaster|mail-daemon|mailerdaemon|double-bounce)@/i;
const RETURNED =
  /undeliver|delivery (status|failure|has failed)|mail delivery failed|returned (mail|to sender)|failure notice|delivery notification|unzustellbar|nicht zugestellt/i;

/** Null for every mail that is no report. */
export function readReport(mail: ParsedMail, headers: Readonly<Record<string, string>>, raw: Uint8Array): DeliveryReport | null {
  const proper =
    /^multipart\/report\b/i.test(headers['content-type'] ?? '') && /report-type="?delivery-status/i.test(headers['content-type'] ?? '');
  const sender = mail.from?.value[0]?.address ?? '';
  const empty = headers['return-path'] === '<>';
  if (!proper && !((DAEMON.test(sender) || empty) && RETURNED.test(mail.subject ?? ''))) return null;
  const parts = mail.attachments
    .filter((part) => /^(message|text)\//i.test(part.contentType))
    .map((part) => part.content.subarray(0, LONGEST).toString('utf8'));
  const text = [Buffer.from(raw.subarray(0, LONGEST)).toString('utf8'), mail.text ?? '', ...parts].join('\n').slice(0, 3 * LONGEST);
  const action = /^Action:\s*(failed|delayed)/im.exec(text)?.[1]?.toLowerCase();
  const status = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1] ?? /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(mail.text ?? '')?.[1] ?? null;
  if (action === undefined && proper) return null; // relayed, expanded, delivered: no news
  const diagnostic =
    /^Diagnostic-Code:\s*((?:.|\r?\n[ \t])+)/im.exec(text)?.[1] ??
    /\b5\d\d[ -][^\n]{3,200}/.exec(mail.text ?? '')?.[0] ??
    mail.subject ??
    '';
  return {
    action: action === 'delayed' || status?.startsWith('4') === true ? 'delayed' : 'failed',
    status,
    diagnostic: diagnostic.replace(/\s+/g, ' ').replaceAll('\u0000', '').trim().slice(0, 500),
    mentions: [...new Set(text.match(/<[a-z2-7]{42}@[^<>\s]{1,300}>/gi) ?? [])].slice(0, 50),
  };
}
