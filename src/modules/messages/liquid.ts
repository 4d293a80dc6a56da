import { Liquid, type Template } from 'liquidjs';
import { speakLiquid } from '#core/liquid-words.ts';
import { AppError } from '#core/errors.ts';
import { explain } from './liquid-fault.ts';

/** The template asks for something that nobody knows. A message with such a gap never leaves. */
export class UnresolvedVariable extends AppError {
  readonly code = 'unresolved_variable';
  readonly status = 422;
  /** As written in the template: `person.first_name`. */
  readonly variable: string;
  constructor(variable: string) {
    super(`The template needs ${variable}, which is not known here; fill it in, or give a default: {{ ${variable} | default: "…" }}`);
    this.variable = variable;
  }
}

/** The template can't be read or drawn: a typing mistake, an unknown filter, or it takes too long. */
export class BrokenTemplate extends AppError {
  readonly code = 'broken_template';
  readonly status = 422;
}

/** A null is as much a gap as an unknown name: "Hi null" and "Hi " reach nobody. Thrown where the value is put out. */
class Gap extends Error {}

function text(value: unknown): string {
  if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))) throw new Gap();
  if (typeof value === 'object') throw new Gap();
  return String(value);
}

export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** No files, no prototypes, half a second, some megabytes: a template is written by users. */
const LIMITS = {
  strictVariables: true,
  strictFilters: true,
  lenientIf: true,
  ownPropertyOnly: true,
  parseLimit: 200_000,
  renderLimit: 500,
  memoryLimit: 5_000_000,
  templates: {},
} as const;
const engines = {
  text: new Liquid({ ...LIMITS, outputEscape: text }),
  html: new Liquid({ ...LIMITS, outputEscape: (value: unknown) => escapeHtml(text(value)) }),
  url: new Liquid({ ...LIMITS, outputEscape: (value: unknown) => encodeURIComponent(text(value)) }),
};

// Nothing goes round the escaping and the search for gaps.
for (const engine of Object.values(engines)) {
  engine.registerFilter('raw', (value: unknown) => value);
  speakLiquid(engine);
}

/** How values are put out: as they are, escaped for HTML, or encoded for an address. */
export type Into = keyof typeof engines;

export interface ParsedLiquid {
  readonly into: Into;
  readonly templates: Template[];
}

/** @throws BrokenTemplate with line and reason */
export function parseLiquid(source: string, into: Into = 'text'): ParsedLiquid {
  try {
    return { into, templates: engines[into].parse(source) };
  } catch (error) {
    const { says, line } = explain(messageOf(error), engines[into]);
    throw new BrokenTemplate(`The template can't be read${line === null ? '' : ` (line ${line})`}: ${says}`);
  }
}

/** @throws UnresolvedVariable naming the first gap; BrokenTemplate for everything else */
export function renderParsed(parsed: ParsedLiquid, facts: object): string {
  try {
    // A copy: `increment` writes into what it is given. renderSync is typed any.
    const drawn: unknown = engines[parsed.into].renderSync(parsed.templates, { ...withoutNulls(facts) });
    return String(drawn);
  } catch (error) {
    const gap = variableOf(error);
    if (gap !== null) throw new UnresolvedVariable(gap);
    throw new BrokenTemplate(`The template can't be drawn: ${messageOf(error)}`);
  }
}

/** Parses and renders once. */
export function renderLiquid(source: string, facts: object, into: Into = 'text'): string {
  return renderParsed(parseLiquid(source, into), facts);
}

/** Facts without their nulls, by the facts: subject, text and HTML of a message are drawn from the same ones. */
const cleaned = new WeakMap<object, object>();

/** A null that went through a filter would come out as nothing; a name that is not there can't. Facts do not change once they were drawn from. */
function withoutNulls(facts: object): object {
  const known = cleaned.get(facts);
  if (known !== undefined) return known;
  const entries = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  const made = Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' && !Array.isArray(value) ? withoutNulls(value) : value]),
  );
  cleaned.set(facts, made);
  return made;
}

/** What the library says, without where it looked for files. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/, file:.*?(?=, line|$)/, '') ?? '';
}

/** liquidjs wraps what a render throws; the variable stands in the message, or in the tag that was being put out. */
function variableOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const named = /undefined variable: ([^,\s]+)/.exec(error.message)?.[1];
  if (named !== undefined) return named;
  const original: unknown = 'originalError' in error ? error.originalError : undefined;
  if (!(original instanceof Gap)) return null;
  const token: unknown = 'token' in error ? error.token : undefined;
  const tag =
    typeof token === 'object' && token !== null && 'getText' in token && typeof token.getText === 'function' ? String(token.getText()) : '';
  return (
    tag
      .replace(/^\{\{-?\s*|\s*-?\}\}$/g, '')
      .split('|')[0]
      ?.trim() || 'a value'
  );
}
