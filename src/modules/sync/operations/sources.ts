import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { SOURCE_KINDS, type SourceKind } from '#core/ports/source.ts';
import { connectionById } from '#modules/connections/public.ts';
import { customFields } from '#modules/people/public.ts';
import { MappingLine } from '../mapping/line.ts';
import { isTarget } from '../mapping/targets.ts';
import { settingsOf } from '../port.ts';
import { getSource, SourceNotFound } from '../source.ts';
import { DIRECTIONS } from '../tables.ts';
import { LIST, ONE, shownSource, Source, type SourceSelected } from './shapes.ts';

/** A run is under way; this must wait for its end. */
export class SourceAtWork extends Conflict {
  override readonly code = 'source_at_work';
}

export const sourceId = z.uuid().describe('Id of the source');

async function readSource(ctx: Ctx, id: string): Promise<z.output<typeof Source>> {
  const [row] = await ctx.query<SourceSelected>(ONE, [ctx.companyId, id]);
  if (row === undefined) throw new SourceNotFound('There is no such source; list them with GET /api/sources');
  return shownSource(row);
}

export const listSources = operation({
  name: 'sources.list',
  summary: 'Where people, organisations and deals come from, and how each source stands',
  http: 'GET /api/sources',
  cli: 'sources list',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Source), nextCursor: z.null() }),
  run: async (ctx) => ({ items: (await ctx.query<SourceSelected>(LIST, [ctx.companyId])).map(shownSource), nextCursor: null }),
});

export const getSourceOperation = operation({
  name: 'sources.get',
  summary: 'Read one source',
  http: 'GET /api/sources/{source_id}',
  cli: 'sources get',
  access: 'read',
  input: z.object({ sourceId }),
  output: Source,
  errors: [SourceNotFound],
  run: (ctx, input) => readSource(ctx, input.sourceId),
});

const fields = {
  title: z.string().trim().min(1).max(200),
  mapping: z.array(MappingLine).max(200),
  direction: z.enum(DIRECTIONS).describe('both: changes made here are written there, too'),
  createThere: z.boolean().describe('With both: people who are new here are made there'),
  everyMinutes: z.int().min(1).max(43_200).nullable().describe('null: by hand only'),
  archiveDays: z.int().min(0).max(3_650).describe('What came in is kept as files for so many days; 0: not at all'),
};

