import { z } from 'zod';

export const RUN_STATES = ['running', 'waiting', 'paused', 'done', 'failed', 'cancelled'] as const;
export const EFFECT_STATES = ['reserved', 'handed', 'confirmed', 'refused', 'in_doubt'] as const;
export const TASK_STATES = ['open', 'done', 'dropped'] as const;
const json = z.record(z.string(), z.json());

export const RunCounts = z.object({
  running: z.int(),
  waiting: z.int(),
  paused: z.int(),
  done: z.int(),
  failed: z.int(),
  cancelled: z.int(),
});
export type RunCounts = z.output<typeof RunCounts>;

/** A workflow as the API shows it; `workflow_type`, `actions`, `triggers` and `templates` are the names that older clients know. */
export const Workflow = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string().describe('Its name in API calls, e.g. lead-nurturing'),
  workflowType: z.string().describe('The same name'),
  title: z.string(),
  subject: z.string().describe('What a run is about: lead, person, company'),
  active: z.boolean().describe('Its triggers start runs'),
  paused: z.boolean().describe('Its runs stand still'),
  version: z.int().describe('What new runs get'),
  builtIn: z.boolean(),
  customised: z.boolean().describe('Changed by a person: upgrades leave its definition alone'),
  triggers: z.array(json),
  actions: z.array(json).describe('Its steps'),
  settings: json,
  templates: json,
  runs: RunCounts,
  createdAt: z.date(),
  updatedAt: z.date(),
});

const StepShape: z.ZodType = z.lazy(() =>
  z.object({
    id: z.string(),
    title: z.string(),
    type: z.string(),
    input: json,
    then: z.array(StepShape).optional(),
    cases: z.array(json).optional(),
    otherwise: z.array(StepShape).optional(),
  }),
);

/** What a person is working on: it may have faults; publishing turns it into a version. */
export const Draft = z.object({
  definition: json,
  baseVersion: z.int().describe('The version it was made from'),
  updatedAt: z.date().describe('What If-Match compares'),
  updatedBy: z.uuid().nullable(),
});

export const WorkflowDetail = Workflow.extend({
  draft: Draft.nullable().describe('Changes that are not published yet'),
  definition: z
    .object({
      name: z.string(),
      title: z.string(),
      subject: z.string(),
      triggers: z.array(json),
      stopOn: z.array(z.json()),
      reentry: z.string().optional(),
      settings: json,
      steps: z.array(json),
    })
    .describe('As stored; what PUT and POST take'),
  steps: z.array(z.object({ stepId: z.string(), live: z.int().describe('Runs that stand at this step'), failed: z.int() })),
  hooks: z.array(z.object({ key: z.string(), path: z.string().describe('POST here to start a run') })),
});

export const Version = z.object({
  version: z.int(),
  definition: z.json(),
  note: z.string().nullable().describe('What changed, in the words of whoever published it'),
  restores: z.int().nullable().describe('The version whose definition it is again'),
  live: z.int().describe('Runs under way on it'),
  createdBy: z.uuid().nullable(),
  createdByName: z.string().nullable(),
  createdAt: z.date(),
});

const Finding = z.object({
  severity: z.enum(['fault', 'warning']),
  code: z.string().describe('Stable, for programs: unreachable, no_end, unresolved_variable …'),
  path: z.string().describe('Where in the definition: steps.2.then.0.input.template'),
  stepId: z.string().nullable(),
  message: z.string(),
});

export const Checked = z.object({
  ok: z.boolean().describe('It can be published'),
  faults: z.array(Finding),
  warnings: z.array(Finding),
});

export const CHOICES = ['stay', 'move', 'finish'] as const;

/** What a person chooses for those who stand at one step. */
export const CohortChoiceInput = z.object({
  version: z.int().min(1).optional().describe('Of which older version; default: all of them'),
  stepId: z.string().min(1).max(100).describe('Those who stand at this step'),
  choice: z.enum(CHOICES).describe('stay: on their version. move: to the new one. finish: their runs end here'),
  toStepId: z.string().min(1).max(100).optional().describe('Where they go on; default: the step of the same id'),
  waits: z.enum(['keep', 'anew']).default('keep').describe('keep: what is left of a wait stays. anew: the step begins again'),
});

