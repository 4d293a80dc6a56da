import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';

const BINARY = '/usr/sbin/dovecot';

/** A private IMAP server: maildirs in a temporary directory, a free port, no TLS; one user, and others who share the password. */
export interface Dovecot {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** imap://user:password@127.0.0.1:port */
  readonly url: string;
  /** Puts a mail into a folder, as a mail server would. Default: the inbox of `user`. */
  deliver(raw: string, folder?: string, user?: string): Promise<void>;
  /** The mails of a user's inbox, raw, in the order in which they came. */
  inbox(user: string): Promise<readonly string[]>;
  /** Ends every open session; clients must come back. */
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Is there a Dovecot on this machine? Where not, tests of real mailboxes are skipped with a loud line; in CI that is a failure.
 * Install: apt-get install -y dovecot-imapd
 */
export function hasDovecot(): boolean {
  const found = existsSync(BINARY);
  if (!found && process.env['CI'] === 'true') throw new Error('CI must test real mailboxes: apt-get install -y dovecot-imapd');
  if (!found)
    process.stderr.write('SKIPPED: tests of real IMAP mailboxes, because dovecot is not installed (apt-get install -y dovecot-imapd)\n');
  return found;
}

export async function dovecot(others: readonly string[] = []): Promise<Dovecot> {
  const home = await mkdtemp(join(tmpdir(), 'dovecot-'));
  const port = await freePort();
  const [user, password] = ['inbox@acme.test', 'only for tests'];
  const root = userInfo().uid === 0;
  const me = root ? 'nobody' : userInfo().username;
  const group = root ? 'nogroup' : execFileSync('id', ['-gn']).toString().trim();
  await chmod(home, 0o755);
  await mkdir(join(home, 'mail'), { mode: 0o777 });
  await chmod(join(home, 'mail'), 0o777);
  await writeFile(join(home, 'users'), [user, ...others].map((name) => `${name}:{PLAIN}${password}\n`).join(''), { mode: 0o644 });
  const config = `
protocols = imap
base_dir = ${home}/run
state_dir = ${home}/state
log_path = ${home}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:${home}/mail/%u
default_internal_user = ${me}
default_internal_group = ${group}
default_login_user = ${me}
first_valid_uid = 1
mail_uid = ${me}
mail_gid = ${group}
imap_idle_notify_interval = 1 min
service anvil { \n chroot = \n }
service imap-login {
  chroot =
  inet_listener imap { \n address = 127.0.0.1 \n port = ${port} \n }
  inet_listener imaps { \n port = 0 \n }
}
passdb { \n driver = passwd-file \n args = ${home}/users \n }
userdb { \n driver = static \n args = uid=${me} gid=${group} home=${home}/mail/%u \n }
`;
  const file = join(home, 'dovecot.conf');
  await writeFile(file, config);
  const server = spawn(BINARY, ['-F', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  await answering(port, () => (server.exitCode === null ? null : `dovecot ended at once: ${said}`));

  const session = async <T>(name: string, work: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth: { user: name, pass: password }, logger: false });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.logout();
    }
  };
  return {
    port,
    user,
    password,
    url: `imap://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    deliver: (raw, folder = 'INBOX', name = user) =>
      session(name, async (client) => {
        if (folder !== 'INBOX') await client.mailboxCreate(folder);
        await client.append(folder, raw.replace(/\r?\n/g, '\r\n'));
      }),
    inbox: (name) =>
      session(name, async (client) => {
        await client.mailboxOpen('INBOX', { readOnly: true });
        const mails: string[] = [];
        for await (const mail of client.fetch('1:*', { source: true })) mails.push(mail.source?.toString('utf8') ?? '');
        return mails;
      }),
    async hangUp() {
      // the processes that hold a session each are children of our server
      const children = execFileSync('ps', ['--ppid', String(server.pid), '-o', 'pid=,comm='])
        .toString()
        .trim()
        .split('\n');
      for (const child of children) {
        const [pid, name] = child.trim().split(/\s+/);
        if (name === 'imap') process.kill(Number(pid), 'SIGKILL');
      }
    },
    async close() {
      server.kill('SIGTERM');
      await exited;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an object
  await new Promise((done) => server.close(done));
  return port;
}

async function answering(port: number, ended: () => string | null): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt++) {
    const failure = ended();
    if (failure !== null) throw new Error(failure);
    const open = await new Promise<boolean>((done) => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => done(false));
    });
    if (open) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('dovecot did not open its port within a minute');
}
