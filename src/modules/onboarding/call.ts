import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

/** An onboarding call as an invitation. */
export interface Call {
  readonly id: string;
  readonly at: Date;
  readonly minutes: number;
  readonly place: string;
  /** Raised with each change, so that calendars move the entry instead of adding one. */
  readonly sequence: number;
  readonly title: string;
  readonly organizer: { readonly name: string; readonly email: string | null };
  readonly guest: { readonly name: string; readonly email: string | null };
  /** It was called off. */
  readonly cancelled: boolean;
  /** When it was last changed. */
  readonly changedAt: Date;
}

/**
 * RFC 5545 with the methods of RFC 5546: REQUEST plans or moves it, CANCEL takes it out; which of two is newer, SEQUENCE says. Times are UTC, so that no zone
 * table is needed. The same bytes for the same call.
 */
export function calendarEntry(call: Call): Buffer {
  const { organizer, guest } = call;
  const calendar = ical({
    prodId: '//Steward//Onboarding//EN',
    method: call.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  });
  const event = calendar.createEvent({
    id: `onboarding-${call.id}@steward`,
    sequence: call.sequence,
    start: call.at,
    end: new Date(call.at.getTime() + call.minutes * 60_000),
    stamp: call.changedAt,
    summary: call.title,
    status: call.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    ...(call.place === '' ? {} : { location: call.place }),
    ...(organizer.email === null ? {} : { organizer: { name: organizer.name, email: organizer.email } }),
  });
  if (guest.email !== null)
    event.createAttendee({
      name: guest.name,
      email: guest.email,
      rsvp: true,
      role: ICalAttendeeRole.REQ,
      status: ICalAttendeeStatus.NEEDSACTION,
    });
  return Buffer.from(calendar.toString());
}
