import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { BrokenTemplate } from '../liquid.ts';
import { readTemplate } from '../templates/from-files.ts';
import { changed, compiled, publish, refuseEmpty } from '../templates/store/publish.ts';
import { allSnippets } from '../templates/store/snippets.ts';
import { Changes, key, shownWhole, TemplateNotFound, WholeTemplate } from './template-shapes.ts';
import { findTemplate, requireTemplate } from './templates.ts';

/** What a file of ours holds. Snippets are put in as they are: the file stands alone. Attachments stay behind. */
const File = z.object({ stewardTemplate: z.literal(1), key, ...Changes.omit({ attachments: true, body: true, html: true }).shape });

export const exportTemplate = operation({
  name: 'templates.export',
  summary: 'A template as a file, with all its languages, to bring into another company',
  http: 'GET /api/templates/{key}/file',
  cli: 'templates export',
  access: 'read',
  input: z.object({ key }),
  output: z.object({
    filename: z.string(),
    template: File,
    snippets: z.array(z.object({ key: z.string(), mode: z.enum(['text', 'html']), body: z.string() })).describe('What it holds by name'),
  }),
  errors: [TemplateNotFound],
  async run(ctx, input) {
    const {
      title,
      kind,
      class: stream,
      language,
      subject,
      preheader,
      source,
      variants,
    } = shownWhole(await requireTemplate(ctx, input.key));
    const template = await requireTemplate(ctx, input.key);
    const all = await allSnippets(ctx, ctx.companyId);
    return {
      filename: `${input.key}.steward.json`,
      template: { stewardTemplate: 1 as const, key: input.key, title, kind, class: stream, language, subject, preheader, source, variants },
      snippets: template.snippets.flatMap((name) => all.get(name) ?? []).map((one) => ({ ...one })),
    };
  },
});

export const importTemplate = operation({
  name: 'templates.import',
  summary: 'Publish a template from a file: one that was exported, or HTML, MJML or text',
  http: 'POST /api/templates/import',
  cli: 'templates import',
  access: 'write',
  role: 'manager',
  status: 201,
  bodyLimit: 3_000_000,
  input: z.object({
    filename: z.string().trim().min(1).max(200),
    content: z.string().min(1).max(1_000_000).meta({ 'x-file': true, 'x-cli': 'from-file' }),
    key: key.optional().describe('Default: that in the file, else made of its name'),
  }),
  output: WholeTemplate,
  errors: [BrokenTemplate],
  async run(ctx, input) {
    const { name, changes } = read(input.filename, input.content, input.key);
    const content = await changed(ctx, name, await findTemplate(ctx, name), changes);
    refuseEmpty(content);
    return shownWhole(await publish(ctx, name, await compiled(ctx, content), `From the file ${input.filename}`));
  },
});

function read(filename: string, content: string, wanted: string | undefined): { name: string; changes: z.output<typeof Changes> } {
  if (!/\.json$/i.test(filename)) {
    const name = wanted ?? keyOf(filename);
    const { title, kind, class: stream, language, subject, preheader, source } = readTemplate(name, filename, content);
    return { name, changes: { title, kind, class: stream, language, subject, preheader, source, variants: [] } };
  }
  let given: unknown;
  try {
    given = JSON.parse(content);
  } catch (cause) {
    throw new InvalidInput('The file is no JSON; export it anew', { fields: [{ path: 'content', message: 'is no JSON' }], cause });
  }
  const whole = z.object({ template: z.record(z.string(), z.unknown()) }).safeParse(given);
  const template = whole.success ? whole.data.template : given;
  const parsed = File.safeParse(
    typeof template === 'object' && template !== null && 'steward_template' in template
      ? { ...template, stewardTemplate: template.steward_template }
      : template,
  );
  if (!parsed.success)
    throw new InvalidInput('The file is not one that was exported here; choose another', {
      fields: parsed.error.issues.slice(0, 5).map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    });
  const { stewardTemplate, key: name, ...changes } = parsed.data;
  void stewardTemplate;
  return { name: wanted ?? name, changes };
}

function keyOf(filename: string): string {
  const made = filename
    .replace(/\.[^.]+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return made === '' ? 'imported' : made;
}
