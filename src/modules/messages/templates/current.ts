import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { TemplateText } from '#core/template-text.ts';
import { fileTemplates } from './from-files.ts';
import type { Compiled } from './source/compile.ts';
import type { Source } from './source/source.ts';
import type { Attachment, StoredVariant } from './store/row.ts';

/** The version that is used now; 0 is the built-in text, or that of the configuration. */
export interface CurrentTemplate extends Omit<TemplateText, 'language' | 'inLanguages'>, Compiled {
  readonly kind: 'mail' | 'sms';
  readonly version: number;
  readonly source: Source | null;
  readonly variants: readonly StoredVariant[];
  readonly attachments: readonly Attachment[];
  readonly snippets: readonly string[];
  readonly origin: 'built_in' | 'file' | 'own';
  readonly note: string | null;
  readonly createdAt: Date | null;
}

const NEWEST: Statement = {
  name: 'messages.templates.newest',
  text: `select distinct on (company_id, key) company_id as "companyId", key, id from message_templates
          where company_id = any($1::uuid[]) and key = any($2::text[]) and retired_at is null order by company_id, key, version desc`,
};
const VERSIONS: Statement = {
  name: 'messages.templates.versions',
  text: `select id, key, version, kind, title, class, language, subject, preheader, body, html, source, variants, attachments, snippets, note, created_at as "createdAt"
           from message_templates where company_id = any($1::uuid[]) and id = any($2::uuid[])`,
};

/** Versions never change: each is read once. By id, so that no company meets another's. */
const versions = new Map<string, CurrentTemplate>();
const MOST_VERSIONS = 300;

const NEW = {
  kind: 'mail',
  language: 'en',
  preheader: '',
  source: null,
  variants: [],
  attachments: [],
  snippets: [],
  note: null,
  createdAt: null,
} as const;
/** Where the texts stand that no company wrote: the modules and the configuration. */
export type Shelf = Pick<Runtime, 'config' | 'templates'>;

const shelves = new WeakMap<Shelf['templates'], ReadonlyMap<string, CurrentTemplate>>();

function builtIn({ templates }: Shelf): ReadonlyMap<string, CurrentTemplate> {
  const known = shelves.get(templates);
  if (known !== undefined) return known;
  const made = new Map(templates.map((template) => [template.key, ofModule(template)]));
  shelves.set(templates, made);
  return made;
}

function ofModule({ inLanguages = [], ...template }: TemplateText): CurrentTemplate {
  const variants = inLanguages.map(({ language, subject, body }) => ({
    language,
    subject,
    body,
    preheader: '',
    html: null,
    source: { mode: 'text' as const, text: body },
  }));
  return { ...NEW, ...template, language: template.language ?? NEW.language, variants, version: 0, origin: 'built_in' };
}

const slot = (companyId: string, key: string) => `${companyId} ${key}`;

/** What stands where a company has written nothing itself: the configuration's, else ours. */
export function unwritten(shelf: Shelf, key: string): CurrentTemplate | undefined {
  const file = fileTemplates(shelf.config).get(key);
  const own = builtIn(shelf).get(key);
  if (file === undefined) return own;
  return { ...NEW, ...file, version: 0, origin: 'file' };
}

/** Keys of all of them. */
export function unwrittenKeys(shelf: Shelf): string[] {
  return [...new Set([...builtIn(shelf).keys(), ...fileTemplates(shelf.config).keys()])];
}

/** The current version of each template asked for, for many companies at once. Unknown keys are absent. */
export async function currentTemplates(
  tx: Transaction,
  shelf: Shelf,
  wanted: readonly { readonly companyId: string; readonly key: string }[],
): Promise<(companyId: string, key: string) => CurrentTemplate | undefined> {
  const own = new Map<string, CurrentTemplate>();
  if (wanted.length > 0) {
    const companies = [...new Set(wanted.map((one) => one.companyId))];
    const newest = await tx.query<{ companyId: string; key: string; id: string }>(NEWEST, [
      companies,
      [...new Set(wanted.map((one) => one.key))],
    ]);
    const loaded = await versionsById(
      tx,
      companies,
      newest.map(({ id }) => id),
    );
    for (const { companyId, key, id } of newest) {
      const template = loaded.get(id);
      if (template !== undefined) own.set(slot(companyId, key), template);
    }
  }
  return (companyId, key) => own.get(slot(companyId, key)) ?? unwritten(shelf, key);
}

async function versionsById(
  tx: Transaction,
  companies: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, CurrentTemplate>> {
  const found = new Map<string, CurrentTemplate>();
  const missing: string[] = [];
  for (const id of ids) {
    const known = versions.get(id);
    if (known === undefined) missing.push(id);
    else found.set(id, known);
  }
  if (missing.length === 0) return found;
  for (const { id, ...row } of await tx.query<Omit<CurrentTemplate, 'origin'> & { id: string }>(VERSIONS, [companies, missing])) {
    const template: CurrentTemplate = { ...row, origin: 'own' };
    if (versions.size >= MOST_VERSIONS) versions.clear();
    versions.set(id, template);
    found.set(id, template);
  }
  return found;
}
