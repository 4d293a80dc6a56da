import { isAbsolute, resolve } from 'node:path';
import { Client } from 'pg';
import { systemClock } from '#core/clock.ts';
import { googleTokens } from '#core/connector/google-account.ts';
import type { Config } from '#core/config.ts';
import { joinCluster } from '#core/database/cluster.ts';
import { openExternal } from '#core/database/external.ts';
import { clientConfig, type DatabaseTarget } from '#core/database/target.ts';
import { Misconfigured } from '#core/errors.ts';
import { openHome } from '#core/instance/seat.ts';
import { loadKeys } from '#core/key-file.ts';
import type { Log } from '#core/log.ts';
import { openSecrets, type Secrets } from '#core/secrets.ts';
import { openFirestoreSource, openFirestoreTarget } from '#core/stores/firestore.ts';
import { openFirestore, type Firestore } from '#core/stores/firestore-rest.ts';
import { openJsonSource, openJsonTarget } from '#core/stores/json.ts';
import { moveStore, type Moving } from '#core/stores/move.ts';
import { openPostgresSource } from '#core/stores/postgres.ts';
import { openPostgresTarget } from '#core/stores/postgres-target.ts';
import { openSqliteSource, openSqliteTarget } from '#core/stores/sqlite.ts';
import { nameOf, type Source, type Target } from '#core/stores/store.ts';
import { locate } from './locate.ts';

/** How a store is named on the command line. */
export const ADDRESSES = `steward: (the data of this installation), steward:/path/of/another/STEWARD_HOME, postgres://user:password@host/database, sqlite:/path/file.db, json:/path/directory, firestore:project (?root=steward/main&database=(default))`;

export interface MigrateAnswer {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly hash: string; readonly equal: true }[];
  readonly rows: number;
  /** Rows that an earlier run had brought over. */
  readonly resumed_rows: number;
  readonly seconds: number;
  readonly held: boolean;
  /** Connections that the keys at hand can't open: their credentials have to be entered anew. Null: that store has no keys. */
  readonly unreadable_connections: number | null;
  readonly next: string;
}

interface Opened<Store> {
  readonly store: Store;
  /** Without a password. */
  readonly says: string;
  /** Of a PostgreSQL: what opens its credentials. */
  readonly database: { readonly target: DatabaseTarget; readonly secrets: Secrets } | null;
  leave(): Promise<void>;
}

/** @throws Misconfigured, Conflict with the next step */
export async function migrateData(
  config: Config,
  log: Log,
  { from, to, ...moving }: Moving & { readonly from: string; readonly to: string },
): Promise<MigrateAnswer> {
  const began = performance.now();
  const source = await openSource(config, log, from);
  try {
    const target = await openTarget(config, log, to);
    try {
      const { tables, resumed } = await moveStore(source.store, target.store, moving);
      await target.store.close();
      const unreadable = target.database === null ? null : await unreadableConnections(target.database);
      return {
        from: source.says,
        to: target.says,
        tables: tables.map((table) => ({ table: nameOf(table), rows: table.rows, hash: table.hash, equal: true })),
        rows: tables.reduce((sum, { rows }) => sum + rows, 0),
        resumed_rows: resumed,
        seconds: Math.round((performance.now() - began) / 100) / 10,
        held: target.database !== null,
        unreadable_connections: unreadable,
        next: nextStep(target.database !== null, unreadable),
      };
    } finally {
      await target.store.close();
      await target.leave();
    }
  } finally {
    await source.store.close();
    await source.leave();
  }
}

function nextStep(held: boolean, unreadable: number | null): string {
  if (!held)
    return 'Credentials in it stay sealed: keep STEWARD_SECRET or secret.key of this installation with it, in another place. Bring it back with: steward data migrate --from';
  if (unreadable !== null && unreadable > 0)
    return `${unreadable} connections were sealed with another key. Give the STEWARD_SECRET or the secret.key of where the data comes from, or enter their credentials anew. Then start Steward there: it is held until: steward release`;
  return 'Stop the old Steward for good, start Steward on the new database: it is held and shows what would fire. Release it with: steward release';
}

async function unreadableConnections({ target, secrets }: { readonly target: DatabaseTarget; readonly secrets: Secrets }): Promise<number> {
  const client = new Client(clientConfig(target, 'system', 'steward data migrate'));
  await client.connect();
  try {
    const { rows } = await client.query<{ sealed: string }>('select sealed_credentials as sealed from connections');
    return rows.filter(({ sealed }) => !secrets.knows(sealed)).length;
  } finally {
    await client.end();
  }
}

const SCOPE = 'https://www.googleapis.com/auth/datastore';
const FIRESTORE = 'https://firestore.googleapis.com';

