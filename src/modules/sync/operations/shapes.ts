import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { SOURCE_KINDS } from '#core/ports/source.ts';
import { MappingLine } from '../mapping/line.ts';
import { SOURCE_COLUMNS } from '../source.ts';
import { DIRECTIONS, RUN_PHASES, RUN_STATES, RUN_TRIGGERS, SOURCE_STATES } from '../tables.ts';

export const Run = z.object({
  id: z.uuid(),
  trigger: z
    .enum(RUN_TRIGGERS)
    .describe('first: everything, once. hint: a webhook spoke of something. archive: what came in earlier, once more'),
  state: z.enum(RUN_STATES),
  phase: z.enum(RUN_PHASES).describe('What it does now, or did last'),
  total: z.int().nullable().describe('Rows of this pass, where the vendor says'),
  read: z.int(),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  optOutsKept: z.int().describe('Of people who opted out: not made, not opted in'),
  conflicts: z.int(),
  gone: z.int().describe('No longer there; what they were here stays'),
  written: z.int().describe('Changes that went out to the ledger'),
  waitsUntil: z.date().nullable().describe('The vendor asked for quiet until then'),
  error: z.string().nullable(),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
});
export const RUN_COLUMNS = `r.id, r.trigger, r.state, r.phase, r.total, r.read, r.created, r.changed, r.unchanged, r.refused, r.opt_outs_kept as "optOutsKept", r.conflicts, r.gone, r.written,
  r.waits_until as "waitsUntil", r.error, r.started_at as "startedAt", r.finished_at as "finishedAt"`;

export const Source = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  connectionId: z.uuid(),
  connector: z.string(),
  connection: z.string().describe('Title of the connection'),
  title: z.string(),
  object: z.string(),
  kind: z.enum(SOURCE_KINDS),
  settings: z.record(z.string(), z.unknown()),
  mapping: z.array(MappingLine),
  direction: z.enum(DIRECTIONS),
  createThere: z.boolean(),
  everyMinutes: z.int().nullable(),
  state: z.enum(SOURCE_STATES),
  archiveDays: z.int(),
  nextRunAt: z.date().nullable(),
  error: z.string().nullable(),
  rows: z.int().describe('Records there that are in step with something here'),
  refusals: z.int(),
  openConflicts: z.int(),
  running: z.boolean(),
  lastRun: z
    .object({ id: z.uuid(), state: z.enum(RUN_STATES), startedAt: z.date(), finishedAt: z.date().nullable(), error: z.string().nullable() })
    .nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

const SELECT = `select ${SOURCE_COLUMNS}, c.connector, c.title as connection,
    (select count(*)::int from sync_links l where l.source_id = s.id and l.company_id = s.company_id and l.note is null) as rows,
    (select count(*)::int from sync_refusals f where f.source_id = s.id and f.company_id = s.company_id) as refusals,
    (select count(*)::int from sync_conflicts k where k.source_id = s.id and k.company_id = s.company_id and k.decided_at is null) as "openConflicts",
    exists (select from sync_runs r where r.source_id = s.id and r.company_id = s.company_id and r.state = 'running') as running, l.run as last
  from sync_sources s join connections c on c.id = s.connection_id and c.company_id = s.company_id
  left join lateral (select json_build_object('id', r.id, 'state', r.state, 'startedAt', r.started_at, 'finishedAt', r.finished_at, 'error', r.error) as run from sync_runs r
     where r.source_id = s.id and r.company_id = s.company_id order by r.started_at desc, r.id desc limit 1) l on true`;

export const LIST: Statement = {
  name: 'sync.sources.list',
  text: `${SELECT} where s.company_id = $1 order by s.created_at, s.id limit 200`,
};
export const ONE: Statement = { name: 'sync.sources.one', text: `${SELECT} where s.company_id = $1 and s.id = $2` };

type Shown = Omit<z.output<typeof Source>, 'lastRun'> & {
  readonly last: {
    id: string;
    state: z.output<typeof Run>['state'];
    startedAt: string;
    finishedAt: string | null;
    error: string | null;
  } | null;
};
export type SourceSelected = Shown;

export function shownSource({ last, ...row }: Shown): z.output<typeof Source> {
  const lastRun =
    last === null
      ? null
      : { ...last, startedAt: new Date(last.startedAt), finishedAt: last.finishedAt === null ? null : new Date(last.finishedAt) };
  return { ...row, lastRun };
}
