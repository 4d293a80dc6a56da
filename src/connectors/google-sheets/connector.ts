import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { secret } from '#core/secrets.ts';
import { BASE_URL, Book, client, NoSuch } from './api.ts';
import { Settings, sheetSource } from './source.ts';

const Credentials = z.object({
  clientId: z.string().trim().min(10).describe('Client ID of your OAuth client at Google (type: web application)'),
  clientSecret: secret().describe('Client secret of the same OAuth client'),
});

/**
 * Sheets of Google, both ways, signed in with OAuth.
 * @see https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values
 */
export default connector({
  id: 'google_sheets',
  title: 'Google Sheets',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  oauth: {
    scopes: ['https://www.googleapis.com/auth/spreadsheets'],
    endpoints: (baseUrl) =>
      baseUrl === undefined || baseUrl === BASE_URL
        ? { authorize: 'https://accounts.google.com/o/oauth2/v2/auth', token: 'https://oauth2.googleapis.com/token' }
        : { authorize: `${baseUrl}/o/oauth2/v2/auth`, token: `${baseUrl}/token` },
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
    // A refresh token comes only with offline, and a second one only with consent.
    parameters: () => ({ access_type: 'offline', prompt: 'consent', include_granted_scopes: 'false' }),
  },
  // 60 reads a minute for each user.
  limit: () => ({ requests: 60, perMs: 60_000 }),
  async verify(_credentials, options) {
    // The API can't be asked who we are: whoever is told that there is no such sheet was let in.
    const call = { answer: Book, query: { includeGridData: false }, ...(options.signal ? { signal: options.signal } : {}) };
    const found = await client(options)
      .get('/v4/spreadsheets/steward-asks-whether-it-is-let-in', call)
      .catch((error: unknown) => {
        if (error instanceof NoSuch) return null;
        throw error;
      });
    return found === null ? 'signed in' : `signed in; ${found.properties.title}`;
  },
  sourceSettings: Settings,
  source: (_credentials, options, settings) => sheetSource(client(options), options, Settings.parse(settings)),
});
