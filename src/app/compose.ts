import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Backups } from '#core/backups.ts';
import type { Clock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import type { Connectors } from '#core/connector/types.ts';
import type { Database, SystemDatabase } from '#core/database/database.ts';
import { openEngine } from '#core/engine/open.ts';
import type { EngineWorker } from '#core/engine/types.ts';
import { Standing, type Seat } from '#core/instance/standing.ts';
import type { Log } from '#core/log.ts';
import type { Module } from '#core/module.ts';
import type { Ask } from '#core/net/dns.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Secrets } from '#core/secrets.ts';
import { tracedDatabase, tracedSystem } from '#core/telemetry/database.ts';
import { tracingOn } from '#core/telemetry/tracing.ts';
import { createAuthenticator } from '#modules/accounts/public.ts';
import { connectors } from './connectors.ts';
import { openHttp } from './http.ts';
import { modules } from './modules.ts';
import { VERSION } from './version.ts';

export interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly system: SystemDatabase;
  /** Accepted as the local operator; in `operator.json`, which only the owner of the data directory can read. */
  readonly operatorToken: string | null;
  /** Who we are at this database. Default: always the same, for tests. */
  readonly seat?: Seat;
  /** Of the data directory (backups.ts). */
  readonly backups?: Backups;
  /** Tests put their own in place. */
  readonly modules?: readonly Module[];
  readonly connectors?: Connectors;
  /** In the place of the DNS. */
  readonly names?: Ask;
}

/** One process of Steward, wired and idle. */
export interface Steward {
  readonly runtime: Runtime;
  readonly http: FastifyInstance;
  readonly worker: EngineWorker;
  readonly modules: readonly Module[];
  /** Takes up work: engine, effects, what modules keep running. Not called in a process that only serves the web. */
  startWork(): Promise<void>;
  /** Stops taking work, finishes what is in hand, closes the port. Databases stay open: whoever opened them closes them. */
  stop(): Promise<void>;
}

const WEB_ROOT = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** config → database → engine → http: plain calls, no container. */
export async function compose(parts: Parts): Promise<Steward> {
  const { config, clock, log, secrets } = parts;
  const database = tracingOn() ? tracedDatabase(parts.database) : parts.database;
  const system = tracingOn() ? tracedSystem(parts.system) : parts.system;
  const installed: readonly Module[] = parts.modules ?? modules;
  const seat = parts.seat ?? { home: { id: 'name:tests', mark: '', says: 'tests' }, place: 'tests', directory: null };
  const standing = await Standing.enter({ system, log, seat, asked: config.STEWARD_HELD });

  const { engine, effects, worker, bind } = openEngine({
    system,
    clock,
    log,
    leaseMs: config.WORKER_LEASE_S * 1_000,
    fence: standing,
    registry: {
      steps: installed.flatMap((module) => module.steps ?? []),
      subjects: installed.flatMap((module) => module.subjects ?? []),
      events: installed.flatMap((module) => module.events ?? []),
      workflows: installed.flatMap((module) => module.workflows ?? []),
      effects: installed.flatMap((module) => module.effects ?? []),
      slices: Object.assign({}, ...installed.map((module) => module.slices ?? {})),
    },
  });
  const base = {
    config,
    clock,
    log,
    secrets,
    standing,
    database,
    system,
    engine,
    effects,
    connectors: parts.connectors ?? connectors,
    names: parts.names ?? null,
    fields: installed.flatMap((module) => module.fields ?? []),
    keeps: Object.assign({}, ...installed.map((module) => module.keeps ?? {})),
    templates: installed.flatMap((module) => module.templates ?? []),
    variables: installed.flatMap((module) => module.variables ?? []),
    summaries: new Map(installed.flatMap((module) => (module.operations ?? []).map(({ name, summary }) => [name, summary] as const))),
    signs: installed.flatMap((module) => module.signs ?? []),
    portal: installed.flatMap((module) => module.portal ?? []).toSorted((a, b) => a.place - b.place),
  };
  const authenticate = createAuthenticator(base, { operatorToken: parts.operatorToken });
  const runtime: Runtime = { ...base, authenticate, version: VERSION, backups: parts.backups ?? null };
  bind(runtime);
  const http = await openHttp({ runtime, modules: installed, webRoot: WEB_ROOT, version: VERSION });

  const always = new Running(
    installed.filter((module) => module.whileHeld === true),
    runtime,
  );
  const acting = new Running(
    installed.filter((module) => module.whileHeld !== true),
    runtime,
  );
  return {
    runtime,
    http,
    worker,
    modules: installed,
    async startWork() {
      for (const module of installed) await module.ready?.(runtime);
      await worker.start();
      await always.start();
      standing.onChange((held) => (held ? acting.stop() : acting.start()));
      if (!standing.held) await acting.start();
    },
    async stop() {
      await standing.stop();
      await Promise.all([http.close(), always.stop(), acting.stop()]);
      await worker.stop();
    },
  };
}

/** What modules keep running in this process. */
class Running {
  readonly #modules: readonly Module[];
  readonly #runtime: Runtime;
  #stops: (() => Promise<void>)[] = [];

  constructor(modules: readonly Module[], runtime: Runtime) {
    this.#modules = modules;
    this.#runtime = runtime;
  }

  async start(): Promise<void> {
    for (const module of this.#modules) if (module.start !== undefined) this.#stops.push(await module.start(this.#runtime));
  }
  async stop(): Promise<void> {
    await Promise.all(this.#stops.splice(0).map((stop) => stop()));
  }
}
