import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { decode, encode, streamDecode, streamEncode, TRUNCATED_RESPONSE, type Answer, type Packet } from 'dns-packet';

/** Records by name; `TXT` of several strings is split at 255 bytes. `fails`: what the server does instead of answering. */
export interface Zone {
  readonly [name: string]: {
    readonly TXT?: readonly string[];
    readonly A?: readonly string[];
    readonly AAAA?: readonly string[];
    readonly MX?: readonly (readonly [number, string])[];
    readonly PTR?: readonly string[];
    readonly CNAME?: string;
    readonly fails?: 'SERVFAIL' | 'silence';
  };
}

export interface DnsServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Questions so far, `TXT _dmarc.example.com`, and those that came again by TCP. */
  readonly asked: readonly string[];
  readonly askedByTcp: readonly string[];
  set(zone: Zone): void;
  close(): Promise<void>;
}

/** RFC 1035, 4.2.1: more than this does not go into one datagram of ours. */
const DATAGRAM = 512;
const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 };

/** A real DNS server on a loopback port, UDP and TCP, that knows what it is told. */
export async function dnsServer(first: Zone = {}): Promise<DnsServer> {
  let zone = first;
  const asked: string[] = [];
  const askedByTcp: string[] = [];

  function reply(query: Packet, byTcp: boolean): Packet | null {
    const [question] = query.questions ?? [];
    if (question === undefined) return null;
    const name = question.name.toLowerCase();
    (byTcp ? askedByTcp : asked).push(`${question.type} ${name}`);
    const known = zone[name];
    if (known?.fails === 'silence') return null;
    const answers = known === undefined ? [] : recordsOf(zone, name, question.type);
    // A name exists, too, where something lies below it.
    const exists = known !== undefined || Object.keys(zone).some((other) => other.endsWith(`.${name}`));
    const code = known?.fails === 'SERVFAIL' ? CODES.SERVFAIL : exists ? CODES.NOERROR : CODES.NXDOMAIN;
    return { type: 'response', ...(query.id === undefined ? {} : { id: query.id }), flags: code, questions: [question], answers };
  }

  const tcp = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      const query = streamDecode(bytes);
      const answer = query === null ? null : reply(query, true);
      if (answer !== null) socket.end(streamEncode(answer));
    });
  });
  await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done));
  const { port } = tcp.address() as AddressInfo; // a TCP server's address is an object
  const udp = createSocket('udp4');
  udp.on('message', (bytes, from) => {
    const answer = reply(decode(bytes), false);
    if (answer === null) return;
    const whole = encode(answer);
    const sent = whole.length <= DATAGRAM ? whole : encode({ ...answer, answers: [], flags: (answer.flags ?? 0) | TRUNCATED_RESPONSE });
    udp.send(sent, from.port, from.address);
  });
  await new Promise<void>((done) => udp.bind(port, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${port}`,
    asked,
    askedByTcp,
    set: (next) => void (zone = next),
    close: () => new Promise((done) => udp.close(() => tcp.close(() => done()))),
  };
}

function recordsOf(zone: Zone, name: string, type: string, hops = 0): Answer[] {
  const known = zone[name];
  if (known === undefined || hops > 8) return [];
  const ttl = 60;
  if (known.CNAME !== undefined) return [{ name, type: 'CNAME', ttl, data: known.CNAME }, ...recordsOf(zone, known.CNAME, type, hops + 1)];
  if (type === 'TXT') return (known.TXT ?? []).map((text) => ({ name, type: 'TXT', ttl, data: text.match(/[^]{1,255}/g) ?? [''] }));
  if (type === 'MX') return (known.MX ?? []).map(([preference, exchange]) => ({ name, type: 'MX', ttl, data: { preference, exchange } }));
  if (type === 'A') return (known.A ?? []).map((data) => ({ name, type: 'A', ttl, data }));
  if (type === 'AAAA') return (known.AAAA ?? []).map((data) => ({ name, type: 'AAAA', ttl, data }));
  if (type === 'PTR') return (known.PTR ?? []).map((data) => ({ name, type: 'PTR', ttl, data }));
  return [];
}
