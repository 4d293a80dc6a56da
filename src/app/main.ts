import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '#core/clock.ts';
import { loadProcessConfig } from '#core/config-load.ts';
import type { Config } from '#core/config.ts';
import { AppError, Misconfigured } from '#core/errors.ts';
import { sayWhyHeld } from '#core/instance/words.ts';
import { openLog, type Log } from '#core/log.ts';
import { installTracer } from '#core/telemetry/tracing.ts';
import type { Steward } from './compose.ts';
import { newOperatorToken, removeOperatorFile, writeOperatorFile } from './operator-file.ts';
import { openStorage, type Storage } from './storage.ts';
import { tidyAfterStart } from './tidy.ts';
import { VERSION } from './version.ts';

/** How long what is in hand may take to finish after SIGTERM. Container tools kill after 10 to 30 seconds. */
const DRAIN_MS = 25_000;
/** When what starting left behind is given back: the first requests have been answered. */
const TIDY_MS = 2_000;
/** A collector that is away does not hold up the end. */
const EXPORT_MS = 5_000;
/** Exit code where this process can't begin again by itself. */
const RESTART_WANTED = 75;
/** An answer on its way out gets this long before a restart. */
const ANSWER_MS = 500;
/** A terminal and a parent may both pass on one Ctrl-C. */
const SAME_SIGNAL_MS = 500;

const DEMO = process.argv.includes('--demo');

interface Running {
  readonly config: Config;
  readonly log: Log;
  readonly storage: Storage;
  readonly steward: Steward;
  readonly exporting: { stop(): Promise<void> } | null;
}

async function main(): Promise<void> {
  // Loading the modules and starting PostgreSQL take about as long: do both at once.
  const composing = import('./compose.ts');
  composing.catch(() => undefined); // awaited below
  const bootstrapping = import('#modules/accounts/public.ts');
  bootstrapping.catch(() => undefined);

  const { config: given, warnings } = loadProcessConfig();
  // Links in mail name the port, so a free one is settled before anything is wired.
  const asked = DEMO ? (await import('./demo/config.ts')).demoConfig(given) : given;
  const config = asked.PORT === 0 && asked.ROLE !== 'worker' ? { ...asked, PORT: await freePort(asked.HOST) } : asked;
  const log = openLog(config.LOG_LEVEL);
  for (const warning of warnings) log.warn(warning);
  onSignal(async () => {
    await cleanUp?.();
    return 1; // told to stop before it was up
  });
  const web = config.ROLE !== 'worker';
  const storage = await openStorage(config, { web, log, onLost: (error) => crash('the database is lost', error) });
  onCrash(async () => storage.close());

  const { compose } = await composing;
  // Before anything is wired: what is opened later knows whether it is traced.
  const exporting =
    config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? null : await startExport(config, config.OTEL_EXPORTER_OTLP_ENDPOINT, storage);
  const demo = DEMO ? await (await import('./demo/open.ts')).openDemo(config, storage, log) : null;
  const operatorToken = web ? newOperatorToken() : null;
  const steward = await compose({
    config,
    clock: systemClock,
    log,
    secrets: storage.secrets,
    database: storage.database,
    system: storage.system,
    seat: storage.seat,
    operatorToken,
    backups: storage.backups,
    ...(DEMO ? (await import('./demo/world.ts')).demoWorld : {}),
  });
  if (config.STEWARD_CRASH_AT !== undefined) (await import('./prove/arm.ts')).armCrash(config.STEWARD_CRASH_AT);
  const running = { config, log, storage, steward, exporting };
  steward.runtime.standing.watch();
  onSignal(() => stop(running));
  const startAnew = (why: string) => {
    log.warn(why);
    void stop(running).then(become, (error: unknown) => crash('stopping failed', error));
  };
  if (web) storage.backups.startAnew = () => void setTimeout(() => startAnew('starting anew to restore a backup'), ANSWER_MS);
  steward.runtime.standing.onReplaced(() => startAnew('another database stands in the place of ours: starting anew'));

  const { bootstrapAdmin, setupLink } = await bootstrapping;
  if (web) {
    await bootstrapAdmin(steward.runtime);
    const url = await listen(steward.http, config);
    if (operatorToken !== null) await writeOperatorFile(config.home, { url, token: operatorToken, pid: process.pid });
    if (config.ROLE === 'all') await steward.startWork();
    announce(url, await setupLink(steward.runtime, config.STEWARD_PUBLIC_URL ?? url));
    if (demo !== null)
      process.stdout.write(`This is the demo: made-up people, and no mail leaves. Sign in as ${demo.email} with ${demo.password}\n`);
  } else {
    await steward.startWork();
    process.stdout.write('Steward works (worker).\n');
  }
  setTimeout(tidyAfterStart, TIDY_MS).unref();
  const { why } = steward.runtime.standing;
  if (why !== null)
    process.stdout.write(
      `It is held: ${sayWhyHeld(why)}\nNothing leaves and nothing fires until an admin releases it: npx steward release\n`,
    );
}

