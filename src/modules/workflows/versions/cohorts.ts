import type { Statement, Transaction } from '#core/database/database.ts';
import type { CompiledStep, CompiledWorkflow } from '#core/engine/definition.ts';
import { IN_HAND } from '#core/engine/moving.ts';
import { landingOf, lengthOf } from '#core/engine/relocate.ts';
import type { Runtime } from '#core/runtime.ts';
import { compiledVersions } from './compiled.ts';
import { placedSteps } from './steps.ts';

interface Counted {
  readonly version: number;
  readonly step_id: string;
  readonly running: number;
  readonly waiting: number;
  readonly paused: number;
  readonly in_hand: number;
  readonly since: Date;
}

/** Live runs by version and step: index runs_counts finds them, their rows say the rest. */
const STANDING: Statement = {
  name: 'workflows.cohorts',
  text: `select version, step_id, count(*) filter (where state = 'running')::int as running, count(*) filter (where state = 'waiting')::int as waiting,
                count(*) filter (where state = 'paused')::int as paused, count(*) filter (where state = 'running' and reason = $3)::int as in_hand, min(since) as since
           from runs where company_id = $1 and workflow_id = $2 and state in ('running', 'waiting', 'paused') and step_id is not null
          group by version, step_id`,
};

/** People, or whatever the workflow is about, who stand at one step of one version, and where they would land. */
export interface Cohort {
  readonly version: number;
  readonly stepId: string;
  readonly stepTitle: string;
  readonly stepType: string;
  readonly live: number;
  readonly running: number;
  readonly waiting: number;
  readonly paused: number;
  readonly inHand: number;
  /** When the one who has stood here longest came. */
  readonly since: Date;
  readonly suggestion: 'stay' | 'move';
  readonly toStepId: string | null;
  readonly landsOn: { readonly stepId: string; readonly title: string } | null;
  readonly waits: 'same' | 'kept' | 'anew' | null;
  readonly says: string;
}

/** Who stands where on older versions, in the order of the steps, and where each would land on `to`. */
export async function cohorts(
  tx: Transaction,
  runtime: Runtime,
  workflow: { readonly companyId: string; readonly id: string },
  to: CompiledWorkflow | null,
): Promise<Cohort[]> {
  const counted = await tx.query<Counted>(STANDING, [workflow.companyId, workflow.id, IN_HAND]);
  const versions = [...new Set(counted.map((row) => row.version))];
  const compiled = await compiledVersions(tx, runtime, workflow.companyId, workflow.id, versions);
  const order = new Map<string, number>();
  for (const [version, one] of compiled)
    if (!(one instanceof Error))
      for (const [i, { node }] of placedSteps(one.definition.steps).entries()) order.set(`${version} ${node.id}`, i);
  const place = (row: Counted) => order.get(`${row.version} ${row.step_id}`) ?? Number.MAX_SAFE_INTEGER;
  return counted
    .toSorted((a, b) => b.version - a.version || place(a) - place(b))
    .map((row) => {
      const from = compiled.get(row.version);
      return cohortOf(row, from === undefined || from instanceof Error ? undefined : from.steps.get(row.step_id), to);
    });
}

function cohortOf(row: Counted, from: CompiledStep | undefined, to: CompiledWorkflow | null): Cohort {
  const choice = { version: row.version, step_id: row.step_id, choice: 'move', to_step_id: null, waits: 'keep' } as const;
  const landing = to === null ? null : landingOf(from, choice, to);
  const title = from?.node.title ?? row.step_id;
  return {
    version: row.version,
    stepId: row.step_id,
    stepTitle: title,
    stepType: from?.node.type ?? '',
    live: row.running + row.waiting + row.paused,
    running: row.running,
    waiting: row.waiting,
    paused: row.paused,
    inHand: row.in_hand,
    since: row.since,
    suggestion: landing === null ? 'stay' : 'move',
    toStepId: landing?.step.node.id ?? null,
    landsOn: landing === null ? null : { stepId: landing.step.node.id, title: landing.step.node.title },
    ...waitsOf(from, landing, title),
  };
}

/** What becomes of their waiting, and the whole in a sentence. */
function waitsOf(from: CompiledStep | undefined, landing: ReturnType<typeof landingOf>, title: string): Pick<Cohort, 'waits' | 'says'> {
  if (landing === null)
    return {
      waits: null,
      says: `The new version has no step “${title}”: they stay, unless you choose where they go on or that they end here.`,
    };
  const name = landing.step.node.title;
  const there = `They go on at “${name}”`;
  if (landing.how === 'afresh') return { waits: 'anew', says: `${there}, which is now another kind of step: they begin it.` };
  if (landing.step.node.type !== 'wait') return { waits: 'same', says: `${there}, where they stand.` };
  if (landing.how === 'as_is') return { waits: 'same', says: `${there} and wait as long as before.` };
  const timed = lengthOf(landing.step) !== null && from !== undefined && lengthOf(from) !== null;
  return timed
    ? { waits: 'kept', says: `${there}, whose wait has changed; they keep what is left of theirs, or are asked anew.` }
    : { waits: 'anew', says: `${there}, whose wait has changed: it is asked anew.` };
}
