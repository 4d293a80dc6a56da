import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Misconfigured } from '../errors.ts';
import type { Log } from '../log.ts';
import { postgresBinaries } from './cluster/binaries.ts';
import { settleLayout, socketDirectory, type Layout } from './cluster/layout.ts';
import { findPostmaster } from './cluster/postmaster.ts';
import { createCluster, lastWords, SOCKET_PORT, startServer, stopServer, SUPERUSER, type StartedServer } from './cluster/server.ts';
import { errorCode } from './pg-error.ts';
import { createRolesSql, grantsSql, missingRoles } from './roles.ts';
import type { DatabaseTarget } from './target.ts';

const DATABASE = 'steward';
const NO_PASSWORDS = { owner: undefined, app: undefined, system: undefined };
/** Advisory locks of the embedded database. Every process holds MEMBER shared; a web process holds WEB besides. */
const MEMBER = 7_365_010;
const WEB = 7_365_011;
const PREPARE = 7_365_012;
/** The driver reaches no Unix socket there. */
const NO_WINDOWS =
  'On Windows, Steward needs a PostgreSQL 15 to 18 of your own: set DATABASE_URL. Or start Steward in WSL or Docker, where it brings its own';
const START_LIMIT_MS = 60_000;

export interface ClusterOptions {
  /** STEWARD_HOME, absolute. */
  readonly home: string;
  /** Whether this process serves the web: one a home. */
  readonly web: boolean;
  /** false only for tests. */
  readonly durable?: boolean;
  readonly log?: Log;
  /** Told when the cluster is lost for good: this process should end. */
  readonly onLost?: (error: Error) => void;
}

/** This process's share in the embedded PostgreSQL of its home. */
export interface Cluster {
  readonly target: DatabaseTarget;
  /** Leaves; the last process to leave stops PostgreSQL. */
  leave(): Promise<void>;
}

/**
 * Joins the embedded PostgreSQL: starts it unless it runs, adopts it when it outlived a killed Steward, and holds a guard connection.
 * When PostgreSQL dies under us, whichever process of the home notices first starts it again; its own lock file lets one win.
 * @throws Misconfigured when another web process serves this home, or PostgreSQL cannot start
 */
export async function joinCluster(options: ClusterOptions): Promise<Cluster> {
  if (process.platform === 'win32') throw new Misconfigured(NO_WINDOWS);
  const member = new Member(options, await settleLayout(options.home));
  const target = await member.join();
  return { target, leave: () => member.leave() };
}

class Member {
  readonly #options: ClusterOptions;
  readonly #layout: Layout;
  #guard: Client | undefined;
  #leaving = false;

  constructor(options: ClusterOptions, layout: Layout) {
    this.#options = options;
    this.#layout = layout;
  }