/** `firestore:project?root=collection/document&database=name`. @throws Misconfigured without a service account, unless an emulator is named */
function firestoreAt(config: Config, address: string): { readonly store: Firestore; readonly root: string; readonly says: string } {
  const url = new URL(address);
  const project = url.pathname.replace(/^\/+/, '') || config.FIREBASE_PROJECT_ID;
  const root = url.searchParams.get('root') ?? 'steward/main';
  const database = url.searchParams.get('database') ?? '(default)';
  if (project === undefined) throw new Misconfigured('Name the project: firestore:my-project, or set FIREBASE_PROJECT_ID');
  if (!/^[\w.-]+\/[\w.-]+$/.test(root)) throw new Misconfigured('root= names a collection and a document in it, such as steward/main');
  const says = `firestore:${project}?root=${root}`;
  const { FIREBASE_CLIENT_EMAIL: clientEmail, FIREBASE_PRIVATE_KEY: privateKey, FIRESTORE_EMULATOR_HOST: emulator } = config;
  if (emulator !== undefined)
    return { store: openFirestore({ project, database, baseUrl: `http://${emulator}`, tokens: null }), root, says: `${says} (emulator)` };
  if (clientEmail === undefined || privateKey === undefined)
    throw new Misconfigured(
      'Firestore wants a service account: set FIREBASE_CLIENT_EMAIL and FIREBASE_PRIVATE_KEY from its key file (role Cloud Datastore User)',
    );
  const tokens = googleTokens({ clientEmail, privateKey }, SCOPE, systemClock);
  const baseUrl = config.vendorBaseUrls['firestore'] ?? FIRESTORE;
  return { store: openFirestore({ project, database, baseUrl, tokens }), root, says };
}

const NOTHING_TO_LEAVE = async () => undefined;
const FORM = /^([a-z]+):(.*)$/s;

function partsOf(address: string, flag: string): readonly [scheme: string, rest: string] {
  const [, scheme, rest] = FORM.exec(address) ?? [];
  if (scheme === undefined || rest === undefined) throw new Misconfigured(`${flag} ${address}: give one of ${ADDRESSES}`);
  return [scheme, rest];
}

function pathOf(rest: string, address: string, flag: string): string {
  const path = rest.replace(/^\/\/(?=\/)/, '');
  if (path === '') throw new Misconfigured(`${flag} ${address}: name a path after the colon`);
  return isAbsolute(path) ? path : resolve(path);
}

async function openSource(config: Config, log: Log, address: string): Promise<Opened<Source>> {
  const [scheme, rest] = partsOf(address, '--from');
  if (scheme === 'sqlite' || scheme === 'json') {
    const path = pathOf(rest, address, '--from');
    const store = await (scheme === 'sqlite' ? openSqliteSource(path) : openJsonSource(path));
    return { store, says: `${scheme}:${path}`, database: null, leave: NOTHING_TO_LEAVE };
  }
  if (scheme === 'firestore') {
    const { store, root, says } = firestoreAt(config, address);
    return { store: await openFirestoreSource(store, root), says, database: null, leave: NOTHING_TO_LEAVE };
  }
  const { target, secrets, says, leave } = await openDatabase(config, log, address, '--from', false);
  try {
    const { says: home } = await openHome(config.home, config.STEWARD_INSTANCE);
    const about = { createdAt: systemClock.now().toISOString(), from: home };
    return { store: await openPostgresSource(target, about), says, database: { target, secrets }, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

async function openTarget(config: Config, log: Log, address: string): Promise<Opened<Target>> {
  const [scheme, rest] = partsOf(address, '--to');
  if (scheme === 'sqlite' || scheme === 'json') {
    const path = pathOf(rest, address, '--to');
    const store = await (scheme === 'sqlite' ? openSqliteTarget(path) : openJsonTarget(path));
    return { store, says: `${scheme}:${path}`, database: null, leave: NOTHING_TO_LEAVE };
  }
  if (scheme === 'firestore') {
    const { store, root, says } = firestoreAt(config, address);
    return { store: openFirestoreTarget(store, root), says, database: null, leave: NOTHING_TO_LEAVE };
  }
  const { target, secrets, says, leave } = await openDatabase(config, log, address, '--to', true);
  try {
    return { store: await openPostgresTarget(target), says, database: { target, secrets }, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** @param alone nobody else may serve it meanwhile */
async function openDatabase(config: Config, log: Log, address: string, flag: string, alone: boolean) {
  const [scheme, rest] = partsOf(address, flag);
  const lost = (error: Error) => log.error({ err: error }, 'the database is lost');
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const rings = (await loadKeys(config.home, config.STEWARD_SECRET)).map((key) => openSecrets([key]));
    const keys = openSecrets(await loadKeys(config.home, config.STEWARD_SECRET));
    return { target: await openExternal(address, rings), secrets: keys, says: withoutPassword(address), leave: NOTHING_TO_LEAVE };
  }
  if (scheme !== 'steward') throw new Misconfigured(`${flag} ${address}: give one of ${ADDRESSES}`);
  if (rest === '') {
    const keys = await loadKeys(config.home, config.STEWARD_SECRET);
    const place = await locate(config, { web: alone, log, onLost: lost }, keys);
    const says = config.DATABASE_URL === undefined ? `steward:${resolve(config.home)}` : withoutPassword(config.DATABASE_URL);
    return { ...place, secrets: openSecrets(keys), says };
  }
  const home = pathOf(rest, address, flag);
  const keys = await loadKeys(home, config.STEWARD_SECRET);
  const cluster = await joinCluster({ home, web: alone, log, onLost: lost, port: config.STEWARD_POSTGRES === 'port' });
  return { target: cluster.target, leave: () => cluster.leave(), secrets: openSecrets(keys), says: `steward:${home}` };
}

function withoutPassword(address: string): string {
  const url = URL.parse(address);
  if (url === null) return 'postgres:';
  url.password = '';
  return url.href;
}
