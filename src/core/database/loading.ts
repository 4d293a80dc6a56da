import type { Client } from 'pg';
import { Misconfigured } from '../errors.ts';
import type { BackupManifest } from './backup-manifest.ts';

/** What both a restore and a migration of data do around the rows. Runs as steward_owner. */

/** From this migration on a database knows that it is held; an older one learns it when it is brought up to date. */
const HELD_BOOT = '0270_held_boot.sql';

/** @throws Misconfigured the tables of the job queue are of another version here */
export async function refuseOtherQueue(client: Client, manifest: Pick<BackupManifest, 'queueVersion'>): Promise<void> {
  const { rows } = await client.query<{ version: number }>('select version from pgboss.version');
  const here = rows[0]?.version;
  if (manifest.queueVersion !== undefined && manifest.queueVersion !== here)
    throw new Misconfigured(
      `The backup’s job queue is of version ${manifest.queueVersion}, this Steward’s of ${here}. Restore with the version of Steward that made the backup, then update`,
    );
}

/** Another installation from now on: nobody who worked on the original may act here before an admin says so. */
export async function becomeCopy(
  client: Client,
  manifest: Pick<BackupManifest, 'createdAt' | 'reason' | 'from' | 'instance' | 'migrations'>,
): Promise<void> {
  await client.query('update steward_instance set id = gen_random_uuid(), restored_from = $1, restored_at = now()', [manifest.instance]);
  if (!manifest.migrations.some(({ name }) => name === HELD_BOOT)) return;
  const restored = { takenAt: manifest.createdAt, reason: manifest.reason, from: manifest.from ?? null, instance: manifest.instance };
  await client.query(
    `update steward_instance set epoch = epoch + 1, held_at = now(), held_because = 'restored', held_note = null, restored = $1::jsonb`,
    [JSON.stringify(restored)],
  );
  await client.query('delete from instance_seats');
}

/** Foreign keys would ask for an order of tables that cycles do not have. They are made anew after loading, which checks every row. */
export async function takeForeignKeys(client: Client): Promise<{ drop: string; make: string }[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where contype = 'f' and conparentid = 0 and connamespace in ('public'::regnamespace, 'pgboss'::regnamespace) order by conrelid, conname`,
  );
  for (const key of rows) await client.query(key.drop);
  return rows;
}

/** References that are checked by triggers, which were off while loading. A backup from before there were any has none. */
export async function checkLinks(client: Client): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(
    `select to_regprocedure('public.steward_check_links()') is not null as present`,
  );
  if (rows[0]?.present === true) await client.query('select public.steward_check_links()');
}

/** Each serial or identity column goes on after its highest value. */
export async function catchUpSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(
    `select format('select setval(%L, (select coalesce(max(%I), 0) + 1 from %s), false)', s.oid::regclass, a.attname, d.refobjid::regclass) as sql
     from pg_class s join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace`,
  );
  for (const { sql } of rows) await client.query(sql);
}
