import type { SandboxPlan, Statement, Transaction } from './database.ts';

/** A table as its copy is made of it. */
interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly indexes: readonly { readonly definition: string; readonly name: string; readonly constraint: 'p' | 'u' | null }[];
  readonly triggers: readonly { readonly definition: string; readonly body: string; readonly name: string }[];
}

// Only b-trees: what serves a search is searched where it is. Not those that begin with a column of LISTED: each would be paid for with every row that
// is written.
const TABLES: Statement = {
  name: 'sandbox.tables',
  text: `select c.relname as name,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      (select coalesce(json_agg(json_build_object('definition', pg_get_indexdef(i.indexrelid), 'name', x.relname, 'constraint', k.contype)), '[]')
         from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
         left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = c.oid and k.contype in ('p', 'u')
        where i.indrelid = c.oid and m.amname = 'btree' and x.relname <> all ($6::text[])
          and (i.indisunique or x.relname = any ($4::text[]) or not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attname = any ($3::text[])))) as indexes,
      (select coalesce(json_agg(json_build_object('definition', pg_get_triggerdef(t.oid), 'body', pg_get_functiondef(t.tgfoid), 'name', p.proname)), '[]')
         from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = c.oid and not t.tgisinternal and p.proname <> all ($5::text[])) as triggers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind = 'r' and c.relrowsecurity and has_table_privilege(c.oid, 'select')
     and (c.relname = any ($1::text[]) or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('person_id', 'lead_id', 'run_id') and not a.attisdropped))
     and c.relname <> all ($2::text[])
   order by c.relname`,
};

/** An index that begins with one of these serves a list on a page or the end of a connection, which is asked for by nobody here, where all rows are of one company. */
const LISTED = [
  'company_id',
  'workflow_id',
  'user_id',
  'owner_id',
  'created_by',
  'connection_id',
  'thread_id',
  'reply_to_id',
  'owner',
  'held_by',
];

/** They begin with one of LISTED, and work on people reads them all the same: what left today is counted for each batch under a limit. */
const READ = ['messages_left'];

/**
 * Lists of pages that begin otherwise, and what erasure, merging and vendors look by: of 10,168 looks at interactions and 10,957 at runs none came this
 * way, and each row that is written again would be put into them again.
 */
const UNREAD = ['runs_person', 'effects_subject', 'messages_lead', 'interactions_lead', 'interactions_message', 'activities_person'];

/** Rows that are written once and then again on the same page, if it has room: no index changes with them. Percent of a page that is filled at first. */
const ROOM: Readonly<Record<string, number>> = { run_steps: 60, messages: 70, leads: 70 };

/** They tell pages what has moved. Nothing of this has, and each row that is written would be copied for them. */
const TELLING = ['tell_run_watchers'];

/** What keeps rehearsals: no work on people reads it. */
const APART = ['rehearsals', 'rehearsal_people', 'rehearsal_messages'];

/** The engine's own: live runs of these people, and nothing that others wait for. */
const ENGINE: Readonly<Record<string, string>> = {
  runs: `t.person_id in (select person_id from rehearsal_cohort) and t.state in ('running', 'waiting', 'paused')`,
  run_steps: 't.run_id in (select id from pg_temp.runs)',
  effects: `t.state = 'reserved' and split_part(t.key, '/', 1) in (select id::text from pg_temp.runs)`,
  outbox: 'false',
  effect_holds: 'true',
  engine_pauses: 'false',
  schedules: 'false',
  workflows: 'true',
  workflow_versions: `exists (select from public.workflows w where w.id = t.workflow_id and w.version = t.version) or (t.workflow_id, t.version) in (select workflow_id, version from pg_temp.runs)`,
};
/** Others name them. */
const FIRST = ['people', 'person_emails', 'leads', 'runs'];

const quoted = (name: string) => `"${name}"`;
const statement = (text: string): Statement => ({ name: '', text });

