import type { Statement, Transaction } from '#core/database/database.ts';
import { holds } from '#core/engine/conditions.ts';
import type { Condition, Trigger } from '#core/engine/types.ts';

const TRIGGERS: Statement = {
  name: 'leads.import.triggers',
  text: `select v.definition -> 'triggers' as triggers from workflows w
           join workflow_versions v on v.workflow_id = w.id and v.version = w.version and v.company_id = $1
          where w.company_id = $1 and w.active and w.events && array['lead.created']`,
};

/**
 * Could a live workflow start by `lead.created` of an import like this one? A million events that nobody listens to would hold up
 * those that somebody does. A trigger counts unless its condition fails by what all these events have in common.
 */
export async function someoneListens(tx: Transaction, companyId: string, enrol: boolean, now: Date): Promise<boolean> {
  const rows = await tx.query<{ triggers: readonly Trigger[] }>(TRIGGERS, [companyId]);
  const payload = { enrol, imported: true };
  return rows.some(({ triggers }) =>
    triggers.some(
      (trigger) =>
        trigger.on === 'event' && trigger.event === 'lead.created' && !(trigger.where !== undefined && fails(trigger.where, payload, now)),
    ),
  );
}

/** Certainly, whatever the rest of the facts. */
function fails(condition: Condition, payload: { enrol: boolean; imported: boolean }, now: Date): boolean {
  if ('all' in condition) return condition.all.some((part) => fails(part, payload, now));
  if ('any' in condition) return condition.any.every((part) => fails(part, payload, now));
  if ('not' in condition) return false;
  return /^payload\.(enrol|imported)$/.test(condition.field) && !holds(condition, { payload }, now);
}
