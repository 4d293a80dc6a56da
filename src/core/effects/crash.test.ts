import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { openSystemDatabase, type OpenSystemDatabase } from '#core/database/system.ts';
import { emit } from '#core/engine/outbox.ts';
import { install } from '#core/engine/install.ts';
import { openEngine } from '#core/engine/open.ts';
import { newId } from '#core/ids.ts';
import { openLog } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import { CRASH_CONCURRENCY, CRASH_KINDS, CRASH_TABLES, crashRegistry, type CrashOrder } from '#testing/crash-world.ts';
import { queryAs, testDatabase } from '#testing/database.ts';
import { CRASH_POINTS } from './crash-points.ts';

const CHILD = fileURLToPath(new URL('../../testing/crash-child.ts', import.meta.url));
const RUNS = 12;
const SETTLE_MS = 120_000;

const COUNTS = {
  name: 'crash.counts',
  text: `select (select count(*)::int from runs where state = 'done' and branch is null) as done,
                (select count(*)::int from effects where state in ('confirmed', 'in_doubt')) as settled`,
};

/** Counts what arrives; for `keyed` a second call with the same key is answered as the first, as such vendors do. */
class Receiver {
  readonly arrived = new Map<string, number>();
  readonly #server: Server;
  constructor() {
    this.#server = createServer((request, response) => {
      const key = request.url?.split('/')[2] ?? '';
      const before = this.arrived.get(key) ?? 0;
      if (request.method === 'POST') {
        if (!(key.startsWith('keyed') && before > 0)) this.arrived.set(key, before + 1);
        // Long enough that a kill finds calls open.
        setTimeout(() => response.end(`receipt of ${key}`), 5);
      } else {
        response.statusCode = before > 0 ? 200 : 404;
        response.end('asked');
      }
    });
  }
  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // listening on TCP
  }
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** A process of its own, to be killed. @returns the signal that ended it */
async function victim(order: CrashOrder): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child, 'exit');
  return child.signalCode;
}

/** The one that comes after it, in this process: nothing but the database tells it what was left. */
async function successor(system: OpenSystemDatabase, url: string) {
  const log = openLog('fatal');
  const { engine, effects, worker, bind } = openEngine({ system, clock: systemClock, log, registry: crashRegistry(url) });
  // The steps and kinds of this world use nothing else of a runtime.
  bind({ engine, effects, clock: systemClock, log, system } as unknown as Runtime);
  await worker.start();
  return worker;
}

// Each point has a world of its own: a database, a receiver, runs, a worker that dies there, and one that finds what it left. Most of
// the time goes in waiting for what was left to be found, so some wait side by side.
describe.concurrent('a worker that is killed', () => {
  test.each(CRASH_POINTS)('at %s loses nothing, does nothing twice, and lists what is in doubt', { timeout: 400_000 }, async (point) => {
    const database = await testDatabase();
    const { target } = database;
    const receiver = new Receiver();
    const url = await receiver.open();
    await queryAs(target, 'owner', CRASH_TABLES);
    const system = openSystemDatabase(target);
    const companyId = newId();
    const subjects = Array.from({ length: RUNS }, () => newId());
    await system.write(async (tx) => {
      await tx.query({ name: 'crash.company', text: `insert into companies (id, name) values ($1, 'Acme')` }, [companyId]);
      await install(tx, crashRegistry(url).workflows, null, new Date());
      await emit(
        tx,
        subjects.map((id) => ({ name: 'thing.made', companyId, subject: { type: 'thing', id } })),
        new Date(),
      );
    });

    // All runs may pass these in one batch; elsewhere the second time is in the midst of things.
    const hit = /^engine\.(dispatch|wake)/.test(point) ? 1 : 2;
    const killed = victim({ target, receiver: url, point, hit });
    expect(await Promise.race([killed, sleep(SETTLE_MS, 'it never passed there', { ref: false })])).toBe('SIGKILL');
    // What pg-boss's supervisor does when the heartbeat has run out; half a minute is too long for a test.
    await queryAs(target, 'system', `update pgboss.job set heartbeat_on = now() - interval '1 hour' where state = 'active'`);

    const second = await successor(system, url);
    const until = Date.now() + SETTLE_MS;
    const counts = async () => (await system.read((tx) => tx.query<{ done: number; settled: number }>(COUNTS, [])))[0];
    let now = await counts();
    while (Date.now() < until && (now?.done !== RUNS || now.settled < RUNS * CRASH_KINDS.length)) {
      await sleep(100);
      now = await counts();
    }
    await second.stop();

    expect(now).toEqual({ done: RUNS, settled: RUNS * CRASH_KINDS.length });
    const notes = await queryAs<{ step_id: string; n: string; runs: string }>(
      target,
      'system',
      'select step_id, count(*) n, count(distinct run_id) runs from crash_notes group by 1 order by 1',
    );
    // Branches are runs of their own; the loop comes by twice.
    const once = ['first_note', 'item_note', 'left_note', 'right_note', 'second_note', 'think', 'think_right'];
    const times = (step: string) => (step === 'item_note' ? 2 : 1) * RUNS;
    expect(notes).toEqual(once.map((step_id) => ({ step_id, n: String(times(step_id)), runs: String(RUNS) })));

    const doubt = await queryAs<{ key: string; kind: string }>(target, 'system', `select key, kind from effects where state = 'in_doubt'`);
    expect(doubt.length).toBeLessThanOrEqual(CRASH_CONCURRENCY);
    expect(doubt.every((effect) => effect.kind === 'blind')).toBe(true);
    const doubtful = new Set(doubt.map((effect) => effect.key));
    const expected = subjects.flatMap((id) => CRASH_KINDS.map((kind) => `${kind}-${id}`));
    expect(expected.filter((key) => !receiver.arrived.has(key) && !doubtful.has(key))).toEqual([]);
    expect([...receiver.arrived].filter(([, times]) => times > 1)).toEqual([]);
    const settled = await queryAs<{ n: string }>(
      target,
      'system',
      'select count(*) n from (select key from crash_settled group by key having count(*) > 1) twice',
    );
    expect(settled).toEqual([{ n: '0' }]);

    receiver.close();
    await system.close();
    await database.drop();
  });
});
