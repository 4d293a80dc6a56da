import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/**
 * What the sink does to one mail:
 * - `accept`; - `drop_before_data`: the connection dies when RCPT comes; - `drop_after_data`: it took the whole mail (and counts it), the
 * connection dies before the reply; - `busy_*` 4xx; - `refuse_*` 5xx.
 */
export type SinkFault =
  | 'accept'
  | 'drop_before_data'
  | 'drop_after_data'
  | 'busy_recipient'
  | 'busy_data'
  | 'refuse_recipient'
  | 'refuse_data';

export interface SunkMail {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
  /** With angle brackets; empty when the mail has none. */
  readonly messageId: string;
}

export interface SmtpSink {
  readonly port: number;
  /** smtp://127.0.0.1:port */
  readonly url: string;
  /** Every mail that was taken, in order; a mail taken twice is here twice. Raw text is kept unless `keep` is off. */
  readonly mails: readonly SunkMail[];
  /** How often each Message-ID was taken. */
  readonly counts: ReadonlyMap<string, number>;
  /** Conversations open right now. */
  open(): number;
  /** Decides about each further mail by its recipient. */
  fault(decide: (to: string) => SinkFault): void;
  close(): Promise<void>;
}

interface SinkOptions {
  readonly port?: number;
  /** Requires AUTH with this password, for any user. */
  readonly password?: string;
  /** False: only counts, for load. */
  readonly keep?: boolean;
  /** Called when a mail was taken, before the reply. */
  readonly onMail?: (mail: SunkMail) => void;
}

/** A real SMTP server on a loopback port that counts what arrives by Message-ID and fails on demand. */
export async function smtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const mails: SunkMail[] = [];
  const counts = new Map<string, number>();
  let decide: (to: string) => SinkFault = () => 'accept';
  let open = 0;

  const server = new SMTPServer({
    authOptional: options.password === undefined,
    disabledCommands: options.password === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    allowInsecureAuth: true,
    hidePIPELINING: false,
    logger: false,
    onAuth: (auth, _session, done) =>
      auth.password === options.password ? done(null, { user: auth.username ?? '' }) : done(new Error('Invalid login')),
    onConnect(_session, done) {
      open++;
      done();
    },
    onClose() {
      open--;
    },
    onRcptTo(address, session, done) {
      const fault = decide(address.address);
      if (fault === 'drop_before_data') return drop(session.id);
      if (fault === 'busy_recipient') return done(reply(450, '4.2.1 Mailbox busy, try again later'));
      if (fault === 'refuse_recipient') return done(reply(550, '5.1.1 No such user here'));
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const fault = decide(to);
        if (fault === 'refuse_data') return done(reply(554, '5.7.1 Looks like spam'));
        if (fault === 'busy_data') return done(reply(451, '4.3.0 Try again later'));
        const raw = Buffer.concat(chunks).toString('utf8');
        const messageId = /^message-id:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? '';
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const mail = { from, to, raw: options.keep === false ? '' : raw, messageId };
        counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
        if (options.keep !== false) mails.push(mail);
        options.onMail?.(mail);
        if (fault === 'drop_after_data') return drop(session.id);
        done();
      });
    },
  });
  // smtp-server keeps its sockets to itself; a sink that can't cut a line would be no use.
  const connections: Set<{ id: string; _socket?: { destroy(): void } }> = Reflect.get(server, 'connections');
  const drop = (id: string) => [...connections].find((connection) => connection.id === id)?._socket?.destroy();
  server.on('error', () => undefined); // a dropped connection is what we asked for

  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port ?? 0, '127.0.0.1', () => done());
  });
  // a TCP server's address is an object
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails,
    counts,
    open: () => open,
    fault: (next) => void (decide = next),
    close: () =>
      new Promise((done) => {
        for (const connection of connections) connection._socket?.destroy();
        server.close(() => done());
      }),
  };
}

function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
