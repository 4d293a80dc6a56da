import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '#core/secrets.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createDeal } from '../operations/deals.ts';
import { DEMO_LEADS } from './demo.ts';
import { markStale, writeDaily } from './files.ts';
import { takeSnapshot } from './operations.ts';
import { Snapshot, snapshotOf } from './snapshot.ts';
import { vendorLeads } from './vendors.ts';

const at = new Date('2025-12-10T20:21:45.039Z');
let app: TestApp;
let directory: string;
beforeAll(async () => {
  app = await testApp();
  directory = await mkdtemp(join(tmpdir(), 'daily-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await app.close();
});

const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(directory, name), 'utf8'));

describe('the daily run', () => {
  test('writes the demo with the totals that everybody knows, and cleans snapshots of more than 30 days', async () => {
    const place = { directory, cache: join(directory, 'sales_cache') };
    await writeDaily(place, snapshotOf(DEMO_LEADS, 'demo', new Date('2025-11-01T00:00:00Z')), new Date('2025-11-01T00:00:00Z'));
    const written = await writeDaily(place, snapshotOf(DEMO_LEADS, 'demo', at), at);
    expect(written.removed).toBe(1);
    expect(await readdir(place.cache)).toEqual(['sales_pipeline_20251210_202145.json']);
    const pipeline = await read('sales_pipeline.json');
    expect(pipeline).toMatchObject({
      timestamp: '2025-12-10T20:21:45.039000+00:00', total_leads: 5, total_value: 462_000, weighted_value: 254_500,
      stage_breakdown: { Qualification: 2, Proposal: 1, Negotiation: 1, 'Closed Won': 1 }, open_value: 400_000, open_weighted_value: 192_500, won_value: 62_000, source: 'demo', demo: true,
    }); // prettier-ignore
    expect(Snapshot.parse(pipeline).leads[0]).toEqual({
      id: 'lead-001', name: 'Enterprise Integration Project', company: 'TechCorp Solutions', stage: 'Qualification', value: 150_000, probability: 0.3, owner: 'Sales Rep A',
      created_at: '2025-11-15T10:00:00Z', updated_at: '2025-12-09T14:30:00Z',
    }); // prettier-ignore
    expect(await read('daily_summary.json')).toMatchObject({
      metadata: { sales_pipeline_enabled: true },
      sales_pipeline_summary: {
        total_leads: 5,
        total_value: 462_000,
        weighted_value: 254_500,
        timestamp: '2025-12-10T20:21:45.039000+00:00',
      },
    });
  });

  test('keeps the last snapshot and says that it is stale, and why', async () => {
    const before = Snapshot.parse(await read('sales_pipeline.json'));
    expect(await markStale({ directory, cache: '' }, 'HubSpot does not accept these credentials', at)).toBe(true);
    const after = await read('sales_pipeline.json');
    expect(after).toMatchObject({ ...before, stale: true, stale_reason: 'HubSpot does not accept these credentials' });
    await writeFile(join(directory, 'broken'), 'x');
    expect(await markStale({ directory: join(directory, 'nowhere'), cache: '' }, 'why', at)).toBe(false);
  });

  test('reads the deals of the company, in whole currency', async () => {
    await app.call(createDeal, { name: 'Ten seats', amountCents: 123_450 });
    const snapshot = await takeSnapshot({ runtime: app.runtime, companyId: app.company.companyId });
    expect(snapshot).toMatchObject({ total_leads: 1, total_value: 1_234.5, weighted_value: 123.45, source: 'steward', demo: false });
    expect(snapshot.leads).toMatchObject([{ name: 'Ten seats', stage: 'Prospecting', value: 1_234.5, probability: 0.1 }]);
  });
});

describe('a CRM', () => {
  let server: Server;
  let base: string;
  const answers: Record<string, unknown> = {
    '/crm/v3/pipelines/deals': { results: [{ stages: [{ id: 's1', label: 'Proposal', metadata: { probability: '0.5', isClosed: 'false' } }, { id: 's2', label: 'Closed Won', metadata: { probability: '1.0', isClosed: 'true' } }] }] },
    '/crm/v3/owners/': { results: [{ id: '7', firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.test' }] },
    '/crm/v3/objects/deals': { results: [{ id: '1', properties: { dealname: 'Seats', amount: '100.5', dealstage: 's1', hubspot_owner_id: '7' }, associations: { companies: { results: [{ id: '9' }] } } }], paging: { next: { after: 'two' } } },
    '/crm/v3/objects/deals?two': { results: [{ id: '2', properties: { dealname: 'Won', amount: '50', dealstage: 's2' } }] },
    '/crm/v3/objects/companies/batch/read': { results: [{ id: '9', properties: { name: 'Acme' } }] },
  }; // prettier-ignore
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://crm.test');
      const good = request.headers.authorization === 'Bearer right';
      const body = answers[`${url.pathname}${url.searchParams.get('after') === 'two' ? '?two' : ''}`];
      response
        .writeHead(good ? 200 : 401, { 'content-type': 'application/json' })
        .end(JSON.stringify(good ? body : { message: 'Authentication credentials not found' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => server.close());

  const config = (key?: string) => ({
    ...app.runtime.config,
    SALES_PIPELINE_ENDPOINT: base,
    ...(key === undefined ? {} : { SALES_PIPELINE_API_KEY: new Secret(key) }),
  });

  test('is read page by page, with names of stages, owners and companies', async () => {
    expect(await vendorLeads(config('right'), 'hubspot')).toMatchObject([
      { id: '1', name: 'Seats', company: 'Acme', stage: 'Proposal', value: 100.5, probability: 0.5, owner: 'Ann Lee', status: 'open' },
      { id: '2', stage: 'Closed Won', probability: 1, status: 'won' },
    ]);
  });

  test('that does not take the key, and a key that is missing, are errors: never demo numbers', async () => {
    await expect(vendorLeads(config('wrong'), 'hubspot')).rejects.toMatchObject({ code: 'credentials_rejected' });
    await expect(vendorLeads(config(), 'pipedrive')).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
