import type { CompiledStep, CompiledWorkflow } from './definition.ts';
import { innermost, loopOf, ownFrames, turnOf, turned } from './frames.ts';
import type { JournalRow, RunRow } from './rows.ts';
import { OTHERWISE } from './steps/switch.ts';
import type { Facts, Json, RunState, RunView, StepResult } from './types.ts';

/** What a run needs to know of its workflow beside the definition. */
export interface WorkflowState {
  readonly id: string;
  readonly name: string;
  readonly settings: Facts;
  readonly templates: Facts;
  readonly paused: boolean;
}

/** Attempts of a step before `retry: later` becomes final, unless its type says otherwise. */
const MOST_ATTEMPTS = 8;
/** 30 s, 1 min, 2 min … an hour. */
const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 3_600_000;
/** A wait that is over before it begins comes round again after this, so that no step can spin. */
const SHORTEST_WAIT_MS = 1_000;

/** What a loop may keep, as JSON: it travels with the run's row. */
const MOST_KEPT_BYTES = 4_000_000;

/** `runs.reason` while a worker is at an activity. */
export const IN_HAND = 'a worker is at it';

/** Where the cursor goes once a step is done. */
export function cursorAfter(step: CompiledStep, output: Json | undefined): string | null {
  if (step.arms === null) return step.next;
  const taken = typeof output === 'object' && output !== null && !Array.isArray(output) ? output['taken'] : undefined;
  const way = typeof taken === 'string' && step.arms.has(taken) ? taken : OTHERWISE;
  return step.arms.get(way) ?? null;
}

/** One run while a worker has it: the row as it will be saved, and the journal rows to write. */
export class Moving {
  readonly row: RunRow;
  readonly journal: JournalRow[] = [];
  /** Where the run is when the worker lets go of it. */
  facts: Facts | null = null;
  personId: string | null;
  needsNetwork = false;
  givesUpOpenRow = false;
  readonly #workflow: WorkflowState;
  readonly #compiled: CompiledWorkflow | Error;
  readonly #now: Date;

  constructor(row: RunRow, workflow: WorkflowState, compiled: CompiledWorkflow | Error, now: Date) {
    this.row = row;
    this.personId = row.person_id;
    this.#workflow = workflow;
    this.#compiled = compiled;
    this.#now = now;
    if (compiled instanceof Error) this.#fail(`Its workflow can't run as it is: ${compiled.message}`);
    else if (row.step_id === null) this.#finish('done', 'completed');
    else if (row.frames !== null) row.frames = ownFrames(row.frames, this.step);
  }

  get state(): RunState {
    return this.row.state;
  }
  /** Goes on in this transaction. */
  get moves(): boolean {
    return this.row.state === 'running' && !this.needsNetwork;
  }
  get step(): CompiledStep | undefined {
    return this.#compiled instanceof Error || this.row.step_id === null ? undefined : this.#compiled.steps.get(this.row.step_id);
  }
  /** A step that waits is the same attempt when it runs again; after a failure it is the next one. */
  get attempt(): number {
    return this.row.journal_open ? Math.max(1, this.row.attempt) : this.row.attempt + 1;
  }

  /** Place in the journal of the attempt that is due. */
  get place(): number {
    return this.row.journal_open ? this.row.journal : this.row.journal + 1;
  }
  /** It stands at a loop that it is in: the turn is over. */
  get turns(): boolean {
    return this.row.frames !== null && innermost(this.row.frames)?.loop === this.row.step_id;
  }
  get compiled(): CompiledWorkflow | null {
    return this.#compiled instanceof Error ? null : this.#compiled;
  }
  /** Names the step and the turn of the loops around it. */
  get key(): string {
    const turn = turnOf(this.row.frames, this.turns);
    return `${this.row.id}:${this.row.step_id}${turn === '' ? '' : `@${turn}`}`;
  }

  view(): RunView {
    return {
      id: this.row.id,
      companyId: this.row.company_id,
      workflowId: this.row.workflow_id,
      workflowName: this.#workflow.name,
      version: this.row.version,
      settings:
        this.#compiled instanceof Error ? this.#workflow.settings : { ...this.#compiled.definition.settings, ...this.#workflow.settings },
      templates: this.#workflow.templates,
      subject: { type: this.row.subject_type, id: this.row.subject_id },
      personId: this.personId,
      outputs: this.row.outputs,
      facts: this.facts ?? {},
      stepId: this.row.step_id ?? '',
      key: this.key,
      turn: turnOf(this.row.frames, this.turns),
      place: this.place,
      loop: this.row.frames === null ? null : loopOf(this.row.frames),
      depth: this.row.depth,
      attempt: this.attempt,
      since: this.row.since,
      signal: this.row.signal,
    };
  }

