import type { ConnectorOptions } from '#core/connector/types.ts';
import type { SourcePort } from '#core/ports/source.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import crm from './crm.ts';

const TOKEN = 'pat-eu1-token-of-tests';
const credentials = crm.credentials.parse({ accessToken: TOKEN });
function open(options: ConnectorOptions): Required<Pick<SourcePort, 'page' | 'some' | 'write' | 'findByEmail'>> {
  const port = crm.source?.(credentials, options, {});
  if (port?.some === undefined || port.write === undefined || port.findByEmail === undefined) throw new Error('it is a source both ways');
  return { page: port.page, some: port.some, write: port.write, findByEmail: port.findByEmail };
}
const moment = '2026-05-01T10:00:00.000Z';
const ann = {
  id: '7',
  properties: { email: 'ann@acme.test', lastmodifieddate: moment },
  createdAt: moment,
  updatedAt: moment,
  archived: false,
};
const batch = { status: 'COMPLETE', startedAt: moment, completedAt: moment };
const contacts = { object: 'contacts', fields: ['email'], cursor: null };

actionContract({
  vendor: 'hubspot',
  secret: TOKEN,
  refusal: (message) => ({ status: 'error', category: 'VALIDATION_ERROR', correlationId: 'c', message }),
  actions: [
    {
      name: 'crm: everything',
      repeat: 'safe',
      run: (options) => open(options).page({ ...contacts, mark: null }),
      good: () => ({ status: 200, body: { results: [ann] } }),
      planted: [withQuery('limit', 'many'), withQuery('archived', 'perhaps')],
    },
    {
      name: 'crm: what has changed',
      repeat: 'safe',
      run: (options) => open(options).page({ ...contacts, mark: moment }),
      good: () => ({ status: 200, body: { total: 1, results: [ann] } }),
      planted: [
        withBody((body) => ({ ...body, limit: 'many' })),
        withBody((body) => ({ ...body, filterGroups: [{ filters: [{ propertyName: 'email', operator: 'NEARLY' }] }] })),
      ],
    },
    {
      name: 'crm: with whom a meeting was',
      repeat: 'safe',
      run: (options) => open(options).page({ object: 'meetings', fields: ['contact_ids'], mark: null, cursor: null }),
      good: () => ({ status: 200, body: { ...batch, results: [{ from: { id: '7' }, to: [{ toObjectId: '9', associationTypes: [] }] }] } }),
      beside: ({ method }) => (method === 'GET' ? { status: 200, body: { results: [ann] } } : undefined),
      requests: 2,
      planted: [
        (request) => (request.method === 'GET' ? withQuery('limit', 'many')(request) : withBody(() => ({ inputs: [{ id: 7 }] }))(request)),
      ],
    },
    {
      name: 'crm: some by id',
      repeat: 'safe',
      run: (options) => open(options).some('contacts', ['7'], ['email']),
      good: () => ({ status: 200, body: { ...batch, results: [ann] } }),
      planted: [withBody((body) => ({ ...body, inputs: ['7'] })), withBody(({ properties: _, ...body }) => body)],
    },
    {
      name: 'crm: change',
      repeat: 'safe',
      run: (options) => open(options).write({ object: 'contacts', externalId: '7', values: { email: 'ann@acme.test' }, key: 'k' }),
      good: () => ({ status: 200, body: ann }),
      planted: [withBody(() => ({ properties: { email: 7 } })), withBody(() => ({}))],
    },
    {
      name: 'crm: make',
      repeat: 'unsafe',
      run: (options) => open(options).write({ object: 'contacts', externalId: null, values: { email: 'ann@acme.test' }, key: 'k' }),
      good: () => ({ status: 201, body: ann }),
      planted: [withBody(({ properties: _, ...body }) => body), withBody((body) => ({ ...body, properties: 'email' }))],
    },
    {
      name: 'crm: find by address',
      repeat: 'safe',
      run: (options) => open(options).findByEmail('contacts', 'ann@acme.test'),
      good: () => ({ status: 200, body: { total: 1, results: [ann] } }),
      planted: [withBody((body) => ({ ...body, limit: 'one' }))],
    },
  ],
});
