import type { SystemDatabase, Transaction } from '#core/database/database.ts';
import type { Effect, Reservation } from '#core/effects/types.ts';
import type { DomainEvent, RunView } from '#core/engine/types.ts';
import { linkTraces, tracesOf } from './links.ts';
import { belowRun, runAttributes } from './steps.ts';
import { currentTrace, inSpan, recordSpan, spanIdOf, type SpanAttributes, type TraceContext } from './tracing.ts';

/*
 * How one trace joins the request that came in and the mail that goes out: event, run and effect each remember what is above them (table `traces`), and the spans
 * of events and runs have ids that follow from theirs. All of it is called only while traces are exported.
 */

/** Events belong to what is under way where they are emitted. */
export async function linkEvents(tx: Transaction, events: readonly DomainEvent[], ids: readonly string[], now: Date): Promise<void> {
  const here = currentTrace();
  const links = events.flatMap((event, i) => {
    const id = ids[i];
    const trace = event.trace ?? here;
    return id === undefined || trace === undefined ? [] : [{ id, companyId: event.companyId, trace }];
  });
  await linkTraces(tx, links, now);
}

/** Effects that a request asks for; those of a run are found by it. */
export async function linkEffects(
  tx: Transaction,
  reservations: readonly Reservation[],
  ids: ReadonlyMap<string, string>,
  now: Date,
): Promise<void> {
  const trace = currentTrace();
  if (trace === undefined) return;
  const links = reservations.flatMap(({ key, companyId }) => {
    const id = ids.get(key);
    return id === undefined ? [] : [{ id, companyId, trace }];
  });
  await linkTraces(tx, links, now);
}

export interface StartedRun {
  readonly id: string;
  readonly companyId: string;
  /** The event or run that started it; null: whoever is under way here. */
  readonly startedBy: string | null;
}

export async function linkRuns(tx: Transaction, runs: readonly StartedRun[], now: Date): Promise<void> {
  const above = await tracesOf(tx, [...new Set(runs.flatMap(({ startedBy }) => (startedBy === null ? [] : [startedBy])))]);
  const here = currentTrace();
  const links = runs.flatMap(({ id, companyId, startedBy }) => {
    const known = startedBy === null ? undefined : above.get(startedBy);
    const trace = known === undefined || startedBy === null ? here : { ...known, spanId: spanIdOf(startedBy) };
    return trace === undefined ? [] : [{ id, companyId, trace }];
  });
  await linkTraces(tx, links, now);
}

/** The way of each event over the outbox: from the commit that made it to the batch that acts on it. */
export async function recordEvents(
  tx: Transaction,
  events: readonly (DomainEvent & { readonly id: string; readonly at: Date })[],
  now: Date,
): Promise<void> {
  const traces = await tracesOf(
    tx,
    events.map((event) => event.id),
  );
  for (const event of events) {
    const parent = traces.get(event.id);
    if (parent === undefined) continue;
    const attributes = {
      'messaging.system': 'steward',
      'messaging.operation.type': 'process',
      'messaging.destination.name': event.name,
      'steward.company.id': event.companyId,
    };
    recordSpan(
      { name: `event ${event.name}`, kind: 'consumer', id: spanIdOf(event.id), parent, attributes },
      event.at.getTime(),
      now.getTime(),
    );
  }
}

async function traceOf(system: SystemDatabase, ids: readonly string[]): Promise<ReadonlyMap<string, TraceContext>> {
  return system.read((tx) => tracesOf(tx, ids));
}

/** A step at the network. What it calls belongs to it. */
export async function inStepSpan<T>(system: SystemDatabase, run: RunView, type: string, work: () => Promise<T>): Promise<T> {
  const trace = (await traceOf(system, [run.id])).get(run.id);
  const attributes = {
    ...runAttributes({ id: run.id, company_id: run.companyId, workflow_id: run.workflowId, version: run.version }),
    'steward.step.id': run.stepId,
    'steward.step.type': type,
    'steward.step.attempt': run.attempt,
  };
  return inSpan({ name: `step ${type}`, parent: trace === undefined ? null : belowRun(run.id, trace), attributes }, work);
}

/** Keys of the effects of runs begin with the run's id: `<run>:<step>`, of messages `<run>/<step>`. */
const RUN_KEY = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})[:/]/;

/** The run whose effect has this key; undefined: none has asked for it. */
export const runOfKey = (key: string): string | undefined => RUN_KEY.exec(key)?.[1];

/** One act outside, below the run that asked for it, else below the request. */
export async function inEffectSpan<R extends { readonly state: string }>(
  system: SystemDatabase,
  effect: Effect,
  work: () => Promise<R>,
): Promise<R> {
  const runId = runOfKey(effect.key);
  const traces = await traceOf(system, runId === undefined ? [effect.id] : [effect.id, runId]);
  const ofRun = runId === undefined ? undefined : traces.get(runId);
  const parent = ofRun !== undefined && runId !== undefined ? belowRun(runId, ofRun) : (traces.get(effect.id) ?? null);
  const attributes = {
    'steward.effect.id': effect.id,
    'steward.effect.kind': effect.kind,
    'steward.effect.attempt': effect.attempts,
    'steward.company.id': effect.companyId,
  };
  return inSpan({ name: `effect ${effect.kind}`, kind: 'producer', parent, attributes }, async (span) => {
    const result = await work();
    span?.set({ 'steward.effect.state': result.state });
    return result;
  });
}

/** Something of many runs that is over, such as a check that was asked: below each run, where its trace is kept. */
export async function recordBelowRuns(
  tx: Transaction,
  spans: readonly { readonly runId: string; readonly name: string; readonly attributes: SpanAttributes }[],
  from: number,
  to: number,
): Promise<void> {
  const traces = await tracesOf(tx, [...new Set(spans.map(({ runId }) => runId))]);
  for (const { runId, name, attributes } of spans) {
    const above = traces.get(runId);
    if (above !== undefined)
      recordSpan({ name, parent: belowRun(runId, above), attributes: { ...attributes, 'steward.run.id': runId } }, from, to);
  }
}
