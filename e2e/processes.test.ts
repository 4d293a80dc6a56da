import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '#core/config-child.ts';
import { killProcess, startVictim, startWorker, type Victim } from '../src/app/prove/victim.ts';
import { eventually } from './waiting.ts';

/** Counts what it is asked, by path, and answers when it is told to. */
class Service {
  readonly asked = new Map<string, number>();
  readonly #held = new Map<string, ServerResponse[]>();
  /** Paths whose answers wait for `release`. */
  holds: (path: string) => boolean = () => false;
  readonly #server: Server = createServer((request, response) => {
    const where = request.url ?? '';
    request.resume();
    request.once('end', () => {
      this.asked.set(where, (this.asked.get(where) ?? 0) + 1);
      if (this.holds(where)) this.#held.set(where, [...(this.#held.get(where) ?? []), response]);
      else this.#answer(response);
    });
  });
  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // listening on TCP
  }
  /** How many requests wait for their answer. */
  get waiting(): number {
    return [...this.#held.values()].reduce((sum, all) => sum + all.length, 0);
  }
  release(): void {
    this.holds = () => false;
    for (const response of [...this.#held.values()].flat()) this.#answer(response);
    this.#held.clear();
  }
  #answer(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly journal: readonly { readonly step_id: string; readonly state: string }[];
}

/** Runs that two workers share. */
const RUNS = 20;

/** One process serves the web and does no work; those that work come and go. Dead ones are known for dead after four seconds: a machine that is busy may keep a living one waiting for two. */
describe('several processes on one database', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-processes-'));
  const environment = {
    ...childEnvironment(),
    PORT: '0',
    LOG_LEVEL: 'fatal',
    WORKER_LEASE_S: '4',
    ALLOWED_INTERNAL_HOSTS: '127.0.0.1',
    STEWARD_ADMIN_EMAIL: 'ada@nordlicht.example',
    STEWARD_ADMIN_PASSWORD: 'correct horse battery staple',
  };
  const service = new Service();
  const workers = new Set<ChildProcess>();
  let url = '';
  let web: Victim;

  const work = async () => {
    const child = await startWorker(home, environment);
    workers.add(child);
    return child;
  };
  /** Ends it in an orderly way. Answers how it ended, and after how many milliseconds. */
  const drain = async (child: ChildProcess) => {
    const began = performance.now();
    await killProcess(child, 'SIGTERM');
    workers.delete(child);
    return { code: child.exitCode, signal: child.signalCode, ms: performance.now() - began };
  };
  const make = async (name: string, steps: readonly object[]) => {
    const definition = { name, title: name, subject: 'company', triggers: [{ on: 'webhook', key: 'in' }], settings: {}, steps };
    const made = (await web.ask('/api/workflows', { definition, active: true })) as { id: string; hooks: { path: string }[] }; // as the API answers
    return {
      id: made.id,
      send: async (id: string) => {
        const reply = await fetch(`${web.url}${made.hooks[0]?.path}`, { method: 'POST', headers: { 'webhook-id': id }, body: id });
        expect(reply.status).toBe(202);
      },
    };
  };
  const runs = async (workflowId: string): Promise<Run[]> => {
    const { items } = (await web.ask(`/api/runs?workflow_id=${workflowId}&limit=500`)) as { items: { id: string }[] }; // as the API answers
    return Promise.all(items.map(async ({ id }) => (await web.ask(`/api/runs/${id}`)) as Run)); // as the API answers
  };
  /** All of a workflow's runs are there, so many, and done. */
  const allDone = async (workflowId: string, count: number) => {
    const { items } = (await web.ask(`/api/runs?workflow_id=${workflowId}&limit=500`)) as { items: { state: string }[] }; // as the API answers
    return items.length === count && items.every(({ state }) => state === 'done');
  };
  const doneSteps = (run: Run) =>
    run.journal
      .filter(({ state }) => state === 'done')
      .map(({ step_id: step }) => step)
      .toSorted();
  const end = { id: 'end', title: 'End', type: 'end', input: { outcome: 'there' } };
  const request = (id: string, more: object) => ({ id, title: id, type: 'http', input: { url: `${url}/${id}`, ...more } });

  beforeAll(async () => {
    url = await service.open();
    web = await startVictim(home, { ...environment, ROLE: 'web' });
  });
  beforeEach(() => service.asked.clear());
  afterAll(async () => {
    for (const child of workers) await killProcess(child);
    if (web !== undefined) await killProcess(web.child, 'SIGTERM');
    await service.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });

  test('one that is paused past its lease and revived commits nothing twice, and what it had sent is not sent again', async () => {
    const ask = await make('ask', [request('ask', {}), end]);
    const act = await make('act', [request('act', { method: 'POST', json: {} }), end]);
    service.holds = () => true;
    const first = await work();
    await ask.send('one');
    await act.send('one');
    await eventually(
      'both requests under way',
      () => Promise.resolve(service.waiting),
      (waiting) => waiting === 2,
    );
    first.kill('SIGSTOP');
    const second = await work();
    // What may be repeated is asked again; of the other nobody can know, so it is not.
    await eventually(
      'the second one asked again',
      () => Promise.resolve(service.asked.get('/ask')),
      (times) => times === 2,
    );
    const doubt = async () => ((await web.ask('/api/effects?state=in_doubt')) as { items: unknown[] }).items.length; // as the API answers
    await eventually('the act in doubt', doubt, (count) => count === 1);
    service.release();
    await eventually(
      'the run of the second',
      () => allDone(ask.id, 1),
      (done) => done,
    );
    first.kill('SIGCONT');
    // The first one comes back with both answers: one is of no use any more, the other is the only one there is.
    await eventually(
      'the run of the first',
      () => allDone(act.id, 1),
      (done) => done,
    );
    expect(await doubt()).toBe(0);
    expect(Object.fromEntries(service.asked)).toEqual({ '/ask': 2, '/act': 1 });
    for (const workflow of [ask, act]) {
      const all = await runs(workflow.id);
      expect(all).toHaveLength(1);
      expect(all.map(doneSteps)).toEqual([[workflow === ask ? 'ask' : 'act', 'end']]);
    }
    expect([await drain(first), await drain(second)]).toMatchObject([{ code: 0 }, { code: 0 }]);
  });

  test('one that is told to stop finishes what it has in hand, takes nothing new, and ends by itself', async () => {
    const slow = await make('slow', [request('slow', { method: 'POST', json: {} }), end]);
    service.holds = () => true;
    const only = await work();
    await slow.send('in hand');
    await eventually(
      'a request under way',
      () => Promise.resolve(service.waiting),
      (waiting) => waiting === 1,
    );
    const drained = drain(only);
    await slow.send('new');
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // longer than it would take to look for new work
    expect(service.waiting).toBe(1);
    service.release();
    expect(await drained).toMatchObject({ code: 0, signal: null });
    expect((await drained).ms).toBeLessThan(25_000);
    const confirmed = (await web.ask('/api/effects?state=confirmed&kind=http')) as { items: unknown[] }; // as the API answers
    expect(confirmed.items.length).toBeGreaterThan(0);
    const next = await work();
    await eventually(
      'both runs',
      () => allDone(slow.id, 2),
      (done) => done,
    );
    expect(service.asked.get('/slow')).toBe(2);
    expect(await drain(next)).toMatchObject({ code: 0 });
  });

  test('two that work side by side do no run twice', async () => {
    const quick = await make('quick', [
      {
        id: 'each',
        title: 'Each',
        type: 'loop',
        input: { list: [1, 2, 3] },
        body: [{ id: 'note', title: 'Note', type: 'task', input: { title: 'N' } }],
      },
      request('once', { method: 'POST', json: {} }),
      end,
    ]);
    for (let i = 0; i < RUNS; i++) await quick.send(`delivery ${i}`);
    const both = await Promise.all([work(), work()]);
    await eventually(
      'all of them',
      () => allDone(quick.id, RUNS),
      (done) => done,
    );
    expect(service.asked.get('/once')).toBe(RUNS);
    for (const run of await runs(quick.id)) {
      expect(doneSteps(run).filter((step) => step === 'note')).toHaveLength(3);
      expect(doneSteps(run).filter((step) => step === 'once')).toHaveLength(1);
    }
    const tasks = (await web.ask('/api/tasks?limit=500')) as { items: unknown[] }; // as the API answers
    expect(tasks.items).toHaveLength(RUNS * 3);
    expect(await Promise.all(both.map(drain))).toMatchObject([{ code: 0 }, { code: 0 }]);
  });
});
