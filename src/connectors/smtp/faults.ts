import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { AppError } from '#core/errors.ts';

/** What nodemailer hangs on its errors. */
interface SmtpFault {
  readonly message: string;
  readonly code?: unknown;
  /** The command that failed: CONN, EHLO, AUTH PLAIN, MAIL FROM, RCPT TO, DATA … */
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** Faults of the mail itself that nodemailer finds before it says a word. */
const OURS = new Set(['EENVELOPE', 'EMESSAGE', 'EFILEACCESS', 'EURLACCESS', 'EMAXRECIPIENTS']);
const SIGN_IN = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);

/**
 * What an SMTP failure means for the act. The server's own no is final (5xx) or "later" (4xx), at whatever point it comes: a
 * negative reply says that it has not taken the mail. Silence is harmless before the text went out and unknowable after it
 * (RFC 5321, 4.2.5: the server may have accepted what it had no time to answer).
 *
 * @param handed the text of the mail has begun to go out
 */
export function classify(error: unknown, handed: boolean): AppError {
  const fault: SmtpFault = error instanceof Error ? error : new Error(String(error));
  const code = String(fault.code ?? '');
  const command = String(fault.command ?? '');
  const status = typeof fault.responseCode === 'number' ? fault.responseCode : 0;
  const reply = oneLine(typeof fault.response === 'string' ? fault.response : fault.message);
  if (status >= 400 && status < 500) return new VendorUnavailable(`The mail server is not ready: ${reply}`);
  if (SIGN_IN.has(code) || status === 530 || status === 535 || status === 538)
    return new CredentialsRejected(`The mail server does not accept the user name or password: ${reply}`);
  if (status >= 500) return refusal(command, status, reply);
  if (handed) return new MaybeDone(`The connection was lost before the mail server answered: ${reply}`);
  if (OURS.has(code)) return new VendorRefused(`This mail can't be sent: ${reply}`);
  return new VendorUnavailable(`The mail server can't be reached: ${reply}`);
}

function refusal(command: string, status: number, reply: string): AppError {
  if (command === 'RCPT TO') return new VendorRefused(`The mail server refused the recipient: ${reply}`);
  if (command === 'DATA') return new VendorRefused(`The mail server refused the mail: ${reply}`);
  // 552 speaks of this mail's size; any other no to the sender would refuse every mail: they wait until a person mends it.
  if (command === 'MAIL FROM') {
    return status === 552
      ? new VendorRefused(`The mail server refused the mail: ${reply}`)
      : new CredentialsRejected(`The mail server refuses our sender address: ${reply}`);
  }
  // A no to the greeting is about us or the hour, never about this mail.
  return new VendorUnavailable(`The mail server turns us away: ${reply}`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