export const CohortView = z.object({
  version: z.int(),
  stepId: z.string(),
  stepTitle: z.string(),
  stepType: z.string(),
  live: z.int(),
  running: z.int(),
  waiting: z.int(),
  paused: z.int(),
  inHand: z.int().describe('Their step is being done right now: they move when it has ended'),
  since: z.date().describe('When the one who has stood here longest came'),
  suggestion: z.enum(['stay', 'move']),
  toStepId: z.string().nullable(),
  landsOn: z.object({ stepId: z.string(), title: z.string() }).nullable().describe('Where they would go on in the new version'),
  waits: z.enum(['same', 'kept', 'anew']).nullable(),
  says: z.string(),
  peoplePath: z.string().describe('Lists them'),
});

/** Live runs on their way to a version. */
export const Move = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  workflowId: z.uuid(),
  toVersion: z.int(),
  state: z
    .enum(['running', 'settling', 'done', 'failed'])
    .describe('settling: all are through but those whose step is being done right now'),
  total: z.int(),
  moved: z.int(),
  finished: z.int(),
  stayed: z.int(),
  inHand: z.int(),
  error: z.string().nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export const DiffChange = z.object({
  kind: z.enum(['added', 'removed', 'moved', 'changed']),
  stepId: z.string().nullable().describe('null: of the workflow itself'),
  title: z.string(),
  path: z.string(),
  before: z.json(),
  after: z.json(),
  says: z.string(),
});

/** A run; `workflow_config_id`, `status`, `actions_performed` and `results` are the names that older clients know. */
export const Run = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  workflowId: z.uuid(),
  workflowConfigId: z.uuid(),
  workflowName: z.string(),
  workflowTitle: z.string(),
  version: z.int(),
  subject: z.object({ type: z.string(), id: z.uuid(), name: z.string().nullable() }),
  personId: z.uuid().nullable(),
  state: z.enum(RUN_STATES),
  status: z.enum(RUN_STATES),
  stepId: z.string().nullable(),
  stepTitle: z.string().nullable(),
  attempt: z.int(),
  dueAt: z.date().nullable().describe('When a waiting run goes on by itself'),
  reason: z.string().nullable(),
  outcome: z.string().nullable(),
  error: z.string().nullable(),
  triggerType: z.string(),
  triggerId: z.string(),
  startedAt: z.date(),
  completedAt: z.date().nullable(),
  updatedAt: z.date(),
});

const Cause = z
  .object({
    code: z.string(),
    title: z.string(),
    says: z.string(),
    next: z.object({ label: z.string(), path: z.string() }).nullable().describe('The page where it is mended'),
  })
  .nullable()
  .describe('What is likely behind the error, in words, and the next step');

/** A run as lists show it. */
export const RunItem = Run.extend({
  cause: Cause,
  parentId: z.uuid().nullable().describe('The run that waits for it'),
  branch: z.int().nullable().describe('Which branch of a parallel step it is; null for a run of its own'),
});

export const JournalEntry = z.object({
  id: z.string(),
  place: z.int(),
  version: z.int().describe('The version by which it was done'),
  turn: z.string().nullable().describe('The turn of each loop around it, outermost first: 2.0'),
  stepId: z.string(),
  stepType: z.string(),
  title: z.string(),
  attempt: z.int(),
  state: z.enum(['open', 'waiting', 'done', 'retrying', 'failed', 'lost', 'cancelled']),
  input: z.json(),
  output: z.json(),
  reason: z.string().nullable(),
  error: z.string().nullable(),
  dueAt: z.date().nullable(),
  startedAt: z.date(),
  endedAt: z.date().nullable(),
});

/** A run that belongs to another: a branch of it, the one above, or one that it started. */
const Relative = z.object({
  id: z.uuid(),
  workflowTitle: z.string(),
  subjectType: z.string(),
  branch: z.int().nullable(),
  state: z.enum(RUN_STATES),
  stepId: z.string().nullable().describe('The step of the run above that began it'),
  outcome: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: z.date(),
  completedAt: z.date().nullable(),
});

