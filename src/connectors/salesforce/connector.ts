import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { secret } from '#core/secrets.ts';
import { API, client } from './api.ts';
import { salesforceSource } from './source.ts';

const Credentials = z.object({
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^([a-z0-9-]+\.)+(salesforce\.com|salesforce\.mil|cloudforce\.com)$/, {
      error: 'Your own address, such as acme.my.salesforce.com',
    })
    .describe('My Domain: acme.my.salesforce.com, or of a sandbox acme--test.sandbox.my.salesforce.com'),
  clientId: z.string().trim().min(10).describe('Consumer key of your external client app, with the scopes api and refresh_token'),
  clientSecret: secret().describe('Consumer secret of the same app'),
});

const Organisation = z.object({ records: z.array(z.object({ Name: z.string(), IsSandbox: z.boolean().nullish() })) });

/**
 * Salesforce: contacts and leads, both ways, accounts and opportunities.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export default connector({
  id: 'salesforce',
  title: 'Salesforce',
  credentials: Credentials,
  baseUrl: ({ domain }) => `https://${domain}`,
  oauth: {
    scopes: ['api', 'refresh_token'],
    endpoints: (baseUrl) => ({ authorize: `${baseUrl ?? ''}/services/oauth2/authorize`, token: `${baseUrl ?? ''}/services/oauth2/token` }),
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
  },
  // There is no limit a second; 25 long requests at once, and so many a day as the edition has.
  limit: () => ({ requests: 20, perMs: 1_000 }),
  async verify(_credentials, options) {
    const query = { q: 'SELECT Name, IsSandbox FROM Organization LIMIT 1' };
    const call = { answer: Organisation, query, ...(options.signal ? { signal: options.signal } : {}) };
    const [organisation] = (await client(options).get(`${API}/query`, call)).records;
    return `${organisation?.Name ?? 'Salesforce'}${organisation?.IsSandbox === true ? ' (a sandbox)' : ''}`;
  },
  source: (_credentials, options) => salesforceSource(client(options), options),
});
