import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { runImport } from './run.ts';
import { runUndo } from './undo.ts';

/** How often a worker looks, in real time. */
const EVERY_MS = 30_000;
/** A running import commits progress every second or so; one this quiet has lost its process. */
const QUIET_S = 60;
const KEEP_FILES_HOURS = 24;

/** Takes it: `updated_at` moves on, so that no other worker takes it, too. Across companies, under steward_system. */
const TAKE: Statement = {
  name: 'imports.resume',
  text: `update imports set updated_at = $1 where id in (
      select id from imports where state in ('running', 'undoing') and updated_at < $1::timestamptz - make_interval(secs => $2) order by updated_at limit 1 for update skip locked
    ) returning id, company_id, state`,
};
const DROP_FILES: Statement = {
  name: 'imports.drop_files',
  text: `delete from import_chunks c using imports i where i.id = c.import_id and i.company_id = c.company_id
           and i.state not in ('running', 'undoing') and i.updated_at < $1::timestamptz - make_interval(hours => $2)`,
};

/** Goes on with imports whose process died, and drops files that nobody will import again. Answers how many it took up. */
export async function tendImports(runtime: Runtime): Promise<number> {
  const { system, clock } = runtime;
  await system.write((tx) => tx.query(DROP_FILES, [clock.now(), KEEP_FILES_HOURS]));
  let taken = 0;
  for (;;) {
    const [stale] = await system.write((tx) => tx.query<{ id: string; company_id: string; state: string }>(TAKE, [clock.now(), QUIET_S]));
    if (stale === undefined) return taken;
    await (stale.state === 'undoing' ? runUndo : runImport)(runtime, stale.company_id, stale.id);
    taken += 1;
  }
}

/** The worker's share. */
export function resumeImports(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'look after imports', round: () => tendImports(runtime) });
}
