import { normaliseEmail, findPersonsByEmail } from '#modules/people/public.ts';
import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { factsOfPerson, sampleFacts, senderFacts } from '../facts.ts';
import { composeEmail, messageIdOf } from '../compose.ts';
import { frameFor } from '../frame.ts';
import { loadSettings } from '../gate/settings.ts';
import { BrokenTemplate, parseLiquid } from '../liquid.ts';
import { messageTemplates, MESSAGE_CLASSES } from '../tables.ts';
import { currentTemplates, draw, type CurrentTemplate } from '../templates/current.ts';
import { listedTemplates } from '../templates/listed.ts';

/** No template of that key, neither the company's own nor a built-in one. */
export class TemplateNotFound extends NotFound {
  override readonly code = 'template_not_found';
}

const Template = z.object({
  key: z.string(),
  title: z.string(),
  class: z.enum(MESSAGE_CLASSES),
  subject: z.string(),
  body: z.string(),
  html: z.string().nullable(),
  version: z.int().describe('0 is the built-in text'),
});

const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is lower-case letters, digits and - only');

/** @throws TemplateNotFound */
export async function requireTemplate(ctx: Ctx, wanted: string): Promise<CurrentTemplate> {
  const found = (await currentTemplates(ctx, [{ companyId: ctx.companyId, key: wanted }]))(ctx.companyId, wanted);
  if (found === undefined) throw new TemplateNotFound(`There is no template ${wanted}; see GET /api/templates`);
  return found;
}

function shown({ key: name, title, class: kind, subject, body, html, version }: CurrentTemplate): z.input<typeof Template> {
  return { key: name, title, class: kind, subject, body, html, version };
}

export const listTemplates = operation({
  name: 'templates.list',
  summary: 'Texts that messages are made of, each in its current version',
  http: 'GET /api/templates',
  cli: 'templates list',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Template), nextCursor: z.null() }),
  async run(ctx) {
    return { items: (await listedTemplates(ctx, ctx.companyId)).map(shown), nextCursor: null };
  },
});

export const getTemplate = operation({
  name: 'templates.get',
  summary: 'One template with its earlier versions',
  http: 'GET /api/templates/{key}',
  cli: 'templates get',
  access: 'read',
  input: z.object({ key }),
  output: Template.extend({ versions: z.array(z.object({ version: z.int(), createdAt: z.date(), createdBy: z.uuid().nullable() })) }),
  errors: [TemplateNotFound],
  async run(ctx, input) {
    const template = await requireTemplate(ctx, input.key);
    const versions = await ctx.db
      .select({ version: messageTemplates.version, createdAt: messageTemplates.createdAt, createdBy: messageTemplates.createdBy })
      .from(messageTemplates)
      .where(and(eq(messageTemplates.companyId, ctx.companyId), eq(messageTemplates.key, input.key)))
      .orderBy(desc(messageTemplates.version))
      .limit(100);
    return { ...shown(template), versions };
  },
});

export const updateTemplate = operation({
  name: 'templates.update',
  summary: 'Write a new version of a template; runs use it from their next message on. A new key makes a new template',
  http: 'PUT /api/templates/{key}',
  cli: 'templates update',
  access: 'write',
  role: 'manager',
  input: z.object({
    key,
    title: z.string().trim().min(1).max(200).optional(),
    class: z.enum(MESSAGE_CLASSES).optional(),
    subject: z.string().trim().min(1).max(500).optional(),
    body: z.string().trim().min(1).max(50_000).optional(),
    html: z.string().max(200_000).nullable().optional(),
  }),
  output: Template,
  errors: [BrokenTemplate],
  async run(ctx, input) {
    const current = (await currentTemplates(ctx, [{ companyId: ctx.companyId, key: input.key }]))(ctx.companyId, input.key);
    const next = {
      title: input.title ?? current?.title ?? input.key,
      class: input.class ?? current?.class ?? ('commercial' as const),
      subject: input.subject ?? current?.subject,
      body: input.body ?? current?.body,
      html: input.html === undefined ? (current?.html ?? null) : input.html,
    };
    if (next.subject === undefined || next.body === undefined) throw new BrokenTemplate('A new template needs a subject and a body');
    parseLiquid(next.subject);
    parseLiquid(next.body);
    if (next.html !== null) parseLiquid(next.html, 'html');
    const version = (current?.version ?? 0) + 1;
    const row = { ...next, subject: next.subject, body: next.body };
    const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await ctx.db.insert(messageTemplates).values({ id: newId(), key: input.key, version, ...row, createdBy, createdAt: ctx.clock.now() });
    ctx.subject('templates', ctx.companyId);
    return { key: input.key, version, ...row };
  },
});

export const previewTemplate = operation({
  name: 'templates.preview',
  summary: 'A template as it would look, for a person or for an invented one. Sends nothing',
  http: 'POST /api/templates/preview',
  cli: 'marketing email preview',
  access: 'read',
  status: 200,
  input: z.object({
    template: key.optional().describe('Key of a template'),
    subject: z.string().max(500).optional().describe('Instead of a template, or in its place'),
    body: z.string().max(50_000).optional(),
    html: z.string().max(200_000).nullable().optional(),
    to: z.string().max(1_000).optional().describe('Address of a person whom you know; without it an invented one'),
  }),
  output: z.object({
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    to: z.string(),
    unresolved: z.array(z.string()).describe('Gaps that would block the message'),
  }),
  errors: [TemplateNotFound],
  async run(ctx, input) {
    const stored =
      input.template === undefined
        ? { subject: '', body: '', html: null, class: 'commercial' as const }
        : await requireTemplate(ctx, input.template);
    const settings = (await loadSettings(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId);
    const address = input.to === undefined ? null : normaliseEmail(input.to);
    const known = address === null ? undefined : (await findPersonsByEmail(ctx, ctx.companyId, [address])).get(address);
    const person = known === undefined ? undefined : await factsOfPerson(ctx, ctx.companyId, known.personId);
    const facts = { ...(person?.facts ?? sampleFacts(settings?.companyName ?? '')), ...senderFacts(settings) };
    const drawn = draw(
      {
        subject: input.subject ?? stored.subject,
        body: input.body ?? stored.body,
        html: input.html === undefined ? stored.html : input.html,
      },
      facts,
    );
    if (settings === undefined) throw new TemplateNotFound('This company is gone');
    const id = newId();
    const frame = frameFor(ctx.runtime.secrets, settings, { id, class: stored.class });
    const to = { name: person?.name ?? 'Ann Example', address: address ?? 'ann@example.com' };
    const mail = composeEmail(
      ctx.runtime.secrets,
      {
        id,
        companyId: ctx.companyId,
        class: stored.class,
        personId: known?.personId ?? id,
        toName: to.name,
        toEmail: to.address,
        subject: drawn.subject,
        text: drawn.text,
        html: drawn.html,
        messageId: messageIdOf(ctx.runtime.secrets, id, frame.from.address),
        inReplyTo: null,
      },
      frame,
      ctx.clock.now(),
    );
    return {
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      to: to.name === '' ? to.address : `${to.name} <${to.address}>`,
      unresolved: [...drawn.unresolved],
    };
  },
});
