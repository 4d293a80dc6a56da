import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { BrokenTemplate } from '../liquid.ts';
import { currentTemplates, unwritten, type CurrentTemplate } from '../templates/current.ts';
import { listedTemplates } from '../templates/listed.ts';
import { AttachmentNotFound } from '../templates/store/files.ts';
import { changed, compiled, publish, refuseEmpty } from '../templates/store/publish.ts';
import { Use, usesByKey, usesOf } from '../templates/store/uses.ts';
import { Changes, key, shown, shownWhole, Template, TemplateInUse, TemplateNotFound, WholeTemplate } from './template-shapes.ts';

export async function findTemplate(ctx: Ctx, wanted: string): Promise<CurrentTemplate | undefined> {
  return (await currentTemplates(ctx, ctx.runtime, [{ companyId: ctx.companyId, key: wanted }]))(ctx.companyId, wanted);
}

/** @throws TemplateNotFound */
export async function requireTemplate(ctx: Ctx, wanted: string): Promise<CurrentTemplate> {
  const found = await findTemplate(ctx, wanted);
  if (found === undefined) throw new TemplateNotFound(`There is no template ${wanted}; see GET /api/templates`);
  return found;
}

const DRAFTS: Statement = {
  name: 'messages.templates.drafts',
  text: `select key, content, base_version as "baseVersion", updated_by as "updatedBy", updated_at as "updatedAt" from message_template_drafts where company_id = $1 order by key`,
};
const DRAFT: Statement = {
  name: 'messages.templates.draft',
  text: `select key, content, base_version as "baseVersion", updated_by as "updatedBy", updated_at as "updatedAt" from message_template_drafts where company_id = $1 and key = $2`,
};

interface DraftRow {
  readonly key: string;
  readonly content: Record<string, unknown>;
  readonly baseVersion: number;
  readonly updatedBy: string | null;
  readonly updatedAt: Date;
}

const Draft = z.object({
  content: Changes.describe('As it was saved last'),
  baseVersion: z.int().describe('The version it was begun from'),
  updatedAt: z.date(),
  updatedBy: z.uuid().nullable(),
});

export const listTemplates = operation({
  name: 'templates.list',
  summary: 'Texts that messages are made of, each in its current version',
  http: 'GET /api/templates',
  cli: 'templates list',
  columns: ['key', 'title', 'kind', 'class', 'version', 'origin', 'languages', 'subject'],
  access: 'read',
  input: z.object({}),
  output: z.object({
    items: z.array(
      Template.extend({
        draft: z.boolean().describe('There is work on it that is not published'),
        usedBy: z.array(z.string()).describe('Workflows that send it'),
      }),
    ),
    drafts: z
      .array(z.object({ key: z.string(), title: z.string(), kind: z.string(), updatedAt: z.date() }))
      .describe('Never published yet'),
    nextCursor: z.null(),
  }),
  async run(ctx) {
    const drafts = await ctx.query<DraftRow>(DRAFTS, [ctx.companyId]);
    const templates = await listedTemplates(ctx, ctx.runtime, ctx.companyId);
    const known = new Set(templates.map((one) => one.key));
    const uses = await usesByKey(ctx, ctx.companyId);
    const open = new Set(drafts.map((one) => one.key));
    return {
      items: templates.map((one) => ({ ...shown(one), draft: open.has(one.key), usedBy: uses.get(one.key) ?? [] })),
      drafts: drafts
        .filter((one) => !known.has(one.key))
        .map(({ key: name, content, updatedAt }) => ({
          key: name,
          title: String(content['title'] ?? name),
          kind: String(content['kind'] ?? 'mail'),
          updatedAt,
        })),
      nextCursor: null,
    };
  },
});

const VERSIONS: Statement = {
  name: 'messages.templates.versions_of',
  text: `select t.version, t.created_at as "createdAt", t.created_by as "createdBy", u.full_name as "createdByName", t.note, t.subject from message_templates t
           left join users u on u.id = t.created_by and u.company_id = t.company_id
          where t.company_id = $1 and t.key = $2 order by t.version desc limit 100`,
};

