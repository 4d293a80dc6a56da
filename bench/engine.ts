import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds } from './cpu.ts';
import { close, countDone, load, open, settled, STEPS } from './hooked.ts';
import { postmasterOf } from './owner.ts';
import { median } from './report.ts';
import { startWorker } from './worker-process.ts';

/**
 * The engine through the production path: the real server, its embedded PostgreSQL with fsync on.
 * 1. A backlog of 20,000 runs. 2. A million runs that wait. Webhooks end to end are in webhooks.ts.
 * Choose with BENCH_ONLY=backlog,waiting; BENCH_WAITING for fewer than a million.
 */
const ONLY = (process.env['BENCH_ONLY'] ?? 'backlog,waiting').split(',');
const BACKLOG = Number(process.env['BENCH_BACKLOG'] ?? 20_000);
const WAITING = Number(process.env['BENCH_WAITING'] ?? 1_000_000);

/** The web process takes them in while nobody works; then one worker starts. */
async function backlog(): Promise<void> {
  const bench = await open('web');
  let worker: Awaited<ReturnType<typeof startWorker>> | null = null;
  try {
    await load(bench.hook, { amount: BACKLOG });
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

if (ONLY.includes('backlog')) await backlog();
if (ONLY.includes('waiting')) await waiting();