/**
 * Copies of tables under their own names, which PostgreSQL finds before the real ones: first the tables, then the rows, then indexes and
 * triggers. Of every table that tells of people, leads or runs, and of those that `slices` names. Which rows: what `slices` says; else
 * those of the cohort. All other tables are read where they are, and refuse to be written. Answers the tables that were copied.
 */
export async function shadow(tx: Transaction, { personIds, slices, now }: SandboxPlan): Promise<readonly string[]> {
  const run = async (texts: readonly string[], values: readonly unknown[] = []) =>
    void (await Promise.all(texts.map((text) => tx.query(statement(text), values))));
  await run([
    'set local plan_cache_mode = auto',
    'set local enable_seqscan = on',
    'create temporary table rehearsal_cohort (person_id uuid primary key)',
  ]);
  await run(['insert into rehearsal_cohort select distinct id from unnest($1::uuid[]) as x (id)'], [personIds]);
  const rule = { ...slices, ...ENGINE };
  const tables = (await tx.query<Table>(TABLES, [Object.keys(rule), APART, LISTED, READ, TELLING, UNREAD])).toSorted(
    (a, b) => rank(a) - rank(b),
  );
  const moment = `'${now.toISOString()}'::timestamptz`;
  // Sent without waiting for one another: PostgreSQL takes them in this order.
  await run([
    'analyze rehearsal_cohort',
    ...tables.map(
      ({ name }) =>
        `create temporary table ${quoted(name)} (like public.${quoted(name)} including defaults including generated including identity including constraints including storage)${roomOf(name)}`,
    ),
    ...tables.flatMap((table) => [fill(table, (rule[table.name] ?? general(table)).replaceAll(':now', moment)), ...indexes(table)]),
    ...tables.flatMap(triggers),
    `analyze ${tables.map(({ name }) => `pg_temp.${quoted(name)}`).join(', ')}`,
  ]);
  return tables.map(({ name }) => name);
}

function fill({ name, columns }: Table, where: string): string {
  const read = columns.map((column) => `t.${quoted(column)}`).join(', ');
  return `insert into pg_temp.${quoted(name)} (${columns.map(quoted).join(', ')}) select ${read} from public.${quoted(name)} t where ${where}`;
}

function roomOf(name: string): string {
  const percent = ROOM[name];
  return percent === undefined ? '' : ` with (fillfactor = ${percent})`;
}

function rank(table: Table): number {
  const place = FIRST.indexOf(table.name);
  return place < 0 ? FIRST.length : place;
}

/** A row is one of the cohort's by its person, else by its lead, else by its run. */
function general({ columns }: Table): string {
  if (columns.includes('person_id')) return 't.person_id in (select person_id from rehearsal_cohort)';
  if (columns.includes('lead_id')) return 't.lead_id in (select id from pg_temp.leads)';
  return 't.run_id in (select id from pg_temp.runs)';
}

/** The same indexes; keys are made constraints again, because `group by` and `on conflict` may rest on them. */
function indexes(table: Table): string[] {
  return table.indexes.flatMap(({ definition, name, constraint }) => {
    const made = definition.replace(` ON public.${table.name} `, ` ON pg_temp.${quoted(table.name)} `);
    if (constraint === null) return [made];
    const kind = constraint === 'p' ? 'primary key' : 'unique';
    return [made, `alter table pg_temp.${quoted(table.name)} add constraint ${quoted(name)} ${kind} using index ${quoted(name)}`];
  });
}

/** The same triggers, on copies of their functions that look where everything here looks: into the copies first. */
function triggers(table: Table): string[] {
  return table.triggers.flatMap(({ definition, body, name }) => [
    body.replace(` public.${name}(`, ` pg_temp.${name}(`).replace(/^ SET search_path TO .*$/m, ''),
    definition
      .replace(` ON public.${table.name} `, ` ON pg_temp.${quoted(table.name)} `)
      .replace(/EXECUTE FUNCTION (?:public\.)?/, 'EXECUTE FUNCTION pg_temp.'),
  ]);
}