export const getTemplate = operation({
  name: 'templates.get',
  summary: 'One template with its earlier versions, its draft and what sends it',
  http: 'GET /api/templates/{key}',
  cli: 'templates get',
  access: 'read',
  input: z.object({ key }),
  output: WholeTemplate.extend({
    published: z.boolean().describe('False: a draft and nothing else; it can’t be sent yet'),
    draft: Draft.nullable(),
    versions: z.array(
      z.object({
        version: z.int(),
        createdAt: z.date(),
        createdBy: z.uuid().nullable(),
        createdByName: z.string().nullable(),
        note: z.string().nullable(),
        subject: z.string(),
      }),
    ),
    usedBy: z.array(Use),
    about: z.string().nullable().describe('When it is sent, where more is to be said than who sends it'),
    unwritten: z.boolean().describe('A built-in text stands behind it: deleting goes back to that'),
  }),
  errors: [TemplateNotFound],
  async run(ctx, input) {
    const template = await findTemplate(ctx, input.key);
    const [draft] = await ctx.query<DraftRow>(DRAFT, [ctx.companyId, input.key]);
    if (template === undefined && draft === undefined)
      throw new TemplateNotFound(`There is no template ${input.key}; see GET /api/templates`);
    return {
      ...shownWhole(template ?? fromDraft(input.key, draft)),
      published: template !== undefined,
      draft:
        draft === undefined
          ? null
          : {
              content: Changes.parse(draft.content),
              baseVersion: draft.baseVersion,
              updatedAt: draft.updatedAt,
              updatedBy: draft.updatedBy,
            },
      versions: await ctx.query<{
        version: number;
        createdAt: Date;
        createdBy: string | null;
        createdByName: string | null;
        note: string | null;
        subject: string;
      }>(VERSIONS, [ctx.companyId, input.key]),
      usedBy: await usesOf(ctx, ctx.companyId, input.key),
      about: unwritten(ctx.runtime, input.key)?.about ?? null,
      unwritten: unwritten(ctx.runtime, input.key) !== undefined,
    };
  },
});

/** What stands where nothing was published. */
function fromDraft(name: string, draft: DraftRow | undefined): CurrentTemplate {
  const content = Changes.parse(draft?.content ?? {});
  return {
    key: name,
    title: content.title ?? name,
    kind: content.kind ?? 'mail',
    class: content.class ?? 'commercial',
    language: content.language ?? 'en',
    subject: '',
    preheader: '',
    body: '',
    html: null,
    source: { mode: 'text', text: '' },
    variants: [],
    attachments: [],
    snippets: [],
    version: 0,
    origin: 'own',
    note: null,
    createdAt: null,
  };
}

export const updateTemplate = operation({
  name: 'templates.update',
  summary: 'Write a new version of a template; runs use it from their next message on. A new key makes a new template',
  http: 'PUT /api/templates/{key}',
  cli: 'templates update',
  access: 'write',
  role: 'manager',
  input: Changes.extend({ key, note: z.string().trim().max(300).optional().describe('What changed, for who reads the versions later') }),
  output: WholeTemplate.extend({ notes: z.array(z.string()).describe('What the compiler left out') }),
  errors: [BrokenTemplate, AttachmentNotFound],
  async run(ctx, { key: name, note, ...changes }) {
    const current = await findTemplate(ctx, name);
    if (current?.createdAt != null) ctx.expectVersion({ updatedAt: current.createdAt });
    const content = await changed(ctx, name, current, changes);
    refuseEmpty(content);
    const made = await compiled(ctx, content);
    const next = await publish(ctx, name, made, note === undefined || note === '' ? null : note);
    return { ...shownWhole(next), notes: [...made.notes] };
  },
});

