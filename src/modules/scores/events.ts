import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent, EventHandler } from '#core/engine/types.ts';
import { scoreLeads } from './write.ts';

/** What may change a score at once. Touches without an event, and imported leads, are found by the look of tend.ts. */
const CAUSES = [
  'lead.created',
  'lead.updated',
  'lead.status_changed',
  'message.replied',
  'message.bounced',
  'form.submitted',
  'person.created',
  'person.updated',
  'person.merged',
  'person.tagged',
  'person.untagged',
  'person.opted_out',
  'person.opted_in',
] as const;

const OF_PERSONS: Statement = {
  name: 'scores.leads_of_persons',
  text: `select id from leads where company_id = $1 and person_id = any($2::uuid[]) and status not in ('converted', 'lost')`,
};

export const onCauses: readonly EventHandler[] = CAUSES.map((event) => ({
  event,
  name: `scores.${event}`,
  async handle(tx, events, runtime) {
    const fresh = events.filter(({ payload }) => payload?.['imported'] !== true);
    // Companies in one order: two batches that lock them wait for each other instead of dying.
    const companies = [...Map.groupBy(fresh, (one) => one.companyId)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [companyId, ofCompany] of companies)
      await scoreLeads(tx, runtime, companyId, await leadsOf(tx, companyId, ofCompany), { announce: true });
  },
}));

async function leadsOf(tx: Transaction, companyId: string, events: readonly DomainEvent[]): Promise<string[]> {
  const named = events.flatMap(({ subject }) => (subject.type === 'lead' ? [subject.id] : []));
  const persons = events.flatMap(({ subject, personId }) => (subject.type === 'lead' || personId === undefined ? [] : [personId]));
  if (persons.length === 0) return named;
  const rows = await tx.query<{ id: string }>(OF_PERSONS, [companyId, [...new Set(persons)]]);
  return [...named, ...rows.map((row) => row.id)];
}
