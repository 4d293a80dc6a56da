import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { getPerson, requireUser } from '#modules/people/public.ts';
import { listPage, type Listing } from '../list.ts';
import { Task, TASK_STATES } from '../shapes.ts';
import { createTasks, TASK_SETTLED } from '../tasks.ts';
import { userIdOf } from './workflows.ts';

interface TaskRow {
  readonly id: string;
  readonly company_id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly subject_type: string | null;
  readonly subject_id: string | null;
  readonly person_id: string | null;
  readonly run_id: string | null;
  readonly assignee_id: string | null;
  readonly state: (typeof TASK_STATES)[number];
  readonly due_at: Date | null;
  readonly done_at: Date | null;
  readonly done_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const LISTING: Listing = {
  name: 'tasks.list',
  select: 'select t.* from tasks t',
  conditions: {
    state: 't.state = ?',
    personId: 't.person_id = ?',
    assigneeId: 't.assignee_id = ?',
    kind: 't.kind = ?',
    runId: 't.run_id = ?',
  },
};

function present(row: TaskRow) {
  return {
    id: row.id,
    companyId: row.company_id,
    kind: row.kind,
    title: row.title,
    body: row.body,
    link: row.link,
    subject: row.subject_type === null || row.subject_id === null ? null : { type: row.subject_type, id: row.subject_id },
    personId: row.person_id,
    runId: row.run_id,
    assigneeId: row.assignee_id,
    state: row.state,
    dueAt: row.due_at,
    doneAt: row.done_at,
    doneBy: row.done_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export const listTasks = operation({
  name: 'tasks.list',
  summary: 'List what people owe, newest first',
  http: 'GET /api/tasks',
  cli: 'tasks list',
  columns: ['title', 'kind', 'state', 'due_at', 'link', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    state: z.enum(TASK_STATES).optional(),
    personId: z.uuid().optional().describe('Tasks about this person'),
    assigneeId: z.uuid().optional().describe('Tasks of this user'),
    kind: z.string().max(40).optional(),
    runId: z.uuid().optional(),
  }),
  output: pageOf(Task),
  async run(ctx, { limit, cursor, ...filters }) {
    const { items, nextCursor } = await listPage<TaskRow>(ctx, ctx.companyId, LISTING, filters, { limit, cursor });
    return { items: items.map(present), nextCursor };
  },
});

const GET: Statement = { name: 'tasks.get', text: `select * from tasks where company_id = $1 and id = $2 for update` };

async function taskRow(ctx: Ctx, id: string): Promise<TaskRow> {
  const [row] = await ctx.query<TaskRow>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new NotFound('There is no such task');
  return row;
}

const title = () => z.string().trim().min(1).max(300);

export const createTask = operation({
  name: 'tasks.create',
  summary: 'Give somebody something to do',
  http: 'POST /api/tasks',
  cli: 'tasks create',
  access: 'write',
  input: z.object({
    title: title(),
    body: z.string().max(10_000).default(''),
    personId: z.uuid().optional().describe('The person it is about'),
    assigneeId: z.uuid().optional().describe('The user who does it'),
    dueAt: z.date().optional(),
  }),
  output: Task,
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.assigneeId);
    if (input.personId !== undefined) await getPerson(ctx, ctx.companyId, input.personId);
    const [id = ''] = await createTasks(ctx, [
      {
        companyId: ctx.companyId,
        title: input.title,
        body: input.body,
        personId: input.personId ?? null,
        assigneeId: input.assigneeId ?? null,
        dueAt: input.dueAt ?? null,
      },
    ]);
    return present(await taskRow(ctx, id));
  },
});

const UPDATE: Statement = {
  name: 'tasks.update',
  text: `update tasks set state = $3, title = $4, body = $5, assignee_id = $6, due_at = $7, done_at = $8, done_by = $9,
                updated_at = date_trunc('milliseconds', $10::timestamptz) where company_id = $1 and id = $2`,
};

/** Settling one wakes the run that waits for it. */
export const updateTask = operation({
  name: 'tasks.update',
  summary: 'Settle a task (done, dropped), open it again, or change it',
  http: 'PUT /api/tasks/{task_id}',
  cli: 'tasks update',
  access: 'write',
  input: z.object({
    taskId: z.uuid(),
    state: z.enum(TASK_STATES).optional(),
    title: title().optional(),
    body: z.string().max(10_000).optional(),
    assigneeId: z.uuid().nullish(),
    dueAt: z.date().nullish(),
  }),
  output: Task,
  async run(ctx, input) {
    const row = await taskRow(ctx, input.taskId);
    ctx.expectVersion({ updatedAt: row.updated_at });
    await requireUser(ctx, ctx.companyId, input.assigneeId);
    const state = input.state ?? row.state;
    const now = ctx.clock.now();
    const settles = state !== 'open' && row.state === 'open';
    const done = settles
      ? { at: now, by: userIdOf(ctx) }
      : state === 'open'
        ? { at: null, by: null }
        : { at: row.done_at, by: row.done_by };
    const assignee = input.assigneeId === undefined ? row.assignee_id : input.assigneeId;
    const dueAt = input.dueAt === undefined ? row.due_at : input.dueAt;
    await ctx.query(UPDATE, [
      ctx.companyId,
      row.id,
      state,
      input.title ?? row.title,
      input.body ?? row.body,
      assignee,
      dueAt,
      done.at,
      done.by,
      now,
    ]);
    if (settles && row.subject_type !== null && row.subject_id !== null) {
      const subject = { type: row.subject_type, id: row.subject_id };
      ctx.emit({
        name: TASK_SETTLED,
        subject,
        ...(row.person_id === null ? {} : { personId: row.person_id }),
        payload: { task_id: row.id, state },
      });
    }
    return present(await taskRow(ctx, row.id));
  },
});
