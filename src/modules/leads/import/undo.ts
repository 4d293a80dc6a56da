import { setImmediate as breathe } from 'node:timers/promises';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { refreshContacts } from '#modules/people/public.ts';
import { deleteDeals } from '#modules/deals/public.ts';
import { dealsOfImport } from './deals/run.ts';
import type { Undone } from './store.ts';
import type { Change } from './write.ts';

/**
 * Takes an import back, chunk by chunk from its end, each in one transaction with its count: a killed undo goes on. What people
 * did since weighs more: whoever was written to, changed or has a history by now stays, and the reason is told. An opt-out stays an
 * opt-out: the address of somebody who goes is kept as a keyed hash (0080_consent.sql).
 */
const NEXT: Statement = {
  name: 'imports.undo.next',
  text: `select place, person_ids as "personIds", lead_ids as "leadIds", organisation_ids as "organisationIds", changes, at
           from import_journal where import_id = $1 and company_id = $2 and undone_at is null order by place desc limit 1`,
};
const MARK: Statement = {
  name: 'imports.undo.mark',
  text: 'update import_journal set undone_at = $4 where import_id = $1 and company_id = $2 and place = $3 and undone_at is null returning place',
};
/** Who of these is more by now than what the import made of them, and why. */
const TOUCHED: Statement = {
  name: 'imports.undo.touched',
  text: `select p.id, coalesce(nullif(p.full_name, ''), p.email, p.phone_raw, '') as name,
      case when exists (select from messages m where m.person_id = p.id and m.company_id = $1 and m.state not in ('draft', 'blocked', 'refused')) then 'has been written to'
           when exists (select from interactions i where i.person_id = p.id and i.company_id = $1) then 'has a history by now'
           when exists (select from leads l where l.person_id = p.id and l.company_id = $1 and l.id <> all ($3::uuid[])) then 'has another lead by now'
           when exists (select from leads l where l.person_id = p.id and l.company_id = $1 and l.updated_at > l.created_at) then 'was changed as a lead'
           when exists (select from tasks t where t.person_id = p.id and t.company_id = $1 and t.created_at > $4) then 'has a task'
           when exists (select from person_files f where f.person_id = p.id and f.company_id = $1) then 'has a file'
           when exists (select from person_tags g where g.person_id = p.id and g.company_id = $1 and g.created_at > $4) then 'was tagged'
           when exists (select from consent_log c where c.person_id = p.id and c.company_id = $1 and c.source <> 'import') then 'has said since what they want'
           when exists (select from person_merges g where g.survivor_id = p.id and g.company_id = $1) then 'was put together with somebody'
           when p.updated_at > p.created_at then 'was changed' end as reason
    from people p where p.company_id = $1 and p.id = any($2::uuid[])`,
};
const DROP_LEADS: Statement = {
  name: 'imports.undo.leads',
  text: `delete from leads l where l.company_id = $1 and l.id = any($2::uuid[]) and l.person_id <> all ($3::uuid[])
           and l.updated_at = l.created_at
           and not exists (select from messages m where m.person_id = l.person_id and m.company_id = $1 and m.created_at >= l.created_at and m.state not in ('draft', 'blocked', 'refused'))
         returning l.id, l.person_id as "personId"`,
};
const DROP_PEOPLE: Statement = {
  name: 'imports.undo.people',
  text: 'delete from people where company_id = $1 and id = any($2::uuid[])',
};
const DROP_ORGANISATIONS: Statement = {
  name: 'imports.undo.organisations',
  text: `delete from organisations o where o.company_id = $1 and o.id = any($2::uuid[]) and o.updated_at = o.created_at
           and not exists (select from people p where p.organisation_id = o.id)
           and not exists (select from deals d where d.organisation_id = o.id and d.company_id = $1)`,
};
/** A gap is open again where it still holds what the import put there. */
const OPEN_GAPS: Statement = {
  name: 'imports.undo.gaps',
  text: `update people p set
      full_name = case when e.set ->> 'full_name' = p.full_name then '' else p.full_name end,
      first_name = case when e.set ->> 'full_name' = p.full_name then null else p.first_name end,
      last_name = case when e.set ->> 'full_name' = p.full_name then null else p.last_name end,
      phone = case when e.set ->> 'phone_raw' = p.phone_raw then null else p.phone end,
      phone_raw = case when e.set ->> 'phone_raw' = p.phone_raw then null else p.phone_raw end,
      email = case when e.set -> 'emails' ? p.email then null else p.email end,
      time_zone = case when e.set ->> 'time_zone' = p.time_zone then null else p.time_zone end,
      language = case when e.set ->> 'language' = p.language then null else p.language end,
      organisation_id = case when e.set ->> 'organisation_id' = p.organisation_id::text then null else p.organisation_id end,
      owner_id = case when e.set ->> 'owner_id' = p.owner_id::text then null else p.owner_id end,
      custom = (select coalesce(jsonb_object_agg(c.key, c.value), '{}') from jsonb_each(p.custom) c where (e.set -> 'custom' -> c.key) is distinct from c.value),
      updated_at = $3
    from jsonb_to_recordset($2::jsonb) as e(person_id uuid, set jsonb) where p.id = e.person_id and p.company_id = $1 returning p.id`,
};
const CLEAR_NOTES: Statement = {
  name: 'imports.undo.notes',
  text: `update leads l set notes = null, updated_at = $3 from jsonb_to_recordset($2::jsonb) as e(set jsonb)
          where l.id = (e.set ->> 'lead_id')::uuid and l.company_id = $1 and l.notes = e.set ->> 'notes' returning l.id`,
};
const DROP_TAGS: Statement = {
  name: 'imports.undo.tags',
  text: `delete from person_tags g using jsonb_to_recordset($2::jsonb) as e(person_id uuid, set jsonb)
          where g.company_id = $1 and g.person_id = e.person_id and g.tag_id = (e.set ->> 'tag_id')::uuid and g.created_at = $3 returning g.tag_id`,
};
const DROP_PHONES: Statement = {
  name: 'imports.undo.phones',
  text: `delete from person_phones n using jsonb_to_recordset($2::jsonb) as e(set jsonb) where n.company_id = $1 and n.id = (e.set ->> 'phone_id')::uuid returning n.id`,
};
const DROP_EMAILS: Statement = {
  name: 'imports.undo.emails',
  text: `delete from person_emails m using jsonb_to_recordset($2::jsonb) as e(person_id uuid, set jsonb)
          where m.company_id = $1 and m.person_id = e.person_id and e.set -> 'emails' ? m.email and m.created_at = $3 returning m.email`,
};
const COUNT: Statement = {
  name: 'imports.undo.count',
  text: 'update imports set undo = $3, updated_at = $4 where id = $1 and company_id = $2',
};
const END: Statement = {
  name: 'imports.undo.end',
  text: `update imports set state = 'undone', updated_at = $3, finished_at = $3 where id = $1 and company_id = $2 and state = 'undoing'`,
};
const UNDO_OF: Statement = { name: 'imports.undo.of', text: 'select undo from imports where id = $1 and company_id = $2 for update' };

