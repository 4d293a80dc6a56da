import { AsyncLocalStorage } from 'node:async_hooks';
import { pino, type DestinationStream, type Logger } from 'pino';
import { currentTrace } from './telemetry/tracing.ts';

export type Log = Logger;

/** Never in a log line, at any depth we log. `Secret` values redact themselves besides. */
const REDACTED = ['password', 'hashedPassword', 'token', 'apiKey', 'authorization', 'cookie', 'secret'].flatMap((k) => [
  k,
  `*.${k}`,
  `*.*.${k}`,
]);

/** Whom the work at hand is for. Ids only. */
export interface LogFields {
  readonly request?: string;
  readonly company?: string;
  readonly run?: string;
  readonly step?: string;
  readonly effect?: string;
}

const here = new AsyncLocalStorage<LogFields>();

/** Each line that is logged in `work`, however deep, says what it is about. */
export function loggedAs<T>(fields: LogFields, work: () => T): T {
  return here.run({ ...here.getStore(), ...fields }, work);
}

/** A line's own fields win. */
function mixin(): object {
  const trace = currentTrace();
  return { ...here.getStore(), ...(trace === undefined ? {} : { trace: trace.traceId, span: trace.spanId }) };
}

/** JSON lines on stderr (stdout belongs to what a command answers). Level: LOG_LEVEL. */
export function openLog(level: string, destination: DestinationStream = pino.destination({ dest: 2, sync: true })): Log {
  return pino({ level, base: { app: 'steward' }, mixin, redact: { paths: REDACTED, censor: '[secret]' } }, destination);
}
