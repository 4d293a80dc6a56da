import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { holds } from './conditions.ts';
import type { CompiledWorkflow } from './definition.ts';
import { goesOnAtOnce, type Woken } from './go-on.ts';
import { announce, branchesBelow, endRuns, isLive } from './family.ts';
import { factsOfEvent } from './facts.ts';
import type { OutboxEvent } from './outbox.ts';
import type { Parts } from './parts.ts';
import { closeJournal, lockRuns, saveRuns, type RunRow } from './rows.ts';
import { loadSubjects, type Loaded } from './subjects.ts';
import type { StopRule } from './types.ts';

// Three index scans; an OR over the columns would be one scan of all live runs.
const LIVE: Statement = {
  name: 'engine.runs_live_of',
  text: `select id, company_id, workflow_id, version, person_id, subject_id, state, waits_for, trigger_id from runs
          where state in ('running', 'waiting', 'paused') and person_id = any ($1::uuid[])
         union
         select id, company_id, workflow_id, version, person_id, subject_id, state, waits_for, trigger_id from runs
          where state in ('running', 'waiting', 'paused') and subject_id = any ($2::uuid[])
         union
         select id, company_id, workflow_id, version, person_id, subject_id, state, waits_for, trigger_id from runs
          where state in ('running', 'waiting', 'paused') and id = any ($3::uuid[])`,
};

type LiveRow = Pick<RunRow, 'id' | 'company_id' | 'workflow_id' | 'version' | 'person_id' | 'subject_id' | 'state' | 'waits_for'> & {
  readonly trigger_id: string;
};

export interface Routed {
  /** Runs on the queue. */
  readonly due: number;
  /** Runs that go on in this transaction, once the modules have heard of the events. */
  readonly woken: readonly Woken[];
}

const NOBODY: Routed = { due: 0, woken: [] };

/**
 * Events end the runs whose `stopOn` names them and wake those that wait for them: the runs of the event's person or subject.
 * @param startedBy runs that these very events started, by id, with the id of the event
 */
export async function routeToRuns(
  parts: Parts,
  tx: Transaction,
  events: readonly OutboxEvent[],
  now: Date,
  startedBy: ReadonlyMap<string, string> = new Map(),
): Promise<Routed> {
  // A whole company is no subject to look for: its runs are started by events, not steered by them, unless the event is about it.
  const routable = events.filter((event) => event.name !== 'webhook.received');
  if (routable.length === 0) return NOBODY;
  const people = new Set(routable.flatMap((event) => (event.personId === undefined ? [] : [event.personId])));
  const [ofRuns, others] = [routable.filter(isOfRun), routable.filter((event) => !isOfRun(event))];
  const idsOf = (some: readonly OutboxEvent[]) => [...new Set(some.map((event) => event.subject.id))];
  const live = await tx.query<LiveRow>(LIVE, [[...people], idsOf(others), idsOf(ofRuns)]);
  if (live.length === 0) return NOBODY;
  const compiled = await parts.catalogue.load(tx, live.map(refOf));
  const eventsFor = eventsByRun(routable);
  const concerned = live.filter((row) => {
    const workflow = compiled(refOf(row));
    // A running one may be about to wait for it: once its lock is ours we know.
    return eventsFor(row).some(
      (event) => row.state === 'running' || row.waits_for.includes(event.name) || stopRules(workflow, event.name).length > 0,
    );
  });
  if (concerned.length === 0) return NOBODY;
  const locked = await lockRuns(tx, concerned.map((row) => row.id).toSorted());
  const facts = await factsForStops(parts, tx, locked, eventsFor, compiled);
  const triggerOf = new Map(concerned.map((row) => [row.id, row.trigger_id]));
  const router = new Router(now);
  const atOnce = new Set<RunRow>();
  for (const row of locked) {
    const workflow = compiled(refOf(row));
    for (const event of eventsFor(row)) {
      if (!isLive(row)) break;
      // What started a run, or came before it, does not steer it.
      if ((startedBy.get(row.id) ?? '') >= event.id) continue;
      if ((triggerOf.get(row.id) ?? '') >= event.id && triggerIsEvent(triggerOf.get(row.id))) continue;
      const loaded = facts.get(`${row.subject_type} ${row.subject_id}`);
      if (
        stopRules(workflow, event.name).some(
          (rule) => typeof rule === 'string' || holds(rule.where, factsOfEvent(event, loaded?.facts ?? {}), now),
        )
      )
        router.stop(row, event);
      else if (row.waits_for.includes(event.name)) {
        const step = workflow instanceof Error || row.step_id === null ? undefined : workflow.steps.get(row.step_id);
        if (goesOnAtOnce(row, step)) atOnce.add(row);
        router.wake(row, event);
      }
    }
  }
  const woken = [...atOnce].flatMap((row) => (row.state === 'running' && row.signal !== null ? [{ id: row.id, signal: row.signal }] : []));
  const left = new Set(woken.map(({ id }) => id));
  const changed = [...router.changed].filter((row) => !left.has(row.id));
  await closeJournal(tx, router.closed, 'cancelled', null, now);
  await saveRuns(tx, changed, now);
  const queued = changed.flatMap((row) =>
    row.state === 'running' && row.ticket !== null ? [{ id: row.ticket, runId: row.id, companyId: row.company_id }] : [],
  );
  await parts.queue.add(tx, 'runs', queued);
  await endBelow(
    tx,
    locked.filter((row) => row.state === 'cancelled' && router.changed.has(row)),
    now,
  );
  return { due: queued.length, woken };
}

