import { applyReplay, replayWriter } from '#modules/people/public.ts';
import { replayFile } from '#core/database/replay-file.ts';
import type { Runtime } from '#core/runtime.ts';
import { hashPlain } from './suppress.ts';

const EVERY_MS = 10_000;

/** Before any mail may leave: a database that was restored hears of opt-outs and erasures since its backup. */
export async function takeReplay(runtime: Runtime): Promise<void> {
  const news = await applyReplay(runtime, replayFile(runtime.config.home));
  if (news > 0) runtime.log.warn({ news }, 'this database is older than the list of opt-outs: they were applied again');
}

/** Puts keyed hashes in place and keeps the list outside the database up to date. Answers its stop. */
export function keepReplay(runtime: Runtime): () => Promise<void> {
  const write = replayWriter(runtime, replayFile(runtime.config.home));
  let busy = Promise.resolve();
  const round = () => {
    busy = busy.then(() => once(runtime, write));
  };
  round();
  const timer = setInterval(round, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return busy.then(() => once(runtime, write));
  };
}

async function once(runtime: Runtime, write: () => Promise<number>): Promise<void> {
  try {
    while ((await runtime.system.write((tx) => hashPlain(tx, runtime))) > 0);
    await write();
  } catch (error) {
    runtime.log.error({ err: error }, 'the list of opt-outs outside the database could not be written; it is tried again');
  }
}
