import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { applyStatus, type LeadStatus } from '#modules/leads/public.ts';
import { tagEvents, tagKey, tagPersons, untagPersons } from '#modules/people/public.ts';
import type { Change, JournalRow, Outcome } from './change.ts';
import { copyLeads } from './links.ts';

export interface Applied {
  readonly outcomes: readonly Outcome[];
  readonly events: readonly DomainEvent[];
}

/** Does the change to these rows, whatever each holds, in a few statements. `at` becomes their version. */
export function applyTo(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  switch (change.action) {
    case 'set_status':
      return setStatus(tx, change, rows, at);
    case 'assign':
      return assign(tx, change, rows, at);
    case 'add_tags':
      return addTags(tx, change, rows, at);
    case 'remove_tags':
      return removeTags(tx, change, rows);
    case 'delete':
      return deleteLeads(tx, change, rows);
  }
}

const ids = (rows: readonly JournalRow[]) => rows.map((row) => row.rowId);

const WHY_NOT: Statement = {
  name: 'bulk.status.before',
  text: `select l.id, l.status, l.updated_at as "updatedAt", p.opted_out_at is not null as "optedOut" from leads l join people p on p.id = l.person_id
          where l.company_id = $1 and l.id = any($2::uuid[]) for update of l`,
};

async function setStatus(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  // The operation checked it against the list of statuses.
  const to = change.settings.status as LeadStatus;
  const found = await tx.query<{ id: string; status: string; updatedAt: Date; optedOut: boolean }>(WHY_NOT, [change.companyId, ids(rows)]);
  const before = new Map(found.map((row) => [row.id, row]));
  const wanted = found.map((row) => ({ companyId: change.companyId, leadId: row.id, to, reason: 'bulk' }));
  const { changed, events } = await applyStatus(tx, wanted, at);
  const done = new Set(changed.map((row) => row.leadId));
  const outcomes = rows.map(({ rowId }): Outcome => {
    const was = before.get(rowId);
    if (was !== undefined && done.has(rowId))
      return { rowId, state: 'changed', before: { status: was.status, updated_at: was.updatedAt }, version: at };
    const reason =
      was === undefined
        ? 'was deleted meanwhile'
        : was.status === to
          ? 'has this status already'
          : was.optedOut
            ? 'opted out: only new consent with evidence brings the person back'
            : 'another lead of this person is open';
    return { rowId, state: 'skipped', reason };
  });
  return { outcomes, events };
}

const assignIn = (table: 'leads' | 'people'): Statement => ({
  name: `bulk.assign.${table}`,
  text: `with old as (select id, owner_id, updated_at from ${table} where company_id = $1 and id = any($2::uuid[]) order by id for update)
    update ${table} t set owner_id = $3, updated_at = $4 from old where t.id = old.id and t.company_id = $1 and old.owner_id is distinct from $3::uuid
    returning t.id, old.owner_id as "ownerId", old.updated_at as "updatedAt"`,
});
const ASSIGN = { leads: assignIn('leads'), people: assignIn('people') };

async function assign(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  const values = [change.companyId, ids(rows), change.settings.ownerId ?? null, at];
  const changed = await tx.query<{ id: string; ownerId: string | null; updatedAt: Date }>(ASSIGN[change.noun], values);
  const before = new Map(changed.map((row) => [row.id, { owner_id: row.ownerId, updated_at: row.updatedAt }]));
  const outcomes = rows.map(({ rowId }): Outcome =>
    before.has(rowId)
      ? { rowId, state: 'changed', before: before.get(rowId), version: at }
      : { rowId, state: 'skipped', reason: 'has this owner already' },
  );
  return { outcomes, events: [] };
}

const TAGS_OF: Statement = {
  name: 'bulk.tags',
  text: `select pt.person_id as "personId", array_agg(t.name_key) as keys from person_tags pt join tags t on t.id = pt.tag_id and t.company_id = pt.company_id
          where pt.company_id = $1 and pt.person_id = any($2::uuid[]) and t.name_key = any($3::text[]) group by pt.person_id`,
};

/** Which of the change's tags each person has. */
async function heldTags(tx: Transaction, change: Change, rows: readonly JournalRow[]): Promise<(personId: string) => ReadonlySet<string>> {
  const names = change.settings.tags ?? [];
  const held = await tx.query<{ personId: string; keys: string[] }>(TAGS_OF, [
    change.companyId,
    rows.map((row) => row.personId),
    names.map(tagKey),
  ]);
  const byPerson = new Map(held.map((row) => [row.personId, new Set(row.keys)]));
  return (personId) => byPerson.get(personId) ?? new Set();
}

async function addTags(tx: Transaction, change: Change, rows: readonly JournalRow[], at: Date): Promise<Applied> {
  const names = change.settings.tags ?? [];
  const held = await heldTags(tx, change, rows);
  const outcomes = rows.map((row): Outcome => {
    const lacking = names.filter((name) => !held(row.personId).has(tagKey(name)));
    if (lacking.length === 0) return { rowId: row.rowId, state: 'skipped', reason: 'has the tag already' };
    return { rowId: row.rowId, state: 'changed', before: { tags: lacking } };
  });
  const tagged = await tagPersons(
    tx,
    change.companyId,
    rows.map((row) => row.personId),
    names,
    at,
  );
  return { outcomes, events: tagEvents('person.tagged', change.companyId, tagged, names) };
}

async function removeTags(tx: Transaction, change: Change, rows: readonly JournalRow[]): Promise<Applied> {
  const names = change.settings.tags ?? [];
  const held = await heldTags(tx, change, rows);
  const outcomes = rows.map((row): Outcome => {
    const had = names.filter((name) => held(row.personId).has(tagKey(name)));
    if (had.length === 0) return { rowId: row.rowId, state: 'skipped', reason: 'does not have the tag' };
    return { rowId: row.rowId, state: 'changed', before: { tags: had } };
  });
  const people = await untagPersons(
    tx,
    change.companyId,
    rows.map((row) => row.personId),
    names,
  );
  return { outcomes, events: tagEvents('person.untagged', change.companyId, people, names) };
}

const DELETE: Statement = {
  name: 'bulk.delete',
  text: 'delete from leads where company_id = $1 and id = any($2::uuid[]) returning id, person_id as "personId"',
};

async function deleteLeads(tx: Transaction, change: Change, rows: readonly JournalRow[]): Promise<Applied> {
  const before = await copyLeads(tx, change.companyId, ids(rows));
  const gone = await tx.query<{ id: string; personId: string }>(DELETE, [change.companyId, ids(rows)]);
  const outcomes = rows.map(({ rowId }): Outcome =>
    before.has(rowId)
      ? { rowId, state: 'changed', before: before.get(rowId) }
      : { rowId, state: 'skipped', reason: 'was deleted meanwhile' },
  );
  const events = gone.map((row): DomainEvent => ({
    name: 'lead.deleted',
    companyId: change.companyId,
    subject: { type: 'lead', id: row.id },
    personId: row.personId,
  }));
  return { outcomes, events };
}
