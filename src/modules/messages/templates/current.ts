import type { Statement, Transaction } from '#core/database/database.ts';
import { htmlToText } from '../body-html.ts';
import { parseLiquid, renderParsed, UnresolvedVariable, BrokenTemplate, type ParsedLiquid } from '../liquid.ts';
import { BUILT_IN, type TemplateText } from './built-in.ts';

/** The version that is used now; 0 is the built-in text. */
export interface CurrentTemplate extends TemplateText {
  readonly version: number;
}

const NEWEST: Statement = {
  name: 'messages.templates.newest',
  text: `select distinct on (company_id, key) company_id as "companyId", key, version, title, class, subject, body, html from message_templates
          where company_id = any($1::uuid[]) and key = any($2::text[]) order by company_id, key, version desc`,
};

const builtIn = new Map<string, CurrentTemplate>(BUILT_IN.map((template) => [template.key, { ...template, version: 0 }]));

const slot = (companyId: string, key: string) => `${companyId} ${key}`;

/** The current version of each template asked for, for many companies in one query. Unknown keys are absent. */
export async function currentTemplates(
  tx: Transaction,
  wanted: readonly { readonly companyId: string; readonly key: string }[],
): Promise<(companyId: string, key: string) => CurrentTemplate | undefined> {
  const own = new Map<string, CurrentTemplate>();
  if (wanted.length > 0) {
    const companies = [...new Set(wanted.map((one) => one.companyId))];
    const keys = [...new Set(wanted.map((one) => one.key))];
    for (const row of await tx.query<CurrentTemplate & { companyId: string }>(NEWEST, [companies, keys]))
      own.set(slot(row.companyId, row.key), row);
  }
  return (companyId, key) => own.get(slot(companyId, key)) ?? builtIn.get(key);
}

/** What a template became for one person: text, or the gaps that keep it from leaving. */
export interface Drawn {
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly unresolved: readonly string[];
}

interface ParsedTemplate {
  readonly subject: ParsedLiquid;
  readonly body: ParsedLiquid;
  readonly html: ParsedLiquid | null;
}

/** Parsed once, drawn for thousands: parsing costs ten times a drawing. Keyed by the text itself. */
const parsed = new Map<string, ParsedTemplate>();
const MOST_PARSED = 500;

function parse(template: Pick<TemplateText, 'subject' | 'body' | 'html'>): ParsedTemplate {
  const key = JSON.stringify([template.subject, template.body, template.html]);
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const made = {
    subject: parseLiquid(template.subject),
    body: parseLiquid(template.body),
    html: template.html === null ? null : parseLiquid(template.html, 'html'),
  };
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(key, made);
  return made;
}

/** Draws subject and body. Gaps are collected, never thrown: the gate blocks the message and stores why. A broken template is a gap, too. */
export function draw(template: Pick<TemplateText, 'subject' | 'body' | 'html'>, facts: object): Drawn {
  const unresolved: string[] = [];
  const attempt = (work: () => string): string => {
    try {
      return work();
    } catch (error) {
      if (error instanceof UnresolvedVariable) unresolved.push(error.variable);
      else if (error instanceof BrokenTemplate) unresolved.push(error.message);
      else throw error;
      return '';
    }
  };
  let made: ParsedTemplate;
  try {
    made = parse(template);
  } catch (error) {
    if (!(error instanceof BrokenTemplate)) throw error;
    return { subject: '', text: '', html: null, unresolved: [error.message] };
  }
  const subject = attempt(() => renderParsed(made.subject, facts))
    .replace(/\s+/g, ' ')
    .trim();
  const html = made.html === null ? null : attempt(() => (made.html === null ? '' : renderParsed(made.html, facts)));
  const text = attempt(() => renderParsed(made.body, facts)).trim();
  return { subject, text: text === '' && html !== null ? htmlToText(html) : text, html, unresolved: [...new Set(unresolved)] };
}
