import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import { verifyHubSpot } from '#core/connector/signatures/hubspot.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { readHints } from './hints.ts';
import { hubspotSource } from './source.ts';

const Credentials = z.object({
  accessToken: secret().describe(
    'Token of a private app with the scopes crm.objects.contacts, companies, deals and owners (read; write to send changes back)',
  ),
  clientSecret: secret().optional().describe('Client secret of the same app, for webhooks: changes then come within seconds'),
});

const BASE_URL = 'https://api.hubapi.com';
const Owners = z.object({ results: z.array(z.object({ email: z.string().nullish() })) });

function client({ accessToken }: z.output<typeof Credentials>, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'HubSpot',
    baseUrl: baseUrl ?? BASE_URL,
    headers: { authorization: `Bearer ${accessToken.reveal()}` },
    timeoutMs: 60_000,
    turn,
    log,
  });
}

/**
 * HubSpot's CRM: contacts, companies and deals, both ways. Apart from its single-send mail (connector.ts), so that a CRM is never taken for a way to send.
 * @see https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
 */
export default connector({
  id: 'hubspot_crm',
  title: 'HubSpot CRM',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  // 100 in ten seconds for a private app of the free and starter tiers; searches have 5 a second of their own, which one reader keeps by its pace.
  limit: () => ({ requests: 100, perMs: 10_000 }),
  async verify(credentials, options) {
    const call = { answer: Owners, query: { limit: 1 }, ...(options.signal ? { signal: options.signal } : {}) };
    const { results } = await client(credentials, options).get('/crm/v3/owners/', call);
    return `the token works${results[0]?.email == null ? '' : `; the first owner is ${results[0].email}`}`;
  },
  source: (credentials, options) => hubspotSource(client(credentials, options), options),
  webhooks: {
    changes: {
      title: 'Changes of contacts, companies and deals',
      hint: 'In the private app: Webhooks → this address; subscribe to creation, deletion and property changes. What it says is a hint: the record is then fetched.',
      verify: verifyHubSpot,
      secrets: ({ clientSecret }) => (clientSecret === undefined ? [] : [clientSecret]),
      read: (request) => Promise.resolve(readHints(request)),
    },
  },
});
