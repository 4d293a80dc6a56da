import { HeldInstance, Unavailable } from '../errors.ts';

/** Raised by `steward_fence`. */
const HELD = 'SW001';

/** SQLSTATE classes and codes after which the same call may work a moment later (PostgreSQL appendix A). */
const PASSING = [
  /^08/, // connection exceptions
  /^57P0[123]$/, // shutting down, crashed, starting up
  /^53300$/, // too many connections
  /^40001$|^40P01$|^55P03$/, // serialization failure, deadlock, lock timeout
  /^25P03$/, // idle in a transaction for too long
];
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** node-postgres gives these no code. */
const MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect)/;

/** Whether PostgreSQL is away or asks to try again, as opposed to a statement that is wrong. Drizzle wraps the driver's error as `cause`. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (SOCKET.has(code) && 'syscall' in error) return true;
  if (PASSING.some((pattern) => pattern.test(code)) || MESSAGES.test(error.message)) return true;
  return error.cause !== undefined && isPassing(error.cause);
}

/** A passing fault as Unavailable; any other error as it is. */
export function asAppError(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === HELD)
    return new HeldInstance('This installation is held: nothing leaves until an admin releases it', { cause: error });
  if (error instanceof Unavailable || !isPassing(error)) return error;
  return new Unavailable('The database does not answer right now; try again in a moment', { cause: error, retryAfterS: 2 });
}
