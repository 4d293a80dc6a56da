import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { ensureDefaultForm } from './forms/form.ts';
import { changeLeadStatus } from './status.ts';

const OPEN: Statement = {
  name: 'leads.open_of_people',
  text: `select l.id, l.company_id from jsonb_to_recordset($1::jsonb) as e(company_id uuid, person_id uuid)
           join leads l on l.person_id = e.person_id and l.company_id = e.company_id
           join people p on p.id = l.person_id and p.opted_out_at is not null
          where l.status not in ('converted', 'lost', 'unsubscribed')`,
};

/** Somebody opted out, by whatever way: the lead shows it. */
export const onOptedOut: EventHandler = {
  event: 'person.opted_out',
  name: 'leads.unsubscribe',
  async handle(tx, events, runtime) {
    const people = events.flatMap((event) =>
      event.personId === undefined ? [] : [{ company_id: event.companyId, person_id: event.personId }],
    );
    const open = await tx.query<{ id: string; company_id: string }>(OPEN, [JSON.stringify(people)]);
    await changeLeadStatus(
      tx,
      runtime,
      open.map((lead) => ({ companyId: lead.company_id, leadId: lead.id, to: 'unsubscribed', reason: 'opted_out' })),
    );
  },
};

/** Every company starts with a contact form. */
export const onCompanyCreated: EventHandler = {
  event: 'company.created',
  name: 'leads.contact_form',
  async handle(tx, events, runtime) {
    for (const event of events) await ensureDefaultForm(tx, event.companyId, runtime.clock.now());
  },
};
