import type { PlanTask } from '../plan/task.ts';
import type { TASK_STATES } from '../tables.ts';

/** A task under way, as far as its course goes. Days are YYYY-MM-DD. */
export interface Standing extends Pick<PlanTask, 'key' | 'owner' | 'dueDays' | 'dueOf' | 'dueAfter' | 'needs'> {
  readonly state: (typeof TASK_STATES)[number];
  readonly dueOn: string | null;
  /** Day it was settled; null: it is not. */
  readonly settledOn: string | null;
}

export interface Course {
  /** Keys of tasks that may be begun now. */
  readonly opens: readonly string[];
  /** Days that can be told now, by key. */
  readonly due: ReadonlyMap<string, string>;
  readonly done: boolean;
  /** Something is open, and all of it is the client's. */
  readonly waitsForClient: boolean;
}

const settled = ({ state }: Standing) => state === 'done' || state === 'skipped';

/** What follows from how things stand. Asked again after it was carried out it opens nothing and moves no day. */
export function courseOf(
  tasks: readonly Standing[],
  startedOn: string,
  dueDay: (from: string, days: number, of: PlanTask['dueOf']) => string,
): Course {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const over = (key: string) => {
    const task = byKey.get(key);
    return task === undefined || settled(task);
  };
  const opens = tasks.filter((task) => task.state === 'waiting' && task.needs.every(over)).map(({ key }) => key);
  const due = new Map<string, string>();
  for (const task of tasks) {
    if (settled(task) || task.dueOn !== null || task.dueDays === null) continue;
    const from = task.dueAfter === null ? startedOn : (byKey.get(task.dueAfter)?.settledOn ?? null);
    if (from !== null) due.set(task.key, dueDay(from, task.dueDays, task.dueOf));
  }
  const open = tasks.filter((task) => task.state === 'open' || opens.includes(task.key));
  return { opens, due, done: tasks.every(settled), waitsForClient: open.length > 0 && open.every(({ owner }) => owner === 'client') };
}
