/** A stretch of time, its end not part of it. */
export interface BusySpan {
  readonly start: Date;
  readonly end: Date;
}

/** What one calendar says of a stretch. `problem`: it could not be read, and that is never the same as free. */
export type CalendarBusy = { readonly busy: readonly BusySpan[] } | { readonly problem: string };

/** An entry of ours in somebody's calendar. */
export interface CalendarEvent {
  /** Ours, the same for ever: a second insertion finds the first. Lower-case letters a to v and digits, 5 to 1,024. */
  readonly id: string;
  /** Raised with each change; the vendor keeps it for us, and tells it when asked. */
  readonly sequence: number;
  readonly title: string;
  readonly description: string;
  readonly place: string;
  readonly start: Date;
  readonly end: Date;
  /** IANA zone in which whoever owns the calendar lives. */
  readonly zone: string;
}

/** What stands in the calendar by our id. */
export interface StandingEvent {
  readonly sequence: number | null;
  readonly cancelled: boolean;
  /** Null: it has no hour any more, or nothing was said. */
  readonly span: BusySpan | null;
}

/** Somebody's calendars: when they are busy, and what we write there. Each call may be made again: what it leaves is the same. */
export interface CalendarPort {
  /** By name of the calendar; every one that was asked for is there. @throws when nothing could be asked */
  busy(calendars: readonly string[], from: Date, to: Date): Promise<ReadonlyMap<string, CalendarBusy>>;
  /** Makes it stand as it is told, whether it stood there before or not. Answers its address for people. @throws MaybeDone */
  put(calendar: string, event: CalendarEvent): Promise<{ readonly link: string | null }>;
  /** It stands there no more; nothing happens when it did not. @throws MaybeDone */
  remove(calendar: string, eventId: string): Promise<void>;
  /** Null: nothing was ever there by this id. */
  look(calendar: string, eventId: string): Promise<StandingEvent | null>;
}
