import type { Statement, Transaction } from '#core/database/database.ts';

/** What a column that names somebody points to. */
export type Names = 'person' | 'lead' | 'subject';

/** One column, found in the catalogue, by which rows hang off a person: merge and erasure cover tables that come later, too. */
export interface PersonColumn {
  readonly table: string;
  readonly column: string;
  /** `subject`: together with `subject_type`. */
  readonly names: Names;
  readonly primaryKey: readonly string[];
  /** Columns that can be written: generated ones compute themselves. */
  readonly columns: readonly string[];
  /** Unique indexes that the column is part of: their other columns and, of a partial index, its condition. */
  readonly unique: readonly { readonly others: readonly string[]; readonly where: string | null }[];
  /** Rows go with the person's (or lead's) row by themselves. */
  readonly cascades: boolean;
  /** False of append-only tables. */
  readonly writable: boolean;
}

/**
 * Foreign keys and links (0260) to people and leads, columns called person_id, lead_id or former ids without a foreign key, and pairs
 * (subject_type, subject_id), of every table that has a company.
 */
const CATALOGUE: Statement = {
  name: 'people.catalogue',
  text: `select c.relname as "table", a.attname as "column",
      case when coalesce(f.confrelid, k.parent) = 'people'::regclass or (f.confrelid is null and a.attname = 'person_id') then 'person'
           when coalesce(f.confrelid, k.parent) = 'leads'::regclass or (f.confrelid is null and a.attname = 'lead_id') then 'lead' else 'subject' end as names,
      coalesce((select array_agg(k.attname::text order by array_position(i.indkey::int2[], k.attnum)) from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey)
                 where i.indrelid = c.oid and i.indisprimary), '{}') as "primaryKey",
      (select array_agg(w.attname::text order by w.attnum) from pg_attribute w where w.attrelid = c.oid and w.attnum > 0 and not w.attisdropped and w.attgenerated = '') as columns,
      coalesce((select jsonb_agg(jsonb_build_object('where', pg_get_expr(i.indpred, i.indrelid),
                  'others', (select coalesce(jsonb_agg(o.attname), '[]') from pg_attribute o where o.attrelid = c.oid and o.attnum = any (i.indkey) and o.attnum <> a.attnum)))
                 from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey) and i.indexprs is null), '[]') as "unique",
      coalesce(f.confdeltype = 'c', k.on_delete = 'cascade', false) as cascades, has_table_privilege(c.oid, 'update') as writable
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
    left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and f.conkey = array[a.attnum] and f.confrelid in ('people'::regclass, 'leads'::regclass)
    left join steward_links() k on k.child = c.oid and k.child_column = a.attname and k.parent in ('people'::regclass, 'leads'::regclass)
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'company_id' and not o.attisdropped)
     and (f.oid is not null or k.child is not null or a.attname in ('person_id', 'lead_id')
       or (a.attname = 'subject_id' and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'subject_type' and not t.attisdropped)))
   order by c.relname, a.attnum`,
};

export function personColumns(tx: Transaction): Promise<PersonColumn[]> {
  return tx.query<PersonColumn>(CATALOGUE, []);
}

/** A name out of the catalogue, as it stands in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
