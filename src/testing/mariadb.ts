import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = '/usr/sbin/mariadbd';
const TABLES = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((name) => join('/usr/share/mysql', name));

/** A private MariaDB server: its files in a temporary directory, a free port, no TLS; one database and its user. */
export interface Mariadb {
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

/**
 * Is there a MariaDB on this machine? Where not, tests of the real server are skipped with a loud line; in CI that is a failure.
 * Install: apt-get install -y mariadb-server-core
 */
export function hasMariadb(): boolean {
  const found = existsSync(BINARY);
  if (!found && process.env['CI'] === 'true') throw new Error('CI must test a real MariaDB: apt-get install -y mariadb-server-core');
  if (!found)
    process.stderr.write('SKIPPED: tests of a real MariaDB, because it is not installed (apt-get install -y mariadb-server-core)\n');
  return found;
}

/** Some two seconds, most of it for the tables that every server has. */
export async function mariadb(): Promise<Mariadb> {
  const home = await mkdtemp(join(tmpdir(), 'mariadb-'));
  const data = join(home, 'data');
  await mkdir(data);
  const [user, password, database] = ['shop', 'only for tests', 'shop'];
  const port = await freePort();
  const small = ['--no-defaults', `--datadir=${data}`, '--innodb-log-file-size=4M', '--innodb-buffer-pool-size=16M', '--innodb-flush-log-at-trx-commit=0', '--aria-log-file-size=8M', '--skip-log-bin', ...(process.getuid?.() === 0 ? ['--user=root'] : [])]; // prettier-ignore
  const boot = spawn(BINARY, [...small, '--bootstrap', '--skip-networking'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const system = await Promise.all(TABLES.map((path) => readFile(path, 'utf8')));
  boot.stdin.end(
    [
      'create database mysql;',
      'use mysql;',
      'set @auth_root_socket=NULL;',
      `set @current_hostname='localhost';`,
      'set @skip_auth_anonymous=1;',
      ...system,
      'flush privileges;',
      `create database ${database};`,
      `create user '${user}'@'%' identified by '${password}';`,
      `grant all on ${database}.* to '${user}'@'%';`,
      '',
    ].join('\n'),
  );
  const [code] = await once(boot, 'exit');
  if (code !== 0) throw new Error(`MariaDB could not make its tables (${String(code)})`);
  const socket = join(home, 'socket');
  const server = spawn(BINARY, [...small, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, '--skip-name-resolve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server.stderr);
  return {
    port,
    database,
    user,
    password,
    async close() {
      // Nothing of it is wanted any more.
      server.kill('SIGKILL');
      await once(server, 'exit');
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function ready(log: AsyncIterable<unknown> & NodeJS.ReadableStream): Promise<void> {
  let seen = '';
  await new Promise<void>((resolve, reject) => {
    log.on('data', (chunk: unknown) => {
      seen += String(chunk);
      if (seen.includes('ready for connections')) resolve();
    });
    log.on('end', () => reject(new Error(`MariaDB did not start: ${seen.slice(-500)}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      // a TCP server has an address with a port
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
