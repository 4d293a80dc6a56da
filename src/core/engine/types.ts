import type { z } from 'zod';
import type { Duration } from '#core/clock.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { TraceContext } from '#core/telemetry/tracing.ts';
import type { Retried, RetryWanted } from './retry.ts';
import type { Registry } from './parts.ts';

/** JSON as stored in jsonb. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Facts = { [key: string]: Json };

/** A row of the outbox: something that happened, written by the transaction that made it so. */
export interface DomainEvent {
  /** `lead.created`, `message.replied`: noun, then past participle. */
  readonly name: string;
  readonly companyId: string;
  readonly subject: { readonly type: string; readonly id: string };
  /** The person it concerns: wakes and stops that person's runs. */
  readonly personId?: string;
  readonly payload?: Facts;
  /** What it belongs to, where that is not what is under way. Not stored with it. */
  readonly trace?: TraceContext | undefined;
}

/** A definition as stored, drawn and run: data, not code. Steps have ids that stay when titles change. */
export interface WorkflowDefinition {
  readonly name: string;
  readonly title: string;
  readonly subject: string;
  readonly triggers: readonly Trigger[];
  /** Events of the run's person or subject that end it at once, wherever it stands: `message.replied`, `lead.converted` … */
  readonly stopOn: readonly StopRule[];
  /** How often one subject may enter. Default: `always` for the subject `company`, else `after_end` (never two live runs at once). */
  readonly reentry?: 'once' | 'after_end' | 'always';
  readonly settings: Facts;
  readonly steps: readonly StepNode[];
}

/** An event name, or one with a condition on `{payload, event, …facts of the run's subject}`. */
export type StopRule = string | { readonly event: string; readonly where: Condition };

export type Trigger =
  | { readonly on: 'event'; readonly event: string; readonly where?: Condition }
  | { readonly on: 'schedule'; readonly schedule: ScheduleSpec }
  /** `key` names the hook inside the workflow (`orders`); its secret address is made when the workflow is saved. */
  | { readonly on: 'webhook'; readonly key: string }
  | { readonly on: 'manual' };

export interface ScheduleSpec {
  /** Five-field cron, or an interval. */
  readonly cron?: string;
  readonly everyS?: number;
  /** IANA zone. */
  readonly timeZone: string;
  /** Firings missed while nothing ran: drop them, run one, or run each one not older than `withinS`. */
  readonly missed: { readonly policy: 'skip' } | { readonly policy: 'once' } | { readonly policy: 'all'; readonly withinS: number };
}

export interface StepNode {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  /** Checked by the step type's zod schema when the definition is saved. */
  readonly input: Facts;
  /** Only of `branch`. */
  readonly then?: readonly StepNode[];
  /** Of `branch` and of `switch`: when nothing else holds. */
  readonly otherwise?: readonly StepNode[];
  /** Only of `switch`: the first that holds is taken. */
  readonly cases?: readonly SwitchCase[];
  /** Only of `loop`: what is done for each item. */
  readonly body?: readonly StepNode[];
  /** Only of `parallel`: what is done at the same time. */
  readonly branches?: readonly ParallelBranch[];
}

/** One way of a switch: taken when its value is one of `is`, or `when` holds. One of the two. */
export interface SwitchCase {
  readonly title: string;
  readonly is?: readonly (string | number | boolean | null)[];
  readonly when?: Condition;
  readonly steps: readonly StepNode[];
}

export interface ParallelBranch {
  readonly title: string;
  readonly steps: readonly StepNode[];
}

/** Data too, shared by branches, triggers, segments and alerts. `field` is a path into the run's facts: `lead.status`. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly field: string; readonly is: Json }
  | { readonly field: string; readonly isNot: Json }
  | { readonly field: string; readonly in: readonly Json[] }
  | { readonly field: string; readonly contains: string }
  | { readonly field: string; readonly above: number | string }
  | { readonly field: string; readonly below: number | string }
  | { readonly field: string; readonly exists: boolean }
  /** A stretch of time as seen from now: `last_30_days`, `next_7_days`, `over_90_days_ago`, `today`, `this_week`, `this_month`, `this_year`. */
  | { readonly field: string; readonly within: string }
  /** A day that comes round in it, whatever the year. */
  | { readonly field: string; readonly anniversary: string };

/** Where a run is in a loop, as its steps see it: `{{ loop.item.name }}`, `{field: "loop.index", above: 0}`. */
export interface LoopView {
  readonly item: Json;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** The loop around this one. */
  readonly outer: LoopView | null;
}

export type RunState = 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled';

