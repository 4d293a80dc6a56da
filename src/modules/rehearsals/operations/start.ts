import { z } from 'zod';
import type { SubjectType } from '#core/engine/types.ts';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { audienceOf, requireAll } from '../audience.ts';
import { RehearsalNotFound, RehearsalNotRunning } from '../errors.ts';
import { runJob } from '../job.ts';
import { getRehearsal, Rehearsal } from '../rehearsal.ts';
import { requestFields, type Request } from '../request.ts';
import { running, scriptOf } from '../playbook.ts';

const INSERT: Statement = {
  name: 'rehearsals.insert',
  text: `insert into rehearsals (id, company_id, workflow_id, version, request, began_at, created_by, created_at, state) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9)`,
};
const CANCEL: Statement = {
  name: 'rehearsals.cancel',
  text: `update rehearsals set state = 'cancelled', updated_at = date_trunc('milliseconds', now()) where company_id = $1 and id = $2 and state in ('queued', 'running') returning id`,
};

function check(request: Request, subject: string, subjects: ReadonlyMap<string, SubjectType>): void {
  if (subject !== 'lead' && subject !== 'person' && subject !== 'company' && subjects.get(subject)?.newest === undefined)
    throw new Conflict(`A workflow about a ${subject} cannot be rehearsed: nothing says which one of a person it would be about`);
  if (subject !== 'company' && request.segmentId === undefined && (request.personIds ?? request.leadIds) === undefined)
    throw new InvalidInput('Say who: segment_id, person_ids or lead_ids', {
      fields: [{ path: 'segment_id', message: 'or person_ids, or lead_ids: at least one' }],
    });
  if (request.replies === 'person' && request.replyPersonId === undefined)
    throw new InvalidInput('Say who replies', { fields: [{ path: 'reply_person_id', message: 'is missing' }] });
}

export const startRehearsal = operation({
  name: 'rehearsals.start',
  summary: 'Rehearse a workflow on real people: every mail it would send and when, who is blocked and why, what it costs; nothing leaves',
  http: 'POST /api/workflows/{workflow_id}/rehearsals',
  cli: 'rehearse',
  access: 'outside',
  input: z.object({
    ...requestFields,
    wait: z.boolean().default(false).describe('Answer when it is done, not when it has begun'),
  }),
  output: Rehearsal,
  async run(ctx, { wait, ...request }) {
    const { runtime, companyId } = ctx;
    const { workflowId: _workflow, ...kept } = request;
    const id = newId();
    const at = request.startAt === undefined ? ctx.clock.now() : new Date(request.startAt);
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const script = await runtime.database.read(companyId, async (tx) => {
      const found = await scriptOf(tx, runtime, companyId, request.workflowId, kept);
      check(kept, found.definition.subject, runtime.engine.vocabulary.subjects);
      const named = [...(request.personIds ?? []), ...(request.replyPersonId === undefined ? [] : [request.replyPersonId])];
      await requireAll(tx, companyId, named, request.leadIds ?? []);
      if (found.definition.subject !== 'company') await audienceOf(tx, runtime, companyId, kept);
      return found;
    });
    await ctx.inCompany(companyId, (inside) =>
      inside.query(INSERT, [
        id,
        companyId,
        request.workflowId,
        script.version,
        JSON.stringify(kept),
        at,
        by,
        ctx.clock.now(),
        wait ? 'running' : 'queued',
      ]),
    );
    if (wait) await runJob(runtime, { id, companyId, workflowId: request.workflowId, ...running(script), request: kept, start: at });
    return runtime.database.read(companyId, (tx) => getRehearsal(tx, companyId, id));
  },
});

export const cancelRehearsal = operation({
  name: 'rehearsals.cancel',
  summary: 'Stop a rehearsal that is under way; nothing of it is kept',
  http: 'POST /api/rehearsals/{rehearsal_id}/cancel',
  cli: 'rehearsals cancel',
  access: 'write',
  status: 200,
  input: z.object({ rehearsalId: z.uuid() }),
  output: Rehearsal,
  errors: [RehearsalNotFound, RehearsalNotRunning],
  async run(ctx, input) {
    const found = await getRehearsal(ctx, ctx.companyId, input.rehearsalId);
    const rows = await ctx.query(CANCEL, [ctx.companyId, found.id]);
    if (rows.length === 0) throw new RehearsalNotRunning(`This rehearsal is ${found.state}; there is nothing to stop`);
    return getRehearsal(ctx, ctx.companyId, found.id);
  },
});