  forgetFacts(): void {
    this.facts = null;
  }
  /** Its workflow or company stands still: goes on when that does. */
  park(by: 'workflow' | 'company'): void {
    if (this.row.state !== 'running') return;
    Object.assign(this.row, {
      state: 'paused',
      paused_by: by,
      wake_at: this.#now,
      reason: `its ${by} is paused`,
    } satisfies Partial<RunRow>);
  }
  handOver(): void {
    this.needsNetwork = true;
  }
  /** The step it stands on is not in its definition. */
  lost(): void {
    this.#fail(`The step ${this.row.step_id ?? ''} is not in version ${this.row.version} of its workflow`);
  }
  /** The subject is gone: nothing is left to do for it. */
  orphaned(): void {
    if (this.row.journal_open) this.givesUpOpenRow = true;
    this.#finish('cancelled', 'subject_gone');
    this.row.reason = `its ${this.row.subject_type} is gone`;
  }

  /** What a step said becomes journal, cursor and state. */
  apply(result: StepResult, next: typeof cursorAfter): void {
    const step = this.step;
    if (step === undefined) return this.lost();
    const attempt = this.attempt;
    this.row.attempt = attempt;
    switch (result.kind) {
      case 'next': {
        this.#write(step, attempt, { state: 'done', output: result.output });
        if (result.output !== undefined) this.row.outputs = { ...this.row.outputs, [step.node.id]: result.output };
        return this.#moveTo(next(step, result.output));
      }
      case 'end':
        this.#write(step, attempt, { state: 'done', output: result.output ?? { outcome: result.outcome } });
        return this.#finish('done', result.outcome);
      case 'loop':
        return this.#enter(step, attempt, result);
      case 'wait':
        return this.#wait(step, attempt, result);
      case 'fail':
        return this.#failed(step, attempt, result);
    }
  }

  /** Outputs of steps that others took for this run: its branches. */
  merge(outputs: Facts): void {
    this.row.outputs = { ...this.row.outputs, ...outputs };
  }

