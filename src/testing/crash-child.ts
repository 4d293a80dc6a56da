import { systemClock } from '#core/clock.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import { armCrashPoint, CRASH_POINTS, dieHere, SCHEDULE_CRASH_POINTS } from '#core/effects/crash-points.ts';
import { openEngine } from '#core/engine/open.ts';
import { openLog } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import { crashRegistry, type CrashOrder } from './crash-world.ts';

/** A worker process of the crash tests: node crash-child.ts <order as JSON>. Says `works` once it does. */
const order: CrashOrder = JSON.parse(process.argv[2] ?? '{}');
const point = [...CRASH_POINTS, ...SCHEDULE_CRASH_POINTS].find((known) => known === order.point);
if (point !== undefined) armCrashPoint(point, dieHere, order.hit);
const system = openSystemDatabase(order.target);
const log = openLog('fatal');
const { engine, effects, worker, bind } = openEngine({ system, clock: systemClock, log, registry: crashRegistry(order.receiver) });
// The steps and kinds of this world use nothing else of a runtime.
bind({ engine, effects, clock: systemClock, log, system } as unknown as Runtime);
process.on('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
await worker.start();
process.stdout.write('works\n');
