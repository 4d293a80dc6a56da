import { z } from 'zod';
import { batchStep } from '../types.ts';

export const ParallelInput = z.strictObject({
  join: z
    .union([z.enum(['all', 'first']), z.int().min(1).max(20)])
    .default('all')
    .meta({ title: 'Go on when' })
    .describe('all branches are done, the first one is, or so many are'),
  failed: z
    .enum(['fail', 'go_on'])
    .default('fail')
    .meta({ title: 'When a branch fails' })
    .describe('fail: the others are ended and the run fails; go_on: the others count, the run fails only when too few can still be done'),
  others: z
    .enum(['cancel', 'go_on'])
    .default('cancel')
    .meta({ title: 'Branches that are not needed any more' })
    .describe('cancel: they end when the run goes on; go_on: they finish by themselves'),
});

/**
 * Takes its branches at the same time, each a run of its own below this one, and goes on when enough of them are done
 * (docs/adr/0014-loops-and-branches.md). The interpreter does it: `fork.ts`.
 */
export const parallelStep = batchStep({
  type: 'parallel',
  title: 'Do at the same time',
  description: 'Takes several branches at the same time and goes on when enough of them are done',
  input: ParallelInput,
  output: z.object({
    done: z.int().describe('Branches that are done'),
    failed: z.int().describe('Branches that failed or were ended'),
    first: z.string().nullable().describe('Title of the branch that was done first'),
    branches: z.array(
      z.object({ title: z.string(), run_id: z.string(), state: z.string(), outcome: z.string().nullable(), error: z.string().nullable() }),
    ),
  }),
  facts: false,
  changesFacts: true,
  run: () => Promise.reject(new Error('branches are taken by the interpreter')),
});
