import type { Statement } from '#core/database/database.ts';
import type { Json, StepNode, WorkflowDefinition } from '#core/engine/types.ts';
import type { Ctx } from '#core/operation/context.ts';
import { placedSteps, type PlacedStep } from '../versions/steps.ts';
import { EVENTS } from '../vocabulary/events.ts';
import { MESSAGE_STEP } from './message-step.ts';
import { RUN_SELECT, type RunRow } from './present.ts';

/**
 * What became of one message of a workflow for one person. `left`: sent. `captured`: kept here while nothing may leave. `later`: written, and waits.
 * `ahead`: the run is not there yet. `other_way`: a branch led elsewhere. `over`: the run ended before. `never`: no run at all.
 */
export const WHY = [
  'left',
  'captured',
  'later',
  'blocked',
  'refused',
  'in_doubt',
  'failed',
  'ahead',
  'other_way',
  'over',
  'never',
] as const;
export type WhyState = (typeof WHY)[number];

export interface WhyStep {
  readonly stepId: string;
  readonly title: string;
  readonly state: WhyState;
  readonly says: string;
  readonly at: Date | null;
  readonly messageId: string | null;
  readonly reasons: readonly { readonly says: string; readonly fix: string }[];
}

/** The newest run about this person; a branch is part of its run. */
const RUN: Statement = {
  name: 'workflows.why.run',
  text: `${RUN_SELECT} where t.company_id = $1 and t.workflow_id = $2 and t.person_id = $3 and t.branch is null order by t.id desc limit 1`,
};
/** The run with its branches, and theirs. */
const FAMILY = `with recursive family as (
    select id from runs where company_id = $1 and id = $2
    union all select r.id from runs r join family f on r.parent_id = f.id where r.company_id = $1 and r.branch is not null)`;
const JOURNAL: Statement = {
  name: 'workflows.why.journal',
  text: `${FAMILY} select distinct on (s.step_id) s.step_id as "stepId", s.state, s.output, s.error, s.started_at as at
           from family f join run_steps s on s.run_id = f.id and s.company_id = $1 order by s.step_id, s.started_at desc, s.place desc`,
};
const MESSAGES: Statement = {
  name: 'workflows.why.messages',
  text: `${FAMILY} select distinct on (1) ${MESSAGE_STEP} as "stepId", m.id, m.state, m.state_reason as reason, m.verdict -> 'reasons' as reasons, m.due_at as "dueAt",
             coalesce(m.sent_at, m.created_at) as at
           from family f join messages m on m.run_id = f.id and m.company_id = $1 where m.direction = 'outbound' order by 1, m.created_at desc, m.id desc`,
};

interface Entry {
  readonly stepId: string;
  readonly state: string;
  readonly output: Json;
  readonly error: string | null;
  readonly at: Date;
}
interface Written {
  readonly stepId: string;
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly reasons: readonly { readonly says: string; readonly fix: string }[] | null;
  readonly dueAt: Date | null;
  readonly at: Date;
}

export async function newestRun(ctx: Ctx, workflowId: string, personId: string): Promise<RunRow | null> {
  const [row] = await ctx.query<RunRow>(RUN, [ctx.companyId, workflowId, personId]);
  return row ?? null;
}

/** Each message of the workflow in the order of the drawing; without a run, `never` with what the caller knows of the cause. */
export async function whyOf(ctx: Ctx, definition: WorkflowDefinition, run: RunRow | null, never: string): Promise<WhyStep[]> {
  const placed = placedSteps(definition.steps);
  const letters = placed.filter(({ node }) => node.type === 'message');
  if (run === null) return letters.map((step) => ({ ...told(step), state: 'never', says: never }));
  const journal = new Map((await ctx.query<Entry>(JOURNAL, [ctx.companyId, run.id])).map((entry) => [entry.stepId, entry]));
  const written = new Map((await ctx.query<Written>(MESSAGES, [ctx.companyId, run.id])).map((one) => [one.stepId, one]));
  const byId = new Map(placed.map((step) => [step.node.id, step]));
  return letters.map((step) => {
    const message = written.get(step.node.id);
    if (message !== undefined) return ofMessage(step, message);
    return { ...told(step), ...ofRun(step, run, journal, byId) };
  });
}

const told = ({ node }: PlacedStep) => ({ stepId: node.id, title: node.title, at: null, messageId: null, reasons: [] });

