import { setTimeout as pause } from 'node:timers/promises';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { HeldBack } from '#core/connector/turns.ts';
import { errorCode } from '#core/database/pg-error.ts';
import { AppError } from '#core/errors.ts';
import type { SourcePage, SourceRecord } from '#core/ports/source.ts';
import type { Runtime } from '#core/runtime.ts';
import { markRejected } from '#modules/connections/public.ts';
import { keepPage, notePage } from './archive/pages.ts';
import { withoutErased } from './archive/erased.ts';
import { chosenPlace, type Place } from './archive/place.ts';
import { replayArchive } from './archive/replay.ts';
import { dropHints, hintedIds } from './hints.ts';
import { applyPage } from './page.ts';
import { openSource, type OpenSource } from './port.ts';
import { keepQuality } from './quality.ts';
import { rowReader, type ReadRow } from './reader.ts';
import { endRun, keepRun, moveRun, parkRun, TakenOver, type RunRow } from './run-row.ts';
import { getSource, type SourceRow } from './source.ts';
import { Overtaken } from './write/people.ts';
import { writeBack } from './push/reserve.ts';

/** A vendor that asks for a longer quiet gets it: the run is put down and any process takes it up again. Seconds. */
const LONGEST_PAUSE_S = 30;
/** Tries of one page while the vendor is away; then the run ends, and the next one goes on where it stood. */
const TRIES = 8;
/** A page that somebody else's change got in the way of is done anew. */
const AGAIN = 20;

interface Job extends OpenSource {
  readonly runtime: Runtime;
  readonly holder: string;
  readonly source: SourceRow;
  readonly read: ReadRow;
  /** Null: what comes in is not kept. */
  readonly archive: Place | null;
  readonly signal: AbortSignal | undefined;
}

class Parked extends Error {}

/**
 * Does a run that this process holds, from where it stands: each page commits its rows and its place together, so that a killed process loses nothing
 * and repeats nothing. The next page is fetched meanwhile. Never throws: how it ended stands in the run.
 */
export async function runSync(runtime: Runtime, run: RunRow, holder: string, signal?: AbortSignal): Promise<void> {
  const { database, clock, log } = runtime;
  const { companyId } = run;
  let open: OpenSource | null = null;
  try {
    const source = await database.read(companyId, (tx) => getSource(tx, companyId, run.sourceId));
    if (run.trigger === 'archive') await replayArchive(runtime, source, run, holder, signal);
    else {
      open = await openSource(runtime, source, signal);
      const read = await database.read(companyId, (tx) => rowReader(tx, companyId, source.kind, source.mapping, clock.now()));
      const archive = source.archiveDays === 0 ? null : await unlessNotKept(() => chosenPlace(runtime, companyId, signal));
      const job: Job = { ...open, runtime, holder, source, read, archive, signal };
      const walked = run.trigger === 'hint' ? await takeHints(job, run) : await walk(job, run);
      if (source.direction === 'both' && open.port.write !== undefined) await writeBack(runtime, source, walked, holder);
    }
    await keepQuality(runtime, source);
    await database.write(companyId, (tx) => endRun(tx, run, holder, 'done', null, clock.now()));
    runtime.engine.nudge();
  } catch (error) {
    if (error instanceof TakenOver || error instanceof Parked) return;
    if (signal?.aborted === true) {
      // This process stops: another one goes on at once.
      await database.write(companyId, (tx) => parkRun(tx, run, holder, clock.now()));
      return;
    }
    const source =
      error instanceof CredentialsRejected ? await database.read(companyId, (tx) => getSource(tx, companyId, run.sourceId)) : null;
    if (source !== null) await database.write(companyId, (tx) => markRejected(tx, companyId, source.connectionId, String(error)));
    const reason =
      error instanceof AppError
        ? error.message
        : 'The run stopped because of an error of ours; what came in stays. Run it again: it goes on without doubling anything';
    if (!(error instanceof AppError)) log.error({ err: error, sourceId: run.sourceId }, 'sync failed');
    await database.write(companyId, (tx) => endRun(tx, run, holder, 'failed', reason, clock.now()));
  } finally {
    await open?.port.close?.();
  }
}

/** All passes of a run: everything where nothing was read before, then what changed meanwhile or since. */
async function walk(job: Job, begun: RunRow): Promise<RunRow> {
  let run = begun;
  let { cursor, mark } = job.source;
  if (run.phase === 'writing') return run;
  let next = fetchPage(job, run, cursor, mark);
  for (;;) {
    const page = await next;
    const over = page.cursor === null;
    // What changed while everything was read comes in the same run.
    const catchUp = over && run.phase === 'everything' && page.mark !== null;
    const place = { cursor: page.cursor, mark: over ? page.mark : mark };
    const phase = !over ? run.phase : catchUp ? 'changes' : 'writing';
    const following = phase === 'writing' ? null : fetchPage(job, run, place.cursor, place.mark);
    following?.catch(() => undefined);
    run = await commit(job, run, page, { ...place, phase });
    ({ cursor, mark } = place);
    if (following === null) return run;
    next = following;
  }
}

