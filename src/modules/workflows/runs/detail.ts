import type { Statement } from '#core/database/database.ts';
import type { Json, WorkflowDefinition } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import type { EFFECT_STATES, TASK_STATES } from '../shapes.ts';
import { definitionsOf } from '../versions/compiled.ts';
import { stepsById } from '../versions/steps.ts';
import { MESSAGE_STEP } from './message-step.ts';
import { presentRuns, RUN_SELECT, type RunRow, type RunState } from './present.ts';

const GET: Statement = { name: 'runs.get', text: `${RUN_SELECT} where t.company_id = $1 and t.id = $2` };
// A run of years may have thousands of rows; the latest are what people look for.
const JOURNAL: Statement = {
  name: 'runs.journal',
  text: `select * from (select * from run_steps where company_id = $1 and run_id = $2 order by place desc limit 500) s order by place`,
};
const RELATIVES: Statement = {
  name: 'runs.relatives',
  text: `select r.id, w.title as "workflowTitle", r.subject_type as "subjectType", r.branch, r.state, s.step_id as "stepId", r.outcome, r.error,
                r.started_at as "startedAt", r.completed_at as "completedAt", r.id = $3 as above
           from runs r join workflows w on w.id = r.workflow_id
           left join run_steps s on s.run_id = r.parent_id and s.place = r.parent_place and s.company_id = r.company_id
          where r.company_id = $1 and (r.parent_id = $2 or r.id = $3) order by r.parent_place, r.branch, r.id limit 101`,
};
const MOVES: Statement = {
  name: 'runs.moves',
  text: `select m.at, m.from_version as "fromVersion", m.to_version as "toVersion", m.from_step as "fromStep", m.to_step as "toStep", m.state, m.place, u.full_name as by
           from run_moves m join workflow_moves w on w.id = m.move_id and w.company_id = m.company_id
           left join users u on u.id = w.created_by and u.company_id = w.company_id
          where m.company_id = $1 and m.run_id = $2 and m.state in ('moved', 'finished') and m.from_version is not null order by m.at, w.to_version`,
};
// Some words of what was sent; a sign-in link is for admins, on the message's own page.
const MESSAGES: Statement = {
  name: 'runs.messages',
  text: `select m.id, ${MESSAGE_STEP} as "stepId", m.state, case when m.sensitive then '' else m.subject end as subject, coalesce(m.to_phone, m.to_email) as "to", coalesce(m.sent_at, m.created_at) as at
           from messages m where company_id = $1 and run_id = $2 and direction = 'outbound' order by created_at, id limit 200`,
};
const EFFECTS: Statement = {
  name: 'runs.effects',
  text: `select id, kind, state, attempts, reason, coalesce(settled_at, handed_at, created_at) as at from effects
          where company_id = $1 and subject_id = any ($2::uuid[]) order by id limit 200`,
};
const TASKS: Statement = {
  name: 'runs.tasks',
  text: `select id, title, state, link from tasks where company_id = $1 and run_id = $2 order by id limit 100`,
};

interface JournalRow {
  readonly place: number;
  readonly step_id: string;
  readonly type: string;
  readonly attempt: number;
  readonly turn: string | null;
  readonly state: 'open' | 'waiting' | 'done' | 'retrying' | 'failed' | 'lost' | 'cancelled';
  readonly output: Json;
  readonly reason: string | null;
  readonly error: string | null;
  readonly wake_at: Date | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}
interface Relative {
  readonly id: string;
  readonly workflowTitle: string;
  readonly subjectType: string;
  readonly branch: number | null;
  readonly state: RunState;
  readonly stepId: string | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
  readonly above: boolean;
}
interface MoveLine {
  readonly at: Date;
  readonly fromVersion: number;
  readonly toVersion: number | null;
  readonly fromStep: string | null;
  readonly toStep: string | null;
  readonly state: 'moved' | 'finished';
  readonly place: number;
  readonly by: string | null;
}
interface MessageLine {
  readonly id: string;
  readonly stepId: string | null;
  readonly state: string;
  readonly subject: string;
  readonly to: string | null;
  readonly at: Date;
}
interface EffectLine {
  readonly id: string;
  readonly kind: string;
  readonly state: (typeof EFFECT_STATES)[number];
  readonly attempts: number;
  readonly reason: string | null;
  readonly at: Date;
}
interface TaskLine {
  readonly id: string;
  readonly title: string;
  readonly state: (typeof TASK_STATES)[number];
  readonly link: string | null;
}

/** @throws NotFound */
export async function runRow(ctx: Ctx, id: string): Promise<RunRow> {
  const [row] = await ctx.query<RunRow>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new NotFound('There is no such run');
  return row;
}

/** One run with all that hangs on it. @throws NotFound */
export async function runDetail(ctx: Ctx, id: string) {
  const row = await runRow(ctx, id);
  const [shown] = await presentRuns(ctx, [row]);
  if (shown === undefined) throw new NotFound('There is no such run');
  const journal = await ctx.query<JournalRow>(JOURNAL, [ctx.companyId, id]);
  const relatives = await ctx.query<Relative>(RELATIVES, [ctx.companyId, id, row.parent_id]);
  const moves = await ctx.query<MoveLine>(MOVES, [ctx.companyId, id]);
  const messages = await ctx.query<MessageLine>(MESSAGES, [ctx.companyId, id]);
  const effects = await ctx.query<EffectLine>(EFFECTS, [ctx.companyId, [id, ...messages.map((message) => message.id)]]);
  const tasks = await ctx.query<TaskLine>(TASKS, [ctx.companyId, id]);
  const older = [...new Set(moves.map((move) => move.fromVersion))].filter((version) => version !== row.version);
  const definitions = new Map([...(await definitionsOf(ctx, ctx.companyId, row.workflow_id, older)), [row.version, row.definition]]);
  const without = ({ above: _, ...relative }: Relative) => relative;
  const parent = relatives.find((relative) => relative.above);
  return {
    ...shown,
    newestVersion: row.newest_version,
    journal: journal.map((entry) => presentEntry(id, entry, versionAt(entry.place, moves, row.version), definitions)),
    parent: parent === undefined ? null : without(parent),
    children: relatives
      .filter((relative) => !relative.above)
      .slice(0, 100)
      .map(without),
    moves: moves.map(({ place: _, ...move }) => move),
    messages,
    effects,
    tasks,
    actionsPerformed: journal.filter((entry) => entry.state === 'done').map((entry) => entry.step_id),
    results: row.outputs,
  };
}

/** A journal row belongs to the version that the run had when it was written. */
function versionAt(place: number, moves: readonly MoveLine[], current: number): number {
  return moves.find((move) => place <= move.place)?.fromVersion ?? current;
}

function presentEntry(runId: string, entry: JournalRow, version: number, definitions: ReadonlyMap<number, WorkflowDefinition>) {
  const node = stepsById(definitions.get(version)?.steps ?? []).get(entry.step_id)?.node;
  return {
    id: `${runId}/${entry.place}`,
    place: entry.place,
    version,
    turn: entry.turn,
    stepId: entry.step_id,
    stepType: entry.type,
    title: node?.title ?? entry.step_id,
    attempt: entry.attempt,
    state: entry.state,
    input: node?.input ?? {},
    output: entry.output,
    reason: entry.reason,
    error: entry.error,
    dueAt: entry.wake_at,
    startedAt: entry.started_at,
    endedAt: entry.finished_at,
  };
}
