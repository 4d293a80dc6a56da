import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { BrokenTemplate, parseLiquid } from '../liquid.ts';
import { currentTemplates } from '../templates/current.ts';
import { asked, loopOf, richOf, whole } from '../templates/source/snippets.ts';
import { compiled, publish } from '../templates/store/publish.ts';
import { allSnippets } from '../templates/store/snippets.ts';
import { key, sourceOf } from './template-shapes.ts';

/** No such snippet in this company. */
export class SnippetNotFound extends NotFound {
  override readonly code = 'snippet_not_found';
}

/** A template or another snippet still has it. */
export class SnippetInUse extends Conflict {
  override readonly code = 'snippet_in_use';
}

const Snippet = z.object({
  key: z.string(),
  title: z.string(),
  mode: z.enum(['text', 'html']).describe('text: the marks of text blocks. html: as it is'),
  body: z.string(),
  usedBy: z.array(z.object({ kind: z.enum(['template', 'snippet']), key: z.string(), title: z.string() })),
  updatedAt: z.date(),
});

const LIST: Statement = {
  name: 'messages.snippets.list',
  text: `select key, title, mode, body, updated_at as "updatedAt" from message_snippets where company_id = $1 order by title, key`,
};
/** Templates in their current version that hold any of these snippets. */
const HOLDERS: Statement = {
  name: 'messages.snippets.holders',
  text: `select key, title, snippets from (select distinct on (key) key, title, snippets from message_templates where company_id = $1 and retired_at is null order by key, version desc) t
          where t.snippets && $2::text[] order by title`,
};

interface Row {
  readonly key: string;
  readonly title: string;
  readonly mode: 'text' | 'html';
  readonly body: string;
  readonly updatedAt: Date;
}

async function listed(ctx: Ctx): Promise<z.input<typeof Snippet>[]> {
  const rows = await ctx.query<Row>(LIST, [ctx.companyId]);
  const holders = await ctx.query<{ key: string; title: string; snippets: string[] }>(HOLDERS, [ctx.companyId, rows.map((row) => row.key)]);
  return rows.map((row) => ({
    ...row,
    usedBy: [
      ...holders
        .filter((one) => one.snippets.includes(row.key))
        .map((one) => ({ kind: 'template' as const, key: one.key, title: one.title })),
      ...rows
        .filter((one) => asked(one.body).includes(row.key))
        .map((one) => ({ kind: 'snippet' as const, key: one.key, title: one.title })),
    ],
  }));
}

export const listSnippets = operation({
  name: 'snippets.list',
  summary: 'Pieces that templates share, with what uses each',
  http: 'GET /api/snippets',
  cli: 'snippets list',
  access: 'read',
  scope: 'templates:read',
  input: z.object({}),
  output: z.object({ items: z.array(Snippet), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await listed(ctx), nextCursor: null }),
});

const HELD: Statement = {
  name: 'messages.snippets.held',
  text: `select key, title, mode, body, updated_at as "updatedAt" from message_snippets where company_id = $1 and key = $2 for update`,
};
const SAVE: Statement = {
  name: 'messages.snippets.save',
  text: `insert into message_snippets (id, company_id, key, title, mode, body, updated_by, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         on conflict (company_id, key) do update set title = excluded.title, mode = excluded.mode, body = excluded.body, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
};

export const saveSnippet = operation({
  name: 'snippets.save',
  summary: 'Write a snippet, new or changed. Each template that holds it gets a new version with it',
  http: 'PUT /api/snippets/{key}',
  cli: 'snippets save',
  access: 'write',
  scope: 'templates:write',
  role: 'manager',
  input: z.object({
    key,
    title: z.string().trim().min(1).max(200).optional(),
    mode: z.enum(['text', 'html']).optional(),
    body: z.string().trim().min(1).max(50_000),
  }),
  output: Snippet.extend({ republished: z.array(z.string()).describe('Keys of the templates that have a new version now') }),
  errors: [BrokenTemplate],
  async run(ctx, input) {
    const [before] = await ctx.query<Row>(HELD, [ctx.companyId, input.key]);
    if (before !== undefined) ctx.expectVersion(before);
    const mode = input.mode ?? before?.mode ?? 'text';
    const snippets = new Map(await allSnippets(ctx, ctx.companyId)).set(input.key, { key: input.key, mode, body: input.body });
    const loop = loopOf(input.key, snippets);
    if (loop !== null) throw new BrokenTemplate(`The snippet would stand inside itself: ${loop.join(' → ')}; take one of them out`);
    parseLiquid(richOf(whole({ key: input.key, mode, body: input.body }, snippets)), 'html');
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await ctx.query(SAVE, [
      newId(),
      ctx.companyId,
      input.key,
      input.title ?? before?.title ?? input.key,
      mode,
      input.body,
      by,
      ctx.clock.now(),
    ]);
    ctx.subject('snippets', ctx.companyId);
    const republished = before === undefined ? [] : await republish(ctx, input.key);
    const saved = (await listed(ctx)).find((one) => one.key === input.key);
    if (saved === undefined) throw new SnippetNotFound('The snippet was deleted a moment ago');
    return { ...saved, republished };
  },
});

/** A version holds its snippets as they were: those that hold the changed one get a new version. */
async function republish(ctx: Ctx, name: string): Promise<string[]> {
  const holders = await ctx.query<{ key: string }>(HOLDERS, [ctx.companyId, [name]]);
  const current = await currentTemplates(
    ctx,
    ctx.runtime,
    holders.map((one) => ({ companyId: ctx.companyId, key: one.key })),
  );
  const done: string[] = [];
  for (const { key: holder } of holders) {
    const template = current(ctx.companyId, holder);
    if (template === undefined) continue;
    const { title, kind, class: stream, variants, attachments, language, subject, preheader } = template;
    const content = {
      title,
      kind,
      class: stream,
      main: { language, subject, preheader, source: sourceOf(template) },
      variants,
      attachments,
    };
    await publish(ctx, holder, await compiled(ctx, content), `The snippet ${name} was changed`, 'keep draft');
    done.push(holder);
  }
  return done;
}

const DELETE: Statement = {
  name: 'messages.snippets.delete',
  text: `delete from message_snippets where company_id = $1 and key = $2 returning id`,
};

export const deleteSnippet = operation({
  name: 'snippets.delete',
  summary: 'Delete a snippet; refused while a template or another snippet holds it',
  http: 'DELETE /api/snippets/{key}',
  cli: 'snippets delete',
  access: 'write',
  scope: 'templates:write',
  role: 'manager',
  destructive: true,
  input: z.object({ key }),
  output: z.object({}),
  errors: [SnippetNotFound, SnippetInUse],
  async run(ctx, input) {
    const found = (await listed(ctx)).find((one) => one.key === input.key);
    if (found === undefined) throw new SnippetNotFound(`There is no snippet ${input.key}; see GET /api/snippets`);
    if (found.usedBy.length > 0)
      throw new SnippetInUse(
        `${found.usedBy
          .map((use) => `“${use.title}”`)
          .slice(0, 5)
          .join(', ')} still ${found.usedBy.length === 1 ? 'holds' : 'hold'} this snippet; take it out there first`,
      );
    await ctx.query(DELETE, [ctx.companyId, input.key]);
    ctx.subject('snippets', ctx.companyId);
    return {};
  },
});
