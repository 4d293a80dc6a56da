import { z } from 'zod';
import { firingsAfter } from '#core/engine/schedule-times.ts';
import type { ScheduleSpec } from '#core/engine/types.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { asFacts } from '../definitions.ts';
import { listPage, type Listing } from '../list.ts';
import { Schedule } from '../shapes.ts';

interface ScheduleRow {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly workflow_title: string;
  readonly active: boolean;
  readonly spec: ScheduleSpec;
  readonly missed: number;
  readonly last_at: Date | null;
  readonly next_at: Date | null;
}

const LISTING: Listing = {
  name: 'schedules.list',
  select: `select t.*, w.name as workflow_name, w.title as workflow_title, w.active from schedules t join workflows w on w.id = t.workflow_id`,
  conditions: { workflowId: 't.workflow_id = ?' },
};
const SHOWN = 10;

export const listSchedules = operation({
  name: 'schedules.list',
  summary: 'Schedules of workflows with their next ten firings',
  http: 'GET /api/schedules',
  cli: 'schedules list',
  access: 'read',
  input: z.object({ ...pageInput, workflowId: z.uuid().optional() }),
  output: pageOf(Schedule),
  async run(ctx, { limit, cursor, ...filters }) {
    const { items, nextCursor } = await listPage<ScheduleRow>(ctx, ctx.companyId, LISTING, filters, { limit, cursor });
    return { items: items.map(present), nextCursor };
  },
});

function present(row: ScheduleRow) {
  const next = row.next_at === null ? [] : [row.next_at, ...firingsAfter(row.spec, row.next_at, SHOWN - 1)];
  return {
    id: row.id,
    companyId: row.company_id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    workflowTitle: row.workflow_title,
    active: row.active,
    cron: row.spec.cron ?? null,
    everyS: row.spec.everyS ?? null,
    timeZone: row.spec.timeZone,
    missed: asFacts(row.spec.missed),
    missedCount: row.missed,
    lastAt: row.last_at,
    nextAt: row.next_at,
    next,
  };
}