interface JournalRow {
  readonly place: number;
  readonly personIds: readonly string[];
  readonly leadIds: readonly string[];
  readonly organisationIds: readonly string[];
  readonly changes: readonly Change[];
  readonly at: Date;
}

const MOST_REASONS = 200;
const NONE: Undone = { leads: 0, people: 0, restored: 0, kept: 0, reasons: [] };

/** Does an undo whose state is `undoing`, from where it stands. */
export async function runUndo(runtime: Runtime, companyId: string, importId: string): Promise<void> {
  const { database, clock, engine } = runtime;
  await undoDeals(runtime, companyId, importId);
  for (;;) {
    const more = await database.write(companyId, async (tx) => {
      const [before] = await tx.query<{ undo: Undone | null }>(UNDO_OF, [importId, companyId]);
      const [row] = await tx.query<JournalRow>(NEXT, [importId, companyId]);
      const now = clock.now();
      if (row === undefined) {
        await tx.query(COUNT, [importId, companyId, JSON.stringify(before?.undo ?? NONE), now]);
        await tx.query(END, [importId, companyId, now]);
        return false;
      }
      const done = await undoChunk(runtime, tx, companyId, importId, row, now);
      await tx.query(MARK, [importId, companyId, row.place, now]);
      await tx.query(COUNT, [importId, companyId, JSON.stringify(together(before?.undo ?? NONE, done)), now]);
      return true;
    });
    engine.nudge();
    if (!more) return;
    await breathe();
  }
}

/** Deals that came with it go, with their history; those that somebody changed since stay. Counted with the leads. */
async function undoDeals({ database, clock }: Runtime, companyId: string, importId: string): Promise<void> {
  for (let after: string | null = '00000000-0000-0000-0000-000000000000'; after !== null;) {
    const from: string = after;
    after = await database.write(companyId, async (tx) => {
      const [before] = await tx.query<{ undo: Undone | null }>(UNDO_OF, [importId, companyId]);
      const rows = await dealsOfImport(tx, companyId, importId, from);
      if (rows.length === 0) return null;
      const gone = rows.filter((row) => row.untouched).map((row) => row.id);
      await deleteDeals(tx, companyId, gone);
      const done = { ...NONE, leads: gone.length, kept: rows.length - gone.length };
      await tx.query(COUNT, [importId, companyId, JSON.stringify(together(before?.undo ?? NONE, done)), clock.now()]);
      return rows.at(-1)?.id ?? null;
    });
    await breathe();
  }
}

