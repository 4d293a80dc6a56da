import type { Client } from 'pg';

/** What Steward made in `public`, and nothing of extensions or of anybody else who shares the database. */
const OURS = `
  select 'drop table ' || string_agg(c.oid::regclass::text, ', ') || ' cascade' as sql from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(c.relowner) = current_user
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  union all
  select 'drop routine ' || string_agg(p.oid::regprocedure::text, ', ') || ' cascade' from pg_proc p
   where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) = current_user
     and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`;

/** Empties `public` in the caller's transaction, so that a schema of another age can be made in it. Runs as steward_owner. */
export async function clearSchema(client: Client): Promise<void> {
  const { rows } = await client.query<{ sql: string | null }>(OURS);
  for (const { sql } of rows) if (sql !== null) await client.query(sql);
}
