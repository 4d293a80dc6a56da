import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { updateSchedule } from '../operations/schedules.ts';

const FIND: Statement = {
  name: 'schedules.of_workflow',
  text: 'select s.id from schedules s join workflows w on w.id = s.workflow_id where s.company_id = $1 and w.name = $2 order by s.place limit 1',
};

/** Changes when the workflow of this name fires. Answers its next moments. @throws NotFound, InvalidInput */
export async function setScheduleOf(
  ctx: Ctx,
  workflow: string,
  when: { readonly cron: string; readonly timeZone: string },
): Promise<Date[]> {
  const [found] = await ctx.query<{ id: string }>(FIND, [ctx.companyId, workflow]);
  if (found === undefined) throw new NotFound(`The workflow ${workflow} has no schedule`);
  return updateSchedule.output.parse(await updateSchedule.run(ctx, { scheduleId: found.id, reset: false, ...when })).next;
}
