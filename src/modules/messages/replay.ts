import { applyReplay, replayWriter } from '#modules/people/public.ts';
import { replayFile } from '#core/database/replay-file.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { hashPlain } from './suppress.ts';

const EVERY_MS = 10_000;

/** Before any mail may leave: a database that was restored hears of opt-outs and erasures since its backup. */
export async function takeReplay(runtime: Runtime): Promise<void> {
  const news = await applyReplay(runtime, replayFile(runtime.config.home));
  if (news > 0) runtime.log.warn({ news }, 'this database is older than the list of opt-outs: they were applied again');
}

/** Puts keyed hashes in place and keeps the list outside the database up to date, a last time when it stops. */
export function keepReplay(runtime: Runtime): Stop {
  const write = replayWriter(runtime, replayFile(runtime.config.home));
  return nowAndThen({
    log: runtime.log,
    everyMs: EVERY_MS,
    what: 'write the list of opt-outs outside the database; it is tried again',
    level: 'error',
    atOnce: true,
    atEnd: true,
    async round() {
      while ((await runtime.system.write((tx) => hashPlain(tx, runtime))) > 0);
      await write();
    },
  });
}
