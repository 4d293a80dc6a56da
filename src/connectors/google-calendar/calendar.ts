import { z } from 'zod';
import type { VendorHttp } from '#core/connector/http.ts';
import type { CalendarBusy, CalendarEvent, CalendarPort } from '#core/ports/calendar.ts';
import { Event, FreeBusy, NoSuch, Taken } from './api.ts';

/** Of one question; more are asked one after the other. */
const MOST_CALENDARS = 50;
/** Under it our number of the change stands on the entry, unseen by people. */
const SEQUENCE = 'stewardSequence';

/** What Google says instead of busy times, in words. */
const REASONS: Readonly<Record<string, string>> = {
  notFound: 'Google knows no such calendar, or it is not shared with whoever signed in',
  internalError: 'Google could not work it out',
  groupTooBig: 'the group is too large to be asked',
  tooManyCalendarsRequested: 'too many calendars were asked for at once',
};

export function calendarPort(http: VendorHttp, signal: AbortSignal | undefined): CalendarPort {
  const call = signal === undefined ? {} : { signal };
  const at = (calendar: string, eventId?: string) =>
    `/calendars/${encodeURIComponent(calendar)}/events${eventId === undefined ? '' : `/${encodeURIComponent(eventId)}`}`;
  // Guests hear of it by our own invitation, never by a second one of Google's.
  const query = { sendUpdates: 'none' };

  const patch = (calendar: string, event: CalendarEvent) =>
    http.patch(at(calendar, event.id), bodyOf(event), { answer: Event, query, ...call });

  return {
    async busy(calendars, from, to) {
      const found = new Map<string, CalendarBusy>();
      for (let start = 0; start < calendars.length; start += MOST_CALENDARS) {
        const asked = calendars.slice(start, start + MOST_CALENDARS);
        const body = { timeMin: from.toISOString(), timeMax: to.toISOString(), items: asked.map((id) => ({ id })) };
        const answer = await http.post('/freeBusy', body, { answer: FreeBusy, repeat: 'safe', ...call });
        for (const id of asked) found.set(id, busyOf(answer.calendars[id]));
      }
      return found;
    },

    async put(calendar, event) {
      // The first time it is new; whatever stood there before by this id is made to say the same.
      const insert = () =>
        http.post(at(calendar), { id: event.id, ...bodyOf(event) }, { answer: Event, query, ...call }).catch((error: unknown) => {
          if (error instanceof Taken) return patch(calendar, event);
          throw error;
        });
      const standing =
        event.sequence <= 1
          ? await insert()
          : await patch(calendar, event).catch((error: unknown) => {
              if (error instanceof NoSuch) return insert();
              throw error;
            });
      return { link: standing.htmlLink ?? null };
    },

    async remove(calendar, eventId) {
      try {
        await http.delete(at(calendar, eventId), { answer: z.undefined(), query, ...call });
      } catch (error) {
        if (!(error instanceof NoSuch)) throw error;
      }
    },

    async look(calendar, eventId) {
      try {
        const { status, start, end, extendedProperties } = await http.get(at(calendar, eventId), { answer: Event, ...call });
        const sequence = Number(extendedProperties?.private?.[SEQUENCE]);
        const span =
          start?.dateTime === undefined || end?.dateTime === undefined
            ? null
            : { start: new Date(start.dateTime), end: new Date(end.dateTime) };
        return { sequence: Number.isInteger(sequence) ? sequence : null, cancelled: status === 'cancelled', span };
      } catch (error) {
        if (error instanceof NoSuch) return null;
        throw error;
      }
    },
  };
}

/** What cannot be read is a problem, also where the answer does not speak of it at all. */
function busyOf(said: z.output<typeof FreeBusy>['calendars'][string] | undefined): CalendarBusy {
  if (said === undefined) return { problem: 'Google said nothing about this calendar' };
  const [error] = said.errors ?? [];
  if (error !== undefined) return { problem: REASONS[error.reason ?? ''] ?? `Google said: ${error.reason ?? 'an error without a reason'}` };
  if (said.busy === undefined) return { problem: 'Google said nothing about when this calendar is busy' };
  return { busy: said.busy.map(({ start, end }) => ({ start: new Date(start), end: new Date(end) })) };
}

function bodyOf({ sequence, title, description, place, start, end, zone }: CalendarEvent) {
  return {
    summary: title,
    description,
    location: place,
    start: { dateTime: start.toISOString(), timeZone: zone },
    end: { dateTime: end.toISOString(), timeZone: zone },
    // One that was taken out comes back.
    status: 'confirmed',
    transparency: 'opaque',
    extendedProperties: { private: { [SEQUENCE]: String(sequence) } },
  };
}
