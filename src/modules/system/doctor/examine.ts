import type { Runtime } from '#core/runtime.ts';
import { address, backups, connections, disk, key } from './around.ts';
import { clocks, migrations, roles, timeZones, version, walls } from './database.ts';
import { bad, type Finding, type Said } from './finding.ts';
import { held, ledger, queue, stuck, workers } from './work.ts';

const CHECKS: readonly (readonly [check: string, title: string, look: (runtime: Runtime) => Promise<Said>])[] = [
  ['held', 'Held', held],
  ['database', 'Database', version],
  ['roles', 'Database roles', roles],
  ['walls', 'Walls between companies', walls],
  ['migrations', 'Migrations', migrations],
  ['clocks', 'Clocks', clocks],
  ['time_zones', 'Time zones', timeZones],
  ['disk', 'Disk', disk],
  ['workers', 'Workers', workers],
  ['queue', 'Queue', queue],
  ['stuck', 'Stuck runs', stuck],
  ['ledger', 'Effects', ledger],
  ['key', 'Key', key],
  ['connections', 'Connections', connections],
  ['backups', 'Backups', backups],
  ['address', 'Public address', address],
];

/** Every check, whatever becomes of the others: one that can't look says so. */
export function examine(runtime: Runtime): Promise<Finding[]> {
  return Promise.all(
    CHECKS.map(async ([check, title, look]) => {
      try {
        return { check, title, ...(await look(runtime)) };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { check, title, ...bad(`It could not be looked at: ${why}.`, 'See the log.') };
      }
    }),
  );
}