async function undoChunk(
  runtime: Runtime,
  tx: Transaction,
  companyId: string,
  importId: string,
  row: JournalRow,
  now: Date,
): Promise<Undone> {
  const restored = await restore(tx, companyId, row, now);
  const touched =
    row.personIds.length === 0
      ? []
      : await tx.query<{ id: string; name: string; reason: string | null }>(TOUCHED, [companyId, row.personIds, row.leadIds, row.at]);
  const kept = touched.flatMap(({ id, name, reason }) => (reason === null ? [] : [{ personId: id, name, reason }]));
  const keptIds = kept.map(({ personId }) => personId);
  const stay = new Set(keptIds);
  const leads =
    row.leadIds.length === 0 ? [] : await tx.query<{ id: string; personId: string }>(DROP_LEADS, [companyId, row.leadIds, keptIds]);
  const gone = row.personIds.filter((id) => !stay.has(id));
  if (gone.length > 0) await tx.query(DROP_PEOPLE, [companyId, gone]);
  if (row.organisationIds.length > 0) await tx.query(DROP_ORGANISATIONS, [companyId, row.organisationIds]);
  await tell(runtime, tx, companyId, importId, row.place, leads);
  return { leads: leads.length, people: gone.length, restored, kept: kept.length, reasons: kept.slice(0, MOST_REASONS) };
}

async function restore(tx: Transaction, companyId: string, { changes, at }: JournalRow, now: Date): Promise<number> {
  if (changes.length === 0) return 0;
  const having = (key: string) => JSON.stringify(changes.filter((change) => key in change.set));
  const columns = changes.filter((change) => !['lead_id', 'tag_id', 'phone_id'].some((key) => key in change.set));
  const emails = await tx.query(DROP_EMAILS, [companyId, having('emails'), at]);
  const people = columns.length === 0 ? [] : await tx.query(OPEN_GAPS, [companyId, JSON.stringify(columns), now]);
  const notes = await tx.query(CLEAR_NOTES, [companyId, having('notes'), now]);
  const tags = await tx.query(DROP_TAGS, [companyId, having('tag_id'), at]);
  const phones = await tx.query(DROP_PHONES, [companyId, having('phone_id')]);
  if (emails.length + phones.length > 0) await refreshContacts(tx, companyId, [...new Set(changes.map((change) => change.person_id))]);
  return people.length + notes.length + tags.length + phones.length;
}

const LIVE: Statement = {
  name: 'imports.undo.live',
  text: `select subject_id as id from runs where company_id = $1 and subject_id = any($2::uuid[]) and state in ('running', 'waiting', 'paused')`,
};

/** Leads that are in a sequence leave it; the rest of the house hears of the chunk as a whole. */
async function tell(
  { engine }: Runtime,
  tx: Transaction,
  companyId: string,
  importId: string,
  place: number,
  leads: readonly { id: string; personId: string }[],
): Promise<void> {
  // prettier-ignore
  if (leads.length === 0) return;
  const live = new Set((await tx.query<{ id: string }>(LIVE, [companyId, leads.map((lead) => lead.id)])).map((row) => row.id));
  const events: DomainEvent[] = leads
    .filter((lead) => live.has(lead.id))
    .map((lead) => ({ name: 'lead.deleted', companyId, subject: { type: 'lead', id: lead.id }, personId: lead.personId }));
  events.push({
    name: 'leads.import_undone',
    companyId,
    subject: { type: 'import', id: importId },
    payload: { import_id: importId, place },
  });
  await engine.emit(tx, events);
}

function together(a: Undone, b: Undone): Undone {
  return {
    leads: a.leads + b.leads,
    people: a.people + b.people,
    restored: a.restored + b.restored,
    kept: a.kept + b.kept,
    reasons: [...a.reasons, ...b.reasons].slice(0, MOST_REASONS),
  };
}

const BEGIN: Statement = {
  name: 'imports.undo.begin',
  text: `update imports set state = 'undoing', undo = null, updated_at = $3
          where id = $1 and company_id = $2 and state in ('done', 'failed') and not dry_run returning id`,
};

/** Marks it. False: it is running, was only counted, or is undone already. */
export async function beginUndo(tx: Transaction, companyId: string, importId: string, now: Date): Promise<boolean> {
  return (await tx.query(BEGIN, [importId, companyId, now])).length > 0;
}

const OF_CHUNK: Statement = {
  name: 'imports.journal.of_chunk',
  text: `select person_ids as "personIds", lead_ids as "leadIds", array(select distinct (c ->> 'person_id')::uuid from jsonb_array_elements(changes) c) as "changedPersonIds"
           from import_journal where company_id = $1 and import_id = $2 and place = $3`,
};

export interface ImportedPeople {
  readonly personIds: readonly string[];
  readonly leadIds: readonly string[];
  /** Known people who got something. */
  readonly changedPersonIds: readonly string[];
}

/** Whom the event `leads.imported` or `leads.import_undone` is about: one chunk of an import. Any role. */
export async function importedPeople(tx: Transaction, companyId: string, importId: string, place: number): Promise<ImportedPeople> {
  const [row] = await tx.query<ImportedPeople>(OF_CHUNK, [companyId, importId, place]);
  return row ?? { personIds: [], leadIds: [], changedPersonIds: [] };
}
