import { Conflict, NotFound, Unavailable } from '#core/errors.ts';

/** No such call in this company. */
export class CallNotFound extends NotFound {
  override readonly code = 'call_not_found';
}

/** No such kind of call in this company. */
export class CallKindNotFound extends NotFound {
  override readonly code = 'call_kind_not_found';
}

/** Somebody was faster, or the host is busy by now. Ask for the times again. */
export class TimeTaken extends Conflict {
  override readonly code = 'time_taken';
}

/** The call is over, or was called off before. */
export class CallSettled extends Conflict {
  override readonly code = 'call_settled';
}

/** A call of this kind is planned with this person already; move that one. */
export class CallPlanned extends Conflict {
  override readonly code = 'call_planned';
}

/** The calendars of the hosts cannot be read right now, and nobody guesses. */
export class CalendarsUnread extends Unavailable {
  override readonly code = 'calendars_unread';
}

/** Nobody connected Google Calendar in this company yet, so there is no OAuth client to sign in with. */
export class NoCalendarApp extends Conflict {
  override readonly code = 'no_calendar_app';
}
