import type { ParsedMail } from 'mailparser';

/** That somebody marked a mail of ours as spam (RFC 5965, "ARF"), as their mailbox provider tells. */
export interface Complaint {
  /** `abuse`, `fraud`, `virus`, `opt-out` … */
  readonly feedback: string;
  /** Message-IDs that stand anywhere in the report: one of them is the mail that it is about. */
  readonly mentions: readonly string[];
}

/** As much of a report as is looked at, in bytes. */
const LONGEST = 300_000;
/** Reports of other things: that a mail is no spam after all, that a signature failed. */
const NO_COMPLAINTS = new Set(['not-spam', 'auth-failure', 'dmarc', 'dmarc-auth-failure']);

/** Null for every mail that is no complaint. */
export function readComplaint(mail: ParsedMail, headers: Readonly<Record<string, string>>, raw: Uint8Array): Complaint | null {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/report\b/i.test(type) || !/report-type="?feedback-report/i.test(type)) return null;
  const parts = mail.attachments
    .filter((part) => /^(message|text)\//i.test(part.contentType))
    .map((part) => part.content.subarray(0, LONGEST).toString('utf8'));
  const text = [Buffer.from(raw.subarray(0, LONGEST)).toString('utf8'), ...parts].join('\n');
  const feedback = /^Feedback-Type:\s*([a-z-]{1,40})/im.exec(text)?.[1]?.toLowerCase();
  if (feedback === undefined || NO_COMPLAINTS.has(feedback)) return null;
  return { feedback, mentions: [...new Set(text.match(/<[a-z2-7]{42}@[^<>\s]{1,300}>/gi) ?? [])].slice(0, 50) };
}
