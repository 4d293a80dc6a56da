import type { Clock } from '#core/clock.ts';
import type { SystemDatabase } from '#core/database/database.ts';
import { decide } from '#core/effects/decide.ts';
import { Lease } from '#core/effects/lease.ts';
import { hasten, release, reserve, withdraw } from '#core/effects/ledger.ts';
import { Sender } from '#core/effects/sender.ts';
import type { EffectKind, Effects } from '#core/effects/types.ts';
import { Misconfigured } from '#core/errors.ts';
import { NO_FENCE, type Fence } from '#core/instance/fence.ts';
import type { Log } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import { linkEffects, linkEvents, recordBelowRuns } from '#core/telemetry/carry.ts';
import { tracingOn } from '#core/telemetry/tracing.ts';
import { Catalogue } from './catalogue.ts';
import { companySubject } from './company.ts';
import * as control from './control.ts';
import type { Vocabulary } from './definition.ts';
import { install } from './install.ts';
import { emit } from './outbox.ts';
import type { Parts, Registry } from './parts.ts';
import { Queue, type RunQueue } from './queue.ts';
import { retryRun, retryRuns } from './retry.ts';
import { start } from './start.ts';
import { coreSteps } from './steps/core.ts';
import { WORK_CHANNEL } from './rounds.ts';
import { Traces } from './traces.ts';
import type { Engine, StepType, SubjectType } from './types.ts';
import { Worker } from './worker.ts';

export interface EngineInput {
  readonly system: SystemDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: Registry;
  /** A worker that is silent for this long is taken for dead. Default 20 s. */
  readonly leaseMs?: number;
  /** Default: none, for what reaches nothing outside. */
  readonly fence?: Fence;
  /** For a rehearsal: a queue of its own, and every step type and effect kind as it is rehearsed. */
  readonly rehearsal?: {
    readonly queue: RunQueue;
    step(type: StepType): StepType;
    effect(kind: EffectKind): EffectKind;
  };
}

export interface OpenedEngine {
  readonly engine: Engine;
  readonly effects: Effects;
  readonly worker: Worker;
  /** What definitions may speak of. */
  readonly vocabulary: Vocabulary;
  readonly parts: Parts;
  readonly kinds: ReadonlyMap<string, EffectKind>;
  /** Once, when the runtime is made: it contains the engine. */
  bind(runtime: Runtime): void;
}

/** Wires the engine; touches nothing yet. @throws Misconfigured two modules bring the same step, subject or effect */
export function openEngine({ system, clock, log, registry, leaseMs, fence = NO_FENCE, rehearsal }: EngineInput): OpenedEngine {
  let bound: Runtime | null = null;
  const runtime = (): Runtime => {
    if (bound === null) throw new Misconfigured('The engine was not bound to a runtime');
    return bound;
  };
  const subjects: Map<string, SubjectType> = new Map([
    [companySubject.type, companySubject],
    ...unique('subject', registry.subjects, (subject) => subject.type),
  ]);
  const steps = unique(
    'step type',
    [...coreSteps(subjects), ...registry.steps].map((step) => rehearsal?.step(step) ?? step),
    (step) => step.type,
  );
  const kinds = unique(
    'effect kind',
    registry.effects.map((kind) => rehearsal?.effect(kind) ?? kind),
    (kind) => kind.kind,
  );
  const vocabulary: Vocabulary = { steps, subjects, runtime };
  const catalogue = new Catalogue(vocabulary);
  const traced = () => rehearsal === undefined && tracingOn();
  const queue = rehearsal?.queue ?? new Queue(system, log);
  const parts: Parts = { system, clock, log, registry, vocabulary, catalogue, queue, fence, traced, runtime };
  const lease = new Lease(system, leaseMs);
  const senders = [...kinds.values()].map((kind) => new Sender(kind, { system, clock, log, lease, fence, traced, runtime }));
  const traces = new Traces();
  const worker = new Worker(parts, senders, lease, traces);
  const now = () => clock.now();

  const engine: Engine = {
    start: (tx, request) => start(tx, catalogue, now(), request, traced()),
    async emit(tx, events) {
      traces.emitted();
      const ids = await emit(tx, events, now());
      if (traced()) await linkEvents(tx, events, ids, now());
    },
    cancel: (tx, which, reason) => control.cancel(tx, which, reason, now()),
    pause: (tx, which, reason) => control.pause(tx, which, reason, now()),
    resume: (tx, which) => control.resume(tx, which, now()),
    retry: (tx, run) => retryRun(tx, catalogue, run, now()),
    retryMany: (tx, wanted) => retryRuns(tx, catalogue, wanted, now()),
    async note(tx, spans, from) {
      if (traced() && spans.length > 0) await recordBelowRuns(tx, spans, from.getTime(), clock.now().getTime());
    },
    install: (tx, companyId) => install(tx, registry.workflows, [companyId], now()),
    nudge: nudger(worker, system, log),
    vocabulary,
    registry,
  };
  const effects: Effects = {
    async reserve(tx, reservations) {
      traces.reserved();
      const ids = await reserve(tx, reservations, now());
      if (traced()) await linkEffects(tx, reservations, ids, now());
      return ids;
    },
    decide: (tx, effectId, decision) => decide(tx, kinds, runtime(), effectId, decision),
    release: (tx, connectionId) => release(tx, connectionId, now()),
    withdraw: (tx, companyId, keys, reason) => withdraw(tx, companyId, keys, reason, now()),
    hasten: (tx, which) => hasten(tx, which, now()),
  };
  return { engine, effects, worker, vocabulary, parts, kinds, bind: (one) => void (bound = one) };
}

/** In the worker's own process a call; elsewhere a NOTIFY, at most one under way (each would make its commit wait for the others'). */
function nudger(worker: Worker, system: SystemDatabase, log: Log): (what?: 'events') => void {
  let underWay = false;
  /** What was asked for meanwhile; null: nothing. */
  let again: string | null = null;
  const notify = (what: string): void => {
    if (underWay) return void (again = again === null || again === what ? what : '');
    underWay = true;
    system
      .execute(`select pg_notify('${WORK_CHANNEL}', $1)`, [what])
      .catch((error: unknown) => log.debug({ err: error }, 'a nudge was lost; polling finds the work'))
      .finally(() => {
        underWay = false;
        const next = again;
        again = null;
        if (next !== null) notify(next);
      });
  };
  return (what) => (worker.started ? worker.nudge(what) : notify(what ?? ''));
}

function unique<One>(what: string, all: readonly One[], nameOf: (one: One) => string): Map<string, One> {
  const byName = new Map<string, One>();
  for (const one of all) {
    if (byName.has(nameOf(one))) throw new Misconfigured(`Two modules bring the ${what} ${nameOf(one)}`);
    byName.set(nameOf(one), one);
  }
  return byName;
}
