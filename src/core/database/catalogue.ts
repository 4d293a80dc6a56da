import type { Client } from 'pg';
import { z } from 'zod';

/** Queue tables that hold work; the rest of its schema is bookkeeping that it makes again. */
const QUEUE_TABLES = ['queue', 'schedule', 'job', 'job_dependency'];

/** A table as other stores have to know it. */
export const TableShape = z.object({
  schema: z.string(),
  name: z.string(),
  /** What is stored, in order; `type` as PostgreSQL writes it, such as `timestamp with time zone`. */
  columns: z.array(z.object({ name: z.string(), type: z.string() })).min(1),
  /** Columns of its primary key. */
  key: z.array(z.string()).min(1),
});
export type TableShape = z.output<typeof TableShape>;

/** Tables and partitioned roots with their stored columns; partitions come with their root, generated columns compute themselves. */
export async function listTables(client: Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select n.nspname as schema, c.relname as name,
            jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns,
            (select array_agg(k.attname::text order by array_position(i.indkey::smallint[], k.attnum)) from pg_index i
               join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind in ('r', 'p') and not c.relispartition
       and ((n.nspname = 'public' and c.relname <> 'schema_migrations') or (n.nspname = 'pgboss' and c.relname = any($1)))
     group by c.oid, 1, 2 order by 1, 2`,
    [QUEUE_TABLES],
  );
  return rows;
}

/** Which installation this is, and what its schema is made of. */
export const Identity = z.object({
  serverVersion: z.string(),
  /** steward_instance.id */
  instance: z.string(),
  /** Version of the job queue's tables. */
  queueVersion: z.number().int().optional(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
});
export type Identity = z.output<typeof Identity>;

export async function identityOf(client: Client): Promise<Identity> {
  const { rows: instances } = await client.query<{ id: string; version: string }>(
    `select id, current_setting('server_version') as version from steward_instance`,
  );
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations order by name',
  );
  const { rows: queue } = await client.query<{ version: number }>('select version from pgboss.version');
  return {
    serverVersion: instances[0]?.version ?? '',
    instance: instances[0]?.id ?? '',
    ...(queue[0] === undefined ? {} : { queueVersion: queue[0].version }),
    migrations,
  };
}