const NeededOutput = z.object({ stepId: z.string(), title: z.string() });

/** Where a run may go on, and what of it is recorded. */
export const ForwardView = z.object({
  version: z.int(),
  stepId: z.string(),
  stepTitle: z.string(),
  possible: z.boolean(),
  reason: z.string().nullable().describe('Why it can’t go on there'),
  kept: z.array(NeededOutput).describe('Outputs of earlier steps that it takes along'),
  missing: z
    .array(NeededOutput.extend({ usedBy: z.array(z.string()) }))
    .describe('Outputs that later steps ask for and that nobody recorded'),
  again: z.array(NeededOutput).describe('Steps that are done already and would be done again'),
  steps: z
    .array(z.object({ stepId: z.string(), title: z.string(), type: z.string(), done: z.boolean() }))
    .describe('All steps of that version'),
});

export const RunChange = z.object({
  id: z.uuid(),
  action: z.enum(['cancel', 'pause', 'resume', 'retry']),
  changed: z.int(),
  skipped: z.int(),
  reasons: z.array(z.object({ reason: z.string(), count: z.int() })).describe('Why some were skipped'),
  undoable: z.boolean().describe('It can be taken back; what was retried can’t'),
});

export const RunDetail = RunItem.extend({
  newestVersion: z.int().describe('What new runs get'),
  parent: Relative.nullable(),
  children: z.array(Relative).describe('Branches, and runs that it started and waits for; the first hundred'),
  moves: z.array(
    z.object({
      at: z.date(),
      fromVersion: z.int(),
      toVersion: z.int().nullable(),
      fromStep: z.string().nullable(),
      toStep: z.string().nullable(),
      state: z.enum(['moved', 'finished']),
      by: z.string().nullable().describe('Who published'),
    }),
  ),
  messages: z.array(
    z.object({
      id: z.uuid(),
      stepId: z.string().nullable(),
      state: z.string(),
      subject: z.string(),
      to: z.string().nullable(),
      at: z.date(),
    }),
  ),
  effects: z.array(
    z.object({
      id: z.uuid(),
      kind: z.string(),
      state: z.enum(EFFECT_STATES),
      attempts: z.int(),
      reason: z.string().nullable(),
      at: z.date(),
    }),
  ),
  tasks: z.array(z.object({ id: z.uuid(), title: z.string(), state: z.enum(TASK_STATES), link: z.string().nullable() })),
  journal: z.array(JournalEntry),
  actionsPerformed: z.array(z.string()).describe('Steps that are done, in order'),
  results: json.describe('Outputs by step, and what triggered it'),
});

export const EffectView = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  kind: z.string(),
  key: z.string(),
  state: z.enum(EFFECT_STATES),
  attempts: z.int(),
  subject: z.object({ type: z.string(), id: z.uuid() }),
  connectionId: z.uuid().nullable(),
  dueAt: z.date(),
  held: z.boolean().describe('Waits for new credentials of its connection'),
  reason: z.string().nullable(),
  externalId: z.string().nullable(),
  receipt: z.json(),
  handedAt: z.date().nullable(),
  settledAt: z.date().nullable(),
  createdAt: z.date(),
});

export const Task = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  kind: z.string(),
  title: z.string(),
  body: z.string(),
  link: z.string().nullable(),
  subject: z.object({ type: z.string(), id: z.uuid() }).nullable(),
  personId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  assigneeId: z.uuid().nullable(),
  state: z.enum(TASK_STATES),
  dueAt: z.date().nullable(),
  doneAt: z.date().nullable(),
  doneBy: z.uuid().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export const FailedEvent = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  subject: z.object({ type: z.string(), id: z.uuid() }),
  personId: z.uuid().nullable(),
  payload: json,
  attempts: z.int(),
  error: z.string().nullable(),
  at: z.date(),
  failedAt: z.date(),
});
