import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '../receiver.ts';
import type { Asked, ProvenVendor, Said } from './vendor.ts';

/** A connection that nobody uses stays open for so long, as an SMTP session does: a kill then finds as many as there may be calls. */
const KEPT_OPEN_MS = 600_000;

/** How many of the messages get lost on their way: the connection breaks before the vendor took it, after that, or its proxy answers in its place. */
const LOST_BEFORE = 0.01;
const LOST_AFTER = 0.03;
const LOST_IN_PROXY = 0.01;

/** Opens one vendor on a local port. Some messages are taken and never answered. */
export async function openVendor(vendor: ProvenVendor, random: () => number): Promise<Receiver> {
  const delivered = new Map<string, number>();
  const sockets = new Set<object>();
  let [peak, opened, cut, again, found] = [0, 0, 0, 0, 0];
  const answer = vendor.open({
    deliver: (to) => void delivered.set(to, (delivered.get(to) ?? 0) + 1),
    again: () => void (again += 1),
    found: () => void (found += 1),
    now: () => Date.now(), // the real clock: Steward runs in processes of their own
    random,
  });
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then(async (asked) => {
      if (asked === null) return;
      const sends = vendor.sends(asked);
      const chance = sends ? random() : 1;
      if (chance < LOST_BEFORE) {
        cut += 1;
        return void incoming.socket.destroy();
      }
      // The message is the vendor's from here on, whether or not the client lives to hear it: that is the hard case.
      const said = answer(asked);
      await sleep(sends ? 20 + random() * 60 : 5);
      if (chance < LOST_BEFORE + LOST_AFTER) {
        cut += 1;
        return void incoming.socket.destroy();
      }
      const lost = chance < LOST_BEFORE + LOST_AFTER + LOST_IN_PROXY;
      if (lost) cut += 1;
      const { status, headers, body }: Said = lost ? { status: 502, body: '<html>Bad gateway</html>' } : said;
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
      outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.keepAliveTimeout = KEPT_OPEN_MS;
  server.on('connection', (socket) => {
    sockets.add(socket);
    opened += 1;
    peak = Math.max(peak, sockets.size);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // listening on TCP
    delivered,
    open: () => sockets.size,
    opened: () => opened,
    peak: () => peak,
    resetPeak: () => void (peak = sockets.size),
    lost: () => cut,
    again: () => again,
    found: () => found,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Null: the client went away in the middle of it. */
async function read(incoming: IncomingMessage): Promise<Asked | null> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://vendor');
    const body = Buffer.concat(chunks).toString('utf8');
    return { method: incoming.method ?? 'GET', path: pathname, query: searchParams, headers: incoming.headers, body };
  } catch {
    return null;
  }
}
