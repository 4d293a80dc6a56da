import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { bad, count, ok, warn, type Said } from './finding.ts';

const OLDEST = 15;
const NEWEST = 18;
/** Clocks of two machines may differ by so much before schedules and tokens feel it. */
const MOST_SKEW_MS = 2_000;

const FACTS: Statement = {
  name: 'doctor.database',
  text: `select current_setting('server_version_num')::int as version, current_setting('server_version') as says, clock_timestamp() as now,
                (select count(*)::int from pg_stat_activity where datname = current_database()) as connections, current_setting('max_connections')::int as most,
                (select json_agg(json_build_object('name', rolname, 'super', rolsuper, 'bypass', rolbypassrls)) from pg_roles where rolname in ('steward_owner', 'steward_app', 'steward_system')) as roles`,
};
/** Tables of companies that any request could read whole. */
const OPEN: Statement = {
  name: 'doctor.open_tables',
  text: `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped)
            and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid)) order by 1`,
};
const MIGRATIONS: Statement = { name: 'doctor.migrations', text: 'select name from schema_migrations order by name' };
/** As a request would, in a company that does not exist. */
const STRANGER: Statement = {
  name: 'doctor.stranger',
  text: 'select (select count(*)::int from people) + (select count(*)::int from leads) + (select count(*)::int from companies) as seen',
};

interface Facts {
  readonly version: number;
  readonly says: string;
  readonly now: Date;
  readonly connections: number;
  readonly most: number;
  readonly roles: readonly { readonly name: string; readonly super: boolean; readonly bypass: boolean }[];
}

export async function version(runtime: Runtime): Promise<Said> {
  const [facts] = await runtime.system.read((tx) => tx.query<Facts>(FACTS, []));
  const major = Math.floor((facts?.version ?? 0) / 10_000);
  const says = `PostgreSQL ${facts?.says ?? 'of no version'}; ${facts?.connections ?? 0} of ${facts?.most ?? 0} connections are taken.`;
  if (major < OLDEST) return bad(says, `Move to PostgreSQL ${OLDEST} to ${NEWEST}.`);
  if (major > NEWEST) return warn(says, `Steward is tested with ${OLDEST} to ${NEWEST}.`);
  if ((facts?.connections ?? 0) > (facts?.most ?? 0) * 0.85) return warn(says, 'Raise max_connections, or run fewer processes.');
  return ok(says);
}

export async function roles(runtime: Runtime): Promise<Said> {
  const [facts] = await runtime.system.read((tx) => tx.query<Facts>(FACTS, []));
  const found = facts?.roles ?? [];
  const strong = found.filter((role) => role.super || role.bypass).map((role) => role.name);
  if (found.length < 3)
    return bad(
      `Of the three roles of Steward ${found.length} are there.`,
      'Start Steward with a DATABASE_URL whose user may make roles; it says what is missing.',
    );
  if (strong.length > 0)
    return bad(
      `${strong.join(', ')} may pass by the walls between companies.`,
      `Run: ALTER ROLE ${strong[0] ?? ''} NOSUPERUSER NOBYPASSRLS`,
    );
  return ok('Requests, engine and migrations log in as roles of their own; none may pass by the walls between companies.');
}

export async function walls(runtime: Runtime): Promise<Said> {
  const open = await runtime.system.read((tx) => tx.query<{ name: string }>(OPEN, []));
  if (open.length > 0)
    return bad(
      `These tables have no wall between companies: ${open.map(({ name }) => name).join(', ')}.`,
      'Run the migrations of this version; report it if it stays.',
    );
  const [row] = await runtime.database.read(newId(), (tx) => tx.query<{ seen: number }>(STRANGER, []));
  if ((row?.seen ?? 0) > 0)
    return bad(
      `A request of no company sees ${count(row?.seen ?? 0, 'row')}.`,
      'Stop Steward: the row-level security of this database does not work.',
    );
  return ok('Every table of companies has its wall, and a request of no company sees nothing.');
}

export async function migrations(runtime: Runtime): Promise<Said> {
  const applied = await runtime.system.read((tx) => tx.query<{ name: string }>(MIGRATIONS, []));
  const files = (await readdir(join(import.meta.dirname, '../../../../migrations'))).filter((name) => name.endsWith('.sql'));
  const missing = files.filter((file) => !applied.some(({ name }) => name === file));
  if (missing.length > 0)
    return bad(
      `${count(missing.length, 'migration')} of this version did not run: ${missing[0] ?? ''}.`,
      'Restart Steward: it migrates when it starts.',
    );
  return ok(`All ${count(applied.length, 'migration')} have run; the last is ${applied.at(-1)?.name ?? ''}.`);
}

export async function clocks(runtime: Runtime): Promise<Said> {
  const before = systemClock.now().getTime();
  const [facts] = await runtime.system.read((tx) => tx.query<Facts>(FACTS, []));
  const here = (before + systemClock.now().getTime()) / 2;
  const skew = Math.round(Math.abs((facts?.now.getTime() ?? 0) - here));
  const says = `The clock of the database and ours differ by ${skew < 1_000 ? `${skew} ms` : `${Math.round(skew / 1_000)} s`}.`;
  return skew > MOST_SKEW_MS ? bad(says, 'Let both machines keep time by NTP: schedules, tokens and leases go by it.') : ok(says);
}

export function timeZones(): Promise<Said> {
  const zones = Intl.supportedValuesOf('timeZone');
  const summer = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Vienna', hour: '2-digit', hourCycle: 'h23' }).format(
    new Date('2026-07-01T12:00:00Z'),
  );
  return Promise.resolve(
    zones.length > 300 && summer === '14'
      ? ok(`${zones.length} time zones, of the tz database ${process.versions.tz ?? 'that Node brings'}.`)
      : bad('The time zones of this Node are incomplete.', 'Run the Node that npm installs with Steward.'),
  );
}
