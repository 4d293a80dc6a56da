import { z } from 'zod';
import { Conflict, NotFound } from '#core/errors.ts';
import { MESSAGE_CLASSES, TEMPLATE_KINDS } from '../tables.ts';
import type { CurrentTemplate } from '../templates/current.ts';
import { Source } from '../templates/source/source.ts';

/** No template of that key, neither the company's own nor a built-in one. */
export class TemplateNotFound extends NotFound {
  override readonly code = 'template_not_found';
}

/** Something that is on still uses it. */
export class TemplateInUse extends Conflict {
  override readonly code = 'template_in_use';
}

export const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is lower-case letters, digits and - only');
export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is a language such as en or pt-BR')
  .describe('BCP 47: en, de, pt-BR');
const subject = z.string().trim().max(500);
const preheader = z.string().trim().max(300).describe('What inboxes show behind the subject');

export const Variant = z.object({ language, subject, preheader: preheader.default(''), source: Source });

const AttachmentOut = z.object({ attachmentId: z.uuid(), filename: z.string(), contentType: z.string(), size: z.int().describe('Bytes') });

/** What of a template its author decides. Whatever is left out stays. */
export const Changes = z.object({
  title: z.string().trim().min(1).max(200).optional(),
  kind: z.enum(TEMPLATE_KINDS).optional(),
  class: z.enum(MESSAGE_CLASSES).optional(),
  language: language.optional(),
  subject: subject.optional(),
  preheader: preheader.optional(),
  source: Source.optional().describe('Blocks, HTML, MJML or text; the body and the HTML are made of it'),
  body: z.string().trim().min(1).max(50_000).optional().describe('Instead of a source: the plain text'),
  html: z.string().max(200_000).nullable().optional().describe('Instead of a source, with the body: HTML'),
  variants: z.array(Variant).max(30).optional().describe('The same in further languages; a person gets theirs, else the main one'),
  attachments: z
    .array(z.object({ attachmentId: z.uuid(), filename: z.string().trim().min(1).max(200).optional() }))
    .max(10)
    .optional(),
});
export type Changes = z.output<typeof Changes>;

export const Template = z.object({
  key: z.string(),
  title: z.string(),
  kind: z.enum(TEMPLATE_KINDS),
  class: z.enum(MESSAGE_CLASSES),
  language: z.string(),
  subject: z.string(),
  preheader: z.string(),
  body: z.string().describe('The plain text, as Liquid'),
  version: z.int().describe('0 is the built-in text, or that of steward.yaml'),
  origin: z.enum(['built_in', 'file', 'own']),
  languages: z.array(z.string()).describe('The main one first'),
  mode: z.enum(['text', 'blocks', 'html', 'mjml']).describe('What it is written in'),
});

export const WholeTemplate = Template.extend({
  html: z.string().nullable().describe('As Liquid; null: it is made of the text'),
  source: Source,
  variants: z.array(Variant),
  attachments: z.array(AttachmentOut),
  snippets: z.array(z.string()),
  note: z.string().nullable(),
});

/** How a template without a stored source was written. */
export function sourceOf({ source, html, body }: Pick<CurrentTemplate, 'source' | 'html' | 'body'>): Source {
  return source ?? (html === null ? { mode: 'text', text: body } : { mode: 'html', html, text: body === '' ? null : body });
}

export function shown(template: CurrentTemplate): z.input<typeof Template> {
  return {
    key: template.key,
    title: template.title,
    kind: template.kind,
    class: template.class,
    language: template.language,
    subject: template.subject,
    preheader: template.preheader,
    body: template.body,
    version: template.version,
    origin: template.origin,
    languages: [template.language, ...template.variants.map((one) => one.language)],
    mode: sourceOf(template).mode,
  };
}

export function shownWhole(template: CurrentTemplate): z.input<typeof WholeTemplate> {
  return {
    ...shown(template),
    html: template.html,
    source: sourceOf(template),
    variants: template.variants.map(({ language: tag, subject: line, preheader: behind, source }) => ({
      language: tag,
      subject: line,
      preheader: behind,
      source,
    })),
    attachments: template.attachments.map((one) => ({ ...one })),
    snippets: [...template.snippets],
    note: template.note,
  };
}
