import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Receiver } from './receiver.ts';

/** Characters within which the headers lie. */
const HEAD = 16_384;

/**
 * A real SMTP server that remembers what it accepted. It loses no answer by itself, and can't be asked.
 * @param replyAfterMs how long it thinks before it answers DATA, so that a kill finds conversations in flight
 */
export async function openReceiver(replyAfterMs: () => number): Promise<Receiver> {
  const delivered = new Map<string, number>();
  const arrivals = new Map<string, number>();
  const count = (of: Map<string, number>, key: string) => of.set(key, (of.get(key) ?? 0) + 1);
  const sessions = new Set<string>();
  let peak = 0;
  let opened = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onConnect(session: SMTPServerSession, done) {
      sessions.add(session.id);
      opened += 1;
      peak = Math.max(peak, sessions.size);
      done();
    },
    onClose(session: SMTPServerSession) {
      sessions.delete(session.id);
    },
    onData(stream, session, done) {
      let head = '';
      stream.on('data', (chunk: Buffer) => {
        if (head.length < HEAD) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const id = /^message-id:\s*(\S+)/im.exec(head)?.[1] ?? head;
        // The message is ours once DATA ended, whether or not the client lives to hear it: that is the hard case.
        for (const { address } of session.envelope.rcptTo) {
          count(delivered, address);
          count(arrivals, `${address} ${id}`);
        }
        void sleep(replyAfterMs()).then(() => done());
      });
    },
  });
  server.on('error', () => {}); // a killed client resets its connection; that is what this is for
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    delivered,
    arrivals,
    open: () => sessions.size,
    opened: () => opened,
    peak: () => peak,
    resetPeak: () => void (peak = sessions.size),
    lost: () => 0,
    again: () => 0,
    found: () => 0,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
