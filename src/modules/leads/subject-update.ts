import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { SubjectType } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { ownerField, personUpdates, requireUsers, setPersons, something } from '#modules/people/public.ts';
import { changeLeadStatus } from './status.ts';
import { LEAD_STATUSES } from './tables.ts';

/** An opt-out is consent, and no step of a workflow gives it in their name. */
const SETTABLE = LEAD_STATUSES.filter((status) => status !== 'unsubscribed');

/** What the `update` step may set of a lead, and through it of its person. */
export const LeadUpdates = something(
  z.strictObject({
    status: z.enum(SETTABLE).optional().meta({ title: 'Status' }).describe('Nobody who opted out is made an open lead again'),
    ownerId: ownerField(),
    source: z.string().trim().min(1).max(100).optional().meta({ title: 'Source' }),
    ...personUpdates,
  }),
);

const SET: Statement = {
  name: 'leads.set',
  text: `with wanted as (select * from jsonb_to_recordset($1::jsonb) as x (company_id uuid, id uuid, source text, owner_id uuid, assignment_id uuid)),
         locked as (
           select l.id, l.company_id, w.assignment_id, l.owner_id as before, coalesce(w.source, l.source) as source, coalesce(w.owner_id, l.owner_id) as owner_id
             from wanted w join leads l on l.id = w.id and l.company_id = w.company_id order by l.id for update of l),
         changed as (
           update leads l set source = x.source, owner_id = x.owner_id, updated_at = $2 from locked x
            where l.id = x.id and l.company_id = x.company_id and (l.source, l.owner_id) is distinct from (x.source, x.owner_id)
           returning l.company_id, l.id, l.person_id, l.owner_id, x.assignment_id, l.owner_id is distinct from x.before as handed),
         told as (
           insert into lead_assignments (id, company_id, lead_id, user_id, rule_id, reason, created_at)
           select assignment_id, company_id, id, owner_id, null, 'by a workflow', $2 from changed where handed)
         select company_id as "companyId", id, person_id as "personId", owner_id as "ownerId" from changed where handed`,
};
const PERSONS: Statement = {
  name: 'leads.persons_of',
  text: `select l.id, l.person_id as "personId" from jsonb_to_recordset($1::jsonb) as x (company_id uuid, id uuid)
           join leads l on l.id = x.id and l.company_id = x.company_id`,
};

/** A lead with a new owner. */
interface Handed {
  readonly companyId: string;
  readonly id: string;
  readonly personId: string;
  readonly ownerId: string;
}

/** Set-based: a few statements for any number of leads. A new owner is told as by an assignment rule. */
export const updateLeads: NonNullable<SubjectType['update']> = async (tx, changes, runtime) => {
  const read = changes.map(({ companyId, id, set }) => ({ companyId, id, set: LeadUpdates.parse(set) }));
  const now = runtime.clock.now();
  await checkOwners(tx, read);
  const own = read.flatMap(({ companyId, id, set: { source = null, ownerId = null } }) =>
    source === null && ownerId === null ? [] : [{ company_id: companyId, id, source, owner_id: ownerId, assignment_id: newId() }],
  );
  const rows = own.length === 0 ? [] : await tx.query<Handed>(SET, [JSON.stringify(own), now]);
  await runtime.engine.emit(
    tx,
    rows.map((row) => ({
      name: 'lead.assigned',
      companyId: row.companyId,
      subject: { type: 'lead', id: row.id },
      personId: row.personId,
      payload: { user_id: row.ownerId, reason: 'by a workflow' },
    })),
  );
  const persons = new Map(
    (
      await tx.query<{ id: string; personId: string }>(PERSONS, [
        JSON.stringify(read.map((one) => ({ company_id: one.companyId, id: one.id }))),
      ])
    ).map((row) => [row.id, row.personId]),
  );
  await setPersons(
    tx,
    runtime,
    read.flatMap(({ companyId, id, set: { status: _status, source: _source, ownerId: _ownerId, ...set } }) => {
      const personId = persons.get(id);
      return personId === undefined || Object.keys(set).length === 0 ? [] : [{ companyId, personId, set }];
    }),
  );
  await changeLeadStatus(
    tx,
    runtime,
    read.flatMap(({ companyId, id, set: { status } }) =>
      status === undefined ? [] : [{ companyId, leadId: id, to: status, reason: 'workflow' }],
    ),
  );
};

async function checkOwners(tx: Transaction, read: readonly { readonly companyId: string; readonly set: z.output<typeof LeadUpdates> }[]) {
  for (const [companyId, own] of Map.groupBy(read, (one) => one.companyId))
    await requireUsers(
      tx,
      companyId,
      own.flatMap(({ set }) => set.ownerId ?? []),
    );
}
