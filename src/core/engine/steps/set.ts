import { z } from 'zod';
import { valueAt } from '../conditions.ts';
import { factsFor } from '../facts.ts';
import { batchStep, type Facts } from '../types.ts';

/** Gives values a name that later steps read: `steps.<id>.<name>`. */
export const setStep = batchStep({
  type: 'set',
  title: 'Set values',
  description: 'Gives values a name that later steps read',
  input: z.strictObject({
    values: z
      .record(
        z.string().regex(/^\w{1,60}$/, { error: 'A name of letters, digits and _' }),
        z.union([z.strictObject({ from: z.string().min(1).max(200) }), z.strictObject({ value: z.json() })], {
          error: 'A value is {"from": "steps.ask.body.id"} or {"value": …}',
        }),
      )
      .meta({ title: 'Values' }),
  }),
  output: z.record(z.string(), z.json()),
  quick: true,
  changesFacts: false,
  run: (_tx, items) =>
    Promise.resolve(
      items.map(({ run, input }) => {
        const facts = factsFor(run);
        const output: Facts = {};
        for (const [name, one] of Object.entries(input.values)) output[name] = 'from' in one ? valueAt(facts, one.from) : one.value;
        return { kind: 'next', output };
      }),
    ),
});
