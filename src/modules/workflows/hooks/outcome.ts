import { setTimeout as sleep } from 'node:timers/promises';
import type { Statement } from '#core/database/database.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Received } from './receive.ts';

const LOOK: Statement = {
  name: 'hooks.outcome',
  text: `select id, state, outcome, error, outputs from runs where workflow_id = $1 and subject_id = $2 and trigger_id = $3`,
};
/** Looked for this often, in milliseconds: soon at first. */
const FIRST_MS = 10;
const LONGEST_MS = 250;

export interface Outcome {
  readonly runId: string | null;
  readonly state: string;
  readonly outcome: string | null;
  readonly output: Json;
}

/** Waits for the run that a request started, on the wall's clock. Not over in time: the state it has. */
export async function outcomeOf(runtime: Runtime, wait: NonNullable<Received['waitFor']>, signal: AbortSignal): Promise<Outcome> {
  const until = performance.now() + wait.waitS * 1_000;
  let pause = FIRST_MS;
  for (;;) {
    const [run] = await runtime.system.read((tx) =>
      tx.query<{ id: string; state: string; outcome: string | null; error: string | null; outputs: Facts }>(LOOK, [
        wait.workflowId,
        wait.companyId,
        wait.triggerId,
      ]),
    );
    const over = run !== undefined && (run.state === 'done' || run.state === 'failed' || run.state === 'cancelled');
    if (over || performance.now() + pause > until || signal.aborted) return seen(run);
    await sleep(pause);
    pause = Math.min(pause * 1.5, LONGEST_MS);
  }
}

function seen(run: { id: string; state: string; outcome: string | null; outputs: Facts } | undefined): Outcome {
  if (run === undefined) return { runId: null, state: 'accepted', outcome: null, output: null };
  const { trigger: _trigger, ...outputs } = run.outputs;
  return { runId: run.id, state: run.state, outcome: run.outcome, output: run.state === 'done' ? outputs : null };
}
