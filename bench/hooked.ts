import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type pg from 'pg';
import { cpuSeconds } from './cpu.ts';
import { ownerOf, postmasterOf } from './owner.ts';
import { startSteward, type StewardProcess } from './steward-process.ts';

const CONNECTIONS = 10;
export const STEPS = 3;

/** A branch, a row for a person to see, an end: three steps, one of which writes. */
export const definition = {
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

/** The real server on its embedded PostgreSQL with fsync on, with one workflow that a webhook starts. */
export interface Bench {
  readonly steward: StewardProcess;
  readonly database: pg.Client;
  readonly hook: string;
  readonly workflowId: string;
  readonly companyId: string;
}

export async function open(role: 'all' | 'web', what: object = definition): Promise<Bench> {
  const steward = await startSteward({ ROLE: role });
  const headers = { authorization: `Bearer ${await steward.token()}`, 'content-type': 'application/json' };
  const reply = await fetch(`${steward.url}/api/workflows`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ definition: what, active: true }),
  });
  const made: { id: string; company_id: string; hooks: { path: string }[] } = JSON.parse(await reply.text());
  if (reply.status !== 201) throw new Error(`the workflow was refused: ${JSON.stringify(made)}`);
  const database = await ownerOf(steward.home);
  return { steward, database, hook: `${steward.url}${made.hooks[0]?.path ?? ''}`, workflowId: made.id, companyId: made.company_id };
}

export async function close({ steward, database }: Bench): Promise<void> {
  await database.end();
  await steward.stop();
}

export async function countDone({ database, workflowId }: Bench): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    `select count(*)::int as n from runs where workflow_id = $1 and state = 'done' and branch is null`,
    [workflowId],
  );
  return rows[0]?.n ?? 0;
}

export async function settled(bench: Bench, runs: number): Promise<void> {
  for (const until = Date.now() + 600_000; Date.now() < until; await sleep(20)) if ((await countDone(bench)) >= runs) return;
  throw new Error(`only ${await countDone(bench)} of ${runs} runs were done`);
}

/** Answers how many were accepted, and the 99th percentile of the answer in milliseconds. */
export async function load(url: string, what: { duration?: number; amount?: number }): Promise<{ accepted: number; p99: number }> {
  const result = await autocannon({
    url,
    method: 'POST',
    connections: CONNECTIONS,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ order: 1, amount: 250 }),
    ...what,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return { accepted: result['2xx'], p99: result.latency.p99 };
}

/** Seconds of processor time so far: Node's own, and PostgreSQL's, which is its child. */
export async function cpuOf({ steward }: Bench): Promise<{ node: number; postgres: number }> {
  const postgres = await cpuSeconds(await postmasterOf(steward.home));
  const node = await cpuSeconds(steward.child.pid ?? 0);
  return { node: node >= postgres ? node - postgres : node, postgres };
}
