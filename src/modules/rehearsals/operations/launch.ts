import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { Enrolled, enrolPeople, RehearsalOutdated } from '#modules/workflows/public.ts';
import { RehearsalNotFound } from '../errors.ts';
import { getRehearsal } from '../rehearsal.ts';

const ENTERED: Statement = {
  name: 'rehearsals.entered',
  text: `select person_id as id from rehearsal_people where company_id = $1 and rehearsal_id = $2 and outcome <> 'left_out' order by person_id`,
};

/** What was seen is what is done: the same people, on the same steps, or nothing. */
export const launchRehearsal = operation({
  name: 'rehearsals.launch',
  summary: 'Enrol in earnest those who entered in a rehearsal; refused when anything has changed since',
  http: 'POST /api/rehearsals/{rehearsal_id}/launch',
  cli: 'rehearsals launch',
  access: 'write',
  status: 200,
  input: z.object({ rehearsalId: z.uuid().describe('Id of the rehearsal') }),
  output: Enrolled,
  errors: [RehearsalNotFound, RehearsalOutdated],
  async run(ctx, input) {
    const rehearsal = await getRehearsal(ctx, ctx.companyId, input.rehearsalId);
    if (rehearsal.state !== 'done' || rehearsal.hash === null)
      throw new Conflict(`This rehearsal is ${rehearsal.state}; only one that is done can be launched`);
    const entered = await ctx.query<{ id: string }>(ENTERED, [ctx.companyId, rehearsal.id]);
    if (entered.length === 0) throw new Conflict('Nobody entered in this rehearsal: there is nobody to enrol');
    return enrolPeople(ctx, {
      workflowId: rehearsal.workflowId,
      personIds: entered.map((one) => one.id),
      leaveOut: [],
      rehearsalHash: rehearsal.hash,
    });
  },
});