/** How states of messages read here. */
const OF_MESSAGE: Readonly<Record<string, readonly [WhyState, string]>> = {
  sent: ['left', 'It was sent'],
  captured: ['captured', 'It was written and kept in the outbox; it never left'],
  queued: ['later', 'It is written and waits for its moment'],
  draft: ['later', 'It is written and waits'],
  blocked: ['blocked', 'The gate blocked it'],
  refused: ['refused', 'It was refused on the way'],
  in_doubt: ['in_doubt', 'Nobody knows yet whether it left'],
};

function ofMessage(step: PlacedStep, { id, state, reason, reasons, dueAt, at }: Written): WhyStep {
  const [why, words] = OF_MESSAGE[state] ?? ['later', `It is ${state.replaceAll('_', ' ')}`];
  const done = why === 'left' || why === 'captured';
  const says = done || reason === null ? words : `${words}: ${reason}`;
  return {
    ...told(step),
    state: why,
    says,
    at: why === 'later' ? dueAt : at,
    messageId: id,
    reasons: done ? [] : (reasons ?? []).map((one) => ({ says: one.says, fix: one.fix })),
  };
}

/** Of a message that was not written: the run failed there, went elsewhere, ended before, or is on its way. */
function ofRun(
  step: PlacedStep,
  run: RunRow,
  journal: ReadonlyMap<string, Entry>,
  byId: ReadonlyMap<string, PlacedStep>,
): Pick<WhyStep, 'state' | 'says' | 'at'> {
  const own = journal.get(step.node.id);
  if (own !== undefined && own.error !== null) return { state: 'failed', says: `The step failed: ${own.error}`, at: own.at };
  const elsewhere = otherWay(step, journal, byId);
  if (elsewhere !== null) return { state: 'other_way', says: `Another way was taken at “${elsewhere.title}”`, at: elsewhere.at };
  const here = run.step_id === null ? null : (byId.get(run.step_id)?.node.title ?? run.step_id);
  if (run.completed_at === null)
    return { state: 'ahead', says: here === null ? 'The run is on its way' : `The run is at “${here}”`, at: run.wake_at };
  const cause = run.error ?? run.reason ?? run.outcome;
  const ended = { done: 'The run had ended before it', failed: 'The run failed before it', cancelled: 'The run was ended before it' };
  const words = run.state === 'done' || run.state === 'failed' || run.state === 'cancelled' ? ended[run.state] : ended.cancelled;
  return { state: 'over', says: cause === null ? words : `${words}: ${inWords(cause)}`, at: run.completed_at };
}

/** What ended a run is kept under the name of its event. */
function inWords(cause: string): string {
  const event = /^ended by ([a-z_]+\.[a-z_]+)$/.exec(cause)?.[1];
  const title = EVENTS.find(({ name }) => name === event)?.title;
  return title === undefined ? cause : title.charAt(0).toLowerCase() + title.slice(1);
}

/** The nearest choice above the step that did not lead to it. */
function otherWay(
  step: PlacedStep,
  journal: ReadonlyMap<string, Entry>,
  byId: ReadonlyMap<string, PlacedStep>,
): { readonly title: string; readonly at: Date } | null {
  for (let at = step.inside; at !== null; at = byId.get(at.stepId)?.inside ?? null) {
    const holder = byId.get(at.stepId)?.node;
    const entry = journal.get(at.stepId);
    const way = holder === undefined ? null : wayOf(holder, at.arm);
    const taken = takenIn(entry?.output);
    if (holder !== undefined && entry !== undefined && way !== null && taken !== null && taken !== way)
      return { title: holder.title, at: entry.at };
  }
  return null;
}

/** The name of an arm in `taken`; null: every arm of such a step is gone. */
function wayOf(holder: StepNode, arm: string): string | null {
  if (holder.type !== 'branch' && holder.type !== 'switch') return null;
  const nth = /^cases\.(\d+)\./.exec(arm)?.[1];
  return nth === undefined ? arm : (holder.cases?.[Number(nth)]?.title ?? null);
}

function takenIn(output: Json | undefined): string | null {
  const taken: unknown = typeof output === 'object' && output !== null && !Array.isArray(output) ? output['taken'] : null;
  return typeof taken === 'string' ? taken : null;
}