/** One run as a step type sees it. */
export interface RunView {
  readonly id: string;
  readonly companyId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: number;
  readonly settings: Facts;
  readonly subject: { readonly type: string; readonly id: string };
  readonly personId: string | null;
  /** Texts that the company keeps for this workflow, by name. */
  readonly templates: Facts;
  /** Outputs of finished steps by step id, plus `trigger` (the payload that started it). */
  readonly outputs: Facts;
  /** Facts of the subject, loaded once a batch by its SubjectType: `{person: {...}, lead: {...}, company: {...}}`. */
  readonly facts: Facts;
  readonly stepId: string;
  /**
   * Names this step of this run, the turn of each loop around it included: `<run id>:<step id>`, in loops `<run id>:<step id>@2.0`.
   * What must exist once for it (an effect, a task, a message) is keyed by this.
   */
  readonly key: string;
  /** Turn of each loop around the step, outermost first: `2.0`; empty outside loops. */
  readonly turn: string;
  /** Place of this attempt in the journal: another one each time the step is reached. */
  readonly place: number;
  readonly loop: LoopView | null;
  /** How many runs stand above this one, each started by a step of the one before. */
  readonly depth: number;
  readonly attempt: number;
  /** When the run reached this step; stays while it waits and is tried again. */
  readonly since: Date;
  /** The event that woke a waiting step, if one did; else null (its time came). */
  readonly signal: { readonly name: string; readonly payload: Facts } | null;
}

export interface StepItem<Input> {
  readonly run: RunView;
  readonly input: Input;
}

/** What a step says; the engine commits it with the journal, the cursor and the next job in one transaction. */
export type StepResult =
  | { readonly kind: 'next'; readonly output?: Json }
  /** Stay on this step until then, or until one of the events comes, whichever is first. The step runs again. */
  | { readonly kind: 'wait'; readonly until: Date | null; readonly events?: readonly string[]; readonly reason: string }
  | { readonly kind: 'end'; readonly outcome: string; readonly output?: Json }
  /** Only of `loop`: its body is taken for each of these. */
  | { readonly kind: 'loop'; readonly list: readonly Json[]; readonly goesOn: boolean; readonly keeps: boolean }
  /** `retry: later` follows the back-off of the engine, `never` fails the run; a person may retry it from any step. What the step wrote stays: throw to undo it. */
  | { readonly kind: 'fail'; readonly error: string; readonly retry: 'later' | 'never' };

interface StepTypeBase<Input extends z.ZodType> {
  readonly type: string;
  readonly title: string;
  /** One sentence for people: what it does. */
  readonly description?: string;
  readonly input: Input;
  /** What `steps.<id>` holds afterwards: the hints that later steps are written with. */
  readonly output?: z.ZodType;
  /**
   * Does `run` look at `facts`? Default true; where not, the query that loads them is spared. `again`: the same attempt goes on, after it had waited.
   */
  readonly facts?: boolean | ((input: z.output<Input>, again: boolean) => boolean);
  /**
   * Batch steps only: `run` takes a moment, whatever it is given, and writes nothing that needs the run's own row before the commit. Such steps at the
   * beginning of a workflow are taken in the transaction that starts the run. Default false.
   */
  readonly quick?: boolean;
  /** The same of going on after it has waited: such a run goes on in the transaction that takes the event it waited for off the outbox. Default: as `quick`. */
  readonly quickAgain?: boolean;
  /** May `run` change what the subject's facts are made of? Default true: the next step then sees fresh ones. */
  readonly changesFacts?: boolean;
  /** Attempts before a failure with `retry: later` becomes final. Default 8. */
  readonly maxAttempts?: number;
  /** Texts of the input that are Liquid, drawn with what the run knows, by path inside the input. Checked before a version is published. */
  liquid?(input: z.output<Input>): Readonly<Record<string, string>>;
  /** What only the company's data can tell of such steps: a template that is not there, a connection that is missing. Reads only. */
  check?(tx: Transaction, asked: StepsAsked<z.output<Input>>, runtime: Runtime): Promise<readonly StepFinding[]>;
}

/** The steps of one type in a definition that is being checked. */
export interface StepsAsked<Input> {
  readonly companyId: string;
  /** Type of the subject of the workflow. */
  readonly subject: string;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly input: Input;
    /** As written, without defaults. */
    readonly raw: Facts;
    /** Ids of the steps that may have run before it. */
    readonly earlier: ReadonlySet<string>;
  }[];
  /** Has a further text checked like those of `liquid`: one that stands elsewhere and is drawn by this step. */
  alsoLiquid(stepId: string, path: string, source: string): void;
}

/** A fault keeps a definition from being published, a warning does not. */
export interface StepFinding {
  readonly stepId: string;
  /** Inside the step: `input.template`. */
  readonly path: string;
  readonly severity: 'fault' | 'warning';
  /** Stable, for programs: `unknown_template`. */
  readonly code: string;
  /** A sentence for a person: what is wrong and the next step. */
  readonly message: string;
}

