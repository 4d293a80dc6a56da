import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

/** What sends a template. */
export const Use = z.object({
  kind: z.enum(['workflow', 'draft', 'runs']).describe('Published, in a draft, or in an older version that runs are still in'),
  id: z.uuid().describe('Id of the workflow'),
  title: z.string(),
  active: z.boolean(),
});
export type Use = z.output<typeof Use>;

// Tables of workflows, which lie above messages: read, never changed. A company has tens of workflows.
const USES: Statement = {
  name: 'messages.templates.uses',
  text: `with asks as (select w.id, w.title, w.active, v.version, v.version = w.version as current from workflows w join workflow_versions v on v.workflow_id = w.id and v.company_id = $1
             where w.company_id = $1 and jsonb_path_exists(v.definition, '$.**.template ? (@ == $key)', jsonb_build_object('key', $2::text)))
         select 'workflow' as kind, id, title, active from asks where current
         union all
         select 'draft', w.id, w.title, w.active from workflow_drafts d join workflows w on w.id = d.workflow_id
          where d.company_id = $1 and w.company_id = $1 and jsonb_path_exists(d.definition, '$.**.template ? (@ == $key)', jsonb_build_object('key', $2::text))
         union all
         select distinct 'runs', a.id, a.title, a.active from asks a where not a.current
            and exists (select from runs r where r.workflow_id = a.id and r.company_id = $1 and r.version = a.version and r.state in ('running', 'waiting', 'paused'))
         order by 1 desc, 3`,
};

const BY_KEY: Statement = {
  name: 'messages.templates.used_by',
  text: `select distinct t.key #>> '{}' as key, w.title from workflows w join workflow_versions v on v.workflow_id = w.id and v.version = w.version and v.company_id = $1
           cross join lateral jsonb_path_query(v.definition, '$.**.template') as t (key)
          where w.company_id = $1 and jsonb_typeof(t.key) = 'string' order by 1, 2`,
};

/** Titles of the published workflows that send each template, by its key. */
export async function usesByKey(tx: Transaction, companyId: string): Promise<ReadonlyMap<string, string[]>> {
  const rows = await tx.query<{ key: string; title: string }>(BY_KEY, [companyId]);
  return new Map([...Map.groupBy(rows, (row) => row.key)].map(([key, uses]) => [key, uses.map(({ title }) => title)]));
}

export function usesOf(tx: Transaction, companyId: string, key: string): Promise<Use[]> {
  return tx.query<Use>(USES, [companyId, key]);
}
