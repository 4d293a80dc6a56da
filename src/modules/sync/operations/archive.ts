import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { connectionById, connectionsOfAll } from '#modules/connections/public.ts';
import { linesOf, type Line } from '../archive/pages.ts';
import { archiveRow, openPlace } from '../archive/place.ts';
import { beginRun } from '../run-row.ts';
import { getSource, SourceNotFound } from '../source.ts';
import { RUN_TRIGGERS } from '../tables.ts';
import { Run, RUN_COLUMNS } from './shapes.ts';
import { SourceAtWork, sourceId } from './sources.ts';

/** No such page: it is older than the source keeps them, or never was. */
export class ArchivedPageNotFound extends NotFound {
  override readonly code = 'archived_page_not_found';
}

/** Where files lie, as people say it. */
const HERE = 'Files of this installation';

const Page = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  trigger: z.enum(RUN_TRIGGERS).nullable().describe('Of the run; null: runs of that time are no longer known'),
  at: z.date().describe('When it came in'),
  records: z.int(),
  bytes: z.int().describe('As it is stored, compressed'),
  place: z.string().describe('Where its file lies'),
});
type Page = z.output<typeof Page>;

const PLACE = `case when a.connection_id is null then '${HERE}' else coalesce(c.title, 'A connection that is gone') end as place`;
const LIST: Statement = {
  name: 'sync.archive.list',
  text: `select a.id, a.run_id as "runId", r.trigger, a.at, a.records, a.bytes, ${PLACE}
    from sync_archive_pages a left join sync_runs r on r.id = a.run_id and r.company_id = a.company_id left join connections c on c.id = a.connection_id and c.company_id = a.company_id
    where a.company_id = $1 and a.source_id = $2 and ($3::timestamptz is null or a.at >= $3) and ($4::timestamptz is null or a.at < $4)
      and ($5::text is null or $5 = any(a.external_ids)) and ($6::timestamptz is null or (a.at, a.id) < ($6::timestamptz, $7::uuid))
    order by a.at desc, a.id desc limit $8`,
};

const window = {
  from: z.date().optional().describe('What came in then or later'),
  to: z.date().optional().describe('What came in before then'),
};

export const listArchive = operation({
  name: 'sources.archive',
  summary: 'What came in from a source and is kept as it came: page by page, the newest first',
  http: 'GET /api/sources/{source_id}/archive',
  cli: 'sources archive',
  access: 'read',
  role: 'manager',
  input: z.object({
    sourceId,
    ...window,
    record: z.string().max(200).optional().describe('Only pages with this record, by its id there'),
    ...pageInput,
  }),
  output: pageOf(Page),
  errors: [SourceNotFound],
  async run(ctx, { sourceId: id, from, to, record, limit, cursor }) {
    await getSource(ctx, ctx.companyId, id);
    const [at, after] = cursor === undefined ? [null, null] : z.tuple([z.number(), z.uuid()]).parse(decodeCursor(cursor, 2));
    const rows = await ctx.query<Page>(LIST, [
      ctx.companyId, id, from ?? null, to ?? null, record ?? null, at === null ? null : new Date(at), after, limit + 1,
    ]); // prettier-ignore
    return toPage(rows, limit, (row) => [row.at.getTime(), row.id]);
  },
});

const ONE: Statement = {
  name: 'sync.archive.page',
  text: `select a.name, a.connection_id as "connectionId", a.at, ${PLACE} from sync_archive_pages a left join connections c on c.id = a.connection_id and c.company_id = a.company_id
          where a.company_id = $1 and a.source_id = $2 and a.id = $3`,
};

const Archived = z.object({
  at: z.date(),
  place: z.string(),
  name: z.string().describe('Of the file'),
  records: z.array(
    z.object({
      externalId: z.string(),
      changedAt: z.string().nullable(),
      gone: z.boolean().describe('The source said that it is no longer there'),
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).describe('By the source’s field'),
    }),
  ),
});

export const readArchive = operation({
  name: 'sources.archived',
  summary: 'One page as it came in, read from where it is kept',
  http: 'POST /api/sources/{source_id}/archive/{archived_page_id}',
  cli: 'sources archived',
  access: 'outside',
  role: 'manager',
  status: 200,
  input: z.object({ sourceId, archivedPageId: z.uuid().describe('Id of the page') }),
  output: Archived,
  errors: [SourceNotFound, ArchivedPageNotFound, CredentialsRejected, VendorRefused, VendorUnavailable],
  async run({ companyId, runtime }, { sourceId: id, archivedPageId }) {
    const found = await runtime.database.read(companyId, async (tx) => {
      await getSource(tx, companyId, id);
      const [row] = await tx.query<{ name: string; connectionId: string | null; at: Date; place: string }>(ONE, [
        companyId,
        id,
        archivedPageId,
      ]);
      return row;
    });
    if (found === undefined)
      throw new ArchivedPageNotFound('There is no such page; list them with GET /api/sources/{source_id}/archive. Old ones are deleted');
    const place = await openPlace(runtime, companyId, found.connectionId);
    const lines = place === null ? null : await linesOf(place, found.name);
    if (lines === null)
      throw new ArchivedPageNotFound(`The file ${found.name} is not there: ${found.place}. It may lie on another machine`);
    return { at: found.at, place: found.place, name: found.name, records: lines.map(shown) };
  },
});

