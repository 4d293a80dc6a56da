import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { EmailPort, OutgoingEmail } from '#core/ports/email.ts';
import { VendorUnavailable } from '#core/connector/errors.ts';
import { classify } from './faults.ts';
import { compose } from './compose.ts';
import { transportOptions, type SmtpCredentials } from './options.ts';

/** Room for the stream of one mail on its way out. */
interface InFlight {
  stream: Readable | null;
}

/** Did nodemailer begin to read the mail into the socket? It reads not a byte before the server asked for it (354). */
const handed = (mail: InFlight) => mail.stream?.readableDidRead ?? false;

/**
 * A pool of SMTP connections, kept open between mails. It never repeats a mail by itself: nodemailer's own requeueing is
 * off, because it can't tell a lost answer from a lost connection; the ledger can.
 */
export function openPool(credentials: SmtpCredentials): EmailPort {
  const transport = createTransport({
    ...transportOptions(credentials),
    pool: true,
    maxConnections: credentials.maxConnections,
    maxMessages: 10_000,
    maxRequeues: 0,
  });
  const underWay = new WeakMap<object, InFlight>();
  transport.use('stream', (mail, done) => {
    const create = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (options) => {
      const stream = create(options);
      const entry = underWay.get(mail.data.headers ?? mail);
      if (entry !== undefined) entry.stream = stream;
      return stream;
    };
    done();
  });

  async function attempt(mail: OutgoingEmail): Promise<{ externalId: string | null; response: string }> {
    const options = compose(mail);
    const entry: InFlight = { stream: null };
    underWay.set(options.headers ?? options, entry);
    try {
      const info = await transport.sendMail(options);
      return { externalId: info.serverMessageId ?? null, response: info.response };
    } catch (error) {
      throw classify(error, handed(entry));
    }
  }

  return {
    async send(mail) {
      try {
        return await attempt(mail);
      } catch (error) {
        // A kept-open connection that the server had closed meanwhile: once more, on a fresh one. Nothing was handed over.
        if (error instanceof VendorUnavailable && /closed|ECONNRESET|EPIPE/i.test(error.message)) return attempt(mail);
        throw error;
      }
    },
    async close() {
      transport.close();
    },
  };
}