  #enter(step: CompiledStep, attempt: number, { list, goesOn, keeps }: Extract<StepResult, { kind: 'loop' }>): void {
    const loop = step.node.id;
    if (list.length === 0) return this.apply({ kind: 'next', output: { count: 0, failed: 0, items: [] } }, cursorAfter);
    this.#write(step, attempt, { state: 'done', output: { count: list.length } });
    const frame = { loop, list, index: 0, results: keeps ? [] : null, bytes: 0, failed: 0, goes_on: goesOn, error: null, above: false };
    this.row.frames = [...(this.row.frames ?? []), frame];
    this.#moveTo(step.parts[0]?.first ?? null);
  }

  /** A turn of the loop it stands at is over: the next item, or on to what follows. */
  turn(): void {
    const step = this.step;
    const frame = this.row.frames === null ? undefined : innermost(this.row.frames);
    if (step === undefined || frame === undefined) return this.lost();
    const attempt = this.attempt;
    this.row.outputs = turned(frame, this.row.outputs, step.parts[0]?.ids ?? []);
    this.row.attempt = attempt;
    if (frame.bytes > MOST_KEPT_BYTES) {
      const error = `The results of this loop take more than ${MOST_KEPT_BYTES / 1_000_000} MB; let it not keep them, or take fewer items`;
      return this.#failed(step, attempt, { kind: 'fail', error, retry: 'never' });
    }
    if (frame.index + 1 < frame.list.length) {
      frame.index += 1;
      this.#write(step, attempt, { state: 'done', output: { index: frame.index } });
      return this.#moveTo(step.parts[0]?.first ?? null);
    }
    this.row.frames = (this.row.frames ?? []).slice(0, -1);
    if (this.row.frames.length === 0) this.row.frames = null;
    const output = { count: frame.list.length, failed: frame.failed, items: frame.results ?? [] };
    this.#write(step, attempt, { state: 'done', output });
    this.row.outputs = { ...this.row.outputs, [step.node.id]: output };
    this.#moveTo(step.next);
  }

  #moveTo(stepId: string | null): void {
    Object.assign(this.row, {
      attempt: 0,
      since: this.#now,
      signal: null,
      error: null,
      reason: null,
      wake_at: null,
      waits_for: [],
    } satisfies Partial<RunRow>);
    if (stepId === null) this.#finish('done', 'completed');
    else this.row.step_id = stepId;
  }

  #wait(step: CompiledStep, attempt: number, wait: Extract<StepResult, { kind: 'wait' }>): void {
    const events = wait.events ?? [];
    if (wait.until === null && events.length === 0)
      return this.#failed(step, attempt, { kind: 'fail', error: 'The step waits for nothing', retry: 'never' });
    const until = wait.until === null ? null : new Date(Math.max(wait.until.getTime(), this.#now.getTime() + SHORTEST_WAIT_MS));
    this.#write(step, attempt, { state: 'waiting', reason: wait.reason, wake_at: until });
    Object.assign(this.row, {
      state: 'waiting',
      wake_at: until,
      waits_for: events,
      reason: wait.reason,
      signal: null,
      error: null,
    } satisfies Partial<RunRow>);
  }

  #failed(step: CompiledStep, attempt: number, failure: Extract<StepResult, { kind: 'fail' }> & { readonly retryAfterMs?: number }): void {
    const again = failure.retry === 'later' && attempt < (step.type.maxAttempts ?? MOST_ATTEMPTS);
    this.#write(step, attempt, { state: again ? 'retrying' : 'failed', error: failure.error });
    if (!again) return this.#givenUp(failure.error);
    const delay = Math.max(failure.retryAfterMs ?? 0, Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS));
    Object.assign(this.row, {
      state: 'waiting',
      wake_at: new Date(this.#now.getTime() + delay),
      waits_for: [],
      error: failure.error,
      reason: 'is tried again',
    } satisfies Partial<RunRow>);
  }

  /** A loop that goes on when an item fails takes the next one; else the run has failed. */
  #givenUp(error: string): void {
    const frames = this.row.frames ?? [];
    const at = frames.findLastIndex((frame) => frame.goes_on && !frame.above && frame.loop !== this.row.step_id);
    const frame = frames[at];
    if (frame === undefined) return this.#fail(error);
    this.row.frames = frames.slice(0, at + 1);
    Object.assign(frame, { error, failed: frame.failed + 1 });
    this.#moveTo(frame.loop);
  }

  #fail(error: string): void {
    this.#finish('failed', null);
    this.row.error = error;
  }

  #finish(state: 'done' | 'failed' | 'cancelled', outcome: string | null): void {
    Object.assign(this.row, {
      state,
      outcome,
      completed_at: this.#now,
      wake_at: null,
      waits_for: [],
      signal: null,
      reason: null,
    } satisfies Partial<RunRow>);
  }

  #write(
    step: CompiledStep,
    attempt: number,
    end: { state: JournalRow['state']; output?: Json | undefined; reason?: string; error?: string; wake_at?: Date | null },
  ): void {
    if (!this.row.journal_open) this.row.journal += 1;
    const open = end.state === 'waiting' || end.state === 'open';
    this.row.journal_open = open;
    this.journal.push({
      run_id: this.row.id,
      place: this.row.journal,
      company_id: this.row.company_id,
      step_id: step.node.id,
      type: step.node.type,
      attempt,
      turn: turnOf(this.row.frames, this.turns) || null,
      state: end.state,
      output: end.output,
      reason: end.reason ?? null,
      error: end.error ?? null,
      wake_at: end.wake_at ?? null,
      started_at: this.#now,
      finished_at: open ? null : this.#now,
    });
  }

  /**
   * An activity begins: its attempt stands in the journal before the network is touched, so that a dead worker leaves a trace.
   * Answers the place of the attempt that a dead worker left open, if there is one.
   */
  begin(worker: string): number | null {
    const step = this.step;
    if (step === undefined) {
      this.lost();
      return null;
    }
    const left = this.row.journal_open && this.row.reason === IN_HAND ? this.row.journal : null;
    const again = this.row.journal_open && left === null;
    if (left !== null) this.row.journal_open = false;
    if (!again) this.row.attempt += 1;
    this.#write(step, this.row.attempt, { state: 'open' });
    this.row.fence += 1;
    this.row.held_by = worker;
    this.row.reason = IN_HAND;
    return left;
  }
}
