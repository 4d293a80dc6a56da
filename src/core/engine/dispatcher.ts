import type { Statement, Transaction } from '#core/database/database.ts';
import { crashPoint } from '#core/effects/crash-points.ts';
import { recordEvents } from '#core/telemetry/carry.ts';
import { goOn } from './go-on.ts';
import { handle } from './handlers.ts';
import { putBack, take, type OutboxEvent, type Whose } from './outbox.ts';
import type { Parts } from './parts.ts';
import { routeToRuns } from './route.ts';
import { startAtOnce } from './at-once.ts';
import { insertRuns, type NewRun } from './start.ts';
import { holds } from './conditions.ts';
import { factsOfEvent } from './facts.ts';
import { loadSubjects } from './subjects.ts';
import type { Facts } from './types.ts';

/** What a webhook's call becomes; names its workflow in the payload. */
export const WEBHOOK_EVENT = 'webhook.received';

export interface Dispatched {
  readonly events: number;
  /** Runs that may move now. */
  readonly due: number;
  /** Steps that new runs, and runs that these events woke, took at once. */
  readonly steps: number;
  /** The company of each event. */
  readonly companies: readonly string[];
}

/**
 * Takes a batch off the outbox, in order: starts runs, ends and wakes runs, calls the modules' handlers; one transaction, set-based.
 * What a handler can't take goes back with its error and holds up nobody.
 */
export async function dispatch(parts: Parts, limit: number, whose?: Whose): Promise<Dispatched> {
  const result = await parts.system.round('relaxed', async (tx) => {
    const now = parts.clock.now();
    const [, events] = await Promise.all([parts.fence.check(tx), take(tx, now, limit, whose)]);
    if (events.length === 0) return { events: 0, due: 0, steps: 0, companies: [] };
    const fresh = events.filter((event) => !event.routed);
    if (parts.traced()) await recordEvents(tx, fresh, now);
    const started = await startRuns(parts, tx, fresh, now);
    const routed = await routeToRuns(parts, tx, fresh, now, started.by);
    await putBack(tx, await handle(parts, tx, events), now);
    const gone = await goOn(parts, tx, routed.woken, now);
    crashPoint('engine.dispatch.before-commit');
    return {
      events: events.length,
      due: started.due + routed.due + gone.due,
      steps: started.steps + gone.steps,
      companies: events.map((event) => event.companyId),
    };
  });
  if (result.events > 0) crashPoint('engine.dispatch.after-commit');
  return result;
}

const TRIGGERED: Statement = {
  name: 'engine.workflows_triggered',
  text: `select id, company_id, version from workflows where active and company_id = any ($1::uuid[]) and events && $2::text[]`,
};
const HOOKED: Statement = {
  name: 'engine.workflows_hooked',
  text: `select id, company_id, version from workflows where active and id = any ($1::uuid[])`,
};

interface WorkflowRow {
  readonly id: string;
  readonly company_id: string;
  readonly version: number;
}

interface Started {
  readonly due: number;
  readonly steps: number;
  /** Ids of runs that may wait for events already, by the event that started them. */
  readonly by: ReadonlyMap<string, string>;
}

async function startRuns(parts: Parts, tx: Transaction, events: readonly OutboxEvent[], now: Date): Promise<Started> {
  const hooks = events.filter((event) => event.name === WEBHOOK_EVENT);
  const others = events.filter((event) => event.name !== WEBHOOK_EVENT);
  const wanted = [...(await runsOfHooks(parts, tx, hooks)), ...(await runsOfEvents(parts, tx, others))];
  const { due, steps, startedBy, left } = await startAtOnce(parts, tx, wanted, now);
  return { due: due + (await insertRuns(tx, left, now, parts.queue, parts.traced())).size, steps, by: startedBy };
}

