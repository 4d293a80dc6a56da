import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { BrokenTemplate } from '../liquid.ts';
import { unwritten, type CurrentTemplate } from '../templates/current.ts';
import { compiled, publish } from '../templates/store/publish.ts';
import { key, shownWhole, sourceOf, TemplateNotFound, WholeTemplate } from './template-shapes.ts';

const VERSION: Statement = {
  name: 'messages.templates.version',
  text: `select key, version, kind, title, class, language, subject, preheader, body, html, source, variants, attachments, snippets, note, created_at as "createdAt"
           from message_templates where company_id = $1 and key = $2 and version = $3`,
};

/** @throws TemplateNotFound */
async function requireVersion(ctx: Ctx, name: string, version: number): Promise<CurrentTemplate> {
  const [row] = await ctx.query<Omit<CurrentTemplate, 'origin'>>(VERSION, [ctx.companyId, name, version]);
  const found = row === undefined ? (version === 0 ? unwritten(ctx.runtime, name) : undefined) : { ...row, origin: 'own' as const };
  if (found === undefined) throw new TemplateNotFound(`There is no version ${version} of ${name}; see GET /api/templates/${name}`);
  return found;
}

export const getTemplateVersion = operation({
  name: 'templates.version',
  summary: 'A template as it was in one version; 0 is the built-in text',
  http: 'GET /api/templates/{key}/versions/{version}',
  cli: 'templates version',
  access: 'read',
  input: z.object({ key, version: z.coerce.number().int().min(0) }),
  output: WholeTemplate,
  errors: [TemplateNotFound],
  run: async (ctx, input) => shownWhole(await requireVersion(ctx, input.key, input.version)),
});

export const restoreTemplate = operation({
  name: 'templates.restore',
  summary: 'Make an earlier version the newest again, with the snippets as they are now; nothing between is lost',
  http: 'POST /api/templates/{key}/restore',
  cli: 'templates restore',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ key, version: z.int().min(0) }),
  output: WholeTemplate,
  errors: [TemplateNotFound, BrokenTemplate],
  async run(ctx, input) {
    const { title, kind, class: stream, variants, attachments, ...then } = await requireVersion(ctx, input.key, input.version);
    const { language, subject, preheader } = then;
    const content = { title, kind, class: stream, main: { language, subject, preheader, source: sourceOf(then) }, variants, attachments };
    return shownWhole(await publish(ctx, input.key, await compiled(ctx, content), `As version ${input.version} was`));
  },
});
