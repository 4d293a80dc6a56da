import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from './cpu.ts';
import { close, countDone, cpuOf, definition, load, open, settled, STEPS, type Bench } from './hooked.ts';
import { median } from './report.ts';
import type { StewardProcess } from './steward-process.ts';
import { startWorker } from './worker-process.ts';

/**
 * Webhooks end to end, through the real server on its embedded PostgreSQL with fsync on.
 * hand: request → run of three steps, each journaled → done, against a server written by hand that inserts one row a request.
 * workers: a backlog worked off by one process and by two. fair: a small company beside a backlog of a large one.
 * Choose with BENCH_ONLY=hand,workers,fair; BENCH_BACKLOG for fewer than a million events of the large company.
 */
const ONLY = (process.env['BENCH_ONLY'] ?? 'hand,workers,fair').split(',');
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SHARED = Number(process.env['BENCH_SHARED'] ?? 20_000);
const BACKLOG = Number(process.env['BENCH_BACKLOG'] ?? 1_000_000);
/** How often the small company starts ten runs. */
const TENS = Number(process.env['BENCH_TENS'] ?? 30);

/** A step in the middle that is not taken at once, so that runs pass through the queue. */
const queued = {
  ...definition,
  name: 'bench-queued',
  steps: [
    {
      id: 'both',
      title: 'Both',
      type: 'parallel',
      input: {},
      branches: [
        { title: 'Left', steps: [definition.steps[0]] },
        { title: 'Right', steps: [{ id: 'note', title: 'Note', type: 'set', input: { values: { seen: { value: true } } } }] },
      ],
    },
    { id: 'end', title: 'End', type: 'end', input: { outcome: 'seen' } },
  ],
};

const busy = () => `load ${loadavg()[0]?.toFixed(1)}`;

async function byHand(): Promise<void> {
  const bench = await open('all');
  const hand = await startByHand(bench.steward);
  try {
    await load(bench.hook, { amount: 2_000 });
    await load(`${hand.url}/hook`, { amount: 2_000 });
    await settled(bench, 2_000);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await countDone(bench);
      const cpu = await cpuOf(bench);
      const began = performance.now();
      const ours = await load(bench.hook, { duration: SECONDS });
      const intake = (performance.now() - began) / 1_000;
      await settled(bench, before + ours.accepted);
      const seconds = (performance.now() - began) / 1_000;
      const used = await cpuOf(bench);
      const bare = await load(`${hand.url}/hook`, { duration: SECONDS });
      const batched = await load(`${hand.url}/batched`, { duration: SECONDS });
      const perRun = (of: 'node' | 'postgres') => (((used[of] - cpu[of]) / ours.accepted) * 1_000).toFixed(2);
      ratios.push(ours.accepted / seconds / (bare.accepted / SECONDS));
      console.log(
        `webhook → ${STEPS} steps, each journaled → done   ${(ours.accepted / seconds).toFixed(0)} runs/s (accepted ${(ours.accepted / intake).toFixed(0)}/s, the answer p99 ${ours.p99} ms; CPU a run: Node ${perRun('node')} ms, PostgreSQL ${perRun('postgres')} ms)   by hand, one row and no run: ${(bare.accepted / SECONDS).toFixed(0)}/s, p99 ${bare.p99} ms; batched: ${(batched.accepted / SECONDS).toFixed(0)}/s, p99 ${batched.p99} ms   ${busy()}`,
      );
    }
    console.log(`  ratio to one row by hand   ${median(ratios).toFixed(2)}`);
  } finally {
    hand.child.kill('SIGTERM');
    await close(bench);
  }
}

