import { z } from 'zod';
import { durationMs } from '#core/clock.ts';
import { InvalidInput } from '#core/errors.ts';
import { ConditionSchema, holds, valueAt } from '../conditions.ts';
import { factsFor } from '../facts.ts';
import { batchStep, type StepItem, type StepResult, type StepType, type SubjectType } from '../types.ts';
import { definite, DurationSchema } from './duration.ts';
import { expressionStep } from './expression.ts';
import { loopStep } from './loop.ts';
import { parallelStep } from './parallel.ts';
import { setStep } from './set.ts';
import { startStep } from './start.ts';
import { switchStep } from './switch.ts';

const eventName = z.string().regex(/^[a-z_]+\.[a-z_]+$/, { error: 'An event is a name such as message.replied' });

const WaitInput = z.union(
  [
    z.strictObject({ for: DurationSchema }),
    z.strictObject({ until: z.iso.datetime({ offset: true }) }),
    z.strictObject({ untilField: z.string().min(1), plus: DurationSchema.optional() }),
    z.strictObject({ events: z.array(eventName).min(1).max(20), within: DurationSchema }),
  ],
  { error: 'A wait has for, until, untilField, or events with within' },
);
type WaitInput = z.output<typeof WaitInput>;

/** Waits are a row with a moment, nothing in memory. `since` is when the step was reached. */
export const waitStep = batchStep({
  type: 'wait',
  title: 'Wait',
  input: WaitInput,
  quick: true,
  facts: (input) => 'untilField' in input,
  changesFacts: false,
  run: (_tx, items, runtime) => Promise.resolve(items.map((item) => waitOne(item, runtime.clock.now()))),
});

function waitOne({ run, input }: StepItem<WaitInput>, now: Date): StepResult {
  if ('events' in input) {
    if (run.signal !== null) return { kind: 'next', output: { event: run.signal.name, payload: run.signal.payload } };
    const until = after(run.since, input.within);
    if (now >= until) return { kind: 'next', output: { event: null, payload: null } };
    return { kind: 'wait', until, events: input.events, reason: `waits for ${input.events.join(' or ')}` };
  }
  const until = momentOf(input, run);
  if (until === null || now >= until)
    return { kind: 'next', ...('untilField' in input ? { output: { until: until?.toISOString() ?? null } } : {}) };
  return { kind: 'wait', until, reason: 'waits for its time' };
}

function momentOf(input: Exclude<WaitInput, { events: string[] }>, run: StepItem<WaitInput>['run']): Date | null {
  if ('for' in input) return after(run.since, input.for);
  if ('until' in input) return new Date(input.until);
  const value = valueAt(factsFor(run), input.untilField);
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return null;
  return input.plus === undefined ? moment : after(moment, input.plus);
}

function after(moment: Date, duration: z.output<typeof DurationSchema>): Date {
  return new Date(moment.getTime() + durationMs(definite(duration)));
}

/** The interpreter reads `taken` to choose the arm. */
export const branchStep = batchStep({
  type: 'branch',
  title: 'Branch',
  input: z.strictObject({ condition: ConditionSchema }),
  quick: true,
  changesFacts: false,
  run: (_tx, items, runtime) => {
    const now = runtime.clock.now();
    return Promise.resolve(
      items.map(({ run, input }) => ({
        kind: 'next',
        output: { taken: holds(input.condition, factsFor(run), now) ? 'then' : 'otherwise' },
      })),
    );
  },
});

export const endStep = batchStep({
  type: 'end',
  title: 'End',
  input: z.strictObject({ outcome: z.string().min(1).max(200).default('done') }),
  quick: true,
  facts: false,
  changesFacts: false,
  run: (_tx, items) => Promise.resolve(items.map(({ input }) => ({ kind: 'end', outcome: input.outcome }))),
});

/** Sets fields of the subject through its SubjectType, which knows what may be set and what follows from it. */
export function updateStepFor(subjects: ReadonlyMap<string, SubjectType>) {
  return batchStep({
    ...updateStep,
    async run(tx, items, runtime) {
      for (const [type, group] of Map.groupBy(items, ({ run }) => run.subject.type)) {
        const subject = subjects.get(type);
        if (subject?.update === undefined) throw new InvalidInput(`A ${type} has no fields that a workflow may set`);
        await subject.update(
          tx,
          group.map(({ run, input }) => ({ companyId: run.companyId, id: run.subject.id, set: input.set, runId: run.id })),
          runtime,
        );
      }
      return items.map(() => ({ kind: 'next' }));
    },
  });
}

/** What the builder knows of `update`; `updateStepFor` does it. */
export const updateStep = batchStep({
  type: 'update',
  title: 'Update',
  input: z.strictObject({ set: z.record(z.string(), z.json()).default({}) }),
  facts: false,
  run: () => Promise.reject(new Error('update needs the subjects: updateStepFor')),
});

/** The steps that the engine itself knows. */
export function coreSteps(subjects: ReadonlyMap<string, SubjectType>): readonly StepType[] {
  return [waitStep, branchStep, switchStep, loopStep, parallelStep, updateStepFor(subjects), startStep, setStep, expressionStep, endStep];
}