  async join(): Promise<DatabaseTarget> {
    const host = await socketDirectory(this.#layout);
    const guard = await this.#connect(host);
    this.#guard = guard;
    guard.once('end', () => void this.#guardLost());
    try {
      await prepare(guard);
      await this.#lock(guard);
    } catch (error) {
      await this.leave();
      throw error;
    }
    return { host, port: SOCKET_PORT, database: DATABASE, ssl: false, passwords: NO_PASSWORDS };
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    const guard = this.#guard;
    if (guard === undefined) return;
    const last = await isLast(guard).catch(() => false);
    if (last) await stopServer(this.#layout);
    await guard.end().catch(() => undefined);
  }

  /** Connects as superuser to Steward's database, starting and preparing whatever is missing on the way. */
  async #connect(host: string): Promise<Client> {
    let attempt: StartedServer | undefined;
    let failures = 0;
    for (const deadline = performance.now() + START_LIMIT_MS; performance.now() < deadline;) {
      const client = await tryConnect(host, DATABASE, this.#purpose());
      if (client instanceof Client) return client;
      if (errorCode(client) === '3D000') await createDatabase(host);
      else if ((await findPostmaster(this.#layout.data)) === undefined && (attempt === undefined || (await settled(attempt.gone)))) {
        // A child of a killed PostgreSQL, deep in an fsync, holds on to its memory for a while: wait for it.
        const heldUp = attempt !== undefined && (await lastWords(this.#layout)).includes('pre-existing shared memory block');
        if (heldUp) await sleep(200);
        else if (++failures > 5) break; // each one that failed said why
        attempt = await this.#start(host);
      } else await sleep(10);
    }
    throw new Misconfigured(`PostgreSQL does not start in ${this.#layout.data}. It said:\n${await lastWords(this.#layout)}`);
  }

  async #start(host: string): Promise<StartedServer> {
    const bin = await postgresBinaries(this.#layout);
    await createCluster(this.#layout, bin);
    return startServer(this.#layout, bin, { socketDirectory: host, durable: this.#options.durable ?? true });
  }

  async #lock(guard: Client): Promise<void> {
    // A predecessor that was killed a moment ago may still be in the server's books.
    for (let tries = 0; ; tries++) {
      const { rows } = await guard.query<{ member: boolean; web: boolean }>(
        `select pg_try_advisory_lock_shared($1) as member, ${this.#options.web ? 'pg_try_advisory_lock($2)' : '$2::int > 0'} as web`,
        [MEMBER, WEB],
      );
      if (rows[0]?.member === true && rows[0].web) return;
      if (tries >= 20) break;
      await sleep(50);
    }
    const { rows } = await guard.query<{ application_name: string }>(
      `select application_name from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and objid = $1 and granted limit 1`,
      [WEB],
    );
    const who = rows[0]?.application_name ?? 'another process';
    throw new Misconfigured(
      `Another Steward serves this data directory already (${who}). Use that one, stop it first, or start this one with ROLE=worker or another STEWARD_HOME`,
    );
  }

  /** PostgreSQL went away, or only our connection did: get it back, or give up. */
  async #guardLost(): Promise<void> {
    if (this.#leaving) return;
    this.#options.log?.warn('PostgreSQL went away; bringing it back');
    try {
      await this.join();
      this.#options.log?.info('PostgreSQL is back');
    } catch (error) {
      this.#options.onLost?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #purpose(): string {
    return `steward ${this.#options.web ? 'web' : 'worker'} process ${process.pid}`;
  }
}

async function createDatabase(host: string): Promise<void> {
  const admin = await tryConnect(host, 'postgres', 'steward start');
  if (!(admin instanceof Client)) return; // the caller tries again
  try {
    await admin.query(`create database ${DATABASE}`);
  } catch (error) {
    if (!['42P04', '23505'].includes(errorCode(error) ?? '')) throw error; // another process was first
  } finally {
    await admin.end();
  }
}

/** Roles and grants, all or nothing: a start that was killed half-way leaves a database that the next one prepares. */
async function prepare(admin: Client): Promise<void> {
  const last = `select to_regrole('steward_system') is not null and has_schema_privilege('steward_system', 'public', 'usage') as ready`;
  const isReady = async () => (await admin.query<{ ready: boolean }>(last)).rows[0]?.ready === true;
  if (await isReady()) return;
  await admin.query('begin');
  await admin.query('select pg_advisory_xact_lock($1)', [PREPARE]);
  if (!(await isReady()))
    for (const sql of [...createRolesSql(await missingRoles(admin), NO_PASSWORDS), ...grantsSql(DATABASE)]) await admin.query(sql);
  await admin.query('commit');
}

/** Gives up this process's share, then asks for the whole: granted when nobody else holds any. */
async function isLast(guard: Client): Promise<boolean> {
  await guard.query('select pg_advisory_unlock_shared($1)', [MEMBER]);
  const { rows } = await guard.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [MEMBER]);
  return rows[0]?.last === true;
}

async function tryConnect(host: string, database: string, purpose: string): Promise<Client | Error> {
  const client = new Client({
    host,
    port: SOCKET_PORT,
    database,
    user: SUPERUSER,
    application_name: purpose,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // 'end' follows, and is what we act on
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function settled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(0, false)]);
}