async function startByHand({ home }: StewardProcess): Promise<{ child: ChildProcess; url: string }> {
  const { directory }: { directory: string } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8'));
  const lines = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n'); // line 4 is the port, 5 the socket directory
  const file = fileURLToPath(new URL('./hook-by-hand.ts', import.meta.url));
  const child = spawn(process.execPath, [file, lines[4] ?? '', lines[3] ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(url) };
}

/** The web process takes them in while nobody works; then one worker works them off, then two do. */
async function workers(): Promise<void> {
  const speeds: number[] = [];
  for (const count of [1, 2]) {
    const bench = await open('web', queued);
    const started: Awaited<ReturnType<typeof startWorker>>[] = [];
    try {
      await load(bench.hook, { amount: SHARED });
      started.push(...(await Promise.all(Array.from({ length: count }, () => startWorker(bench.steward.home)))));
      while ((await countDone(bench)) === 0) await sleep(5);
      const began = performance.now();
      const before = await countDone(bench);
      const cpu = await Promise.all([...started.map(({ pid }) => cpuSeconds(pid)), cpuOf(bench).then(({ postgres }) => postgres)]);
      await settled(bench, SHARED);
      const seconds = (performance.now() - began) / 1_000;
      const now = await Promise.all([...started.map(({ pid }) => cpuSeconds(pid)), cpuOf(bench).then(({ postgres }) => postgres)]);
      const used = now.map((value, i) => value - (cpu[i] ?? 0));
      const postgres = used.pop() ?? 0;
      speeds.push((SHARED - before) / seconds);
      const { rows } = await bench.database.query<{ twice: number }>(
        `select count(*)::int as twice from (select from run_steps s join runs r on r.id = s.run_id where r.workflow_id = $1 and s.state = 'done' and s.type <> 'loop'
            group by s.run_id, s.step_id having count(*) > 1) x`,
        [bench.workflowId],
      );
      console.log(
        `a backlog of ${SHARED} runs with two branches, ${count} worker${count === 1 ? '' : 's'}   ${speeds.at(-1)?.toFixed(0)} runs/s   (CPU: Node ${used.map((value) => value.toFixed(1)).join(' + ')} s, PostgreSQL ${postgres.toFixed(1)} s of ${(seconds * 2).toFixed(1)} s that two cores have; steps done twice: ${rows[0]?.twice})   ${busy()}`,
      );
    } finally {
      for (const worker of started) await worker.stop();
      await close(bench);
    }
  }
  console.log(`  two workers are ${((speeds[1] ?? 0) / (speeds[0] ?? 1)).toFixed(2)} × one`);
}

/** What the small company waits for its runs, in milliseconds from the row on the outbox to the end of the run: ten at a time. */
async function tens({ database }: Bench, small: { companyId: string; workflowId: string }): Promise<number[]> {
  const label = `small-${Math.round(performance.now())}`;
  for (let turn = 0; turn < TENS; turn++) {
    await database.query(EVENTS, [small.companyId, small.workflowId, `${label}-${turn}`, 10]);
    await database.query(`notify steward_work`);
    await sleep(150 + (turn % 7) * 20);
  }
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(100)) {
    const { rows } = await database.query<{ ms: number }>(
      `select extract(epoch from completed_at - (outputs->'trigger'->>'at')::timestamptz) * 1000 as ms
         from runs where workflow_id = $1 and state = 'done' and branch is null and trigger_id like $2 || '-%'`,
      [small.workflowId, label],
    );
    if (rows.length === TENS * 10) return rows.map(({ ms }) => Number(ms)).toSorted((x, y) => x - y);
  }
  throw new Error('the runs of the small company were not done after two minutes');
}

const EVENTS = `insert into outbox (id, company_id, name, subject_type, subject_id, payload, at, due_at)
  select uuidv7(), $1, 'webhook.received', 'company', $1, jsonb_build_object('workflow_id', $2::uuid, 'hook', 'in', 'body', jsonb_build_object('amount', 250), 'delivery', $3 || '-' || n), clock_timestamp(), clock_timestamp()
    from generate_series(1, $4::int) n`;

