import { createConnection, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { MailRoute } from '#core/connector/types.ts';
import type { Ask } from '#core/net/dns.ts';
import { finding, notAsked, type Finding } from '../finding.ts';
import type { Patient } from '../patient.ts';

type Server = NonNullable<MailRoute['server']>;

const PATIENCE_MS = 8_000;
const SOON_MS = 14 * 86_400_000;

/** Is mail encrypted on its way to the server, and is the server who it says it is? Speaks SMTP up to the certificate, and hangs up. */
export async function checkTls(ask: Ask, { route }: Patient, now: Date): Promise<Finding | null> {
  const server = route?.server;
  if (server === undefined) return null;
  if (server.loopback)
    return finding('tls', { state: 'note', says: `${server.host} is this machine: what goes there needs no encryption.` });
  const known = isIP(server.host) === 0 ? await ask.a(server.host) : null;
  if (known?.kind === 'failed') return notAsked('tls', `${server.host}: ${known.why}`);
  try {
    return judged(server, await greet(server), now);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return finding('tls', {
      state: 'unknown',
      says: `${server.host}:${server.port} could not be reached: ${why}.`,
      fix: 'Check again later, and whether the connection works.',
    });
  }
}

interface Greeting {
  readonly offered: boolean;
  /** Null: the certificate is trusted, or none was shown. */
  readonly distrust: string | null;
  readonly until: Date | null;
  readonly protocol: string | null;
}

function judged({ host, port }: Server, { offered, distrust, until, protocol }: Greeting, now: Date): Finding {
  if (!offered)
    return finding('tls', {
      state: 'bad',
      says: `${host}:${port} offers no encryption: anybody on the way reads your mail and its password.`,
      fix: 'Use port 465, or 587 of a server that offers STARTTLS.',
    });
  if (distrust !== null)
    return finding('tls', {
      state: 'bad',
      says: `The certificate of ${host} is not trusted: ${distrust}.`,
      fix: 'Renew it, or write the name that stands in it.',
    });
  if (until !== null && until.getTime() - now.getTime() < SOON_MS)
    return finding('tls', {
      state: 'warn',
      says: `The certificate of ${host} ends on ${until.toISOString().slice(0, 10)}.`,
      fix: 'Renew it before then: mail waits afterwards.',
    });
  return finding('tls', { state: 'good', says: `${host} encrypts (${protocol ?? 'TLS'}), and its certificate is trusted.` });
}

async function greet(server: Server): Promise<Greeting> {
  const { host, port, tls } = server;
  const bare = host.replace(/^\[|\]$/g, '');
  if (tls === 'implicit') return certificate(connectTls({ host: bare, port, servername: servername(bare), rejectUnauthorized: false }));
  const socket = createConnection({ host: bare, port });
  try {
    const replies = lines(socket);
    await replies(220);
    socket.write('EHLO steward.invalid\r\n');
    const offers = await replies(250);
    if (!/^250[ -]STARTTLS\s*$/im.test(offers)) return { offered: false, distrust: null, until: null, protocol: null };
    socket.write('STARTTLS\r\n');
    await replies(220);
    socket.removeAllListeners();
    return await certificate(connectTls({ socket, servername: servername(bare), rejectUnauthorized: false }));
  } finally {
    socket.destroy();
  }
}

/** An address is no name, and names none. */
function servername(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}

function certificate(socket: TLSSocket): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('it did not answer in time')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { valid_to: until } = socket.getPeerCertificate();
      const fault = socket.authorizationError as Error | string | undefined; // typed as Error, and a code in some versions of Node
      const distrust = socket.authorized ? null : fault instanceof Error ? fault.message : String(fault);
      resolve({ offered: true, distrust, until: until === undefined ? null : new Date(until), protocol: socket.getProtocol() });
      socket.destroy();
    });
  });
}

/** Whole replies of an SMTP server, one at a time. */
function lines(socket: Socket): (code: number) => Promise<string> {
  let text = '';
  let wanted: (() => void) | null = null;
  let failure: Error | null = null;
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('it did not answer in time')));
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (text.length > 20_000) socket.destroy(new Error('it talks too much'));
    wanted?.();
  });
  socket.on('error', (error) => {
    failure = error;
    wanted?.();
  });
  socket.on('close', () => {
    failure ??= new Error('it hung up');
    wanted?.();
  });
  return (code) =>
    new Promise((resolve, reject) => {
      wanted = () => {
        const end = /^\d{3} .*\r?\n/m.exec(text);
        if (end === null) return failure === null ? undefined : reject(failure);
        wanted = null;
        const reply = text.slice(0, end.index + end[0].length);
        text = text.slice(reply.length);
        if (reply.startsWith(String(code))) resolve(reply);
        else reject(new Error(`it said: ${reply.trim().slice(0, 200)}`));
      };
      wanted();
    });
}
