import { TEXT_LANGUAGE } from '#core/liquid-words.ts';
import { htmlToText, textToHtml } from '../body-html.ts';
import { BrokenTemplate, parseLiquid, renderParsed, UnresolvedVariable, type ParsedLiquid } from '../liquid.ts';
import { hiddenLine, type Compiled } from './source/compile.ts';

/** What a template became for one person: text, or the gaps that keep it from leaving. */
export interface Drawn {
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly unresolved: readonly string[];
  /** Of the text, where its author said so. */
  readonly language?: string;
}

/** What can be drawn: one language, and perhaps others. */
export interface Drawable extends Pick<Compiled, 'subject' | 'body' | 'html'> {
  readonly preheader?: string;
  readonly language?: string;
  readonly variants?: readonly Compiled[];
}

interface ParsedTemplate {
  readonly subject: ParsedLiquid;
  readonly body: ParsedLiquid;
  readonly html: ParsedLiquid | null;
  readonly preheader: ParsedLiquid | null;
}

/** Parsed once, drawn for thousands: parsing costs ten times a drawing. Versions are the same objects each time; other texts are known by themselves. */
const byObject = new WeakMap<object, ParsedTemplate>();
const byText = new Map<string, ParsedTemplate>();
const MOST_PARSED = 500;

function parse(template: Drawable): ParsedTemplate {
  const seen = byObject.get(template);
  if (seen !== undefined) return seen;
  const { subject, body, html, preheader } = template;
  // No text holds a NUL; what is not there is told from what is empty.
  const key = `${subject}\0${body}\0${html === null ? '' : `.${html}`}\0${preheader ?? ''}`;
  const known = byText.get(key);
  const made = known ?? parsed(template);
  byObject.set(template, made);
  if (known === undefined) {
    if (byText.size >= MOST_PARSED) byText.clear();
    byText.set(key, made);
  }
  return made;
}

function parsed({ subject, body, html, preheader = '' }: Drawable): ParsedTemplate {
  return {
    subject: parseLiquid(subject),
    body: parseLiquid(body),
    html: html === null ? null : parseLiquid(html, 'html'),
    preheader: html !== null || preheader === '' ? null : parseLiquid(preheader),
  };
}

/** The language of a template that suits a person best: theirs (`de-AT`), the same in another country (`de`), that of the next wish, else the one it was first written in. */
export function inLanguage(template: Drawable, ...wanted: readonly (string | null)[]): Drawable {
  const variants = template.variants ?? [];
  if (variants.length === 0) return template;
  const all: Drawable[] = [template, ...variants];
  const is = (one: Drawable, tag: string) => one.language?.toLowerCase() === tag;
  for (const tag of wanted) {
    const exact = tag?.toLowerCase() ?? '';
    const [bare = exact] = exact.split(/[-_]/);
    if (bare === '') continue;
    const found =
      all.find((one) => is(one, exact)) ??
      all.find((one) => is(one, bare)) ??
      all.find((one) => one.language?.toLowerCase().split('-')[0] === bare);
    if (found !== undefined) return found;
  }
  return template;
}

/** The language that is known of the person, then the company's. */
export function languagesOf(facts: object): readonly (string | null)[] {
  const at = (from: unknown, name: string): unknown => Reflect.get(Object(from), name);
  const company = at(at(at(facts, 'company'), 'settings'), 'language');
  return [at(at(facts, 'person'), 'language'), company].map((one) => (typeof one === 'string' && one !== '' ? one : null));
}

/** Draws subject and body, in the person's language where there is one, else in the company's. Gaps are collected, never thrown: the gate blocks the message and stores why. A broken template is a gap, too. */
export function draw(whole: Drawable, facts: object): Drawn {
  const template = inLanguage(whole, ...languagesOf(facts));
  const told = template.language === undefined ? facts : { ...facts, [TEXT_LANGUAGE]: template.language };
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
  const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
  const subject = oneLine(attempt(() => renderParsed(made.subject, told)));
  const html = made.html === null ? null : attempt(() => (made.html === null ? '' : renderParsed(made.html, told)));
  const text = attempt(() => renderParsed(made.body, told)).trim();
  const preheader =
    made.preheader === null ? '' : oneLine(attempt(() => (made.preheader === null ? '' : renderParsed(made.preheader, told))));
  return {
    subject,
    text: text === '' && html !== null ? htmlToText(html) : text,
    html: preheader === '' ? html : `${hiddenLine(preheader)}${textToHtml(text)}`,
    unresolved: [...new Set(unresolved)],
    ...(template.language === undefined ? {} : { language: template.language }),
  };
}
