import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { BrokenTemplate } from '../../liquid.ts';
import { sourceOf, type Changes } from '../../operations/template-shapes.ts';
import type { CurrentTemplate } from '../current.ts';
import { compile, type Writing } from '../source/compile.ts';
import type { Source } from '../source/source.ts';
import { attachmentsFor } from './files.ts';
import type { Attachment, StoredVariant } from './row.ts';
import { allSnippets } from './snippets.ts';

/** A template as it is written now, all of it. */
export interface Content {
  readonly title: string;
  readonly kind: 'mail' | 'sms';
  readonly class: 'commercial' | 'transactional';
  readonly main: Writing;
  readonly variants: readonly Writing[];
  readonly attachments: readonly Attachment[];
}

/** What a template becomes by the changes; what they leave out stays. @throws BrokenTemplate, InvalidInput */
export async function changed(ctx: Ctx, name: string, current: CurrentTemplate | undefined, changes: Changes): Promise<Content> {
  const source = changes.source ?? sourceAfter(current, changes);
  if (source === null) throw new BrokenTemplate('A new template needs a subject and a body');
  const main: Writing = {
    language: changes.language ?? current?.language ?? 'en',
    subject: changes.subject ?? current?.subject ?? '',
    preheader: changes.preheader ?? current?.preheader ?? '',
    source,
  };
  const variants = changes.variants ?? current?.variants ?? [];
  const tags = [main, ...variants].map((one) => one.language.toLowerCase());
  const twice = tags.find((tag, i) => tags.indexOf(tag) !== i);
  if (twice !== undefined)
    throw new InvalidInput(`The language ${twice} is there twice; take one of them out`, {
      fields: [{ path: 'variants', message: `has ${twice} twice` }],
    });
  return {
    title: changes.title ?? current?.title ?? name,
    kind: changes.kind ?? current?.kind ?? 'mail',
    class: changes.class ?? current?.class ?? 'commercial',
    main,
    variants,
    attachments: changes.attachments === undefined ? (current?.attachments ?? []) : await attachmentsFor(ctx, changes.attachments),
  };
}

/** Of changes that name body and HTML instead of a source. */
function sourceAfter(current: CurrentTemplate | undefined, { body, html }: Changes): Source | null {
  const before = current === undefined ? null : sourceOf(current);
  if (body === undefined && html === undefined) return before;
  const page = html === undefined ? (before?.mode === 'html' ? before.html : null) : html;
  const text = body ?? (before?.mode === 'text' || before?.mode === 'html' ? before.text : null);
  if (page !== null) return { mode: 'html', html: page, text };
  return text === null ? null : { mode: 'text', text };
}

export interface Compiled extends Content {
  readonly row: Pick<CurrentTemplate, 'subject' | 'preheader' | 'language' | 'body' | 'html' | 'source' | 'snippets'> & {
    readonly variants: readonly StoredVariant[];
  };
  readonly notes: readonly string[];
}

/** @throws BrokenTemplate with line and reason */
export async function compiled(ctx: Ctx, content: Content): Promise<Compiled> {
  const { kind, main, variants } = content;
  const all = [main, ...variants];
  if (kind === 'sms' && all.some(({ source }) => source.mode !== 'text'))
    throw new BrokenTemplate('An SMS is written as text: blocks and HTML are for mail');
  const snippets = await allSnippets(ctx, ctx.companyId);
  const made = all.map((writing) => {
    try {
      return compile(kind === 'sms' ? { ...writing, subject: '', preheader: '' } : writing, snippets);
    } catch (error) {
      if (!(error instanceof BrokenTemplate) || variants.length === 0) throw error;
      throw new BrokenTemplate(`${writing.language}: ${error.message}`);
    }
  });
  const [first, ...rest] = made;
  if (first === undefined) throw new BrokenTemplate('A new template needs a subject and a body');
  return {
    ...content,
    row: {
      ...first.compiled,
      source: main.source,
      snippets: [...new Set(made.flatMap((one) => one.snippets))].toSorted(),
      variants: rest.map((one, i) => ({ ...one.compiled, source: variants[i]?.source ?? main.source })),
    },
    notes: made.flatMap((one) => one.notes),
  };
}

/** What can't be published: a mail without its subject or without words. */
export function refuseEmpty({ kind, main, variants }: Content): void {
  for (const { subject, source, language } of [main, ...variants]) {
    if (kind === 'mail' && subject.trim() === '') throw new BrokenTemplate(`The ${language} text needs a subject`);
    const words =
      source.mode === 'text'
        ? source.text
        : source.mode === 'html'
          ? source.html
          : source.mode === 'mjml'
            ? source.mjml
            : String(source.blocks.length || '');
    if (words.trim() === '') throw new BrokenTemplate(`The ${language} text is empty; write it first`);
  }
}

const NEXT: Statement = {
  name: 'messages.templates.next_version',
  text: `select coalesce(max(version), 0)::int + 1 as version from message_templates where company_id = $1 and key = $2`,
};
const INSERT: Statement = {
  name: 'messages.templates.insert',
  text: `insert into message_templates (id, company_id, key, version, kind, title, class, language, subject, preheader, body, html, source, variants, attachments, snippets, note, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14::jsonb, $15::jsonb, $16, $17, $18, $19) on conflict (company_id, key, version) do nothing returning id`,
};
const FORGET_DRAFT: Statement = {
  name: 'messages.templates.forget_draft',
  text: `delete from message_template_drafts where company_id = $1 and key = $2`,
};

/** Writes the next version of a template: runs use it from their next message on. Its draft is done with. @throws Conflict */
export async function publish(
  ctx: Ctx,
  name: string,
  content: Compiled,
  note: string | null,
  draft: 'done' | 'keep draft' = 'done',
): Promise<CurrentTemplate> {
  const [{ version } = { version: 1 }] = await ctx.query<{ version: number }>(NEXT, [ctx.companyId, name]);
  const { row } = content;
  const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
  const now = ctx.clock.now();
  const written = await ctx.query<{ id: string }>(INSERT, [
    newId(),
    ctx.companyId,
    name,
    version,
    content.kind,
    content.title,
    content.class,
    row.language,
    row.subject,
    row.preheader,
    row.body,
    row.html,
    JSON.stringify(row.source),
    JSON.stringify(row.variants),
    JSON.stringify(content.attachments),
    row.snippets,
    note,
    createdBy,
    now,
  ]);
  if (written.length === 0) throw new Conflict('Somebody published this template in the same moment; look at theirs, then publish again');
  if (draft === 'done') await ctx.query(FORGET_DRAFT, [ctx.companyId, name]);
  ctx.subject('templates', ctx.companyId);
  return {
    key: name,
    title: content.title,
    kind: content.kind,
    class: content.class,
    ...row,
    attachments: content.attachments,
    version,
    origin: 'own',
    note,
    createdAt: now,
  };
}
