import { z } from 'zod';
import { evaluate } from '#core/sandbox/evaluate.ts';
import { factsOfLoop } from '../facts.ts';
import { activityStep } from '../types.ts';

/**
 * A value worked out in JavaScript. Same input, same result: it sees what the run knows and nothing else, and its clock stands at the moment the
 * step was reached.
 */
export const expressionStep = activityStep({
  type: 'expression',
  title: 'JavaScript',
  description: 'Works out a value from what the run knows, in JavaScript',
  input: z.strictObject({
    code: z
      .string()
      .min(1)
      .max(20_000)
      .meta({ title: 'Code', format: 'code' })
      .describe(
        'An expression, or statements with a return. It sees steps, facts, settings, trigger and loop: trigger.body.lines.filter((line) => line.paid).length',
      ),
    limitMs: z.int().min(10).max(2_000).default(250).meta({ title: 'Milliseconds at most' }),
  }),
  output: z.json(),
  changesFacts: false,
  maxAttempts: 1,
  rehearse: 'as_is',
  async run({ run, input }) {
    const { trigger = {}, ...steps } = run.outputs;
    const seen = { steps, facts: run.facts, settings: run.settings, trigger, loop: run.loop === null ? null : factsOfLoop(run.loop) };
    return { kind: 'next', output: await evaluate(input.code, seen, input.limitMs, run.since) };
  },
});
