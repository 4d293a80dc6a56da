import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import type { TemplateText } from '#core/template-text.ts';
import { BrokenTemplate } from '../liquid.ts';
import { MESSAGE_CLASSES, TEMPLATE_KINDS } from '../tables.ts';
import { compile, type Compiled } from './source/compile.ts';
import type { Source } from './source/source.ts';

/** A template of the configuration, ready to be drawn. */
export interface FileTemplate extends Omit<TemplateText, 'language' | 'inLanguages'>, Compiled {
  readonly kind: 'mail' | 'sms';
  readonly source: Source;
}

interface Loaded {
  readonly templates: ReadonlyMap<string, FileTemplate>;
  /** Sentences for a person: what could not be used, and why. */
  readonly faults: readonly string[];
}

const KEY = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** What may stand above a template, between two lines of `---`. */
const Head = z.strictObject({
  title: z.string().trim().min(1).max(200).optional(),
  subject: z.string().trim().min(1).max(500).optional(),
  preheader: z.string().trim().max(300).optional(),
  class: z.enum(MESSAGE_CLASSES).optional(),
  kind: z.enum(TEMPLATE_KINDS).optional(),
  language: z.string().max(35).optional(),
});

/** Read once a process: files are the installation's, a change counts from the next start. */
const known = new WeakMap<Config, Loaded>();

function load(config: Config): Loaded {
  const before = known.get(config);
  if (before !== undefined) return before;
  const templates = new Map<string, FileTemplate>();
  const faults: string[] = [];
  for (const [key, path] of Object.entries(config.templates)) {
    try {
      if (!KEY.test(key)) throw new BrokenTemplate('the name may hold lower-case letters, digits and - only');
      templates.set(key, readTemplate(key, path, readFileSync(resolve(path), 'utf8')));
    } catch (error) {
      const why =
        error instanceof Error && 'code' in error && error.code === 'ENOENT'
          ? 'there is no such file'
          : error instanceof Error
            ? error.message
            : String(error);
      faults.push(`steward.yaml: marketing.templates.${key} (${path}) is not used: ${why}`);
    }
  }
  const loaded = { templates, faults };
  known.set(config, loaded);
  return loaded;
}

/** Those of `marketing.templates` in steward.yaml. They stand where a company has not written its own. */
export function fileTemplates(config: Config): ReadonlyMap<string, FileTemplate> {
  return load(config).templates;
}

export function fileTemplateFaults(config: Config): readonly string[] {
  return load(config).faults;
}

/**
 * A template as a file: HTML, MJML (`.mjml`) or plain text (`.txt`, `.md`), with an optional head of `subject: …` lines between `---`. Without one the
 * subject is the page's title.
 * @throws BrokenTemplate
 */
export function readTemplate(key: string, path: string, text: string): FileTemplate {
  const front = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(text);
  const head = Head.safeParse(headOf(front?.[1] ?? ''));
  if (!head.success)
    throw new BrokenTemplate(
      `its head is wrong: ${head.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
    );
  const rest = front === null ? text : text.slice(front[0].length);
  const { title, subject, preheader = '', class: kind = 'commercial', language = 'en' } = head.data;
  const name = title ?? titleOf(key);
  const inside = /<(?:mj-)?title[^>]*>([\s\S]*?)<\/(?:mj-)?title>/i.exec(rest)?.[1]?.trim();
  const { compiled } = compile({ language, subject: subject ?? (inside || name), preheader, source: sourceOf(path, rest) }, new Map());
  return { key, title: name, class: kind, kind: head.data.kind ?? 'mail', ...compiled, source: sourceOf(path, rest) };
}

/** `name: value`, one a line; a value may hold colons, braces and quotes as it likes, since most hold Liquid. */
function headOf(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = line, value = ''] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
      return [name, /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value.trim()];
    }),
  );
}

function sourceOf(path: string, text: string): Source {
  switch (extname(path).toLowerCase()) {
    case '.mjml':
      return { mode: 'mjml', mjml: text, text: null };
    case '.txt':
    case '.md':
      return { mode: 'text', text };
    default:
      return /<mjml[\s>]/i.test(text.slice(0, 2_000)) ? { mode: 'mjml', mjml: text, text: null } : { mode: 'html', html: text, text: null };
  }
}

function titleOf(key: string): string {
  const words = key.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