/** Loads the OpenTelemetry SDK, and only here. */
async function startExport(config: Config, endpoint: string, storage: Storage): Promise<{ stop(): Promise<void> }> {
  const [{ openExport }, { readMetrics }] = await Promise.all([import('#core/telemetry/otel.ts'), import('#modules/system/public.ts')]);
  const exporting = openExport(config, endpoint, VERSION, () => readMetrics(storage.system, systemClock.now()));
  installTracer(exporting.tracer);
  return exporting;
}

async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve));
  const { port } = probe.address() as AddressInfo; // listening on TCP, so neither null nor a path
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** @throws Misconfigured when the port is taken or not allowed */
async function listen(http: FastifyInstance, { HOST: host, PORT: port }: Config): Promise<string> {
  try {
    await http.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'EADDRINUSE')
      throw new Misconfigured(`Port ${port} is taken by another program. Set PORT to a free one, e.g. PORT=${port + 1} npm start`, {
        cause,
      });
    if (code === 'EACCES') throw new Misconfigured(`This user may not listen on port ${port}. Set PORT to 1024 or more`, { cause });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new Misconfigured(`HOST ${host} is no address of this machine. Set HOST=127.0.0.1, or 0.0.0.0 for every interface`, { cause });
    throw cause;
  }
  const address = http.server.address() as AddressInfo; // listening on TCP, so neither null nor a path
  const name =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address.address] ?? (address.family === 'IPv6' ? `[${address.address}]` : address.address);
  return `http://${name}:${address.port}`;
}

function announce(url: string, link: string | null): void {
  process.stdout.write(`Steward is ready: ${url}\n`);
  if (link !== null) process.stdout.write(`Set it up here, once, within 7 days:\n  ${link}\n`);
}

/** Takes no more, finishes what is in hand, closes the database. */
async function stop({ config, log, storage, steward, exporting }: Running): Promise<number> {
  log.info('stopping: finishing what is in hand');
  const drained = await Promise.race([steward.stop().then(() => true), sleep(DRAIN_MS, false)]);
  if (!drained) log.warn({ seconds: DRAIN_MS / 1000 }, 'stopping now: something took too long');
  if (exporting !== null) await Promise.race([exporting.stop(), sleep(EXPORT_MS)]);
  await removeOperatorFile(config.home);
  await Promise.race([storage.close(), sleep(DRAIN_MS)]);
  log.info('stopped');
  return drained ? 0 : 1;
}

/** This process begins again, in place where the system can do that. Else it ends, and whoever supervises it starts it. */
function become(): void {
  if (process.platform !== 'win32' && typeof process.execve === 'function')
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
  process.stderr.write('Start Steward again now\n');
  process.exit(RESTART_WANTED);
}

/** The first signal drains, a second one ends at once. Before everything is up, there is nothing to drain. */
function onSignal(stopping: () => Promise<number>): void {
  let since: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      const now = performance.now();
      if (since === undefined) {
        since = now;
        stopping().then(
          (code) => process.exit(code),
          (error: unknown) => crash('stopping failed', error),
        );
      } else if (now - since > SAME_SIGNAL_MS) process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
}

/** Under `npm start`, a SIGTERM to npm ends the shell between it and us, and never reaches us: take its end for the signal. */
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 1_000).unref();
}

let cleanUp: (() => Promise<void>) | undefined;
let crashing = false;
function onCrash(action: () => Promise<void>): void {
  cleanUp = action;
}

/** Says why, gives the database a moment to be closed, ends with an error code. */
function crash(what: string, error: unknown): void {
  if (crashing) return;
  crashing = true;
  // A wrong setting is the reader's to mend: the sentence suffices. Anything else is ours: show where it happened.
  const text = error instanceof AppError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`Steward ends: ${error instanceof AppError ? '' : `${what}: `}${text}\n`);
  void Promise.race([cleanUp?.() ?? Promise.resolve(), sleep(8_000)])
    .catch(() => undefined)
    .then(() => process.exit(1));
}

process.on('uncaughtException', (error) => crash('an error that nothing caught', error));
process.on('unhandledRejection', (error) => crash('a rejection that nothing caught', error));
if (process.argv.includes('--stop-with-parent')) stopWithParent();
main().catch((error: unknown) => crash('start-up failed', error));
