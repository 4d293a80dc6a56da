import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { secret } from '#core/secrets.ts';
import { BASE_URL, client, FreeBusy, Listed } from './api.ts';
import { calendarPort } from './calendar.ts';

const Credentials = z.object({
  clientId: z.string().trim().min(10).describe('Client ID of your OAuth client at Google (type: web application)'),
  clientSecret: secret().describe('Client secret of the same OAuth client'),
});

const HOUR_MS = 3_600_000;

/**
 * One person's calendars at Google: when they are busy, and the calls that we write there.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
 */
export default connector({
  id: 'google_calendar',
  title: 'Google Calendar',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  oauth: {
    // When somebody is busy, without what they do; and entries in calendars that are their own, no others.
    scopes: ['https://www.googleapis.com/auth/calendar.freebusy', 'https://www.googleapis.com/auth/calendar.events.owned'],
    endpoints: (baseUrl) =>
      baseUrl === undefined || baseUrl === BASE_URL
        ? { authorize: 'https://accounts.google.com/o/oauth2/v2/auth', token: 'https://oauth2.googleapis.com/token' }
        : { authorize: `${baseUrl}/o/oauth2/v2/auth`, token: `${baseUrl}/token` },
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
    // A refresh token comes only with offline, and a second one only with consent.
    parameters: () => ({ access_type: 'offline', prompt: 'consent', include_granted_scopes: 'false' }),
  },
  // 600 a minute for each user.
  limit: () => ({ requests: 300, perMs: 60_000 }),
  async verify(_credentials, options) {
    const http = client(options);
    const signal = options.signal ? { signal: options.signal } : {};
    const now = Date.now(); // the real clock: what is asked for is whether we are let in
    // Both that may be asked for are asked for: a person can untick either at Google.
    const asked = { timeMin: new Date(now).toISOString(), timeMax: new Date(now + HOUR_MS).toISOString(), items: [{ id: 'primary' }] };
    await http.post('/freeBusy', asked, { answer: FreeBusy, repeat: 'safe', ...signal });
    const query = { maxResults: 1, fields: 'kind,summary' };
    const { summary } = await http.get('/calendars/primary/events', { answer: Listed, query, ...signal });
    return summary ?? 'signed in';
  },
  calendar: (_credentials, options) => calendarPort(client(options), options.signal),
});
