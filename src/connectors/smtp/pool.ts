import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPPool from 'nodemailer/lib/smtp-pool';
import type { EmailPort, OutgoingEmail } from '#core/ports/email.ts';
import { VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { inChildSpan } from '#core/telemetry/tracing.ts';
import { classify } from './faults.ts';
import { address, line } from '#core/ports/email-line.ts';
import { compose } from '#core/mail/compose.ts';
import { plainMime } from '#core/mail/mime.ts';
import { transportOptions, type SmtpCredentials } from './options.ts';

type PoolMail = Parameters<SMTPPool['send']>[0];

/** A mail that is bytes already, where nodemailer expects a stream to pipe into the socket once the server has asked for it (354). */
class Bytes extends EventEmitter {
  readableDidRead = false;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
  }
  pipe(socket: Writable): void {
    this.readableDidRead = true;
    socket.end(this.#bytes);
  }
  destroy(): void {
    this.removeAllListeners();
  }
}

/** One mail on its way, and whether nodemailer has begun to read it: it reads not a byte before the server asked for it. */
function onItsWay(mail: OutgoingEmail): { readonly poolMail: PoolMail; handed(): boolean } {
  const bytes = plainMime(mail);
  let stream: Bytes | Readable | null = null;
  const messageId = line(mail.messageId);
  const node = bytes === null ? new MailComposer(compose(mail)).compile() : null;
  const message = {
    getEnvelope: () => ({ from: address(mail.from.address), to: [address(mail.to.address)] }),
    messageId: () => messageId,
    getHeader: () => messageId,
    createReadStream() {
      stream = bytes === null ? (node?.createReadStream() ?? null) : new Bytes(bytes);
      return stream;
    },
  };
  // The pool asks for no more of a mail than this (smtp-pool/pool-resource.js); the Mailer in front of it would compose it anew.
  return { poolMail: { data: {}, message } as unknown as PoolMail, handed: () => stream?.readableDidRead ?? false };
}

/**
 * A pool of SMTP connections, kept open between mails. It never repeats a mail by itself: nodemailer's own requeueing is
 * off, because it can't tell a lost answer from a lost connection; the ledger can.
 */
export function openPool(credentials: SmtpCredentials, { turn, log }: Pick<ConnectorOptions, 'turn' | 'log'> = {}): EmailPort {
  const pool = new SMTPPool({
    ...transportOptions(credentials),
    maxConnections: credentials.maxConnections,
    maxMessages: 10_000,
    maxRequeues: 0,
  });
  // What a connection says on its own concerns no mail: those that wait for one hear of it by their callback.
  pool.on('error', () => undefined);

  function attempt(mail: OutgoingEmail): Promise<{ externalId: string | null; response: string }> {
    const { poolMail, handed } = onItsWay(mail);
    return new Promise((resolve, reject) => {
      pool.send(poolMail, (error, info) => {
        if (error || info === undefined) reject(classify(error, handed()));
        else resolve({ externalId: info.serverMessageId ?? null, response: info.response });
      });
    });
  }

  return {
    async send(mail) {
      await turn?.wait();
      return inChildSpan(
        { name: 'SMTP', kind: 'client', attributes: { 'network.protocol.name': 'smtp', 'server.address': credentials.host } },
        () => noted(mail),
      );
    },
    async close() {
      pool.close();
    },
  };

  async function noted(mail: OutgoingEmail) {
    const beganAt = performance.now();
    const note = (error: string | null) =>
      log?.note({ method: 'MAIL', path: `${credentials.host}:${credentials.port}`, status: null, ms: performance.now() - beganAt, error });
    try {
      const sent = await once(mail);
      note(null);
      return sent;
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async function once(mail: OutgoingEmail) {
    try {
      return await attempt(mail);
    } catch (error) {
      // A kept-open connection that the server had closed meanwhile: once more, on a fresh one. Nothing was handed over.
      if (error instanceof VendorUnavailable && /closed|ECONNRESET|EPIPE/i.test(error.message)) return attempt(mail);
      throw error;
    }
  }
}
