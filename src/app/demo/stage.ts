import { setTimeout as sleep } from 'node:timers/promises';
import { VirtualClock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import type { Json } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Log } from '#core/log.ts';
import { execute } from '#core/operation/execute.ts';
import type { Principal } from '#core/operation/principal.ts';
import { compose, type Steward } from '../compose.ts';
import { operations } from '../modules.ts';
import type { Storage } from '../storage.ts';
import { demoConnectors } from './connectors.ts';
import { DemoNames } from './names.ts';

/** The real Steward on a clock that the demo moves: what happens on it is what would have happened. */
export class Stage {
  readonly steward: Steward;
  readonly clock: VirtualClock;
  readonly names: DemoNames;
  readonly close: () => Promise<void>;
  constructor({ steward, clock, names }: Pick<Stage, 'steward' | 'clock' | 'names'>, close: () => Promise<void>) {
    this.steward = steward;
    this.clock = clock;
    this.names = names;
    this.close = close;
  }

  /** Calls an operation as its REST face would, in the names of JSON's code. @throws what the operation throws */
  async call(name: string, input: Readonly<Record<string, unknown>>, as: Principal): Promise<Record<string, Json>> {
    const found = operations.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the demo calls ${name}, which does not exist`);
    const request = { id: newId(), face: 'cli' as const, ip: '127.0.0.1', userAgent: 'demo' };
    const answer = await execute(this.steward.runtime, { operation: found, principal: as, request, input, names: 'code' });
    return JSON.parse(JSON.stringify(found.output.parse(answer.result))) as Record<string, Json>; // an operation answers an object
  }

  /** Lets time pass and everything that fell due on the way happen. In milliseconds. Answers whether any of it left the house. */
  async pass(ms: number): Promise<boolean> {
    this.clock.advance({ seconds: ms / 1000 });
    const { effects } = await this.steward.worker.drain();
    await sleep(0); // the terminal and signals get their turn
    return effects > 0;
  }
}

/** No vendor is known on the stage but the demo's own: nothing could leave. */
export async function openStage(config: Config, storage: Storage, log: Log, start: Date): Promise<Stage> {
  const clock = new VirtualClock(start);
  // Waiting for the disk at each of ten thousand commits would take most of the time; a cut attempt begins anew anyway.
  const hasty = { ...storage.target, options: '-c synchronous_commit=off' };
  const database = openDatabase(hasty, log);
  const system = openSystemDatabase(hasty, log);
  const names = new DemoNames({ mended: false });
  const steward = await compose({
    config,
    clock,
    log,
    secrets: storage.secrets,
    database,
    system,
    seat: storage.seat,
    operatorToken: null,
    connectors: demoConnectors,
    names,
  });
  return new Stage({ steward, clock, names }, async () => {
    await steward.stop();
    await Promise.all([database.close(), system.close()]);
  });
}
