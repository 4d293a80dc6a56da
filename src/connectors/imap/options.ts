import type { ImapFlowOptions } from 'imapflow';
import { z } from 'zod';
import { isLoopback } from '#core/connector/loopback.ts';
import { HOST, secret } from '#core/secrets.ts';

export const ImapCredentials = z.object({
  host: z
    .string()
    .regex(/^[\w.:[\]-]+$/, 'Write the name of the mail server only, e.g. imap.example.com')
    .meta(HOST)
    .describe('Mail server, e.g. imap.example.com'),
  port: z.coerce.number().int().min(1).max(65_535).default(993).describe('993 for TLS, 143 for STARTTLS'),
  security: z
    .enum(['auto', 'tls', 'starttls', 'none'])
    .default('auto')
    .describe('auto: TLS on port 993, else STARTTLS; none only inside this machine'),
  username: z.string().min(1).describe('Usually the whole email address'),
  password: secret().describe('Many providers want an app password'),
  mailbox: z.string().min(1).max(200).default('INBOX').describe('Folder that replies arrive in'),
  address: z
    .email()
    .optional()
    .describe('Address of this mailbox, when the user name is none; replies may carry a token in it (name+token@…)'),
  plusAddresses: z.stringbool().or(z.boolean()).default(false).describe('The mailbox takes mail for name+anything@…'),
});
export type ImapCredentials = z.output<typeof ImapCredentials>;

/** Milliseconds of silence after which a connection counts as dead; above the poll interval. */
const SILENCE_MS = 10 * 60_000;
/** Servers may end an IDLE after 30 minutes (RFC 2177 asks to renew before 29); NATs forget sooner. */
const RENEW_IDLE_MS = 4 * 60_000;
/** Longest mail that is read, in bytes. What is longer is cut: text comes before attachments. */
export const LONGEST_MAIL = 10_000_000;

export function clientOptions({ host, port, security, username, password }: ImapCredentials): ImapFlowOptions {
  const secure = security === 'tls' || (security === 'auto' && port === 993);
  const local = isLoopback(host);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    secure,
    // undefined: STARTTLS where the server offers it; outside of this machine it must
    doSTARTTLS: secure || security === 'none' ? undefined : local && security === 'auto' ? undefined : true,
    auth: { user: username, pass: password.reveal() },
    tls: { rejectUnauthorized: !local },
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: RENEW_IDLE_MS,
    connectionTimeout: 30_000,
    greetingTimeout: 20_000,
    socketTimeout: SILENCE_MS,
    maxLiteralSize: 2 * LONGEST_MAIL,
  };
}
