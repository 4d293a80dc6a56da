import { operation } from '#core/operation/operation.ts';
import type { Ctx } from '#core/operation/context.ts';
import { z } from 'zod';
import { DEMO_LEADS } from './demo.ts';
import { ownLeads } from './own.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';
import { vendorLeads } from './vendors.ts';

/** What the daily run found, from where this installation says. @throws Misconfigured, CredentialsRejected, VendorUnavailable: never demo numbers instead */
export async function takeSnapshot({ runtime, companyId }: Pick<Ctx, 'runtime' | 'companyId'>): Promise<Snapshot> {
  const at = runtime.clock.now();
  const source = runtime.config.SALES_PIPELINE_SOURCE;
  if (source === 'demo') return snapshotOf(DEMO_LEADS, source, at);
  const leads =
    source === 'steward'
      ? await runtime.database.read(companyId, (tx) => ownLeads(tx, companyId, at))
      : await vendorLeads(runtime.config, source);
  return snapshotOf(leads, source, at);
}

export const readDaily = operation({
  name: 'daily.read',
  summary: 'The pipeline as the daily run writes it: totals, stages and open deals, from SALES_PIPELINE_SOURCE',
  http: 'POST /api/daily',
  access: 'outside',
  scope: 'deals:read',
  status: 200,
  input: z.object({}),
  output: z.object({ snapshot: z.json().describe('The content of sales_pipeline.json') }),
  run: async (ctx) => ({ snapshot: await takeSnapshot(ctx) }),
});
