import type { Statement, Transaction } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';

const SHOWN = `select t.id, t.company_id as "companyId", t.user_id as "userId", t.reason, p.id as "personId", p.full_name as name, p.email, l.source
      from told t join leads l on l.id = t.lead_id and l.company_id = t.company_id join people p on p.id = l.person_id and p.company_id = t.company_id
     where l.owner_id = t.user_id`;

/** Marks them told and answers what to tell; a second run of the same events finds nothing. */
const TAKE: Statement = {
  name: 'assignment.alert.take',
  text: `with told as (
      update lead_assignments a set told_at = $2
        from jsonb_to_recordset($1::jsonb) as e(company_id uuid, lead_id uuid)
       where a.lead_id = e.lead_id and a.company_id = e.company_id and a.told_at is null
      returning a.id, a.company_id, a.lead_id, a.user_id, a.reason
    )
    ${SHOWN}`,
};

/** The same for whatever is left to tell in these companies: an import makes thousands at once and says so in one event. */
const TAKE_ALL: Statement = {
  name: 'assignment.alert.take_all',
  text: `with told as (
      update lead_assignments a set told_at = $2 where a.company_id = any($1::uuid[]) and a.told_at is null
      returning a.id, a.company_id, a.lead_id, a.user_id, a.reason
    )
    ${SHOWN}`,
};

interface Told {
  readonly id: string;
  readonly companyId: string;
  readonly userId: string;
  readonly reason: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string | null;
  readonly source: string | null;
}

/** The new owner hears of it at once: under the bell, and by mail as they chose. Many at once become one. */
function alertAfter(event: 'lead.created' | 'lead.assigned'): EventHandler {
  return {
    event,
    name: `leads.alert_owner_${event.slice(5)}`,
    async handle(tx, events, runtime) {
      const leads = events.map((each) => ({ company_id: each.companyId, lead_id: each.subject.id }));
      await tell(tx, runtime, await tx.query<Told>(TAKE, [JSON.stringify(leads), runtime.clock.now()]));
    },
  };
}

async function tell(tx: Transaction, runtime: Runtime, rows: readonly Told[]): Promise<void> {
  await notify(
    tx,
    runtime,
    rows.map((row) => ({
      companyId: row.companyId,
      userId: row.userId,
      kind: 'lead_assigned',
      title: `New lead: ${row.name === '' ? (row.email ?? 'somebody') : row.name}`,
      body: [row.source === null ? null : `Source: ${row.source}.`, `${row.reason}.`].filter((part) => part !== null).join(' '),
      link: `/people/${row.personId}`,
      personId: row.personId,
      key: `lead_assigned:${row.id}`,
    })),
  );
}

export const alertOnImported: EventHandler = {
  event: 'leads.imported',
  name: 'leads.alert_owner_imported',
  async handle(tx, events, runtime) {
    const companies = [...new Set(events.map((event) => event.companyId))];
    await tell(tx, runtime, await tx.query<Told>(TAKE_ALL, [companies, runtime.clock.now()]));
  },
};

export const alertOnCreated = alertAfter('lead.created');
export const alertOnAssigned = alertAfter('lead.assigned');
