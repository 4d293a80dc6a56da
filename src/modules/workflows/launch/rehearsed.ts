import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { eachStep } from '#core/engine/tree.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import { RehearsalNeeded, RehearsalOutdated } from './errors.ts';
import { changesOfWorkflow, changesSince, Parts, watermark } from './watermark.ts';

/** Where a company has set nothing about sending. */
const ABOVE = 200;
/** So many of the latest rehearsals are asked whether they still hold. */
const LATEST = 5;

/** How a launch stands to what was rehearsed. */
export const Rehearsed = z.object({
  needed: z
    .boolean()
    .describe('It is not launched without one that holds: commercial mail to more people than the company allows unrehearsed'),
  above: z.int().nullable().describe('So many may enter unrehearsed; null: everybody'),
  holds: z.boolean().describe('What would be launched is what was rehearsed: launch with its hash'),
  rehearsalId: z.uuid().nullable().describe('The one that holds, else the latest of this workflow'),
  hash: z.string().nullable(),
  rehearsedAt: z.date().nullable(),
  changes: z.array(z.object({ part: z.string(), says: z.string() })).describe('What has changed since'),
});
export type Rehearsed = z.output<typeof Rehearsed>;

/** What is launched: a definition, and whom it starts with; nobody: a version that is published. */
export interface Launch {
  readonly workflowId: string;
  readonly definition: WorkflowDefinition;
  readonly personIds: readonly string[];
}

const SETTING: Statement = {
  name: 'workflows.launch.above',
  text: `select s.rehearse_above as above from sending s where s.company_id = $1`,
};
// The tables of the rehearsals, above: they are only looked at.
const MADE: Statement = {
  name: 'workflows.launch.rehearsals',
  text: `select id, hash, parts, created_at as at from rehearsals
          where company_id = $1 and workflow_id = $2 and state = 'done' and ($3::text is null or hash = $3) order by id desc limit ${LATEST}`,
};
const STAMPS: Statement = {
  name: 'workflows.launch.stamps',
  text: `select rehearsal_id as "rehearsalId", person_id as id, stamp from rehearsal_people where company_id = $1 and rehearsal_id = any ($2::uuid[]) and person_id = any ($3::uuid[])`,
};

/** Does anything of it sell? */
function sells({ steps }: WorkflowDefinition): boolean {
  return [...eachStep(steps)].some(({ type, input }) => type === 'message' && Object(input)['class'] !== 'transactional');
}

/** The rehearsal that holds for this launch, or the latest with what has changed since. `hash`: only the one it names. */
export async function rehearsedFor(tx: Transaction, companyId: string, launch: Launch, hash: string | null): Promise<Rehearsed> {
  const { workflowId, definition, personIds } = launch;
  const [[setting], made, now] = await Promise.all([
    tx.query<{ above: number | null }>(SETTING, [companyId]),
    tx.query<{ id: string; hash: string; parts: unknown; at: Date }>(MADE, [companyId, workflowId, hash]),
    watermark(tx, companyId, workflowId, definition, { personIds, leadIds: [] }),
  ]);
  const above = setting === undefined ? ABOVE : setting.above;
  const needed = above !== null && personIds.length > above && sells(definition);
  const stamps =
    personIds.length === 0
      ? []
      : await tx.query<{ rehearsalId: string; id: string; stamp: string }>(STAMPS, [companyId, made.map((one) => one.id), personIds]);
  const found = made.map((one) => {
    const parts = Parts.parse(one.parts);
    const of = new Map(stamps.filter((row) => row.rehearsalId === one.id).map((row) => [row.id, row.stamp]));
    const changes = personIds.length === 0 ? changesOfWorkflow(parts, now.parts) : changesSince({ parts, stamps: of }, now, false);
    return { rehearsalId: one.id, hash: one.hash, rehearsedAt: one.at, changes, holds: changes.length === 0 };
  });
  const best = found.find((one) => one.holds) ?? found[0];
  return { needed, above, ...(best ?? { rehearsalId: null, hash: null, rehearsedAt: null, changes: [], holds: false }) };
}

/**
 * Lets a launch through, or says why not. A hash that was given must hold, whoever enters.
 * @throws RehearsalNeeded, RehearsalOutdated
 */
export async function requireRehearsed(tx: Transaction, companyId: string, launch: Launch, hash: string | undefined): Promise<void> {
  const stands = await rehearsedFor(tx, companyId, launch, hash ?? null);
  const again = `Rehearse again: POST /api/workflows/${launch.workflowId}/rehearsals`;
  if (hash !== undefined) {
    if (stands.rehearsalId === null) throw new RehearsalOutdated(`No rehearsal of this workflow has this hash. ${again}`);
    if (!stands.holds) throw new RehearsalOutdated(`This is not what was rehearsed. ${inWords(stands.changes)}. ${again}`);
    return;
  }
  if (!stands.needed) return;
  const many = `${launch.personIds.length.toLocaleString('en')} people would get commercial mail; above ${(stands.above ?? 0).toLocaleString('en')} it is rehearsed first`;
  if (stands.holds) throw new RehearsalNeeded(`${many}. It was: give the hash of that rehearsal as rehearsal_hash`);
  throw new RehearsalNeeded(
    stands.rehearsalId === null ? `${many}. ${again}` : `${many}, and since the last rehearsal: ${inWords(stands.changes)}. ${again}`,
  );
}

const inWords = (changes: readonly { readonly says: string }[]) => changes.map(({ says }) => says).join('; ');