async function commit(
  job: Job,
  run: RunRow,
  page: SourcePage,
  place: { readonly cursor: string | null; readonly mark: string | null; readonly phase: RunRow['phase'] },
): Promise<RunRow> {
  const { runtime, source, holder } = job;
  const { companyId } = run;
  const at = runtime.clock.now();
  const kept = job.archive === null ? null : await archived(job, job.archive, run, page);
  await unlessInTheWay(() =>
    runtime.database.write(companyId, async (tx) => {
      if (kept !== null) await notePage(tx, run, kept, at);
      const counts = await applyPage(tx, runtime, {
        source,
        connector: job.connector.id,
        read: job.read,
        records: page.records,
        gone: page.gone ?? [],
        at,
        tell: run.trigger !== 'first',
      });
      await moveRun(tx, run, holder, at, { ...place, total: page.total ?? null, counts });
    }),
  );
  return { ...run, pages: run.pages + 1, phase: place.phase };
}

/** As it came, but for people who were erased: what the vendor still holds of them is not kept here. */
async function archived(job: Job, place: Place, run: RunRow, { records, gone = [] }: SourcePage) {
  const { runtime, source } = job;
  const { companyId } = run;
  const others = await runtime.database.read(companyId, (tx) => withoutErased(tx, runtime, companyId, source.id, records));
  return unlessNotKept(() => patiently(job, run, () => keepPage(place, run, others, gone)));
}

/** Nothing is taken that could not be kept first. @throws VendorRefused that says so; the credentials of the source are not to blame */
async function unlessNotKept<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const says = `What came in could not be kept in the archive: ${error.message}. What came in before stays. Mend that or choose another place under Sources, then run it again`;
    throw new VendorRefused(says, { cause: error });
  }
}

/** Somebody took an address or a name in the same moment: planned anew, now that theirs can be seen. */
async function unlessInTheWay<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const inTheWay = error instanceof Overtaken || ['23505', '40P01', '40001'].includes(errorCode(error) ?? '');
      if (!inTheWay || tries === AGAIN) throw error;
    }
  }
}

function fetchPage(job: Job, run: RunRow, cursor: string | null, mark: string | null): Promise<SourcePage> {
  const fields = [...new Set(job.source.mapping.map(({ from }) => from))];
  return patiently(job, run, () => job.port.page({ object: job.source.object, fields, cursor, mark }));
}

/** Waits while the vendor is busy or away, as long as it says. @throws Parked when that is too long to be waited for */
async function patiently<T>(job: Job, run: RunRow, ask: () => Promise<T>): Promise<T> {
  const { runtime, holder } = job;
  const { database, clock } = runtime;
  for (let tries = 1; ;) {
    try {
      return await ask();
    } catch (error) {
      // Our own turn is far off: that is no try.
      if (!(error instanceof HeldBack)) tries += 1;
      if (!(error instanceof VendorUnavailable) || tries > TRIES || job.signal?.aborted === true) throw error;
      const waitS = error.retryAfterS ?? Math.min(3 ** (tries - 1) / 20, LONGEST_PAUSE_S);
      const until = new Date(clock.now().getTime() + waitS * 1_000);
      if (waitS > LONGEST_PAUSE_S) {
        await database.write(run.companyId, (tx) => parkRun(tx, run, holder, until));
        throw new Parked('the vendor asked for quiet');
      }
      if (waitS > 2) await database.write(run.companyId, (tx) => keepRun(tx, run, holder, clock.now(), until));
      await pause(waitS * 1_000, undefined, job.signal === undefined ? {} : { signal: job.signal });
    }
  }
}

/** Records at a time that are asked for by id. */
const AT_ONCE = 100;

/** What a webhook spoke of is fetched; where the vendor has no such question, what has changed is. */
async function takeHints(job: Job, begun: RunRow): Promise<RunRow> {
  const { port, source, runtime } = job;
  const { companyId } = begun;
  const { some } = port;
  if (some === undefined || source.mark === null || source.cursor !== null) {
    await runtime.database.write(companyId, (tx) => dropHints(tx, companyId, source.id, null));
    return walk(job, begun);
  }
  const fields = [...new Set(source.mapping.map(({ from }) => from))];
  let run = begun;
  for (;;) {
    const ids = await runtime.database.read(companyId, (tx) => hintedIds(tx, companyId, source.id, AT_ONCE));
    if (ids.length === 0) return run;
    const records: readonly SourceRecord[] = await patiently(job, run, () => some.call(port, source.object, ids, fields));
    const found = new Set(records.map(({ externalId }) => externalId));
    const page = { records, gone: ids.filter((id) => !found.has(id)), cursor: null, mark: null };
    run = await commit(job, run, page, { cursor: null, mark: source.mark, phase: 'changes' });
    await runtime.database.write(companyId, (tx) => dropHints(tx, companyId, source.id, ids));
  }
}
