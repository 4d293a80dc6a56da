import type { Statement, Transaction } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { SubjectRef } from '#core/engine/types.ts';

const ROWS: Statement = {
  name: 'calls.invitations',
  text: `select k.id, k.uid, k.title, k.starts_at as start, k.ends_at as "end", k.place, k.sequence, k.updated_at as "changedAt", k.state = 'cancelled' as cancelled, co.name as company, p.full_name as name,
           p.email, coalesce(s.from_email, u.email) as "ourEmail"
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid) join calls k on k.id = w.id and k.company_id = w.company_id
         join people p on p.id = k.person_id join companies co on co.id = k.company_id left join sending s on s.company_id = k.company_id
         left join users u on u.id = k.host_id and u.company_id = k.company_id`,
};

/** A call as calendars of others know it. */
export interface Invitation {
  readonly id: string;
  readonly uid: string;
  readonly title: string;
  readonly start: Date;
  readonly end: Date;
  readonly place: string;
  /** Raised with each change, so that calendars move the entry instead of adding one. */
  readonly sequence: number;
  readonly changedAt: Date;
  readonly cancelled: boolean;
  readonly company: string;
  readonly name: string;
  readonly email: string | null;
  /** Answers to the invitation come here. */
  readonly ourEmail: string | null;
}

export const invitationsOf = (tx: Transaction, subjects: readonly SubjectRef[]) => tx.query<Invitation>(ROWS, [wantedOf(subjects)]);

/**
 * RFC 5545 with the methods of RFC 5546: REQUEST plans or moves it, CANCEL takes it out; which of two is newer, SEQUENCE says. Times are UTC, so that no zone
 * table is needed. The same bytes for the same call.
 */
export async function drawInvitation(call: Invitation): Promise<Buffer> {
  const { default: ical, ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } = await import('ical-generator');
  const calendar = ical({
    prodId: '//Steward//Calls//EN',
    method: call.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  });
  const event = calendar.createEvent({
    id: call.uid,
    sequence: call.sequence,
    start: call.start,
    end: call.end,
    stamp: call.changedAt,
    summary: `${call.title} with ${call.company}`,
    status: call.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    ...(call.place === '' ? {} : { location: call.place }),
    ...(call.ourEmail === null ? {} : { organizer: { name: call.company, email: call.ourEmail } }),
  });
  if (call.email !== null)
    event.createAttendee({
      name: call.name,
      email: call.email,
      rsvp: true,
      role: ICalAttendeeRole.REQ,
      status: ICalAttendeeStatus.NEEDSACTION,
    });
  return Buffer.from(calendar.toString());
}