/** Branches are stopped by the same event as their run; one that began in this very moment is found here. */
async function endBelow(tx: Transaction, stopped: readonly RunRow[], now: Date): Promise<void> {
  if (stopped.length === 0) return;
  const below = await branchesBelow(
    tx,
    stopped.map((row) => row.id),
  );
  await endRuns(tx, below, 'the run above was ended', now);
  await announce(tx, stopped, now);
}

/** About one run alone: something that it waits for has happened. */
function isOfRun(event: OutboxEvent): boolean {
  return event.subject.type === 'run';
}

/** Ids of events are UUIDs; other triggers have ids of their own kind. */
function triggerIsEvent(id: string | undefined): boolean {
  return id !== undefined && /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id);
}

class Router {
  readonly changed = new Set<RunRow>();
  readonly closed: { id: string; journal: number }[] = [];
  readonly #now: Date;
  constructor(now: Date) {
    this.#now = now;
  }

  stop(row: RunRow, event: OutboxEvent): void {
    if (row.journal_open) this.closed.push({ id: row.id, journal: row.journal });
    Object.assign(row, {
      state: 'cancelled',
      outcome: event.name,
      reason: `ended by ${event.name}`,
      completed_at: this.#now,
      wake_at: null,
      waits_for: [],
      ticket: null,
      journal_open: false,
    } satisfies Partial<RunRow>);
    this.changed.add(row);
  }

  wake(row: RunRow, event: OutboxEvent): void {
    const woken = { waits_for: [], signal: { name: event.name, payload: event.payload } } satisfies Partial<RunRow>;
    if (row.state === 'paused') Object.assign(row, woken, { wake_at: this.#now });
    else Object.assign(row, woken, { state: 'running', wake_at: null, ticket: newId() } satisfies Partial<RunRow>);
    this.changed.add(row);
  }
}

type EventsOf = (row: Pick<RunRow, 'id' | 'company_id' | 'person_id' | 'subject_id'>) => readonly OutboxEvent[];

/** The events of a batch that a run has to do with, in their order: those about itself, its subject or its person. */
function eventsByRun(events: readonly OutboxEvent[]): EventsOf {
  const order = new Map(events.map((event, i) => [event, i]));
  const [ofRuns, others] = [events.filter(isOfRun), events.filter((event) => !isOfRun(event))];
  const byRun = Map.groupBy(ofRuns, (event) => event.subject.id);
  const bySubject = Map.groupBy(others, (event) => event.subject.id);
  const byPerson = Map.groupBy(events, (event) => event.personId);
  return (row) => {
    const found = new Set([
      ...(byRun.get(row.id) ?? []),
      ...(bySubject.get(row.subject_id) ?? []),
      ...(row.person_id === null ? [] : (byPerson.get(row.person_id) ?? [])),
    ]);
    return [...found].filter((event) => event.companyId === row.company_id).toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  };
}

function stopRules(workflow: CompiledWorkflow | Error, event: string): readonly StopRule[] {
  return workflow instanceof Error
    ? []
    : workflow.definition.stopOn.filter((rule) => (typeof rule === 'string' ? rule : rule.event) === event);
}

/** Only rules with a condition need to know the subject. */
function factsForStops(
  parts: Parts,
  tx: Transaction,
  rows: readonly RunRow[],
  eventsFor: EventsOf,
  compiled: (ref: { workflowId: string; version: number }) => CompiledWorkflow | Error,
): Promise<ReadonlyMap<string, Loaded>> {
  const asking = rows.filter((row) =>
    eventsFor(row).some((event) => stopRules(compiled(refOf(row)), event.name).some((rule) => typeof rule !== 'string')),
  );
  return loadSubjects(
    parts.vocabulary,
    tx,
    asking.map((row) => ({ companyId: row.company_id, type: row.subject_type, id: row.subject_id })),
  );
}

function refOf(row: { readonly workflow_id: string; readonly version: number }) {
  return { workflowId: row.workflow_id, version: row.version };
}
