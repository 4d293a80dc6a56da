import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

/** What looks at a segment. */
export const Use = z.object({
  kind: z.enum(['workflow', 'view']),
  id: z.uuid(),
  title: z.string(),
  active: z.boolean().describe('A workflow: is it on? A view: is it shared?'),
});
export type Use = z.output<typeof Use>;

/** An id is 128 random bits and more: where its text stands, it is meant. A company has tens of workflows and views. */
const USES: Statement = {
  name: 'segments.uses',
  text: `select 'workflow' as kind, w.id, w.title, w.active from workflows w
           join workflow_versions v on v.workflow_id = w.id and v.version = w.version and v.company_id = $1
          where w.company_id = $1 and position($2::text in v.definition::text || w.settings::text) > 0
         union all
         select 'view', sv.id, sv.name, sv.shared from saved_views sv where sv.company_id = $1 and position($2::text in sv.query::text) > 0
         order by 1, 3`,
};

export function usesOf(tx: Transaction, companyId: string, segmentId: string): Promise<Use[]> {
  return tx.query<Use>(USES, [companyId, segmentId]);
}