const SAVE_DRAFT: Statement = {
  name: 'messages.templates.save_draft',
  text: `insert into message_template_drafts (id, company_id, key, content, base_version, updated_by, created_at, updated_at) values ($1, $2, $3, $4::jsonb, $5, $6, $7, $7)
         on conflict (company_id, key) do update set content = excluded.content, updated_by = excluded.updated_by, updated_at = excluded.updated_at returning updated_at as "updatedAt"`,
};

export const saveDraft = operation({
  name: 'templates.save_draft',
  summary: 'Keep work on a template without publishing it; nobody is sent it',
  http: 'PUT /api/templates/{key}/draft',
  cli: 'templates save-draft',
  access: 'write',
  role: 'manager',
  input: z.object({ key, content: Changes }),
  output: z.object({ key: z.string(), updatedAt: z.date() }),
  errors: [TemplateNotFound],
  async run(ctx, input) {
    const [before] = await ctx.query<DraftRow>({ ...DRAFT, name: 'messages.templates.draft_held', text: `${DRAFT.text} for update` }, [
      ctx.companyId,
      input.key,
    ]);
    if (before !== undefined) ctx.expectVersion(before);
    const template = await findTemplate(ctx, input.key);
    if (template === undefined && before === undefined && input.content.title === undefined)
      throw new TemplateNotFound(`There is no template ${input.key}; give it a title to begin one`);
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const now = ctx.clock.now();
    const values = [
      newId(),
      ctx.companyId,
      input.key,
      JSON.stringify(input.content),
      before?.baseVersion ?? template?.version ?? 0,
      by,
      now,
    ];
    const [row] = await ctx.query<{ updatedAt: Date }>(SAVE_DRAFT, values);
    ctx.subject('templates', ctx.companyId);
    return { key: input.key, updatedAt: row?.updatedAt ?? now };
  },
});

const DROP_DRAFT: Statement = {
  name: 'messages.templates.drop_draft',
  text: `delete from message_template_drafts where company_id = $1 and key = $2 returning id`,
};

export const dropDraft = operation({
  name: 'templates.drop_draft',
  summary: 'Forget unpublished work on a template; what is published stays',
  http: 'DELETE /api/templates/{key}/draft',
  cli: 'templates drop-draft',
  access: 'write',
  role: 'manager',
  input: z.object({ key }),
  output: z.object({}),
  errors: [TemplateNotFound],
  async run(ctx, input) {
    const gone = await ctx.query(DROP_DRAFT, [ctx.companyId, input.key]);
    if (gone.length === 0) throw new TemplateNotFound(`There is no draft of ${input.key}`);
    ctx.subject('templates', ctx.companyId);
    return {};
  },
});

const RETIRE: Statement = {
  name: 'messages.templates.retire',
  text: `update message_templates set retired_at = $3 where company_id = $1 and key = $2 and retired_at is null returning version`,
};

export const deleteTemplate = operation({
  name: 'templates.delete',
  summary: 'Take a template out of use, or go back to the built-in text; refused while a workflow sends it. Its versions stay readable',
  http: 'DELETE /api/templates/{key}',
  cli: 'templates delete',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ key }),
  output: z.object({}),
  errors: [TemplateNotFound, TemplateInUse],
  async run(ctx, input) {
    const uses = unwritten(ctx.runtime, input.key) === undefined ? await usesOf(ctx, ctx.companyId, input.key) : [];
    if (uses.length > 0) {
      const names = [...new Set(uses.map((use) => `“${use.title}”`))].slice(0, 5).join(', ');
      throw new TemplateInUse(`${names} still ${uses.length === 1 ? 'sends' : 'send'} this template; choose another one there first`);
    }
    const retired = await ctx.query(RETIRE, [ctx.companyId, input.key, ctx.clock.now()]);
    const drafts = await ctx.query(DROP_DRAFT, [ctx.companyId, input.key]);
    if (retired.length + drafts.length === 0) throw new TemplateNotFound(`There is no template ${input.key} of your own`);
    ctx.subject('templates', ctx.companyId);
    return {};
  },
});
