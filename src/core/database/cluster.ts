import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Misconfigured, Unavailable } from '../errors.ts';
import type { Log } from '../log.ts';
import { postgresBinaries } from './cluster/binaries.ts';
import { moveDoor, openDoor, type Door } from './cluster/door.ts';
import { settleLayout, type Layout } from './cluster/layout.ts';
import { findPostmaster } from './cluster/postmaster.ts';
import { createCluster, lastWords, startServer, stopServer, SUPERUSER, type StartedServer } from './cluster/server.ts';
import { errorCode } from './pg-error.ts';
import { createRolesSql, grantsSql, missingRoles } from './roles.ts';
import type { DatabaseTarget } from './target.ts';

const DATABASE = 'steward';
/** Advisory locks of the embedded database. Every process holds MEMBER shared; a web process holds WEB besides. */
const MEMBER = 7_365_010;
const WEB = 7_365_011;
const PREPARE = 7_365_012;
const START_LIMIT_MS = 60_000;

export interface ClusterOptions {
  /** STEWARD_HOME, absolute. */
  readonly home: string;
  /** Whether this process serves the web: one a home. */
  readonly web: boolean;
  /** A new cluster listens on a port of 127.0.0.1 with passwords, as it always does on Windows, where the driver knows no Unix socket. */
  readonly port?: boolean;
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
  const reach = process.platform === 'win32' || options.port === true ? 'port' : 'socket';
  const member = new Member(options, await settleLayout(options.home, reach));
  const target = await member.join();
  return { target, leave: () => member.leave() };
}

class Member {
  readonly #options: ClusterOptions;
  readonly #layout: Layout;
  #guard: Client | undefined;
  /** What this process's pools know. */
  #port: number | undefined;
  #leaving = false;

  constructor(options: ClusterOptions, layout: Layout) {
    this.#options = options;
    this.#layout = layout;
  }

  async join(): Promise<DatabaseTarget> {
    const { guard, door } = await this.#connect(await openDoor(this.#layout));
    this.#guard = guard;
    guard.once('end', () => void this.#guardLost());
    try {
      await prepare(guard, door.passwords);
      await this.#lock(guard);
    } catch (error) {
      await this.leave();
      throw error;
    }
    this.#port ??= door.port;
    return { host: door.host, port: door.port, database: DATABASE, ssl: false, passwords: door.passwords };
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
  async #connect(settled: Door): Promise<{ guard: Client; door: Door }> {
    let door = settled;
    let attempt: StartedServer | undefined;
    let failures = 0;
    for (const deadline = performance.now() + START_LIMIT_MS; performance.now() < deadline;) {
      // Behind a port there might be anybody: no password is shown before our own server holds it.
      const running = await findPostmaster(this.#layout.data);
      const client =
        this.#layout.reach === 'socket' || running?.status === 'ready' ? await tryConnect(door, DATABASE, this.#purpose()) : null;
      if (client instanceof Client) return { guard: client, door };
      if (errorCode(client) === '28P01')
        throw new Misconfigured(
          `The password in postgres.json does not open the database; put that file of ${this.#layout.home} back as it was`,
        );
      if (errorCode(client) === '3D000') await createDatabase(door);
      else if (running === undefined && (attempt === undefined || (await isSettled(attempt.gone)))) {
        const said = attempt === undefined ? '' : await lastWords(this.#layout);
        // A child of a killed PostgreSQL, deep in an fsync, holds on to its memory for a while: wait for it.
        if (said.includes('pre-existing shared memory block')) await sleep(200);
        else if (++failures > 5) break; // each one that failed said why
        if (this.#layout.reach === 'port' && /could not (bind|create any TCP)/.test(said)) door = await moveDoor(this.#layout);
        attempt = await this.#start(door);
      } else {
        await sleep(10);
        if (this.#layout.reach === 'port') door = await openDoor(this.#layout); // another process may have moved it
      }
    }
    throw new Misconfigured(`PostgreSQL does not start in ${this.#layout.data}. It said:\n${await lastWords(this.#layout)}`);
  }

  async #start(door: Door): Promise<StartedServer> {
    const bin = await postgresBinaries(this.#layout);
    await createCluster(this.#layout, bin, door);
    return startServer(this.#layout, bin, { door, durable: this.#options.durable ?? true });
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
      const { port } = await this.join();
      if (port !== this.#port) throw new Unavailable('PostgreSQL is back on another port: this process starts anew');
      this.#options.log?.info('PostgreSQL is back');
    } catch (error) {
      this.#options.onLost?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #purpose(): string {
    return `steward ${this.#options.web ? 'web' : 'worker'} process ${process.pid}`;
  }
}

async function createDatabase(door: Door): Promise<void> {
  const admin = await tryConnect(door, 'postgres', 'steward start');
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
async function prepare(admin: Client, passwords: Door['passwords']): Promise<void> {
  const last = `select to_regrole('steward_system') is not null and has_schema_privilege('steward_system', 'public', 'usage') as ready`;
  const isReady = async () => (await admin.query<{ ready: boolean }>(last)).rows[0]?.ready === true;
  if (await isReady()) return;
  await admin.query('begin');
  await admin.query('select pg_advisory_xact_lock($1)', [PREPARE]);
  if (!(await isReady()))
    for (const sql of [...createRolesSql(await missingRoles(admin), passwords), ...grantsSql(DATABASE)]) await admin.query(sql);
  await admin.query('commit');
}

/** Gives up this process's share, then asks for the whole: granted when nobody else holds any. */
async function isLast(guard: Client): Promise<boolean> {
  await guard.query('select pg_advisory_unlock_shared($1)', [MEMBER]);
  const { rows } = await guard.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [MEMBER]);
  return rows[0]?.last === true;
}

async function tryConnect({ host, port, superuser }: Door, database: string, purpose: string): Promise<Client | Error> {
  const client = new Client({
    host,
    port,
    database,
    user: SUPERUSER,
    password: superuser,
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

async function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(0, false)]);
}
