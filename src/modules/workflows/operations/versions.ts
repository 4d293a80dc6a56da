import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { CohortChoice } from '#core/engine/relocate.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { asFacts, readDefinition, workflowRow, type WorkflowRow } from '../definitions.ts';
import { RehearsalOutdated } from '../launch/errors.ts';
import { Rehearsed, rehearsedFor, requireRehearsed } from '../launch/rehearsed.ts';
import { Checked, CHOICES, CohortChoiceInput, CohortView, DiffChange, Draft, Move, Version, WorkflowDetail } from '../shapes.ts';
import { listPage } from '../list.ts';
import { check } from '../versions/check/check.ts';
import { shapeOf } from '../versions/check/shape.ts';
import { cohorts } from '../versions/cohorts.ts';
import { definitionsOf, tryCompile } from '../versions/compiled.ts';
import { comparable, diff } from '../versions/diff.ts';
import { draftOf, dropDraft, presentDraft, putDraft } from '../versions/drafts.ts';
import { moveRow, MoveUnderWay, presentMove, runMove, type MoveRow } from '../versions/moves.ts';
import { placedSteps } from '../versions/steps.ts';
import { publish, type Publication } from '../versions/publish.ts';
import { userIdOf, workflowDetail } from './workflows.ts';

const workflowId = () => z.uuid().describe('Id of the workflow');
const definition = () => z.record(z.string(), z.json());

const VERSIONS: Statement = {
  name: 'workflows.versions',
  text: `select v.version, v.definition, v.note, v.restores, v.created_by, v.created_at, u.full_name as created_by_name,
                (select count(*)::int from runs r where r.workflow_id = v.workflow_id and r.company_id = v.company_id and r.version = v.version
                    and r.state in ('running', 'waiting', 'paused') and r.branch is null) as live
           from workflow_versions v left join users u on u.id = v.created_by and u.company_id = v.company_id
          where v.company_id = $1 and v.workflow_id = $2 order by v.version desc limit 100`,
};

interface VersionRow {
  readonly version: number;
  readonly definition: object;
  readonly note: string | null;
  readonly restores: number | null;
  readonly live: number;
  readonly created_by: string | null;
  readonly created_by_name: string | null;
  readonly created_at: Date;
}

export const listVersions = operation({
  name: 'workflows.versions',
  summary: 'The latest hundred versions of a workflow, newest first, with how many runs are under way on each',
  http: 'GET /api/workflows/{workflow_id}/versions',
  cli: 'workflows versions',
  access: 'read',
  input: z.object({ workflowId: workflowId() }),
  output: pageOf(Version),
  async run(ctx, input) {
    await workflowRow(ctx, ctx.companyId, input.workflowId);
    const rows = await ctx.query<VersionRow>(VERSIONS, [ctx.companyId, input.workflowId]);
    return {
      items: rows.map((row) => ({
        version: row.version,
        definition: asFacts(row.definition),
        note: row.note,
        restores: row.restores,
        live: row.live,
        createdBy: row.created_by,
        createdByName: row.created_by_name,
        createdAt: row.created_at,
      })),
      nextCursor: null,
    };
  },
});

/** One draft a workflow. It is stored as it is typed: faults are what `workflows.check` tells. */
export const saveDraft = operation({
  name: 'workflows.save_draft',
  summary: 'Keep changes to a workflow without publishing them; they may still have faults',
  http: 'PUT /api/workflows/{workflow_id}/draft',
  cli: 'workflows save-draft',
  access: 'write',
  role: 'manager',
  input: z.object({
    workflowId: workflowId(),
    definition: definition().describe('name, title, subject, triggers, stop_on, settings, steps'),
  }),
  output: Draft,
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId, true);
    const known = await draftOf(ctx, ctx.companyId, row.id);
    ctx.expectVersion({ updatedAt: known?.updated_at ?? row.updated_at });
    ctx.subject('workflows', row.id);
    return presentDraft(await putDraft(ctx, row, input.definition, userIdOf(ctx), ctx.clock.now()));
  },
});

export const discardDraft = operation({
  name: 'workflows.discard_draft',
  summary: 'Throw away changes that were not published',
  http: 'DELETE /api/workflows/{workflow_id}/draft',
  cli: 'workflows discard-draft',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ workflowId: workflowId() }),
  output: z.object({}),
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId, true);
    const known = await draftOf(ctx, ctx.companyId, row.id);
    if (known === null) throw new NotFound('This workflow has no draft');
    ctx.expectVersion({ updatedAt: known.updated_at });
    ctx.subject('workflows', row.id);
    await dropDraft(ctx, ctx.companyId, row.id);
    return {};
  },
});

