import { Conflict } from '#core/errors.ts';

/** So many people may only be sent commercial mail after a rehearsal that still holds. */
export class RehearsalNeeded extends Conflict {
  override readonly code = 'rehearsal_needed';
}

/** What would be launched is no longer what was rehearsed; the message says what has changed. */
export class RehearsalOutdated extends Conflict {
  override readonly code = 'rehearsal_outdated';
}
