import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { ensurePipeline } from '../ensure.ts';
import { DealNameTaken, PipelineNotFound, StageInUse, StageNotFound } from '../errors.ts';
import { dealKey } from '../key.ts';
import { replayDeals } from '../save/save.ts';
import { STAGE_KINDS } from '../tables.ts';
import { label } from './fields.ts';

const Stage = z.object({
  id: z.uuid(),
  pipelineId: z.uuid(),
  name: z.string(),
  kind: z.enum(STAGE_KINDS),
  probability: z.int().describe('Per cent'),
  position: z.int(),
  rotDays: z.int().nullable().describe('A deal that stays longer is rotting; null: never'),
  updatedAt: z.date(),
});
type Stage = z.output<typeof Stage>;
const Pipeline = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  position: z.int(),
  stages: z.array(Stage).describe('Open ones first, in their order'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type Pipeline = z.output<typeof Pipeline>;

const PIPELINES: Statement = {
  name: 'deals.pipelines.list',
  text: `select id, company_id as "companyId", name, position, created_at as "createdAt", updated_at as "updatedAt" from deal_pipelines where company_id = $1 order by position, created_at, id`,
};
const STAGES: Statement = {
  name: 'deals.pipelines.stages',
  text: `select id, pipeline_id as "pipelineId", name, kind, probability, position, rot_days as "rotDays", updated_at as "updatedAt" from deal_stages where company_id = $1 order by position, id`,
};

async function pipelines(ctx: Ctx): Promise<Pipeline[]> {
  const rows = await ctx.query<Omit<Pipeline, 'stages'>>(PIPELINES, [ctx.companyId]);
  const stages = Map.groupBy(await ctx.query<Stage>(STAGES, [ctx.companyId]), (stage) => stage.pipelineId);
  return rows.map((row) => ({ ...row, stages: stages.get(row.id) ?? [] }));
}

async function pipeline(ctx: Ctx, id: string): Promise<Pipeline> {
  const found = (await pipelines(ctx)).find((one) => one.id === id);
  if (found === undefined) throw new PipelineNotFound('There is no such pipeline; list them with GET /api/pipelines');
  return found;
}

async function stage(ctx: Ctx, id: string): Promise<Stage> {
  const found = (await ctx.query<Stage>(STAGES, [ctx.companyId])).find((one) => one.id === id);
  if (found === undefined) throw new StageNotFound('There is no such stage; list them with GET /api/pipelines');
  return found;
}

export const listPipelines = operation({
  name: 'pipelines.list',
  summary: 'Pipelines with their stages',
  http: 'GET /api/pipelines',
  cli: 'pipelines list',
  access: 'read',
  scope: 'deals:read',
  input: z.object({}),
  output: z.object({ items: z.array(Pipeline), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await pipelines(ctx), nextCursor: null }),
});

export const createPipeline = operation({
  name: 'pipelines.create',
  summary: 'Make a pipeline; won and lost come with it',
  http: 'POST /api/pipelines',
  cli: 'pipelines create',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  input: z.object({ name: label(100), stages: z.array(label(100)).max(30).default(['Qualification', 'Proposal', 'Negotiation']) }),
  output: Pipeline,
  errors: [DealNameTaken],
  async run(ctx, { name, stages }) {
    if ((await pipelines(ctx)).some((one) => dealKey(one.name) === dealKey(name))) throw taken(name);
    const share = (index: number) => Math.round((100 * (index + 1)) / (stages.length + 1));
    const { id } = await ensurePipeline(
      ctx,
      ctx.companyId,
      {
        name,
        stages: [
          ...stages.map((one, index) => ({ name: one, kind: 'open' as const, probability: share(index) })),
          { name: 'Won', kind: 'won' as const },
          { name: 'Lost', kind: 'lost' as const },
        ],
      },
      ctx.clock.now(),
    );
    return pipeline(ctx, id);
  },
});

const taken = (name: string) => new DealNameTaken(`${name} is there already`, { fields: [{ path: 'name', message: 'is taken' }] });

const RENAME: Statement = {
  name: 'deals.pipelines.rename',
  text: 'update deal_pipelines set name = $3, name_key = $4, updated_at = $5 where id = $1 and company_id = $2',
};

export const updatePipeline = operation({
  name: 'pipelines.update',
  summary: 'Rename a pipeline',
  http: 'PUT /api/pipelines/{pipeline_id}',
  cli: 'pipelines update',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  input: z.object({ pipelineId: z.uuid(), name: label(100) }),
  output: Pipeline,
  errors: [PipelineNotFound, DealNameTaken],
  async run(ctx, { pipelineId, name }) {
    const before = await pipeline(ctx, pipelineId);
    ctx.expectVersion(before);
    if ((await pipelines(ctx)).some((one) => one.id !== pipelineId && dealKey(one.name) === dealKey(name))) throw taken(name);
    await ctx.query(RENAME, [pipelineId, ctx.companyId, name, dealKey(name), ctx.clock.now()]);
    return pipeline(ctx, pipelineId);
  },
});

const percent = () => z.number().int().min(0).max(100);
const rotDays = () => z.number().int().min(1).max(3_650).nullable();

export const createStage = operation({
  name: 'stages.create',
  summary: 'Add a stage to a pipeline',
  http: 'POST /api/pipelines/{pipeline_id}/stages',
  cli: 'stages create',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  input: z.object({
    pipelineId: z.uuid(),
    name: label(100),
    kind: z.enum(STAGE_KINDS).default('open'),
    probability: percent().default(50),
  }),
  output: Stage,
  errors: [PipelineNotFound, DealNameTaken],
  async run(ctx, { pipelineId, name, kind, probability }) {
    const { stages } = await pipeline(ctx, pipelineId);
    if (stages.some((one) => dealKey(one.name) === dealKey(name))) throw taken(name);
    const made = await ensurePipeline(
      ctx,
      ctx.companyId,
      { id: pipelineId, name: '', stages: [{ name, kind, probability }] },
      ctx.clock.now(),
    );
    return stage(ctx, made.stages.get(dealKey(name)) ?? '');
  },
});

const UPDATE_STAGE: Statement = {
  name: 'deals.stages.update',
  text: `update deal_stages set name = $3, name_key = $4, probability = $5, rot_days = $6, updated_at = $7 where id = $1 and company_id = $2`,
};
const PLACE: Statement = {
  name: 'deals.stages.place',
  text: `update deal_stages s set position = o.place from (
      select id, row_number() over (order by case kind when 'open' then 0 when 'won' then 1 else 2 end,
               case when id = $3 then $4::numeric - case when $4 <= position then 0.5 else -0.5 end else position end, id) as place
        from deal_stages where company_id = $1 and pipeline_id = $2) o
    where s.id = o.id and s.position <> o.place`,
};
const NOTE_PROBABILITY: Statement = {
  name: 'deals.stages.note_probability',
  text: `insert into deal_stage_probabilities (company_id, stage_id, since, probability)
         select $1, $2, e.since, e.probability from (values ('epoch'::timestamptz, $3::smallint), ($5::timestamptz, $4::smallint)) as e (since, probability)
         where e.since > 'epoch' or not exists (select from deal_stage_probabilities where stage_id = $2 and company_id = $1)
         on conflict (stage_id, since) do update set probability = excluded.probability`,
};
const OPEN_IN: Statement = {
  name: 'deals.stages.open_in',
  text: `select id from deals where company_id = $1 and stage_id = $2 and probability is null and ($3::uuid is null or id > $3) order by id limit 5000`,
};

export const updateStage = operation({
  name: 'stages.update',
  summary: 'Change a stage; another probability weighs its deals anew from now on, the past stays as it was',
  http: 'PUT /api/stages/{stage_id}',
  cli: 'stages update',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  input: z.object({
    stageId: z.uuid(),
    name: label(100).optional(),
    probability: percent().optional(),
    position: z.number().int().min(1).max(1_000).optional(),
    rotDays: rotDays().optional(),
  }),
  output: Stage,
  errors: [StageNotFound, DealNameTaken],
  async run(ctx, input) {
    const before = await stage(ctx, input.stageId);
    ctx.expectVersion(before);
    const { stages } = await pipeline(ctx, before.pipelineId);
    const name = input.name ?? before.name;
    if (stages.some((one) => one.id !== before.id && dealKey(one.name) === dealKey(name))) throw taken(name);
    const probability = input.probability ?? before.probability;
    if (before.kind !== 'open' && probability !== before.probability)
      throw new InvalidInput('Won is always 100 % and lost 0 %', { fields: [{ path: 'probability', message: 'belongs to open stages' }] });
    const now = ctx.clock.now();
    const rot = input.rotDays === undefined ? before.rotDays : input.rotDays;
    await ctx.query(UPDATE_STAGE, [before.id, ctx.companyId, name, dealKey(name), probability, rot, now]);
    if (input.position !== undefined) await ctx.query(PLACE, [ctx.companyId, before.pipelineId, before.id, input.position]);
    if (probability !== before.probability) {
      await ctx.query(NOTE_PROBABILITY, [ctx.companyId, before.id, before.probability, probability, now]);
      for (let after: string | null = null; ;) {
        const rows: { id: string }[] = await ctx.query<{ id: string }>(OPEN_IN, [ctx.companyId, before.id, after]);
        if (rows.length > 0) await replayDeals(ctx, ctx.companyId, rows.map((row) => row.id), now, now); // prettier-ignore
        after = rows.at(-1)?.id ?? null;
        if (rows.length < 5_000) break;
      }
    }
    return stage(ctx, before.id);
  },
});

const DELETE_STAGE: Statement = {
  name: 'deals.stages.delete',
  text: `delete from deal_stages s where s.id = $1 and s.company_id = $2 and not exists (select from deals d where d.stage_id = s.id and d.company_id = $2)
           and not exists (select from deal_moves m where m.company_id = $2 and m.stage_id = s.id) returning id`,
};

export const deleteStage = operation({
  name: 'stages.delete',
  summary: 'Delete a stage in which no deal ever stood',
  http: 'DELETE /api/stages/{stage_id}',
  cli: 'stages delete',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  destructive: true,
  input: z.object({ stageId: z.uuid() }),
  output: z.null(),
  errors: [StageNotFound, StageInUse, Conflict],
  async run(ctx, { stageId }) {
    const before = await stage(ctx, stageId);
    ctx.subject('deal_stages', stageId);
    const { stages } = await pipeline(ctx, before.pipelineId);
    if (stages.filter((one) => one.kind === before.kind).length === 1)
      throw new Conflict(`A pipeline needs a stage that is ${before.kind}; add another one first`);
    if ((await ctx.query(DELETE_STAGE, [stageId, ctx.companyId])).length === 0)
      throw new StageInUse('Deals stand in it, or stood in it once; rename it instead, so that the past can be shown');
    return null;
  },
});
