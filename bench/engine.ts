import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type pg from 'pg';
import { ownerOf, postmasterOf } from './owner.ts';
import { cpuSeconds } from './cpu.ts';
import { median } from './report.ts';
import { startSteward, type StewardProcess } from './steward-process.ts';
import { startWorker } from './worker-process.ts';

/**
 * The engine through the production path: the real server, its embedded PostgreSQL with fsync on.
 * 1. webhook → run of three steps → done. 2. A backlog of 20,000 runs. 3. A million runs that wait.
 * Choose with BENCH_ONLY=hooks,backlog,waiting; BENCH_WAITING for fewer than a million.
 */
const ONLY = (process.env['BENCH_ONLY'] ?? 'hooks,backlog,waiting').split(',');
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const BACKLOG = Number(process.env['BENCH_BACKLOG'] ?? 20_000);
const WAITING = Number(process.env['BENCH_WAITING'] ?? 1_000_000);
const CONNECTIONS = 10;
const STEPS = 3;

/** A branch, a row for a person to see, an end: three steps, one of which writes. */
const definition = {
  name: 'bench',
  title: 'Bench',
  subject: 'company',
  triggers: [{ on: 'webhook', key: 'in' }],
  steps: [
    {
      id: 'big',
      title: 'A big order?',
      type: 'branch',
      input: { condition: { field: 'trigger.body.amount', above: 100 } },
      then: [{ id: 'look', title: 'Look at it', type: 'task', input: { title: 'A big order came in' } }],
      otherwise: [],
    },
    { id: 'end', title: 'End', type: 'end', input: { outcome: 'seen' } },
  ],
};

interface Bench {
  readonly steward: StewardProcess;
  readonly database: pg.Client;
  readonly hook: string;
  readonly workflowId: string;
  readonly companyId: string;
}

async function open(role: 'all' | 'web'): Promise<Bench> {
  const steward = await startSteward({ ROLE: role });
  const headers = { authorization: `Bearer ${await steward.token()}`, 'content-type': 'application/json' };
  const reply = await fetch(`${steward.url}/api/workflows`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ definition, active: true }),
  });
  const made: { id: string; company_id: string; hooks: { path: string }[] } = JSON.parse(await reply.text());
  if (reply.status !== 201) throw new Error(`the workflow was refused: ${JSON.stringify(made)}`);
  const database = await ownerOf(steward.home);
  return { steward, database, hook: `${steward.url}${made.hooks[0]?.path ?? ''}`, workflowId: made.id, companyId: made.company_id };
}

async function close({ steward, database }: Bench): Promise<void> {
  await database.end();
  await steward.stop();
}

async function countDone(bench: Bench): Promise<number> {
  const { rows } = await bench.database.query<{ n: number }>(
    `select count(*)::int as n from runs where workflow_id = $1 and state = 'done'`,
    [bench.workflowId],
  );
  return rows[0]?.n ?? 0;
}

/** Sends deliveries; answers how many were accepted. */
async function deliver(bench: Bench, load: { duration?: number; amount?: number }): Promise<{ accepted: number; p99: number }> {
  const result = await autocannon({
    url: bench.hook,
    method: 'POST',
    connections: CONNECTIONS,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ order: 1, amount: 250 }),
    ...load,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return { accepted: result['2xx'], p99: result.latency.p99 };
}

async function hooks(): Promise<void> {
  const bench = await open('all');
  try {
    await deliver(bench, { amount: 500 });
    await settled(bench, 500);
    const before = await countDone(bench);
    const started = performance.now();
    const cpu = await cpuOf(bench);
    const { accepted, p99 } = await deliver(bench, { duration: SECONDS });
    await settled(bench, before + accepted);
    const seconds = (performance.now() - started) / 1_000;
    const used = await cpuOf(bench);
    const { rows } = await bench.database.query<{ p50: number; p99: number }>(
      `select percentile_cont(0.5) within group (order by ms) as p50, percentile_cont(0.99) within group (order by ms) as p99
         from (select extract(epoch from completed_at - (outputs->'trigger'->>'at')::timestamptz) * 1000 as ms from runs where workflow_id = $1 and state = 'done') runs`,
      [bench.workflowId],
    );
    console.log(
      `webhook → ${STEPS}-step run → done   ${(accepted / seconds).toFixed(0)} runs/s   (${CONNECTIONS} connections, ${accepted} runs; the answer p99 ${p99} ms; hook to done p50 ${rows[0]?.p50.toFixed(0)} ms, p99 ${rows[0]?.p99.toFixed(0)} ms; target 1,000)`,
    );
    console.log(
      `  CPU a run: Node ${(((used.node - cpu.node) / accepted) * 1_000).toFixed(2)} ms, PostgreSQL ${(((used.postgres - cpu.postgres) / accepted) * 1_000).toFixed(2)} ms`,
    );
  } finally {
    await close(bench);
  }
}

