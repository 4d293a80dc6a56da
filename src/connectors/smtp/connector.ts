import { connector } from '#core/connector/connector.ts';
import { isLoopback } from '#core/connector/loopback.ts';
import { classify } from './faults.ts';
import { SmtpCredentials, transportOptions } from './options.ts';
import { openPool } from './pool.ts';

/** Any mail server that speaks SMTP (RFC 5321) with STARTTLS or TLS. No way to ask whether a mail went out: a lost answer is in doubt. */
export default connector({
  id: 'smtp',
  title: 'Email by SMTP',
  credentials: SmtpCredentials,
  async verify(credentials) {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(transportOptions(credentials));
    try {
      await transport.verify();
    } catch (error) {
      throw classify(error, false);
    } finally {
      transport.close();
    }
    return `${credentials.username ?? 'no user'} at ${credentials.host}:${credentials.port}`;
  },
  sender: ({ host, fromEmail, fromName, username }) => ({
    name: fromName ?? null,
    address: fromEmail ?? (username?.includes('@') === true ? username : null),
    loopback: isLoopback(host),
  }),
  route: ({ host, port, security }) => ({
    server: {
      host,
      port,
      tls: security === 'tls' || (security === 'auto' && port === 465) ? 'implicit' : 'starttls',
      loopback: isLoopback(host),
    },
    spf: null,
    selectors: [],
  }),
  email: (credentials, options) => openPool(credentials, options),
});
