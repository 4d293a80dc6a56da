import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { addressHashes } from '../address-hash.ts';
import { blockedHashes, ERASED, ERASED_AFTER_NO } from '../blocked.ts';
import { PersonNotFound } from '../errors.ts';
import { personColumns, quoted, type PersonColumn } from '../person-tables.ts';
import { statement } from '../merge/move.ts';
import { ELSEWHERE, RULES } from './rules.ts';
import type { ErasedTable, ErasureCause } from './tables.ts';

const LOCK: Statement = { name: 'people.erase.lock', text: 'select id from people where id = $1 and company_id = $2 for update' };
/** Ids and texts by which traces of the person are found. Former ids are those that were merged into this one. */
const TRACES: Statement = {
  name: 'people.erase.traces',
  text: `with mine as (
      select array(select e.email from person_emails e where e.person_id = $1 and e.company_id = $2) as emails,
             array(select l.id from leads l where l.person_id = $1 and l.company_id = $2) as leads,
             array(select m.absorbed_id from person_merges m where m.survivor_id = $1 and m.company_id = $2 and m.undone_at is null) as former
    )
    select mine.emails, mine.leads, mine.former,
           array(select m.id from messages m where m.company_id = $2 and (m.person_id = $1 or m.lead_id = any (mine.leads)
             or (m.person_id is null and (lower(m.to_email) = any (mine.emails) or lower(m.from_email) = any (mine.emails))))) as messages,
           array(select i.id from interactions i where i.company_id = $2 and i.person_id = $1) as touches,
           array(select p.phone from people p where p.id = $1 and p.company_id = $2 and length(p.phone) > 5
                 union select f.phone from person_phones f where f.person_id = $1 and f.company_id = $2 and length(f.phone) > 5) as phones
      from mine`,
};
const IN_FLIGHT: Statement = {
  name: 'people.erase.in_flight',
  text: `select count(*)::integer as n from effects where company_id = $1 and subject_id = any ($2::uuid[]) and state = 'handed'`,
};
const AUDIT: Statement = { name: 'people.erase.audit', text: 'select steward_erase_audit($1, $2) as n' };
/** Whatever the list says of these addresses stays; that somebody was erased is the strictest of it. */
const KEEP_HASH: Statement = {
  name: 'people.erase.keep_hash',
  text: `insert into suppressions as s (id, company_id, channel, address, address_hash, reason, source, created_at, opted_out_at)
         select e.id, $1, 'email', null, e.hash, 'opt_out', $4, $3, $3 from jsonb_to_recordset($2::jsonb) as e(id uuid, hash text)
         on conflict (company_id, channel, address_hash) do update set source = excluded.source, address = null, note = null, person_id = null, opted_out_at = coalesce(s.opted_out_at, excluded.opted_out_at)`,
};
const FORGET_ADDRESS: Statement = {
  name: 'people.erase.forget_address',
  text: `delete from suppressions where company_id = $1 and channel = 'email' and address_hash like 'plain:%' and address = any ($2::text[])`,
};
const FORGET_NAMED: Statement = {
  name: 'people.erase.forget_named',
  text: `update suppressions set address = null, note = null, person_id = null where company_id = $1 and (person_id = $2 or address = any ($3::text[])) returning 1`,
};
const CERTIFY: Statement = {
  name: 'people.erase.certify',
  text: `insert into erasures (id, company_id, former_id, address_hashes, tables, in_flight, erased_by, created_at, cause) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};
const JOURNAL: Statement = {
  name: 'people.erase.journal',
  text: `insert into opt_out_journal (company_id, kind, address_hash, person_id) select $1, 'erased', null, former from unnest($2::uuid[]) former`,
};
const GONE: Statement = { name: 'people.erase.person', text: 'delete from people where id = $1 and company_id = $2' };

interface Traces {
  readonly emails: string[];
  readonly leads: string[];
  readonly former: string[];
  readonly messages: string[];
  readonly touches: string[];
  readonly phones: string[];
}

/**
 * Article 17: everything of one person goes, in every table that the catalogue knows to hold it; keyed hashes of the addresses stay, so
 * that no import brings her back unasked (returned.ts says how she herself can). Runs end first. Answers the id of the certificate, which is written with it.
 * @throws PersonNotFound
 */
export async function erasePerson(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  personId: string,
  { by, cause = 'asked' }: { readonly by: string | null; readonly cause?: ErasureCause },
): Promise<string> {
  const at = runtime.clock.now();
  if ((await tx.query(LOCK, [personId, companyId])).length === 0)
    throw new PersonNotFound('There is no such person; list them with GET /api/people');
  const [traces] = await tx.query<Traces>(TRACES, [personId, companyId]);
  if (traces === undefined) throw new Error('a select from one row answers one row');
  const { emails, leads, former, messages, touches, phones } = traces;
  const before = await blockedHashes(tx, runtime.secrets, companyId, emails);
  const saidNo = [...before.values()].some((known) => known.beyondErasure);
  await runtime.engine.cancel(tx, { companyId, personId }, 'The person was erased');
  const [flight] = await tx.query<{ n: number }>(IN_FLIGHT, [companyId, messages]);

  const tables: ErasedTable[] = [];
  const note = (table: string, rows: number, what: ErasedTable['what']) => {
    if (rows > 0) tables.push({ table, rows, what });
  };
  const words = [...emails, ...phones].map((word) => word.toLowerCase());
  const ids = [personId, ...former, ...leads, ...messages, ...touches];
  for (const rule of RULES) {
    const values = valuesOf(rule.text, [companyId, personId, leads, emails, messages, ids, words, at]);
    note(rule.table, (await tx.query(statement(values.text), values.values)).length, rule.what);
  }
  for (const { table, rows } of await deleteRest(tx, companyId, personId, leads)) note(table, rows, 'deleted');
  await tx.query(GONE, [personId, companyId]);
  note('people', 1, 'deleted');

  const hashes = emails.map((email) => addressHashes(runtime.secrets, email)[0]);
  await tx.query(FORGET_ADDRESS, [companyId, emails]);
  await tx.query(KEEP_HASH, [
    companyId,
    JSON.stringify(hashes.map((hash) => ({ id: newId(), hash }))),
    at,
    saidNo ? ERASED_AFTER_NO : ERASED,
  ]);
  note('suppressions', (await tx.query(FORGET_NAMED, [companyId, personId, words])).length + hashes.length, 'anonymised');
  const [audit] = await tx.query<{ n: number }>(AUDIT, [ids, [...words, personId, ...former, ...leads]]);
  note('audit_log', audit?.n ?? 0, 'anonymised');
  await tx.query(JOURNAL, [companyId, [personId, ...former]]);

  const id = newId();
  await tx.query(CERTIFY, [id, companyId, personId, hashes, JSON.stringify(tables), flight?.n ?? 0, by, at, cause]);
  return id;
}

/** Only the values that a text speaks of: PostgreSQL cannot tell the type of one that nobody uses. */
function valuesOf(text: string, all: readonly unknown[]): { text: string; values: unknown[] } {
  const used = [...new Set([...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))].toSorted((a, b) => a - b);
  return {
    text: text.replaceAll(/\$(\d)/g, (_, place: string) => `$${used.indexOf(Number(place)) + 1}`),
    values: used.map((place) => all[place - 1]),
  };
}

/**
 * Tables without a rule of their own, found in the catalogue: rows that name the person or one of her leads. What would go with the row
 * of people by itself is counted first, so that the certificate has it.
 */
async function deleteRest(
  tx: Transaction,
  companyId: string,
  personId: string,
  leads: readonly string[],
): Promise<{ table: string; rows: number }[]> {
  const ruled = new Set([...RULES.map((rule) => rule.table), ...Object.keys(ELSEWHERE)]);
  const rest = Map.groupBy(
    (await personColumns(tx)).filter((column) => !ruled.has(column.table)),
    (column) => column.table,
  );
  const counted = [...rest].map(
    ([table, columns]) =>
      `select '${table}' as name, count(*)::integer as n from ${quoted(table)} where company_id = $1 and (${names(columns)})`,
  );
  const counts = await tx.query<{ name: string; n: number }>(statement(counted.join(' union all ')), [companyId, personId, leads]);
  for (const { name, n } of counts) {
    const columns = rest.get(name) ?? [];
    // a table of ours that is only loosely tied: its rows do not go by themselves
    if (n > 0 && columns.some((column) => !column.cascades)) {
      await tx.query(statement(`delete from ${quoted(name)} where company_id = $1 and (${names(columns)})`), [companyId, personId, leads]);
    }
  }
  return counts.map(({ name, n }) => ({ table: name, rows: n }));
}

export function names(columns: readonly PersonColumn[]): string {
  const parts = columns.map((column) => {
    if (column.names === 'person') return `${quoted(column.column)} = $2`;
    if (column.names === 'lead') return `${quoted(column.column)} = any ($3::uuid[])`;
    return `(subject_type = 'person' and ${quoted(column.column)} = $2) or (subject_type = 'lead' and ${quoted(column.column)} = any ($3::uuid[]))`;
  });
  // both values are spoken of, whatever the table has
  return `${parts.join(' or ')} or ($2::uuid is null and $3::uuid[] is null)`;
}
