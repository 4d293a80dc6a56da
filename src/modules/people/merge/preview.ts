import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import type { Facts } from '#core/engine/types.ts';
import { getPerson } from '../person.ts';
import { personColumns, quoted } from '../person-tables.ts';
import { mergeFields, suggested, valueOf } from './fields.ts';
import { writableColumns } from './merge.ts';
import { statement } from './move.ts';
import { runsToStop } from './runs.ts';

const PAIR: Statement = {
  name: 'people.merge.pair',
  text: 'select to_jsonb(p) as row from people p where p.company_id = $1 and p.id = any($2::uuid[])',
};
const EMAILS: Statement = {
  name: 'people.merge.emails',
  text: 'select email from person_emails where company_id = $1 and person_id = any($2::uuid[]) order by person_id <> $3, created_at, email',
};
const OPEN: Statement = {
  name: 'people.merge.open_lead_count',
  text: `select count(*)::integer as n from leads where company_id = $1 and person_id = any($2::uuid[]) and status not in ('converted', 'lost')`,
};

/** What a merge would do; writes nothing. @throws PersonNotFound, PersonMerged, Conflict */
export async function previewMerge(tx: Transaction, companyId: string, survivorId: string, absorbedId: string) {
  await getPerson(tx, companyId, survivorId);
  await getPerson(tx, companyId, absorbedId);
  if (survivorId === absorbedId) throw new Conflict('These are one and the same person already; name two');
  const rows = (await tx.query<{ row: Facts }>(PAIR, [companyId, [survivorId, absorbedId]])).map(({ row }) => row);
  const ours = rows.find((row) => row['id'] === survivorId) ?? {};
  const theirs = rows.find((row) => row['id'] === absorbedId) ?? {};
  const emails = await tx.query<{ email: string }>(EMAILS, [companyId, [survivorId, absorbedId], survivorId]);
  const [open] = await tx.query<{ n: number }>(OPEN, [companyId, [survivorId, absorbedId]]);
  return {
    fields: mergeFields(await writableColumns(tx), ours, theirs).map((field) => ({
      key: field.key,
      this: valueOf(ours, field),
      other: valueOf(theirs, field),
      suggested: suggested(ours, theirs, field),
    })),
    moves: await countRows(tx, companyId, absorbedId),
    emails: emails.map((row) => row.email),
    openLeads: open?.n ?? 0,
    runsStopped: (await runsToStop(tx, companyId, survivorId, absorbedId)).length,
    optedOut: rows.some((row) => row['opted_out_at'] !== null),
  };
}

/** Rows by table, in one statement made from the catalogue. */
async function countRows(tx: Transaction, companyId: string, personId: string): Promise<Record<string, number>> {
  const columns = (await personColumns(tx)).filter((column) => column.names === 'person');
  const text = columns
    .map(
      (column) =>
        `select '${column.table}' as name, count(*)::integer as n from ${quoted(column.table)} where company_id = $1 and ${quoted(column.column)} = $2`,
    )
    .join(' union all ');
  const counts: Record<string, number> = {};
  for (const { name, n } of await tx.query<{ name: string; n: number }>(statement(text), [companyId, personId]))
    if (n > 0) counts[name] = (counts[name] ?? 0) + n;
  return counts;
}
