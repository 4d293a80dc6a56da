import type { Clock } from '#core/clock.ts';
import type { SystemDatabase } from '#core/database/database.ts';
import type { EffectKind } from '#core/effects/types.ts';
import type { Fence } from '#core/instance/fence.ts';
import type { Log } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Catalogue } from './catalogue.ts';
import type { Vocabulary } from './definition.ts';
import type { RunQueue } from './queue.ts';
import type { BuiltInWorkflow, EventHandler, StepType, SubjectType } from './types.ts';

/** What the modules bring for the engine, flat. */
export interface Registry {
  readonly steps: readonly StepType[];
  readonly subjects: readonly SubjectType[];
  readonly events: readonly EventHandler[];
  readonly workflows: readonly BuiltInWorkflow[];
  readonly effects: readonly EffectKind[];
  /** Which rows of a table a rehearsal needs to know: a condition on `t`. See `database/shadow.ts`. */
  readonly slices?: Readonly<Record<string, string>>;
}

/** What every part of the engine works with. */
export interface Parts {
  readonly system: SystemDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: Registry;
  readonly vocabulary: Vocabulary;
  readonly catalogue: Catalogue;
  readonly queue: RunQueue;
  /** Every transaction that takes up work asks it first. */
  readonly fence: Fence;
  /** Are traces kept of what happens here? Not in a rehearsal. */
  traced(): boolean;
  /** Bound after the engine was made, because the runtime contains the engine. */
  runtime(): Runtime;
}
