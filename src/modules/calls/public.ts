/** What other modules may use of calls. */
export { callOff, moveCall, writeCall } from './book.ts';
export { getCall } from './call.ts';
export { TimeTaken } from './errors.ts';
export { openKinds } from './kind.ts';