/** Pure database work, for a whole batch of runs at once (across companies, role `steward_system`): no query per item. */
export interface BatchStepType<Input extends z.ZodType = z.ZodType> extends StepTypeBase<Input> {
  readonly mode: 'batch';
  run(tx: Transaction, items: readonly StepItem<z.output<Input>>[], runtime: Runtime): Promise<readonly StepResult[]>;
}

/**
 * Talks to the network, so it runs outside any transaction, for one run, with a heartbeat; only what is safe to repeat
 * (a model call). Acts that must not happen twice are effects, not activities. `commit` puts what it made into tables,
 * in the transaction that moves the run on; it may change the result (add the id of the row it wrote to the output).
 */
export interface ActivityStepType<Input extends z.ZodType = z.ZodType> extends StepTypeBase<Input> {
  readonly mode: 'activity';
  run(item: StepItem<z.output<Input>>, runtime: Runtime, signal: AbortSignal): Promise<StepResult>;
  commit?(tx: Transaction, item: StepItem<z.output<Input>>, result: StepResult, runtime: Runtime): Promise<StepResult | void>;
  /** What a rehearsal does in its place. Default: nothing is done, the step is captured and its output is null. */
  readonly rehearse?: RehearsedActivity<z.output<Input>>;
  /** It asks somebody outside whatever `rehearse` makes of it: a rehearsal says that it did not. */
  readonly asksOutside?: true;
  /** Seconds one attempt may take before its signal aborts. Default 120. */
  readonly timeoutS?: number;
}

/**
 * How an activity is rehearsed, where nothing may reach the network (docs/adr/0015-rehearsal.md).
 * - `as_is`: `run` and `commit` touch nothing but the database and the runtime's own means. - `sample`: not carried out; later steps see this output.
 * - a function: the same work for many runs at once, without the network (a template in a model's place).
 */
export type RehearsedActivity<Input> =
  | 'as_is'
  | { readonly sample: Json }
  | ((tx: Transaction, items: readonly StepItem<Input>[], runtime: Runtime) => Promise<readonly StepResult[]>);

// oxlint-disable-next-line typescript/no-explicit-any -- variance: a list of step types of every input
export type StepType = BatchStepType<any> | ActivityStepType<any>;

export function batchStep<Input extends z.ZodType>(step: Omit<BatchStepType<Input>, 'mode'>): BatchStepType<Input> {
  return { mode: 'batch', ...step };
}
export function activityStep<Input extends z.ZodType>(step: Omit<ActivityStepType<Input>, 'mode'>): ActivityStepType<Input> {
  return { mode: 'activity', ...step };
}

/** What a run can be about, and how to load its facts for a batch in one query. */
export interface SubjectType {
  readonly type: string;
  /** `runtime`: for what only it can say, such as links; absent where facts are looked at apart from runs. */
  load(
    tx: Transaction,
    subjects: readonly SubjectRef[],
    runtime?: Runtime,
  ): Promise<ReadonlyMap<string, { personId: string | null; facts: Facts }>>;
  /** What the `update` step may set, for a batch; absent: the step is refused for this subject. Throws AppError for a field or value that does not fit. */
  update?(
    tx: Transaction,
    changes: readonly (SubjectRef & { readonly set: Facts; readonly runId: string })[],
    runtime: Runtime,
  ): Promise<void>;
  /** Names and allowed values of those fields, checked when a definition is saved. */
  readonly updates?: z.ZodType;
  /** What `load` knows of one, by path: for people who write conditions and templates. Absent: nobody checks names. */
  readonly fields?: readonly SubjectField[];
  readonly file?: SubjectFile;
  /** The newest one of each of these people, as rows of `personId` and `id` ($1: company, $2: people): what a rehearsal with them is about. Absent: it can't be rehearsed. */
  readonly newest?: Statement;
}

/** A file that is made of a subject, such as the PDF of an invoice, and may go with a mail about it. It is made anew each time, of what no longer changes. */
export interface SubjectFile {
  /** Names by id of the subject; what has no file yet (a draft) is absent. */
  named(
    tx: Transaction,
    subjects: readonly SubjectRef[],
  ): Promise<ReadonlyMap<string, { readonly filename: string; readonly contentType: string }>>;
  /** `file`: which one, where a subject has several. @throws NotFound when the subject is gone */
  bytes(tx: Transaction, subject: SubjectRef, file: { readonly filename: string; readonly contentType: string }): Promise<Buffer>;
}

/** `object`: may hold anything, its names are the company's (custom fields, settings). */
export interface SubjectField {
  readonly path: string;
  readonly title: string;
  readonly type: 'text' | 'number' | 'boolean' | 'moment' | 'list' | 'id' | 'object';
}

