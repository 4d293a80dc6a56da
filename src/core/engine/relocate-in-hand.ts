import type { Statement, Transaction } from '#core/database/database.ts';
import type { Catalogue } from './catalogue.ts';
import { placeFault } from './control.ts';
import { choiceFor, fateOf, landingOf, lockStanding, relocate, type Fate, type Relocation } from './relocate.ts';
import type { RunRow } from './rows.ts';

/** The newest choice for runs that a worker has in hand; older ones find them on a later version. */
const CHOSEN: Statement = {
  name: 'engine.relocate_in_hand',
  text: `select distinct on (m.run_id) m.run_id, w.id, w.company_id, w.workflow_id, w.to_version, w.cohorts, w.others
           from run_moves m join workflow_moves w on w.id = m.move_id and w.company_id = m.company_id
          where m.run_id = any ($1::uuid[]) and m.state = 'in_hand' order by m.run_id, w.to_version desc`,
};

async function chosen(tx: Transaction, rows: readonly RunRow[]): Promise<ReadonlyMap<string, Relocation>> {
  const found = await tx.query<Relocation & { run_id: string }>(CHOSEN, [rows.map((row) => row.id)]);
  return new Map(found.map(({ run_id: id, ...relocation }) => [id, relocation]));
}

function compiledFor(tx: Transaction, catalogue: Catalogue, row: RunRow, relocation: Relocation) {
  const old = { workflowId: row.workflow_id, version: row.version };
  const next = { workflowId: row.workflow_id, version: relocation.to_version };
  return catalogue.load(tx, [old, next]).then((load) => ({ from: load(old), to: load(next) }));
}

/**
 * A worker has ended the step of a run that is to move. What came of the step counts. The same step of the new version: it goes on from there
 * by the new definition (`row` says its version). Another step, or the end: `settle` brings it there once the result stands in the journal.
 */
export async function moveAtEnd(
  tx: Transaction,
  catalogue: Catalogue,
  row: RunRow,
  now: Date,
): Promise<{ row: RunRow; settle: () => Promise<void> }> {
  const relocation = (await chosen(tx, [row])).get(row.id);
  if (relocation === undefined || row.step_id === null) return { row, settle: () => Promise.resolve() };
  const { from, to } = await compiledFor(tx, catalogue, row, relocation);
  const stepId = row.step_id;
  const choice = choiceFor(relocation, row.version, stepId);
  const fromStep = from instanceof Error ? undefined : from.steps.get(stepId);
  const landing = to instanceof Error || choice.choice !== 'move' ? null : landingOf(fromStep, choice, to);
  const sameStep = landing !== null && landing.step.node.id === stepId && landing.step.type === fromStep?.type;
  const settle = async () => {
    const [standing] = await lockStanding(tx, row.company_id, [row.id]);
    if (standing === undefined) return;
    const live = standing.state === 'running' || standing.state === 'waiting' || standing.state === 'paused';
    const fate = ((): Fate => {
      if (sameStep) return { how: 'as_is', stepId: standing.step_id ?? stepId };
      if (!live) return { how: 'stay', reason: 'it had ended' };
      if (choice.choice === 'finish') return { how: 'finish' };
      if (landing === null || to instanceof Error) return { how: 'stay', reason: `it can't go on in version ${relocation.to_version}` };
      const fault = placeFault(to, standing, landing.step.node.id, standing.branch === null ? '' : (fromStep?.branch ?? ''));
      if (fault !== null) return { how: 'stay', reason: fault };
      return { how: 'afresh', stepId: landing.step.node.id, loops: landing.step.loops };
    })();
    await relocate(tx, relocation, [{ row: { ...standing, step_id: stepId, version: row.version }, fate }], now);
  };
  return { row: sameStep ? { ...row, version: relocation.to_version } : row, settle };
}

/** The worker that had them in hand is gone, so nothing runs: those that are to move do now. Answers the rows that still stand in the queue. */
export async function moveLost(tx: Transaction, catalogue: Catalogue, rows: readonly RunRow[], now: Date): Promise<RunRow[]> {
  const moving = rows.filter((row) => row.moving);
  if (moving.length === 0) return [...rows];
  const relocations = await chosen(tx, moving);
  const kept: RunRow[] = [];
  for (const row of rows) {
    const relocation = row.moving ? relocations.get(row.id) : undefined;
    if (relocation === undefined) {
      kept.push(row);
      continue;
    }
    const { from, to } = await compiledFor(tx, catalogue, row, relocation);
    const fate: Fate =
      to instanceof Error
        ? { how: 'stay', reason: `it can't go on in version ${relocation.to_version}` }
        : fateOf({ ...row, reason: null }, relocation, from instanceof Error ? undefined : from.steps.get(row.step_id ?? ''), to, now);
    await relocate(tx, relocation, [{ row, fate }], now);
    if (fate.how === 'stay') kept.push(row);
    if (fate.how === 'as_is') kept.push({ ...row, version: relocation.to_version });
  }
  return kept;
}
