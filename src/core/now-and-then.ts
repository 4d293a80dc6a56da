import type { Log } from './log.ts';

/** Ends it; resolves when what was under way is done. */
export type Stop = () => Promise<void>;

/** Work that comes again and again: a worker that looks for what is due. */
export interface Rounds {
  readonly log: Log;
  /** In real time. */
  readonly everyMs: number;
  /** Goes on after "could not", in the log line of a round that failed: `look after segments`. */
  readonly what: string;
  /** Of that line. Default: `warn`. */
  readonly level?: 'warn' | 'error';
  /** One look. `going` turns false when it is to stop: whatever takes long asks between two pieces. */
  readonly round: (going: () => boolean) => Promise<unknown>;
  /** Where no round is due for so long after one that failed. Default: the next comes as always. */
  readonly afterFailureMs?: number;
  /** A round at once, and then every `everyMs`. Default: the first comes after `everyMs`. */
  readonly atOnce?: true;
  /** One more when it stops, for what came since. Its `going` stays true. */
  readonly atEnd?: true;
}

/**
 * Never two rounds at once, and no queue of them: what falls due while one is under way is skipped. A failure is logged and the rhythm goes on. The timer
 * keeps no process alive.
 */
export function nowAndThen({ log, everyMs, what, level = 'warn', round, afterFailureMs = 0, atOnce, atEnd }: Rounds): Stop {
  let stopped = false;
  let underWay: Promise<void> | null = null;
  let restsUntilMs = 0;
  const once = async (going: () => boolean) => {
    try {
      await round(going);
    } catch (error) {
      restsUntilMs = performance.now() + afterFailureMs;
      log[level]({ err: error }, `could not ${what}`);
    }
  };
  const look = () => {
    if (underWay !== null || performance.now() < restsUntilMs) return;
    underWay = once(() => !stopped).finally(() => {
      underWay = null;
    });
  };
  const timer = setInterval(look, everyMs).unref();
  if (atOnce) look();
  const end = async () => {
    stopped = true;
    clearInterval(timer);
    await underWay;
    if (atEnd) await once(() => true);
  };
  let ending: Promise<void> | null = null;
  return () => (ending ??= end());
}

/** One stop for several. All are told at once. */
export function together(...stops: readonly Stop[]): Stop {
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}
