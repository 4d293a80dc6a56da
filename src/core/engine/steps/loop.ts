import { z } from 'zod';
import { valueAt } from '../conditions.ts';
import { factsFor } from '../facts.ts';
import { batchStep, type Json, type StepItem, type StepResult } from '../types.ts';

/** Turns that a loop may take, whatever its input says: the list travels with the run's row. */
export const MOST_TURNS = 10_000;

const LoopInput = z.strictObject({
  list: z
    .union([
      z.string().regex(/^[\w-]+(\.[\w-]+)*$/, { error: 'A list is a path such as steps.orders.body.items' }),
      z.array(z.json()).max(1_000),
    ])
    .meta({ title: 'List', format: 'path' })
    .describe('Where the list is, e.g. steps.orders.body.items or trigger.body.lines; or the items themselves'),
  most: z
    .int()
    .min(1)
    .max(MOST_TURNS)
    .default(1_000)
    .meta({ title: 'At most' })
    .describe('A longer list fails the run before the first item'),
  failed: z
    .enum(['fail', 'go_on'])
    .default('fail')
    .meta({ title: 'When an item fails' })
    .describe('fail: the run fails there, a person may retry it; go_on: the next item is taken'),
  keep: z
    .boolean()
    .default(true)
    .meta({ title: 'Keep the results' })
    .describe('Later steps then read steps.<id>.items.0.<step in the loop>'),
});
type LoopInput = z.output<typeof LoopInput>;

/**
 * Takes the steps of its body for each item of a list, one after the other. `run` settles the list once, when the loop is reached; the
 * interpreter keeps it in the run's row and leads the cursor (docs/adr/0014-loops-and-branches.md).
 */
export const loopStep = batchStep({
  type: 'loop',
  title: 'Loop over a list',
  description: 'Takes the steps inside it for each item of a list, one after the other',
  input: LoopInput,
  quick: true,
  output: z.object({
    count: z.int().describe('Items in the list'),
    failed: z.int().describe('Items at which a step failed'),
    items: z.array(z.record(z.string(), z.json())).describe('For each item what its steps gave, by step id; with error where it failed'),
  }),
  changesFacts: false,
  run: (_tx, items) => Promise.resolve(items.map(enter)),
});

function enter({ run, input }: StepItem<LoopInput>): StepResult {
  const list = typeof input.list === 'string' ? valueAt(factsFor(run), input.list) : input.list;
  const fault = faultOf(list, input);
  if (fault !== null || !Array.isArray(list)) return { kind: 'fail', error: fault ?? '', retry: 'never' };
  return { kind: 'loop', list, goesOn: input.failed === 'go_on', keeps: input.keep };
}

function faultOf(list: Json, { list: path, most }: LoopInput): string | null {
  if (!Array.isArray(list)) {
    const found = list === null ? 'nothing' : typeof list === 'object' ? 'an object' : `a ${typeof list}`;
    return `The loop needs a list at ${String(path)}; there is ${found}`;
  }
  return list.length > most ? `The list has ${list.length} items; this loop takes at most ${most}` : null;
}