export const checkWorkflow = operation({
  name: 'workflows.check',
  summary: 'Everything wrong or doubtful about a definition, each with its path and a sentence; nothing is saved',
  http: 'POST /api/workflows/check',
  cli: 'workflows check',
  access: 'read',
  input: z.object({
    definition: definition(),
    workflowId: z.uuid().optional().describe('The workflow it is meant for: its settings count'),
  }),
  output: Checked,
  async run(ctx, input) {
    const workflow = input.workflowId === undefined ? null : await workflowRow(ctx, ctx.companyId, input.workflowId);
    const findings = await check({ tx: ctx, runtime: ctx.runtime, companyId: ctx.companyId, workflow }, input.definition);
    const faults = findings.filter((finding) => finding.severity === 'fault');
    return { ok: faults.length === 0, faults, warnings: findings.filter((finding) => finding.severity === 'warning') };
  },
});

/** What is to be published: given, else the draft, else what is current. */
async function meant(ctx: Ctx, row: WorkflowRow, given: unknown): Promise<unknown> {
  return given ?? (await draftOf(ctx, ctx.companyId, row.id))?.definition ?? asFacts(row.definition);
}

export const workflowCohorts = operation({
  name: 'workflows.cohorts',
  summary: 'Who stands on which step of which version, and where they would land on the version to come',
  http: 'POST /api/workflows/{workflow_id}/cohorts',
  cli: 'workflows cohorts',
  access: 'read',
  input: z.object({
    workflowId: workflowId(),
    definition: definition().optional().describe('The version to come; default: the draft, else the current version'),
  }),
  output: z.object({
    items: z.array(CohortView),
    steps: z.array(z.object({ stepId: z.string(), title: z.string(), path: z.string() })).describe('Where one may move to'),
    rehearsed: Rehearsed.nullable().describe('Null: it cannot run as it is'),
  }),
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId);
    const wanted = await meant(ctx, row, input.definition);
    const { definition: shaped } = shapeOf(wanted, ctx.runtime);
    const compiled = shaped === null ? null : tryCompile(shaped, ctx.runtime);
    const found = await cohorts(ctx, ctx.runtime, { companyId: ctx.companyId, id: row.id }, compiled instanceof Error ? null : compiled);
    return {
      items: found.map((cohort) => ({
        ...cohort,
        landsOn: cohort.landsOn === null ? null : { ...cohort.landsOn },
        peoplePath: `/runs?workflow_id=${row.id}&step_id=${encodeURIComponent(cohort.stepId)}&version=${cohort.version}&live=true`,
      })),
      rehearsed:
        shaped === null
          ? null
          : await rehearsedFor(ctx, ctx.companyId, { workflowId: row.id, definition: { ...shaped, name: row.name }, personIds: [] }, null),
      steps: placedSteps(comparable(asFacts(Object(wanted))).steps).map(({ node, path }) => ({ stepId: node.id, title: node.title, path })),
    };
  },
});

const choosing = {
  cohorts: z.array(CohortChoiceInput).max(2_000).default([]).describe('What becomes of those who stand at a step of an older version'),
  others: z.enum(CHOICES).default('stay').describe('Of those that cohorts does not name'),
  note: z.string().trim().min(1).max(500).optional().describe('What changed, for the list of versions'),
};

const Published = WorkflowDetail.extend({
  published: z.int().describe('The version that new runs get'),
  moved: z.int(),
  finished: z.int(),
  stayed: z.int().describe('Runs that keep an older version'),
  move: Move.nullable().describe('Where runs move: its state, and running when they are many'),
});

type Choosing = { cohorts: z.output<typeof CohortChoiceInput>[]; others: CohortChoice['choice']; note?: string | undefined };

async function publishAs(ctx: Ctx, row: WorkflowRow, choices: Choosing, what: Pick<Publication, 'definition' | 'restores'>) {
  const { version, move } = await publish(ctx, ctx.runtime, row, {
    ...what,
    cohorts: choices.cohorts.map(choiceOf),
    others: choices.others,
    note: choices.note ?? null,
    userId: userIdOf(ctx),
  });
  ctx.subject('workflows', row.id);
  if (move?.more === true) ctx.afterCommit(() => void runMove(ctx.runtime, ctx.companyId, move.id));
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
  const moved = move === null ? null : await moveRow(ctx, ctx.companyId, move.id);
  const [older] = await ctx.query<{ n: number }>(OLDER, [ctx.companyId, row.id, version]);
  return {
    ...(await workflowDetail(ctx, row.id)),
    published: version,
    moved: moved?.moved ?? 0,
    finished: moved?.finished ?? 0,
    stayed: older?.n ?? 0,
    move: moved === null ? null : presentMove(moved),
  };
}

const OLDER: Statement = {
  name: 'workflows.runs_on_older',
  text: `select count(*)::int as n from runs where company_id = $1 and workflow_id = $2 and state in ('running', 'waiting', 'paused') and version < $3 and branch is null`,
};

function choiceOf(cohort: z.output<typeof CohortChoiceInput>): CohortChoice {
  return {
    version: cohort.version ?? null,
    step_id: cohort.stepId,
    choice: cohort.choice,
    to_step_id: cohort.toStepId ?? null,
    waits: cohort.waits,
  };
}