const at = (sorted: readonly number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(0);

/** A large company's backlog: events that wait to start runs, then runs whose time has come, each beside the small one's tens. */
async function fair(): Promise<void> {
  const bench = await open('all', queued);
  try {
    const small = await smallCompany(bench);
    await tens(bench, small); // plans and code are warm
    const alone = await tens(bench, small);
    console.log(`ten runs of a small company, alone   p50 ${at(alone, 0.5)} ms, p99 ${at(alone, 0.99)} ms   ${busy()}`);
    await bench.database.query(EVENTS, [bench.companyId, bench.workflowId, 'large', BACKLOG]);
    await bench.database.query('analyze outbox');
    await compare(bench, small, alone, `beside ${BACKLOG} events of another that start runs`);
    await bench.database.query(`delete from outbox where company_id = $1`, [bench.companyId]);
    await bench.database.query(
      `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, state, step_id, since, wake_at, reason, solo, trigger_type, trigger_id, outputs, started_at, updated_at)
       select uuidv7(), $1, $2, 1, 'company', $1, 'waiting', 'both', now(), now(), 'waits for its time', false,
              'manual', 'due-' || n, '{"trigger": {"body": {"amount": 250}}}', now(), now() from generate_series(1, $3::int) n`,
      [bench.companyId, bench.workflowId, BACKLOG],
    );
    await bench.database.query('analyze runs');
    await compare(bench, small, alone, `beside ${BACKLOG} runs of another whose time has come`);
  } finally {
    await close(bench);
  }
}

async function compare(
  bench: Bench,
  small: { companyId: string; workflowId: string },
  alone: readonly number[],
  what: string,
): Promise<void> {
  await sleep(2_000);
  const undisturbed = await rateOf(bench, () => sleep(4_000));
  let beside: number[] = [];
  const meanwhile = await rateOf(bench, async () => void (beside = await tens(bench, small)));
  const ratio = Number(at(beside, 0.99)) / Number(at(alone, 0.99));
  console.log(
    `  ${what}   p50 ${at(beside, 0.5)} ms, p99 ${at(beside, 0.99)} ms, ${ratio.toFixed(2)} × alone   (the other's steps: ${meanwhile.toFixed(0)}/s meanwhile, ${undisturbed.toFixed(0)}/s with nobody beside it)   ${busy()}`,
  );
}

/** Steps a second of the large company while this goes on. */
async function rateOf(bench: Bench, what: () => Promise<unknown>): Promise<number> {
  const before = await stepsOf(bench);
  const began = performance.now();
  await what();
  const seconds = (performance.now() - began) / 1_000;
  return ((await stepsOf(bench)) - before) / seconds;
}

/** Steps in the journal of the large company. */
async function stepsOf({ database, companyId }: Bench): Promise<number> {
  const { rows } = await database.query<{ n: number }>('select count(*)::int as n from run_steps where company_id = $1', [companyId]);
  return rows[0]?.n ?? 0;
}

/** A second company with the same workflow, put beside the first by hand. */
async function smallCompany({ database, workflowId }: Bench): Promise<{ companyId: string; workflowId: string }> {
  const { rows } = await database.query<{ company: string; workflow: string }>(
    `with c as (insert into companies (id, name) values (uuidv7(), 'Small') returning id),
          w as (insert into workflows (id, company_id, name, title, subject, active, version, settings)
                select uuidv7(), c.id, 'small', 'Small', 'company', true, 1, '{}' from c returning id, company_id)
     select company_id as company, id as workflow from w`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no second company');
  await database.query(
    `insert into workflow_versions (workflow_id, version, company_id, definition, digest)
     select $1, 1, $2, definition, digest || '-small' from workflow_versions where workflow_id = $3 and version = 1`,
    [row.workflow, row.company, workflowId],
  );
  return { companyId: row.company, workflowId: row.workflow };
}

if (ONLY.includes('hand')) await byHand();
if (ONLY.includes('workers')) await workers();
if (ONLY.includes('fair')) await fair();
