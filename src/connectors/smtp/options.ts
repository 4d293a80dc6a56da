import { z } from 'zod';
import { isLoopback } from '#core/connector/loopback.ts';
import { HOST, secret } from '#core/secrets.ts';

export const SmtpCredentials = z.object({
  host: z
    .string()
    .regex(/^[\w.:[\]-]+$/, 'Write the name of the mail server only, e.g. smtp.example.com')
    .meta(HOST)
    .describe('Mail server, e.g. smtp.example.com'),
  port: z.coerce.number().int().min(1).max(65_535).default(587).describe('587, or 465 for TLS from the start'),
  security: z
    .enum(['auto', 'tls', 'starttls', 'none'])
    .default('auto')
    .describe('auto: TLS on port 465, else STARTTLS; always encrypted when a password is sent'),
  username: z.string().min(1).optional().describe('Usually the whole email address'),
  password: secret().optional().describe('Many providers want an app password'),
  fromEmail: z.email().optional().describe('Sender address'),
  fromName: z.string().max(200).optional().describe('Sender name'),
  maxConnections: z.coerce.number().int().min(1).max(50).default(10).describe('SMTP connections at once'),
});
export type SmtpCredentials = z.output<typeof SmtpCredentials>;

/** Milliseconds. RFC 5321 (4.5.3.2) allows minutes; nobody should hold a place in the pool for so long. */
const CONNECT_MS = 20_000;
const SILENCE_MS = 120_000;

export function transportOptions(credentials: SmtpCredentials) {
  const { host, port, security, username, password } = credentials;
  const local = isLoopback(host);
  const secure = security === 'tls' || (security === 'auto' && port === 465);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    secure,
    // a password never travels in the clear, save inside this machine
    requireTLS: !secure && (security === 'starttls' || (username !== undefined && !local && security !== 'none')),
    ignoreTLS: security === 'none',
    tls: { rejectUnauthorized: !local },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    ...(username === undefined ? {} : { auth: { user: username, pass: password?.reveal() ?? '' } }),
  };
}
