import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { Tag, tagField, tagKey, TagNotFound, TagTaken } from '../tags/tag.ts';
import { TAG_COLORS } from '../tables.ts';

const CountedTag = Tag.extend({
  companyId: z.uuid(),
  people: z.int().describe('How many people carry it'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type CountedTag = z.output<typeof CountedTag>;

const COLUMNS = `t.id, t.company_id as "companyId", t.name, t.color, t.created_at as "createdAt", t.updated_at as "updatedAt",
  (select count(*)::int from person_tags pt where pt.tag_id = t.id) as people`;

const LIST: Statement = {
  name: 'tags.list',
  text: `select ${COLUMNS} from tags t where t.company_id = $1 order by t.name_key limit 1000`,
};

export const listTags = operation({
  name: 'tags.list',
  summary: 'All tags by name, and how many people carry each',
  http: 'GET /api/tags',
  cli: 'tags list',
  access: 'read',
  scope: 'people:read',
  input: z.object({}),
  output: z.object({ items: z.array(CountedTag), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ctx.query<CountedTag>(LIST, [ctx.companyId]), nextCursor: null }),
});

const INSERT: Statement = {
  name: 'tags.create',
  text: `insert into tags as t (id, company_id, name, name_key, color, created_at, updated_at) values ($2, $1, $3, $4, $5, $6, $6)
         on conflict (company_id, name_key) do nothing returning id`,
};
const GET: Statement = { name: 'tags.get', text: `select ${COLUMNS} from tags t where t.company_id = $1 and t.id = $2` };
const LOCK: Statement = { name: 'tags.lock', text: 'select id from tags where company_id = $1 and id = $2 for update' };

async function readTag(ctx: Ctx, id: string): Promise<CountedTag> {
  const [tag] = await ctx.query<CountedTag>(GET, [ctx.companyId, id]);
  if (tag === undefined) throw new TagNotFound('There is no such tag; list them with GET /api/tags');
  return tag;
}

const taken = (name: string) => new TagTaken(`There is a tag ${name} already`, { fields: [{ path: 'name', message: 'is taken' }] });

export const createTag = operation({
  name: 'tags.create',
  summary: 'Make a tag before anybody carries it; tagging makes tags, too',
  http: 'POST /api/tags',
  cli: 'tags create',
  access: 'write',
  scope: 'people:write',
  input: z.object({ name: tagField(), color: z.enum(TAG_COLORS).default('gray') }),
  output: CountedTag,
  errors: [TagTaken],
  async run(ctx, { name, color }) {
    const id = newId();
    const made = await ctx.query(INSERT, [ctx.companyId, id, name, tagKey(name), color, ctx.clock.now()]);
    if (made.length === 0) throw taken(name);
    return readTag(ctx, id);
  },
});

const UPDATE: Statement = {
  name: 'tags.update',
  text: `update tags t set name = $3, name_key = $4, color = $5, updated_at = $6 where company_id = $1 and id = $2
            and not exists (select from tags o where o.company_id = $1 and o.name_key = $4 and o.id <> $2) returning id`,
};

export const updateTag = operation({
  name: 'tags.update',
  summary: 'Rename a tag, or give it another colour',
  http: 'PUT /api/tags/{tag_id}',
  cli: 'tags update',
  access: 'write',
  scope: 'people:write',
  input: z.object({ tagId: z.uuid(), name: tagField().optional(), color: z.enum(TAG_COLORS).optional() }),
  output: CountedTag,
  errors: [TagNotFound, TagTaken],
  async run(ctx, input) {
    await ctx.query(LOCK, [ctx.companyId, input.tagId]);
    const tag = await readTag(ctx, input.tagId);
    ctx.expectVersion(tag);
    const name = input.name ?? tag.name;
    const values = [ctx.companyId, tag.id, name, tagKey(name), input.color ?? tag.color, ctx.clock.now()];
    const updated = await ctx.query(UPDATE, values);
    if (updated.length === 0)
      throw new TagTaken(`There is a tag ${name} already; merge the two instead`, { fields: [{ path: 'name', message: 'is taken' }] });
    return readTag(ctx, tag.id);
  },
});

const DELETE: Statement = { name: 'tags.delete', text: 'delete from tags where company_id = $1 and id = $2 returning id' };

export const deleteTag = operation({
  name: 'tags.delete',
  summary: 'Delete a tag; nobody carries it any more',
  http: 'DELETE /api/tags/{tag_id}',
  cli: 'tags delete',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  destructive: true,
  input: z.object({ tagId: z.uuid() }),
  output: z.object({}),
  errors: [TagNotFound],
  async run(ctx, { tagId }) {
    const gone = await ctx.query(DELETE, [ctx.companyId, tagId]);
    if (gone.length === 0) throw new TagNotFound('There is no such tag; list them with GET /api/tags');
    return {};
  },
});

const MERGE: Statement = {
  name: 'tags.merge',
  text: `insert into person_tags (company_id, person_id, tag_id, created_at)
         select $1, pt.person_id, $3, min(pt.created_at) from person_tags pt where pt.company_id = $1 and pt.tag_id = any($2::uuid[]) group by pt.person_id
         on conflict (person_id, tag_id) do nothing`,
};
const DELETE_MANY: Statement = {
  name: 'tags.delete_many',
  text: 'delete from tags where company_id = $1 and id = any($2::uuid[]) returning id',
};

export const mergeTags = operation({
  name: 'tags.merge',
  summary: 'Make several tags one: who carried any of them carries this one',
  http: 'POST /api/tags/{tag_id}/merge',
  cli: 'tags merge',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  status: 200,
  destructive: true,
  input: z.object({
    tagId: z.uuid().describe('The tag that stays'),
    tagIds: z.array(z.uuid()).min(1).max(100).describe('The tags that go into it'),
  }),
  output: CountedTag,
  errors: [TagNotFound],
  async run(ctx, { tagId, tagIds }) {
    await ctx.query(LOCK, [ctx.companyId, tagId]);
    await readTag(ctx, tagId);
    const others = [...new Set(tagIds)].filter((id) => id !== tagId);
    await ctx.query(MERGE, [ctx.companyId, others, tagId]);
    const gone = await ctx.query(DELETE_MANY, [ctx.companyId, others]);
    if (gone.length !== others.length) throw new TagNotFound('One of these tags does not exist; list them with GET /api/tags');
    return readTag(ctx, tagId);
  },
});
