import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Catalogue } from './catalogue.ts';
import type { CompiledWorkflow } from './definition.ts';
import type { RunQueue, Ticket } from './queue.ts';
import { linkRuns, type StartedRun } from '#core/telemetry/carry.ts';
import type { Engine, Facts, RunTrigger } from './types.ts';

/** A run about to be. */
export interface NewRun {
  readonly companyId: string;
  readonly workflowId: string;
  readonly version: number;
  readonly workflow: CompiledWorkflow;
  readonly subject: { readonly type: string; readonly id: string };
  readonly personId: string | null;
  readonly trigger: { readonly type: RunTrigger; readonly id: string };
  readonly payload: Facts;
  readonly above?: { readonly runId: string | null; readonly place: number; readonly depth: number };
  /** The event that starts it. */
  readonly eventId?: string;
}

const INSERT: Statement = {
  name: 'engine.runs_insert',
  text: `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, person_id, state, step_id, since, wake_at, ticket, solo,
                           trigger_type, trigger_id, outputs, parent_id, parent_place, depth, started_at, updated_at)
         select id, company_id, workflow_id, version, subject_type, subject_id, person_id, case when ticket is null then 'waiting' else 'running' end, step_id, $2::timestamptz,
                case when ticket is null then $2::timestamptz end, ticket, solo, trigger_type, trigger_id, outputs, parent_id, parent_place, coalesce(depth, 0), $2::timestamptz, $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, workflow_id uuid, version integer, subject_type text, subject_id uuid, person_id uuid,
             step_id text, ticket uuid, solo boolean, trigger_type text, trigger_id text, outputs jsonb, parent_id uuid, parent_place integer, depth integer)
         on conflict do nothing
         returning id`,
};

/**
 * Starts runs, each once: a second one with the same trigger id, or beside a live one of a `solo` workflow, is quietly left out.
 * With a queue (system role) they are due at once; without one a worker finds them by `wake_at`.
 * @returns the ids of those that are new
 */
export async function insertRuns(
  tx: Transaction,
  wanted: readonly NewRun[],
  now: Date,
  queue: RunQueue | null,
  traced = false,
): Promise<ReadonlySet<string>> {
  if (wanted.length === 0) return new Set();
  const startedBy: StartedRun[] = [];
  const idOf = (run: NewRun) => {
    const id = newId();
    if (traced) startedBy.push({ id, companyId: run.companyId, startedBy: run.eventId ?? run.above?.runId ?? null });
    return id;
  };
  const rows = wanted
    .map((run) => ({
      id: idOf(run),
      company_id: run.companyId,
      workflow_id: run.workflowId,
      version: run.version,
      subject_type: run.subject.type,
      subject_id: run.subject.id,
      person_id: run.personId,
      step_id: run.workflow.first,
      ticket: queue === null ? null : newId(),
      solo: run.workflow.reentry !== 'always',
      trigger_type: run.trigger.type,
      trigger_id: run.workflow.reentry === 'once' ? 'once' : run.trigger.id,
      outputs: { trigger: run.payload },
      ...(run.above === undefined ? {} : { parent_id: run.above.runId, parent_place: run.above.place, depth: run.above.depth + 1 }),
    }))
    // One order for all who insert, so that two of them wait for each other never crosswise.
    .toSorted((a, b) => (a.subject_id < b.subject_id ? -1 : Number(a.subject_id > b.subject_id)));
  const inserted = new Set((await tx.query<{ id: string }>(INSERT, [JSON.stringify(rows), now])).map((row) => row.id));
  if (traced)
    await linkRuns(
      tx,
      startedBy.filter((run) => inserted.has(run.id)),
      now,
    );
  if (queue !== null) {
    const tickets = rows.flatMap((row): Ticket[] =>
      row.ticket !== null && inserted.has(row.id) ? [{ id: row.ticket, runId: row.id, companyId: row.company_id }] : [],
    );
    await queue.add(tx, 'runs', tickets);
  }
  return inserted;
}

const WORKFLOW: Statement = {
  name: 'engine.workflow_by_name',
  text: `select id, version, active, subject from workflows where company_id = $1 and name = $2`,
};
const FOUND: Statement = {
  name: 'engine.runs_of_subjects',
  text: `select distinct on (subject_id) subject_id, id from runs
          where workflow_id = $1 and company_id = $2 and subject_id = any ($3::uuid[]) and branch is null
          order by subject_id, (state in ('running', 'waiting', 'paused')) desc, id desc`,
};

/** `Engine.start`: joins the caller's transaction, request or system. */
export async function start(
  tx: Transaction,
  catalogue: Catalogue,
  now: Date,
  request: Parameters<Engine['start']>[1],
  traced: boolean,
): Promise<ReadonlyMap<string, string>> {
  const [workflow] = await tx.query<{ id: string; version: number; active: boolean; subject: string }>(WORKFLOW, [
    request.companyId,
    request.workflow,
  ]);
  if (workflow === undefined) throw new NotFound(`There is no workflow named ${request.workflow}`);
  if (!workflow.active) throw new Conflict(`The workflow ${request.workflow} is switched off; switch it on first`);
  const ref = { workflowId: workflow.id, version: workflow.version };
  const compiled = (await catalogue.load(tx, [ref]))(ref);
  if (compiled instanceof Error) throw compiled;
  const wrong = request.subjects.find((subject) => subject.type !== workflow.subject);
  if (wrong !== undefined) throw new Conflict(`The workflow ${request.workflow} is about a ${workflow.subject}, not a ${wrong.type}`);
  const runs = request.subjects.map((subject): NewRun => ({
    companyId: request.companyId,
    ...ref,
    workflow: compiled,
    subject: { type: subject.type, id: subject.id },
    personId: subject.personId,
    trigger: { type: request.trigger.type, id: subject.triggerId ?? request.trigger.id },
    payload: subject.payload ?? request.trigger.payload ?? {},
    ...(subject.above === undefined ? {} : { above: subject.above }),
  }));
  await insertRuns(tx, runs, now, null, traced);
  const rows = await tx.query<{ subject_id: string; id: string }>(FOUND, [
    workflow.id,
    request.companyId,
    request.subjects.map((subject) => subject.id),
  ]);
  return new Map(rows.map((row) => [row.subject_id, row.id]));
}
