import { z } from 'zod';
import type { VendorHttp } from '#core/connector/http.ts';
import { OWNER_EMAIL, OWNER_NAME, PIPELINE, STAGE, STAGE_KIND, STAGE_PROBABILITY } from './objects.ts';

const Owners = z.object({
  results: z.array(
    z.object({ id: z.string(), email: z.string().nullish(), firstName: z.string().nullish(), lastName: z.string().nullish() }),
  ),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});
const Pipelines = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      stages: z.array(z.object({ id: z.string(), label: z.string(), metadata: z.record(z.string(), z.string()).optional() })),
    }),
  ),
});

interface Stage {
  readonly label: string;
  readonly kind: 'open' | 'won' | 'lost';
  readonly probability: string;
}

/** What HubSpot's ids stand for: asked once a reader, when first wanted. */
export function lookups(http: VendorHttp, signal: AbortSignal | undefined): (field: string, id: string | null) => Promise<string | null> {
  const call = signal === undefined ? {} : { signal };
  let owners: Promise<ReadonlyMap<string, { email: string | null; name: string }>> | undefined;
  let pipelines: Promise<{ pipelines: ReadonlyMap<string, string>; stages: ReadonlyMap<string, Stage> }> | undefined;

  async function allOwners() {
    const found = new Map<string, { email: string | null; name: string }>();
    for (let after: string | undefined; ;) {
      const { results, paging } = await http.get('/crm/v3/owners/', { answer: Owners, query: { limit: 100, after }, ...call });
      for (const { id, email, firstName, lastName } of results)
        found.set(id, { email: email ?? null, name: `${firstName ?? ''} ${lastName ?? ''}`.trim() || (email ?? '') });
      const next = paging?.next?.after;
      if (next === undefined || next === after || results.length === 0) return found;
      after = next;
    }
  }

  async function allPipelines() {
    const { results } = await http.get('/crm/v3/pipelines/deals', { answer: Pipelines, ...call });
    const stages = results.flatMap((pipeline) =>
      pipeline.stages.map(({ id, label, metadata }): [string, Stage] => {
        const chance = Number(metadata?.['probability'] ?? 0);
        const closed = metadata?.['isClosed'] === 'true' || chance === 0 || chance === 1;
        const kind = !closed ? 'open' : chance === 1 ? 'won' : metadata?.['isClosed'] === 'true' ? 'lost' : 'open';
        return [id, { label, kind, probability: String(Math.round(chance * 100)) }];
      }),
    );
    return { pipelines: new Map(results.map(({ id, label }) => [id, label])), stages: new Map(stages) };
  }

  return async (field, id) => {
    if (id === null || id === '') return null;
    if (field === OWNER_EMAIL || field === OWNER_NAME) {
      const owner = (await (owners ??= allOwners())).get(id);
      return (field === OWNER_EMAIL ? owner?.email : owner?.name) ?? null;
    }
    const found = await (pipelines ??= allPipelines());
    if (field === PIPELINE) return found.pipelines.get(id) ?? id;
    const stage = found.stages.get(id);
    if (field === STAGE) return stage?.label ?? id;
    if (field === STAGE_KIND) return stage?.kind ?? 'open';
    return field === STAGE_PROBABILITY ? (stage?.probability ?? null) : null;
  };
}
