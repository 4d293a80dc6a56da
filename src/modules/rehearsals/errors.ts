import { Conflict, NotFound } from '#core/errors.ts';

/** No such rehearsal in this company; it may be older than the time they are kept. */
export class RehearsalNotFound extends NotFound {
  override readonly code = 'rehearsal_not_found';
}

/** This is over already, or not yet. */
export class RehearsalNotRunning extends Conflict {
  override readonly code = 'rehearsal_not_running';
}