/**
 * The draft becomes an immutable version that new runs get. Runs under way keep theirs unless a cohort is moved or finished: up to 2,000
 * in this transaction, more behind the answer in batches. A step that is being done ends first, and is never done twice.
 */
export const publishWorkflow = operation({
  name: 'workflows.publish',
  summary: 'Publish the draft as a new version, and choose for those under way: stay, move or finish',
  http: 'POST /api/workflows/{workflow_id}/publish',
  cli: 'workflows publish',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({
    workflowId: workflowId(),
    definition: definition().optional().describe('Default: the draft'),
    rehearsalHash: z
      .string()
      .max(100)
      .optional()
      .describe('Of the rehearsal that this is to be like: refused when anything but the people has changed since'),
    ...choosing,
  }),
  output: Published,
  errors: [MoveUnderWay, RehearsalOutdated],
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId, true);
    const draft = await draftOf(ctx, ctx.companyId, row.id);
    ctx.expectVersion({ updatedAt: draft?.updated_at ?? row.updated_at });
    const wanted = await meant(ctx, row, input.definition);
    if (input.rehearsalHash !== undefined) {
      const launch = { workflowId: row.id, definition: readDefinition(ctx.runtime, wanted), personIds: [] };
      await requireRehearsed(ctx, ctx.companyId, launch, input.rehearsalHash);
    }
    return publishAs(ctx, row, input, { definition: wanted, restores: null });
  },
});

export const rollbackWorkflow = operation({
  name: 'workflows.rollback',
  summary: 'Publish an old version again, as a new one',
  http: 'POST /api/workflows/{workflow_id}/rollback',
  cli: 'workflows rollback',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ workflowId: workflowId(), version: z.int().min(1).describe('The version to bring back'), ...choosing }),
  output: Published,
  errors: [MoveUnderWay],
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    const old = (await definitionsOf(ctx, ctx.companyId, row.id, [input.version])).get(input.version);
    if (old === undefined) throw new NotFound(`This workflow has no version ${input.version}`);
    return publishAs(ctx, row, input, { definition: asFacts(old), restores: input.version });
  },
});

const side = () => z.union([z.literal('draft'), z.coerce.number().int().min(1)]);

export const diffWorkflow = operation({
  name: 'workflows.diff',
  summary: 'What changed between two versions, or a version and the draft: steps added, removed, moved, and each field that differs',
  http: 'GET /api/workflows/{workflow_id}/diff',
  cli: 'workflows diff',
  access: 'read',
  input: z.object({
    workflowId: workflowId(),
    from: side().optional().describe('A version; default: the current one'),
    to: side().optional().describe('A version or draft; default: the draft, else the current version'),
  }),
  output: z.object({
    from: z.union([z.literal('draft'), z.int()]),
    to: z.union([z.literal('draft'), z.int()]),
    changes: z.array(DiffChange),
  }),
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId);
    const draft = await draftOf(ctx, ctx.companyId, row.id);
    const from = input.from ?? row.version;
    const to = input.to ?? (draft === null ? row.version : 'draft');
    const versions = await definitionsOf(
      ctx,
      ctx.companyId,
      row.id,
      [from, to].filter((one) => typeof one === 'number'),
    );
    const sideOf = (which: 'draft' | number, field: string) => {
      const found = which === 'draft' ? draft?.definition : versions.get(which);
      if (found === undefined)
        throw new InvalidInput(which === 'draft' ? 'This workflow has no draft' : `This workflow has no version ${which}`, {
          fields: [{ path: field, message: 'there is none' }],
        });
      return comparable(asFacts(found));
    };
    return { from, to, changes: diff(sideOf(from, 'from'), sideOf(to, 'to')) };
  },
});

export const getMove = operation({
  name: 'workflows.move_get',
  summary: 'How far runs are on their way to a new version',
  http: 'GET /api/workflow-moves/{move_id}',
  cli: 'workflows move',
  access: 'read',
  input: z.object({ moveId: z.uuid().describe('Id of the move, as publish answered it') }),
  output: Move,
  run: async (ctx, input) => presentMove(await moveRow(ctx, ctx.companyId, input.moveId)),
});

const MOVES = { name: 'moves.list', select: 'select t.* from workflow_moves t', conditions: { workflowId: 't.workflow_id = ?' } };

export const listMoves = operation({
  name: 'workflows.moves',
  summary: 'Runs that were moved or finished when versions were published, newest first',
  http: 'GET /api/workflows/{workflow_id}/moves',
  cli: 'workflows moves',
  access: 'read',
  input: z.object({ ...pageInput, workflowId: workflowId() }),
  output: pageOf(Move),
  async run(ctx, { workflowId: id, ...page }) {
    await workflowRow(ctx, ctx.companyId, id);
    const { items, nextCursor } = await listPage<MoveRow>(ctx, ctx.companyId, MOVES, { workflowId: id }, page);
    return { items: items.map(presentMove), nextCursor };
  },
});