const INSERT: Statement = {
  name: 'sync.sources.insert',
  text: `insert into sync_sources (id, company_id, connection_id, title, object, kind, settings, mapping, direction, create_there, every_minutes, archive_days, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
};

export const createSource = operation({
  name: 'sources.create',
  summary: 'Set up a source: what is read over which connection, and what its fields are here. Nothing is read before its first run',
  http: 'POST /api/sources',
  cli: 'sources create',
  access: 'write',
  role: 'admin',
  input: z.object({
    connectionId: z.uuid(),
    object: z.string().min(1).max(500).describe('What is read there: one of sources.look'),
    kind: z.enum(SOURCE_KINDS),
    settings: z.record(z.string(), z.unknown()).default({}),
    ...fields,
    title: fields.title.optional(),
    direction: fields.direction.default('pull'),
    createThere: fields.createThere.default(false),
    everyMinutes: fields.everyMinutes.default(60),
    archiveDays: fields.archiveDays.default(30),
  }),
  output: Source,
  errors: [SourceNotFound],
  async run(ctx, input) {
    const connection = await connectionById(ctx, ctx.companyId, input.connectionId);
    if (connection === undefined) throw new SourceNotFound('There is no such connection; see GET /api/connections');
    const connector = await ctx.runtime.connectors.load(connection.connector);
    if (connector.source === undefined)
      throw new InvalidInput(`${connector.title} holds no people, organisations or deals; choose another connection`, {
        fields: [{ path: 'connection_id', message: 'is no source' }],
      });
    settingsOf(connector, input.settings);
    await checkMapping(ctx, input.kind, input.mapping);
    const id = newId();
    const title = input.title ?? `${connector.title}: ${input.object}`;
    await ctx.query(INSERT, [
      id, ctx.companyId, input.connectionId, title, input.object, input.kind, JSON.stringify(input.settings), JSON.stringify(input.mapping), input.direction, input.createThere,
      input.everyMinutes, input.archiveDays, ctx.clock.now(),
    ]); // prettier-ignore
    return readSource(ctx, id);
  },
});

const TELLS: Readonly<Record<SourceKind, string>> = {
  people: 'must say which field is the email address, the number or the name',
  organisations: 'must say which field is the name',
  deals: 'must say which field is the name',
  interactions: 'must say which field names the person, by its id there or by the email address',
};

/** @throws InvalidInput naming the line: no such field here, or one that is filled twice, or nothing that tells people apart */
export async function checkMapping(ctx: Ctx, kind: SourceKind, mapping: readonly MappingLine[]): Promise<void> {
  const custom = kind === 'people' ? await customFields(ctx, ctx.companyId) : [];
  const faults: { path: string; message: string }[] = [];
  const seen = new Set<string>();
  for (const [index, { to }] of mapping.entries()) {
    if (!isTarget(kind, to, custom)) faults.push({ path: `mapping.${index}.to`, message: `${to} is no field of ${kind}` });
    else if (seen.has(to) && to !== 'other_email' && to !== 'tags')
      faults.push({ path: `mapping.${index}.to`, message: `${to} is filled already; leave one of them out` });
    seen.add(to);
  }
  const tells = {
    people: ['email', 'phone', 'name', 'first_name', 'last_name'],
    organisations: ['name'],
    deals: ['name'],
    interactions: ['person', 'person_email'],
  }[kind];
  if (!tells.some((to) => seen.has(to)))
    faults.push({
      path: 'mapping',
      message: TELLS[kind],
    });
  const [first] = faults;
  if (first !== undefined)
    throw new InvalidInput(`The mapping ${first.path === 'mapping' ? first.message : `is not right: ${first.message}`}`, {
      fields: faults,
    });
}

const UPDATE: Statement = {
  name: 'sync.sources.update',
  text: `update sync_sources set title = $3, mapping = $4, direction = $5, create_there = $6, every_minutes = $7, archive_days = $8, settings = $9, state = $10, updated_at = $11,
           cursor = case when $12 then null else cursor end, mark = case when $12 then null else mark end,
           next_run_at = case when $10 <> 'active' or $7::integer is null then null else least(coalesce(next_run_at, $11::timestamptz), $11::timestamptz + make_interval(mins => $7::integer)) end
         where company_id = $1 and id = $2`,
};
const AT_WORK: Statement = {
  name: 'sync.sources.at_work',
  text: `select 1 as one from sync_runs where company_id = $1 and source_id = $2 and state = 'running'`,
};

export const updateSource = operation({
  name: 'sources.update',
  summary: 'Change a source, pause it or let it go on. Another mapping or other settings have everything read once more',
  http: 'PUT /api/sources/{source_id}',
  cli: 'sources update',
  access: 'write',
  role: 'admin',
  input: z.object({
    sourceId,
    ...z.object(fields).partial().shape,
    settings: z.record(z.string(), z.unknown()).optional(),
    state: z.enum(['active', 'paused']).optional(),
  }),
  output: Source,
  errors: [SourceNotFound, SourceAtWork],
  async run(ctx, input) {
    const before = await getSource(ctx, ctx.companyId, input.sourceId, 'lock');
    ctx.expectVersion(before);
    const again =
      (input.mapping !== undefined && JSON.stringify(input.mapping) !== JSON.stringify(before.mapping)) ||
      (input.settings !== undefined && JSON.stringify(input.settings) !== JSON.stringify(before.settings));
    if (again && (await ctx.query(AT_WORK, [ctx.companyId, before.id])).length > 0)
      throw new SourceAtWork('A run is under way. Stop it first, then change the mapping');
    if (input.mapping !== undefined) await checkMapping(ctx, before.kind, input.mapping);
    const next = { ...before, ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) };
    if (input.settings !== undefined) {
      const connection = await connectionById(ctx, ctx.companyId, before.connectionId);
      if (connection !== undefined) settingsOf(await ctx.runtime.connectors.load(connection.connector), input.settings);
    }
    await ctx.query(UPDATE, [
      ctx.companyId, before.id, next.title, JSON.stringify(next.mapping), next.direction, next.createThere, next.everyMinutes, next.archiveDays, JSON.stringify(next.settings), next.state,
      ctx.clock.now(), again,
    ]); // prettier-ignore
    return readSource(ctx, before.id);
  },
});

const DELETE: Statement = { name: 'sync.sources.delete', text: 'delete from sync_sources where company_id = $1 and id = $2' };

export const deleteSource = operation({
  name: 'sources.delete',
  summary: 'Delete a source with its runs, refused rows and conflicts. What came from it stays',
  http: 'DELETE /api/sources/{source_id}',
  cli: 'sources delete',
  access: 'write',
  role: 'admin',
  destructive: true,
  input: z.object({ sourceId }),
  output: z.object({}),
  errors: [SourceNotFound],
  async run(ctx, input) {
    await getSource(ctx, ctx.companyId, input.sourceId);
    await ctx.query(DELETE, [ctx.companyId, input.sourceId]);
    return {};
  },
});