async function runsOfHooks(parts: Parts, tx: Transaction, events: readonly OutboxEvent[]): Promise<NewRun[]> {
  if (events.length === 0) return [];
  const ids = new Set(events.map((event) => textAt(event.payload, 'workflow_id')));
  const rows = await tx.query<WorkflowRow>(HOOKED, [[...ids]]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const compiled = await parts.catalogue.load(tx, rows.map(refOf));
  return events.flatMap((event): NewRun[] => {
    const row = byId.get(textAt(event.payload, 'workflow_id'));
    const workflow = row === undefined ? undefined : compiled(refOf(row));
    if (row === undefined || row.company_id !== event.companyId || workflow === undefined || workflow instanceof Error) return [];
    const trigger = { type: 'webhook', id: textAt(event.payload, 'delivery') || event.id } as const;
    const { hook = null, body = null, method, query, headers } = event.payload;
    const payload = {
      hook,
      body,
      at: event.at.toISOString(),
      ...(method === undefined ? {} : { method }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
    };
    return [
      {
        companyId: row.company_id,
        ...refOf(row),
        workflow,
        subject: { type: 'company', id: row.company_id },
        personId: null,
        trigger,
        payload,
        eventId: event.id,
      },
    ];
  });
}

async function runsOfEvents(parts: Parts, tx: Transaction, events: readonly OutboxEvent[]): Promise<NewRun[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<WorkflowRow>(TRIGGERED, [
    [...new Set(events.map((event) => event.companyId))],
    [...new Set(events.map((event) => event.name))],
  ]);
  if (rows.length === 0) return [];
  const compiled = await parts.catalogue.load(tx, rows.map(refOf));
  const byCompany = Map.groupBy(rows, (row) => row.company_id);
  const candidates = events.flatMap((event) =>
    (byCompany.get(event.companyId) ?? []).flatMap((row) => candidate(event, row, compiled(refOf(row)))),
  );
  const loaded = await loadSubjects(
    parts.vocabulary,
    tx,
    candidates.map(({ run }) => ({ companyId: run.companyId, ...run.subject })),
  );
  return candidates.flatMap(({ event, run }): NewRun[] => {
    const subject = loaded.get(`${run.subject.type} ${run.subject.id}`);
    if (subject === undefined || !triggers(event, run, subject.facts, parts.clock.now())) return [];
    return [{ ...run, personId: subject.personId ?? event.personId ?? null }];
  });
}

function candidate(event: OutboxEvent, row: WorkflowRow, workflow: NewRun['workflow'] | Error): { event: OutboxEvent; run: NewRun }[] {
  if (workflow instanceof Error || !workflow.definition.triggers.some((trigger) => trigger.on === 'event' && trigger.event === event.name))
    return [];
  const subject = subjectFor(workflow.definition.subject, event);
  if (subject === null) return [];
  const run = {
    companyId: row.company_id,
    ...refOf(row),
    workflow,
    subject,
    personId: null,
    trigger: { type: 'event', id: event.id },
    payload: { event: event.name, ...event.payload },
    eventId: event.id,
  } as const;
  return [{ event, run }];
}

/** The event's own subject, or its person or company where the workflow is about those. */
function subjectFor(type: string, event: OutboxEvent): { type: string; id: string } | null {
  if (event.subject.type === type) return event.subject;
  if (type === 'person' && event.personId !== undefined) return { type, id: event.personId };
  if (type === 'company') return { type, id: event.companyId };
  return null;
}

function triggers(event: OutboxEvent, run: NewRun, facts: Facts, now: Date): boolean {
  const seen = factsOfEvent(event, facts);
  return run.workflow.definition.triggers.some(
    (trigger) => trigger.on === 'event' && trigger.event === event.name && (trigger.where === undefined || holds(trigger.where, seen, now)),
  );
}

function refOf(row: WorkflowRow) {
  return { workflowId: row.id, version: row.version };
}

function textAt(payload: Facts, key: string): string {
  const value = payload[key];
  return typeof value === 'string' ? value : '';
}
