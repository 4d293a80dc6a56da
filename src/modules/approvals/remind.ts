import type { EventHandler } from '#core/engine/types.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { tellAsked, tellNearlyLate } from './asked.ts';
import { APPROVAL_REQUESTED } from './step.ts';

const LOOK_MS = 60_000;

/** Somebody is to be asked: they hear of it. */
export const onRequested: EventHandler = {
  event: APPROVAL_REQUESTED,
  name: 'approvals.tell',
  handle: (tx, events, runtime) =>
    tellAsked(
      tx,
      runtime,
      events.map(({ subject }) => subject.id),
    ),
};

/** Those of every company whose deadline comes near. Any number of processes may look: each is told once. */
export function remind(runtime: Runtime): Promise<number> {
  return runtime.system.write((tx) => tellNearlyLate(tx, runtime));
}

/** The worker's share. */
export function remindForEver(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'remind of decisions', round: () => remind(runtime) });
}
