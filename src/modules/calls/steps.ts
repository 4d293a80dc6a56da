import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { batchStep, type StepResult } from '#core/engine/types.ts';
import { callLink } from './word.ts';

/** The first kind of each company, or the one that is asked for. */
const KINDS: Statement = {
  name: 'calls.kinds_of_steps',
  text: `select w.place, k.id, k.title from jsonb_to_recordset($1::jsonb) as w(place integer, company_id uuid, kind_id uuid)
           join lateral (select id, title from call_kinds k where k.company_id = w.company_id and (w.kind_id is null or k.id = w.kind_id)
             order by k.position, k.created_at, k.id limit 1) k on true`,
};

/** Makes the link by which one person books a call; the message that follows carries it. A message to a person stays the message step's, behind the gate. */
export const offerCallStep = batchStep({
  type: 'offer_call',
  title: 'Offer a call',
  description:
    'Makes a link by which the person of this run books a call with you. Put it into the next message; wait for “A call is booked” after it.',
  input: z.strictObject({
    kindId: z.uuid().optional().meta({ title: 'Kind of call', description: 'Id of the kind; the first one when left out' }),
  }),
  output: z.object({ link: z.string(), title: z.string() }),
  changesFacts: false,
  async check(tx, { companyId, steps }) {
    const rows = steps.map(({ input }, place) => ({ place, company_id: companyId, kind_id: input.kindId ?? null }));
    const found = new Set((await tx.query<{ place: number }>(KINDS, [JSON.stringify(rows)])).map(({ place }) => place));
    return steps.flatMap(({ id }, place) =>
      found.has(place)
        ? []
        : [
            {
              stepId: id,
              path: 'input.kindId',
              severity: 'warning' as const,
              code: 'no_call_kind',
              message: 'There is no such kind of call yet; make one under Settings → Calls',
            },
          ],
    );
  },
  async run(tx, items, runtime) {
    const rows = items.map(({ run, input }, place) => ({ place, company_id: run.companyId, kind_id: input.kindId ?? null }));
    const found = await tx.query<{ place: number; id: string; title: string }>(KINDS, [JSON.stringify(rows)]);
    const kinds = new Map(found.map((row) => [row.place, row]));
    return items.map(({ run }, place): StepResult => {
      const kind = kinds.get(place);
      if (run.personId === null) return { kind: 'fail', error: 'This run is about no person, so nobody could book', retry: 'never' };
      if (kind === undefined)
        return { kind: 'fail', error: 'There is no such kind of call; make one under Settings → Calls', retry: 'never' };
      const { companyId, personId } = run;
      return { kind: 'next', output: { link: callLink(runtime, { companyId, personId, kindId: kind.id }), title: kind.title } };
    });
  },
});
