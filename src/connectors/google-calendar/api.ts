import { z } from 'zod';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';

export const BASE_URL = 'https://www.googleapis.com/calendar/v3';

const moment = z.iso.datetime({ offset: true });
/** The parts of answers that we rely on; the rest may change freely. */
export const FreeBusy = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      busy: z.array(z.object({ start: moment, end: moment })).optional(),
      errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    }),
  ),
});
export const Event = z.object({
  id: z.string().min(1),
  status: z.string().optional(),
  start: z.object({ dateTime: moment.optional() }).optional(),
  end: z.object({ dateTime: moment.optional() }).optional(),
  htmlLink: z.string().optional(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).optional() }).optional(),
});
/** A list of entries says whose calendar it is: its summary. */
export const Listed = z.object({ kind: z.literal('calendar#events'), summary: z.string().optional() });

/** Nothing stands there by this id, or whoever signed in may not see it: Google does not say which. */
export class NoSuch extends VendorRefused {}
/** An entry has this id already, perhaps one that was taken out. */
export class Taken extends VendorRefused {}

const Fault = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string().optional() })).optional() }) });
/** 403 for these means slower, not no. @see https://developers.google.com/workspace/calendar/api/guides/errors */
const TOO_FAST = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'dailyLimitExceeded', 'calendarUsageLimitsExceeded'];
/** 403 for these is about one calendar, and says nothing of the sign-in. */
const NOT_THERE = ['forbidden', 'requiredAccessLevel', 'forbiddenForNonOrganizer', 'forbiddenForServiceAccounts'];

export function client({ baseUrl, tokens, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Google Calendar',
    baseUrl: baseUrl ?? BASE_URL,
    tokens: tokens ?? NOT_SIGNED_IN,
    timeoutMs: 15_000,
    turn,
    log,
    refusal(status, body, says) {
      if (status === 404 || status === 410) return new NoSuch(`Google Calendar has no such calendar or entry (${status}): ${says}`);
      if (status === 409) return new Taken(`Google Calendar has an entry by this id already (409): ${says}`);
      if (status !== 403) return undefined;
      const reasons = Fault.safeParse(body).data?.error.errors?.map(({ reason }) => reason ?? '') ?? [];
      if (reasons.some((reason) => TOO_FAST.includes(reason))) return new VendorUnavailable(`Google Calendar is busy (403): ${says}`);
      if (reasons.some((reason) => NOT_THERE.includes(reason)))
        return new VendorRefused(`Whoever signed in may not write in this calendar (403): ${says}`);
      return undefined;
    },
  });
}

const signIn = () => Promise.reject(new CredentialsRejected('Nobody has signed in at Google yet. Press Sign in under Connections'));
const NOT_SIGNED_IN = { current: signIn, renew: signIn };
