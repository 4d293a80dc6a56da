import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import type { HttpAccess } from '#core/connector/types.ts';
import { HOST, secret } from '#core/secrets.ts';
import { httpSource, Settings } from './source.ts';

const Credentials = z.object({
  hosts: z
    .string()
    .trim()
    .regex(/^(\*\.)?[a-z0-9.-]+(:\d+)?(\s*,\s*(\*\.)?[a-z0-9.-]+(:\d+)?)*$/i, { error: 'Hosts such as api.example.com, *.example.com' })
    .meta(HOST)
    .describe('Where these credentials may be sent: api.example.com, *.example.com; nowhere else'),
  way: z
    .enum(['bearer', 'basic', 'header', 'query'])
    .default('bearer')
    .describe('How they travel: a bearer token, user and password, a header or a query parameter'),
  name: z.string().trim().max(200).optional().describe('User of basic; name of the header or query parameter, e.g. X-API-Key'),
  secret: secret().describe('Token, password or key'),
});

function accessOf({ hosts, way, name, secret: hidden }: z.output<typeof Credentials>): HttpAccess {
  const value = hidden.reveal();
  const carried = { hosts: hosts.toLowerCase().split(/\s*,\s*/), headers: {}, query: {}, secrets: [value] };
  switch (way) {
    case 'bearer':
      return { ...carried, headers: { authorization: `Bearer ${value}` } };
    case 'basic': {
      const pair = Buffer.from(`${name ?? ''}:${value}`).toString('base64');
      return { ...carried, headers: { authorization: `Basic ${pair}` }, secrets: [value, pair] };
    }
    case 'header':
      return { ...carried, headers: { [(name ?? 'x-api-key').toLowerCase()]: value } };
    case 'query':
      return { ...carried, query: { [name ?? 'api_key']: value } };
  }
}

/** Any web service: credentials that requests of workflows may carry, to the hosts named with them and to no other. */
export default connector({
  id: 'http',
  title: 'Any web service',
  credentials: Credentials,
  // There is no address that every service answers: the first request shows whether they are good.
  verify: ({ hosts }) => Promise.resolve(`Requests to ${hosts}`),
  access: accessOf,
  sourceSettings: Settings,
  source: (credentials, options, settings) => httpSource(accessOf(credentials), options, Settings.parse(settings)),
});