async function cpuOf({ steward }: Bench): Promise<{ node: number; postgres: number }> {
  const postgres = await cpuSeconds(await postmasterOf(steward.home));
  const node = await cpuSeconds(steward.child.pid ?? 0);
  return { node: node >= postgres ? node - postgres : node, postgres };
}

async function settled(bench: Bench, runs: number): Promise<void> {
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(20)) if ((await countDone(bench)) >= runs) return;
  throw new Error(`only ${await countDone(bench)} of ${runs} runs were done after two minutes`);
}

/** The web process takes them in while nobody works; then one worker starts. */
async function backlog(): Promise<void> {
  const bench = await open('web');
  let worker: Awaited<ReturnType<typeof startWorker>> | null = null;
  try {
    await deliver(bench, { amount: BACKLOG });
    worker = await startWorker(bench.steward.home);
    while ((await countDone(bench)) === 0) await sleep(5);
    const started = performance.now();
    const [node, postgres] = [await cpuSeconds(worker.pid), await cpuSeconds(await postmasterOf(bench.steward.home))];
    await settled(bench, BACKLOG);
    const seconds = (performance.now() - started) / 1_000;
    const used = [(await cpuSeconds(worker.pid)) - node, (await cpuSeconds(await postmasterOf(bench.steward.home))) - postgres];
    console.log(
      `a backlog of ${BACKLOG} runs   ${((BACKLOG * STEPS) / seconds).toFixed(0)} steps/s   (${seconds.toFixed(1)} s, of which CPU: Node ${used[0]?.toFixed(1)} s, PostgreSQL ${used[1]?.toFixed(1)} s; target 5,000)`,
    );
  } finally {
    await worker?.stop();
    await close(bench);
  }
}

/** Runs that wait a month, among them some that come due one after the other while we look. */
async function waiting(): Promise<void> {
  const bench = await open('all');
  try {
    const filled = performance.now();
    await bench.database.query(
      `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, state, step_id, since, wake_at, reason, solo, trigger_type, trigger_id, outputs, started_at, updated_at)
       select gen_random_uuid(), $1, $2, 1, 'company', $1, 'waiting', 'big', now(), now() + interval '1 hour' + random() * interval '30 days', 'waits for its time', false,
              'manual', 'bench-' || n, '{"trigger": {"body": {"amount": 1}}}', now(), now() from generate_series(1, $3::int) n`,
      [bench.companyId, bench.workflowId, WAITING],
    );
    const fillSeconds = (performance.now() - filled) / 1_000;
    await bench.database.query('vacuum analyze runs');
    await sleep(2_000);
    const due = 400;
    await bench.database.query(
      `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, state, step_id, since, wake_at, reason, solo, trigger_type, trigger_id, outputs, started_at, updated_at)
       select gen_random_uuid(), $1, $2, 1, 'company', $1, 'waiting', 'end', now(), now() + interval '2 seconds' + n * interval '37 milliseconds', 'waits for its time', false,
              'manual', 'due-' || n, '{"trigger": {}}', now(), now() from generate_series(1, $3::int) n`,
      [bench.companyId, bench.workflowId, due],
    );
    await settled(bench, due);
    const { rows } = await bench.database.query<{ late: number }>(
      `select extract(epoch from r.completed_at - (r.started_at + interval '2 seconds' + substr(r.trigger_id, 5)::int * interval '37 milliseconds')) * 1000 as late
         from runs r where r.workflow_id = $1 and r.trigger_id like 'due-%' order by 1`,
      [bench.workflowId],
    );
    const late = rows.map((row) => Number(row.late));
    const rss = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${bench.steward.child.pid}/status`, 'utf8'))?.[1];
    console.log(
      `${WAITING} runs wait   worker memory ${(Number(rss) / 1_024).toFixed(0)} MB   wake-up p50 ${median(late).toFixed(0)} ms, p99 ${late[Math.floor(late.length * 0.99)]?.toFixed(0)} ms   (filled in ${fillSeconds.toFixed(0)} s; targets 250 MB, 100 ms)`,
    );
  } finally {
    await close(bench);
  }
}

if (ONLY.includes('hooks')) await hooks();
if (ONLY.includes('backlog')) await backlog();
if (ONLY.includes('waiting')) await waiting();
