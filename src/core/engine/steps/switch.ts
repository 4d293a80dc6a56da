import { z } from 'zod';
import { ConditionSchema, holds } from '../conditions.ts';
import { factsFor } from '../facts.ts';
import { batchStep, type Condition, type StepNode } from '../types.ts';

/** Taken when no case holds. No case has this title. */
export const OTHERWISE = 'otherwise';
export const MOST_CASES = 30;

/** One way of a switch, without its steps: the value is one of these, or a condition holds. */
export const CaseSchema = z.strictObject({
  title: z.string().min(1, { error: 'Give this case a name' }).max(200),
  is: z
    .array(z.union([z.string().max(500), z.number(), z.boolean(), z.null()]))
    .min(1, { error: 'Say which values: add one' })
    .max(100)
    .optional(),
  when: ConditionSchema.optional(),
});

export const SwitchInput = z.strictObject({
  field: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Which value', format: 'path:any' })
    .describe('What the cases compare. A case may have a condition of its own instead'),
});

/** What `compile` hands to the step: the input with the cases of its node. */
export interface SwitchRead extends z.output<typeof SwitchInput> {
  readonly cases: readonly { readonly title: string; readonly condition: Condition }[];
}

/** The cases as conditions, in their order. */
export function readSwitch(input: z.output<typeof SwitchInput>, node: StepNode): SwitchRead {
  const cases = (node.cases ?? []).map(({ title, is, when }) => ({
    title,
    condition: when ?? { field: input.field ?? '', in: is ?? [] },
  }));
  return { ...input, cases };
}

/** What is wrong with the cases, in words, by path below the step. */
export function switchFaults(node: StepNode): { path: string; message: string }[] {
  const cases = node.cases ?? [];
  const faults: { path: string; message: string }[] = [];
  if (cases.length === 0) faults.push({ path: 'cases', message: 'say which ways there are: add a case' });
  const field = node.input['field'];
  for (const [i, one] of cases.entries()) {
    if ((one.is === undefined) === (one.when === undefined))
      faults.push({ path: `cases.${i}`, message: `“${one.title}” needs either values or a condition` });
    if (one.is !== undefined && typeof field !== 'string')
      faults.push({ path: 'input.field', message: `“${one.title}” compares a value: say which one` });
    if (one.title.toLowerCase() === OTHERWISE)
      faults.push({ path: `cases.${i}.title`, message: `“${one.title}” is what the last way is called: give this case another name` });
    if (cases.findIndex((other) => other.title === one.title) < i)
      faults.push({ path: `cases.${i}.title`, message: `“${one.title}” is the name of another case` });
  }
  return faults;
}

/** The first case that holds, else `otherwise`. The interpreter reads `taken` to choose the way. */
export const switchStep = batchStep({
  type: 'switch',
  title: 'Switch',
  description: 'Goes the first of several ways that fits, else the last one',
  input: SwitchInput,
  output: z.object({ taken: z.string().describe('Name of the way taken; otherwise when no case fits') }),
  changesFacts: false,
  run: (_tx, items, runtime) => {
    const now = runtime.clock.now();
    return Promise.resolve(
      items.map(({ run, input }) => {
        const facts = factsFor(run);
        const { cases } = input as SwitchRead; // `compile` has put the cases beside it
        return { kind: 'next', output: { taken: cases.find(({ condition }) => holds(condition, facts, now))?.title ?? OTHERWISE } };
      }),
    );
  },
});
