import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { TOPIC_BASES } from '../basis/find.ts';
import { keyOf } from '../custom/key.ts';
import { tidy } from '../names.ts';
import { TOPIC_CHANNELS } from './tables.ts';
import { listTopics, shownTopic, Topic, TOPIC_COLUMNS, TOPIC_FROM, TopicNotFound, type StoredTopic } from './topic.ts';

/** Another topic has this key. */
export class TopicTaken extends Conflict {
  override readonly code = 'topic_taken';
}

const MOST_TOPICS = 50;
/** They stand for all of them in the consent log. */
const RESERVED = new Set(['marketing']);

const Wording = z.object({ version: z.int(), wording: z.string(), createdBy: z.string().nullable(), createdAt: z.date() });

export const topicKey = () => z.string().max(64).describe('Key of the topic');

export const listTopicsOperation = operation({
  name: 'topics.list',
  summary: 'What the company writes about, with the wording that people are told and the lawful bases that suffice',
  http: 'GET /api/topics',
  cli: 'topics list',
  access: 'read',
  scope: 'people:read',
  input: z.object({ archived: z.boolean().default(false).describe('Archived ones, too') }),
  output: z.object({ items: z.array(Topic), nextCursor: z.null() }),
  run: async (ctx, { archived }) => ({ items: (await listTopics(ctx, ctx.companyId, archived)).map(shownTopic), nextCursor: null }),
});

const ONE: Statement = { name: 'topics.get', text: `select ${TOPIC_COLUMNS} from ${TOPIC_FROM} where t.company_id = $1 and t.key = $2` };
const LOCKED: Statement = { name: 'topics.lock', text: `${ONE.text} for update of t` };
const WORDINGS: Statement = {
  name: 'topics.wordings',
  text: `select w.version, w.wording, coalesce(nullif(u.full_name, ''), u.username) as "createdBy", w.created_at as "createdAt"
           from topic_wordings w left join users u on u.id = w.created_by where w.company_id = $1 and w.topic_key = $2 order by w.version desc limit 200`,
};

async function read(ctx: Ctx, statement: Statement, key: string): Promise<StoredTopic> {
  const [topic] = await ctx.query<StoredTopic>(statement, [ctx.companyId, key]);
  if (topic === undefined) throw new TopicNotFound('There is no such topic; list them with GET /api/topics');
  return topic;
}

export const getTopic = operation({
  name: 'topics.get',
  summary: 'One topic with every wording that it ever had, the newest first',
  http: 'GET /api/topics/{key}',
  cli: 'topics get',
  access: 'read',
  scope: 'people:read',
  input: z.object({ key: topicKey() }),
  output: Topic.extend({ wordings: z.array(Wording) }),
  errors: [TopicNotFound],
  async run(ctx, { key }) {
    const topic = await read(ctx, ONE, key);
    return { ...shownTopic(topic), wordings: await ctx.query<z.output<typeof Wording>>(WORDINGS, [ctx.companyId, key]) };
  },
});

const fields = {
  title: z.string().trim().min(1).max(100).transform(tidy),
  description: z.string().trim().max(500),
  channels: z.array(z.enum(TOPIC_CHANNELS)).min(1).max(2),
  bases: z.array(z.enum(TOPIC_BASES)).max(TOPIC_BASES.length).describe('What suffices besides consent'),
  wording: z.string().trim().min(1).max(2_000).describe('What people are told; other words are a new version'),
};

const INSERT: Statement = {
  name: 'topics.insert',
  text: `insert into topics (company_id, key, title, description, channels, bases, wording_version, created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, 1, $7, $7 where (select count(*) from topics where company_id = $1) < ${MOST_TOPICS}
         on conflict do nothing returning key`,
};
const WORD: Statement = {
  name: 'topics.word',
  text: 'insert into topic_wordings (company_id, topic_key, version, wording, created_by, created_at) values ($1, $2, $3, $4, $5, $6)',
};
const who = (ctx: Ctx) => ('userId' in ctx.principal ? ctx.principal.userId : null);

export const createTopic = operation({
  name: 'topics.create',
  summary: 'Add something that the company writes about',
  http: 'POST /api/topics',
  cli: 'topics create',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  input: z.object({
    ...fields,
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'is lower case letters, digits and _, at most 40, such as product_news' })
      .optional()
      .describe('Default: made from the title, and never changed after'),
    description: fields.description.default(''),
    channels: fields.channels.default(['email']),
    bases: fields.bases.default([]),
  }),
  output: Topic,
  errors: [TopicTaken],
  async run(ctx, input) {
    const key = input.key ?? keyOf(input.title);
    if (RESERVED.has(key))
      throw new InvalidInput(`${key} stands for all topics; choose another key`, { fields: [{ path: 'key', message: 'is reserved' }] });
    const at = ctx.clock.now();
    const values = [ctx.companyId, key, input.title, input.description, input.channels, input.bases, at];
    if ((await ctx.query(INSERT, values)).length === 0) await whyNot(ctx, key);
    await ctx.query(WORD, [ctx.companyId, key, 1, input.wording, who(ctx), at]);
    ctx.subject('topics', key);
    return shownTopic(await read(ctx, ONE, key));
  },
});

async function whyNot(ctx: Ctx, key: string): Promise<never> {
  const [other] = await ctx.query<StoredTopic>(ONE, [ctx.companyId, key]);
  if (other === undefined)
    throw new InvalidInput(`There are ${MOST_TOPICS} topics already, the most there can be`, {
      fields: [{ path: 'title', message: 'one too many' }],
    });
  const where = other.archivedAt === null ? 'use that one, or choose another key' : 'it is archived: bring it back, or choose another key';
  throw new TopicTaken(`The key ${key} belongs to the topic “${other.title}”; ${where}`, {
    fields: [{ path: 'key', message: 'is taken' }],
  });
}

const UPDATE: Statement = {
  name: 'topics.update',
  text: `update topics set title = $3, description = $4, channels = $5, bases = $6, wording_version = $7, archived_at = $8, updated_at = $9 where company_id = $1 and key = $2`,
};

export const updateTopic = operation({
  name: 'topics.update',
  summary: 'Change a topic, archive it or bring it back; other words are a new version, and old consents keep the words they were given to',
  http: 'PUT /api/topics/{key}',
  cli: 'topics update',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  input: z.object({
    key: topicKey(),
    ...z.object(fields).partial().shape,
    archived: z.boolean().optional().describe('Archived: offered nowhere; what people said to it stays'),
  }),
  output: Topic,
  errors: [TopicNotFound],
  async run(ctx, { key, archived, wording, ...changes }) {
    const topic = await read(ctx, LOCKED, key);
    ctx.expectVersion(topic);
    const at = ctx.clock.now();
    const next = { ...topic, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
    const archivedAt = archived === undefined ? topic.archivedAt : archived ? (topic.archivedAt ?? at) : null;
    const reworded = wording !== undefined && wording !== topic.wording;
    const version = reworded ? topic.wordingVersion + 1 : topic.wordingVersion;
    if (reworded) await ctx.query(WORD, [ctx.companyId, key, version, wording, who(ctx), at]);
    await ctx.query(UPDATE, [ctx.companyId, key, next.title, next.description, next.channels, next.bases, version, archivedAt, at]);
    ctx.subject('topics', key);
    return shownTopic(await read(ctx, ONE, key));
  },
});
