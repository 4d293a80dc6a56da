import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import { verifyBasic } from '#core/connector/signatures/basic.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { readHints } from './hints.ts';
import { pipedriveSource } from './source.ts';

const Credentials = z.object({
  companyDomain: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]+$/, { error: 'The part before .pipedrive.com' })
    .describe('The part of your address before .pipedrive.com'),
  apiToken: secret().describe('API token, under Personal preferences → API'),
  webhookPassword: secret().optional().describe('A password of your own, for webhooks: changes then come within seconds'),
});
type Credentials = z.output<typeof Credentials>;

const baseUrlOf = ({ companyDomain }: Credentials) => `https://${companyDomain}.pipedrive.com`;
const Me = z.object({ data: z.object({ name: z.string(), company_name: z.string().nullish() }) });

function client(credentials: Credentials, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Pipedrive',
    baseUrl: baseUrl ?? baseUrlOf(credentials),
    headers: { 'x-api-token': credentials.apiToken.reveal() },
    timeoutMs: 60_000,
    turn,
    log,
  });
}

/** @see https://developers.pipedrive.com/docs/api/v1/Persons @see https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting */
export default connector({
  id: 'pipedrive',
  title: 'Pipedrive',
  credentials: Credentials,
  baseUrl: baseUrlOf,
  limit: () => ({ requests: 20, perMs: 2_000 }),
  async verify(credentials, options) {
    const call = { answer: Me, ...(options.signal ? { signal: options.signal } : {}) };
    const { data } = await client(credentials, options).get('/v1/users/me', call);
    return data.company_name == null ? data.name : `${data.name} at ${data.company_name}`;
  },
  source: (credentials, options) => pipedriveSource(client(credentials, options), options.signal),
  webhooks: {
    changes: {
      title: 'Changes of persons, organizations and deals',
      hint: 'Under Tools and apps → Webhooks → Create: this address, event *, one webhook each for person, organization and deal; HTTP Auth username steward, and the password that you entered. What it says is a hint: the record is then fetched.',
      verify: verifyBasic,
      secrets: ({ webhookPassword }) => (webhookPassword === undefined ? [] : [webhookPassword]),
      read: (request) => Promise.resolve(readHints(request)),
    },
  },
});
