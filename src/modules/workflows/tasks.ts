import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { batchStep } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';

/** Something a person owes. */
export interface NewTask {
  readonly companyId: string;
  readonly title: string;
  readonly body?: string;
  /** `todo`, `reply`, `call` … for icons and filters. */
  readonly kind?: string;
  /** Path of the page where it is done, e.g. `/people/…`. */
  readonly link?: string;
  readonly subject?: { readonly type: string; readonly id: string };
  readonly personId?: string | null;
  readonly assigneeId?: string | null;
  readonly runId?: string;
  readonly dueAt?: Date | null;
  /** A second task with the same key is the first one. */
  readonly key?: string;
}

const INSERT: Statement = {
  name: 'tasks.insert',
  text: `insert into tasks (id, company_id, key, kind, title, body, link, subject_type, subject_id, person_id, run_id, assignee_id, due_at)
         select id, company_id, key, kind, title, body, link, subject_type, subject_id, person_id, run_id, assignee_id, due_at
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, key text, kind text, title text, body text, link text, subject_type text,
             subject_id uuid, person_id uuid, run_id uuid, assignee_id uuid, due_at timestamptz)
         on conflict (company_id, key) do nothing returning id`,
};
const BY_KEY: Statement = {
  name: 'tasks.by_key',
  text: `select t.id, t.key from unnest($1::uuid[], $2::text[]) as k (company_id, key) join tasks t on t.company_id = k.company_id and t.key = k.key`,
};

/** Each once by its key, request or system transaction. Answers their ids in the same order. */
export async function createTasks(tx: Transaction, tasks: readonly NewTask[]): Promise<string[]> {
  if (tasks.length === 0) return [];
  const rows = tasks.map((task) => {
    const id = newId();
    return {
      id,
      company_id: task.companyId,
      key: task.key ?? id,
      kind: task.kind ?? 'todo',
      title: task.title,
      body: task.body ?? '',
      link: task.link ?? null,
      subject_type: task.subject?.type ?? null,
      subject_id: task.subject?.id ?? null,
      person_id: task.personId ?? null,
      run_id: task.runId ?? null,
      assignee_id: task.assigneeId ?? null,
      due_at: task.dueAt ?? null,
    };
  });
  const made = await tx.query(INSERT, [JSON.stringify(rows)]);
  if (made.length === rows.length) return rows.map((row) => row.id);
  const found = await tx.query<{ id: string; key: string }>(BY_KEY, [rows.map((row) => row.company_id), rows.map((row) => row.key)]);
  const ids = new Map(found.map((row) => [row.key, row.id]));
  return rows.map((row) => ids.get(row.key) ?? row.id);
}

/** The event that says a task is settled; runs may wait for it. */
export const TASK_SETTLED = 'task.settled';

/** Gives a person something to do. With `wait`, the run goes on when it is settled, or when the days have passed. */
export const taskStep = batchStep({
  type: 'task',
  title: 'Task',
  input: z.strictObject({
    title: z.string().min(1).max(300),
    body: z.string().max(10_000).default(''),
    kind: z
      .string()
      .regex(/^[a-z_]{1,40}$/)
      .default('todo'),
    assigneeId: z.uuid().optional(),
    dueInDays: z.number().min(0).max(3_650).optional(),
    wait: z.boolean().default(false),
    waitDays: z.number().positive().max(3_650).default(30),
  }),
  facts: false,
  quick: true,
  changesFacts: false,
  async run(tx, items, runtime) {
    const ids = await createTasks(
      tx,
      items.map(({ run, input }) => ({
        companyId: run.companyId,
        title: input.title,
        body: input.body,
        kind: input.kind,
        subject: run.subject,
        personId: run.personId,
        runId: run.id,
        assigneeId: input.assigneeId ?? null,
        dueAt: input.dueInDays === undefined ? null : new Date(run.since.getTime() + input.dueInDays * 86_400_000),
        key: `run:${run.key}:${run.since.getTime()}`,
      })),
    );
    const now = runtime.clock.now();
    return items.map(({ run, input }, i) => {
      const taskId = ids[i] ?? null;
      const until = new Date(run.since.getTime() + input.waitDays * 86_400_000);
      const settled = run.signal?.payload['task_id'] === taskId ? run.signal : null;
      if (!input.wait) return { kind: 'next', output: { task_id: taskId } };
      if (settled !== null) return { kind: 'next', output: { task_id: taskId, state: settled.payload['state'] ?? null } };
      if (now >= until) return { kind: 'next', output: { task_id: taskId, state: null } };
      return { kind: 'wait', until, events: [TASK_SETTLED], reason: 'waits for a person' };
    });
  },
});