export interface SubjectRef {
  readonly companyId: string;
  readonly id: string;
}

/** A module's reaction to events, for a batch, in the transaction that takes them off the outbox. */
export interface EventHandler {
  /** A name, or `*` for every event, also those between the engine's own parts. */
  readonly event: string;
  /** Stable name, when a module reacts to one event twice. Default: the event and its place in the list. */
  readonly name?: string;
  handle(tx: Transaction, events: readonly (DomainEvent & { readonly id: string; readonly at: Date })[], runtime: Runtime): Promise<void>;
}

export interface BuiltInWorkflow {
  readonly definition: WorkflowDefinition;
  /** On for every new company? */
  readonly active: boolean;
}

/** Which runs of a company: those that fit every part given. */
export interface RunSelection {
  readonly companyId: string;
  readonly runIds?: readonly string[];
  /** Its name. */
  readonly workflow?: string;
  readonly personId?: string;
  readonly subjectIds?: readonly string[];
}

/** How modules and operations reach the engine. All writes join the caller's transaction, request or system. */
export interface Engine {
  /**
   * Starts one run per subject; a second start with the same trigger id for the same workflow and subject is no new run, nor is one
   * while a run is live unless the definition's `reentry` is `always`. Answers run ids by subject id, old or new.
   * @throws NotFound no such workflow. @throws Conflict it is switched off.
   */
  start(
    tx: Transaction,
    request: {
      readonly companyId: string;
      readonly workflow: string;
      /** `triggerId` and `payload` where they differ from the trigger's. */
      readonly subjects: readonly {
        readonly type: string;
        readonly id: string;
        readonly personId: string | null;
        readonly triggerId?: string;
        readonly payload?: Facts;
        /** The run whose step starts it; `runId` where that one waits for the end. */
        readonly above?: { readonly runId: string | null; readonly place: number; readonly depth: number };
      }[];
      readonly trigger: { readonly type: RunTrigger; readonly id: string; readonly payload?: Facts };
    },
  ): Promise<ReadonlyMap<string, string>>;
  /** Puts events on the outbox. Operations use `ctx.emit`, which batches into the commit. */
  emit(tx: Transaction, events: readonly DomainEvent[]): Promise<void>;
  /** Ends live runs at once. Answers how many. */
  cancel(tx: Transaction, which: RunSelection, reason: string): Promise<number>;
  /** Live runs stop where they are; events still reach them. */
  pause(tx: Transaction, which: RunSelection, reason: string): Promise<number>;
  /** What fell due meanwhile goes on at once. */
  resume(tx: Transaction, which: RunSelection): Promise<number>;
  /**
   * A failed, cancelled or live run goes on from this step (default: where it stands), by another version where one is named.
   * @throws NotFound no such run or step. @throws Conflict it can't go on there
   */
  retry(tx: Transaction, run: Omit<RetryWanted, 'runIds'> & { readonly runId: string }): Promise<void>;
  /** The same for many; those that can't are answered, with the reason. */
  retryMany(tx: Transaction, wanted: RetryWanted): Promise<Retried>;
  /** Something that a module did for runs since `from`, as spans below them; nothing where no traces are kept. Names and attributes hold nothing of a person. */
  note(
    tx: Transaction,
    spans: readonly {
      readonly runId: string;
      readonly name: string;
      readonly attributes: Readonly<Record<string, string | number | boolean>>;
    }[],
    from: Date,
  ): Promise<void>;
  /** Gives a company the built-in workflows it lacks, and new versions of those it has not changed. In the transaction that makes the company. */
  install(tx: Transaction, companyId: string): Promise<void>;
  /** The step types and subjects there are: what a definition may speak of. */
  readonly vocabulary: { readonly steps: ReadonlyMap<string, StepType>; readonly subjects: ReadonlyMap<string, SubjectType> };
  /** What the modules brought for it: a rehearsal opens an engine of the same parts. */
  readonly registry: Registry;
  /** Tells workers that something is due now; call after commit. Cheap, may be lost: polling finds it anyway. `events`: nothing but events on the outbox. */
  nudge(what?: 'events'): void;
}

export type RunTrigger = 'event' | 'schedule' | 'webhook' | 'manual' | 'run';

/** The worker side; only `app/` starts it. */
export interface EngineWorker {
  start(): Promise<void>;
  /** Stops fetching, finishes what is in hand, gives back the rest. */
  stop(): Promise<void>;
  /** Tests and `steward run`: work until nothing is due on the clock. Answers how much was done. */
  drain(): Promise<Drained>;
}

export interface Drained {
  readonly events: number;
  readonly steps: number;
  readonly effects: number;
}

export type { Duration };
