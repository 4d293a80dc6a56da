import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { peopleFound } from '#modules/people/public.ts';
import type { Listing } from '../list.ts';
import { RUN_STATES } from '../shapes.ts';
import { RUN_SELECT } from './present.ts';

/** What lists and bulk actions of runs may be narrowed by. */
export const runFilter = {
  workflowId: z.uuid().optional(),
  workflow: z.string().max(100).optional().describe('Name of the workflow'),
  state: z.enum(RUN_STATES).optional(),
  live: z.boolean().optional().describe('true: those under way. false: those that ended'),
  version: z.coerce.number().int().min(1).optional(),
  stepId: z.string().max(100).optional().describe('The step at which it stands'),
  subjectId: z.uuid().optional(),
  personId: z.uuid().optional(),
  q: z.string().trim().min(1).max(200).optional().describe('Words of the name or address of whom it is about'),
  error: z.string().min(1).max(200).optional().describe('Words in its error'),
  since: z.coerce.date().optional().describe('Began then or later'),
  until: z.coerce.date().optional().describe('Began before'),
};

/** Index each: runs_list, runs_state, runs_workflow, runs_counts, runs_person, runs_error, runs_started; never the whole table. */
export const RUNS: Listing = {
  name: 'runs.list',
  select: RUN_SELECT,
  conditions: {
    workflowId: 't.workflow_id = ?',
    workflow: 'w.name = ?',
    state: 't.state = ?',
    live: `(t.state in ('running', 'waiting', 'paused')) = ?`,
    version: 't.version = ?',
    stepId: 't.step_id = ?',
    subjectId: 't.subject_id = ?',
    personId: 't.person_id = ?',
    people: 't.person_id = any (?::uuid[])',
    words: `exists (select from people p where p.id = t.person_id and p.company_id = t.company_id
      and position(lower(?) in lower(p.full_name || ' ' || coalesce(p.email, ''))) > 0)`,
    error: `t.error is not null and t.error ilike '%' || ? || '%'`,
    since: 't.started_at >= ?',
    until: 't.started_at < ?',
    whole: '(t.branch is null) = ?',
  },
};

/** So many people are looked up first, and their runs found by index; words that fit more people fit many runs, too. */
const FEW = 500;

/** Words become people where they are few, else a look at each run's person, newest first. */
export async function searched<Filters extends { readonly q?: string | undefined }>(tx: Transaction, { q, ...filters }: Filters) {
  if (q === undefined) return filters;
  const { text, values } = peopleFound({ q }, 1, FEW + 1);
  const found = await tx.query<{ id: string }>({ name: 'runs.people_found', text }, values);
  return found.length > FEW ? { ...filters, words: q } : { ...filters, people: found.map((row) => row.id) };
}
