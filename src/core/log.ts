import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Never in a log line, at any depth we log. `Secret` values redact themselves besides. */
const REDACTED = ['password', 'hashedPassword', 'token', 'apiKey', 'authorization', 'cookie', 'secret'].flatMap((k) => [
  k,
  `*.${k}`,
  `*.*.${k}`,
]);

/** JSON lines on stderr (stdout belongs to what a command answers). Level: LOG_LEVEL. */
export function openLog(level: string): Log {
  return pino(
    { level, base: { app: 'steward' }, redact: { paths: REDACTED, censor: '[secret]' } },
    pino.destination({ dest: 2, sync: true }),
  );
}