const shown = ({ external_id: externalId, changed_at: changedAt, gone, values }: Line) => ({
  externalId,
  changedAt: changedAt ?? null,
  gone: gone === true,
  values: values ?? {},
});

const BY_ID: Statement = { name: 'sync.runs.one', text: `select ${RUN_COLUMNS} from sync_runs r where r.company_id = $1 and r.id = $2` };

export const rereadSource = operation({
  name: 'sources.reread',
  summary:
    'Do what came in once more, by the mapping of now, without asking the source: after a mapping was mended, or when the source is gone. A record that came again later is left as that one',
  http: 'POST /api/sources/{source_id}/reread',
  cli: 'sources reread',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ sourceId, ...window }),
  output: Run,
  errors: [SourceNotFound, SourceAtWork, InvalidInput],
  async run(ctx, input) {
    const source = await getSource(ctx, ctx.companyId, input.sourceId, 'lock');
    const at = ctx.clock.now();
    const archive = { from: input.from ?? new Date(0), to: input.to ?? at };
    if (archive.from >= archive.to)
      throw new InvalidInput('Choose an end that is after the beginning', { fields: [{ path: 'to', message: 'is not after from' }] });
    const run = await beginRun(ctx, { companyId: ctx.companyId, sourceId: source.id, trigger: 'archive', everything: false, at, archive });
    if (run === null) throw new SourceAtWork('It is being read already; look at its progress with GET /api/sources/{source_id}/runs');
    ctx.subject('source', source.id);
    const [row] = await ctx.query<z.output<typeof Run>>(BY_ID, [ctx.companyId, run.id]);
    if (row === undefined) throw new SourceNotFound('The run is gone');
    return row;
  },
});

const ArchivePlace = z.object({
  connectionId: z.uuid().nullable().describe('null: files in the data directory of this installation'),
  place: z.string(),
  keeps: z.boolean().describe('false: this process has no data directory; choose a connection'),
  error: z.string().nullable().describe('Why old files or those of erased people could not be looked after in the last hour'),
  pages: z.int(),
  bytes: z.number(),
  choices: z.array(z.object({ connectionId: z.uuid(), title: z.string() })).describe('Connections that can keep files'),
});

const SIZE: Statement = {
  name: 'sync.archive.size',
  text: 'select count(*)::int as pages, coalesce(sum(bytes), 0)::float8 as bytes from sync_archive_pages where company_id = $1',
};

async function place(ctx: Ctx): Promise<z.output<typeof ArchivePlace>> {
  const row = await archiveRow(ctx, ctx.companyId);
  const [size] = await ctx.query<{ pages: number; bytes: number }>(SIZE, [ctx.companyId]);
  const loaded = await Promise.all(
    (await connectionsOfAll(ctx, ctx.companyId)).map(async (one) => ({
      one,
      keeps: (await ctx.runtime.connectors.load(one.connector)).files !== undefined,
    })),
  );
  const choices = loaded.filter(({ keeps }) => keeps).map(({ one }) => ({ connectionId: one.id, title: one.title }));
  return {
    connectionId: row.connectionId,
    place: choices.find(({ connectionId }) => connectionId === row.connectionId)?.title ?? HERE,
    keeps: row.connectionId !== null || ctx.runtime.backups !== null,
    error: row.error,
    pages: size?.pages ?? 0,
    bytes: size?.bytes ?? 0,
    choices,
  };
}

export const getArchivePlace = operation({
  name: 'sources.archive_place',
  summary: 'Where what comes in from sources is kept, and how much of it there is',
  http: 'GET /api/sources/archive',
  cli: 'sources archive-place',
  access: 'read',
  role: 'manager',
  input: z.object({}),
  output: ArchivePlace,
  run: (ctx) => place(ctx),
});

const CHOOSE: Statement = {
  name: 'sync.archive.choose',
  text: `insert into sync_archives (company_id, connection_id, updated_at) values ($1, $2, $3)
         on conflict (company_id) do update set connection_id = excluded.connection_id, updated_at = excluded.updated_at,
           former = case when sync_archives.connection_id is null or sync_archives.connection_id = any(sync_archives.former) then sync_archives.former
             else sync_archives.former || sync_archives.connection_id end`,
};

export const chooseArchivePlace = operation({
  name: 'sources.choose_archive_place',
  summary: 'Keep what comes in from sources somewhere else from now on. What is kept already stays where it is until it is old',
  http: 'PUT /api/sources/archive',
  cli: 'sources choose-archive-place',
  access: 'write',
  role: 'admin',
  input: z.object({
    connectionId: z.uuid().nullable().describe('A connection to S3 or Google Cloud Storage; null: files in the data directory'),
  }),
  output: ArchivePlace,
  errors: [SourceNotFound, InvalidInput],
  async run(ctx, { connectionId }) {
    if (connectionId !== null) {
      const row = await connectionById(ctx, ctx.companyId, connectionId);
      if (row === undefined) throw new SourceNotFound('There is no such connection; see GET /api/connections');
      const connector = await ctx.runtime.connectors.load(row.connector);
      if (connector.files === undefined)
        throw new InvalidInput(`${connector.title} keeps no files; connect a bucket of S3 or Google Cloud Storage`, {
          fields: [{ path: 'connection_id', message: 'keeps no files' }],
        });
    }
    await ctx.query(CHOOSE, [ctx.companyId, connectionId, ctx.clock.now()]);
    return place(ctx);
  },
});
