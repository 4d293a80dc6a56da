import { createRequire } from 'node:module';
import type * as Mrml from 'mrml';
import { BrokenTemplate } from '../../liquid.ts';
import { LIQUID, protect } from './protect.ts';
import { lineOf } from './snippets.ts';

/** Tags inside one another. The compiler goes down once for each and has a megabyte of stack. */
const DEEPEST = 100;
/** Its file, a megabyte of WebAssembly: loaded with the first template that needs it. */
const require = createRequire(import.meta.url);
type Engine = Mrml.Engine;
let engine: Engine | null = null;

function open(): Engine {
  if (engine !== null) return engine;
  const { Engine: Compiler } = require('mrml') as typeof Mrml; // what the package exports
  engine = new Compiler();
  // its own table of fonts would have every reader ask Google for Roboto
  engine.setRenderOptions({ disableComments: false, socialIconOrigin: null, fonts: {} });
  return engine;
}

/** After a trap its memory is not to be trusted: the next one starts afresh. */
function discard(): void {
  engine = null;
  delete require.cache[require.resolve('mrml')];
}

/** A value that the compiler would print the way Rust prints strings, or that its own quotes would end. */
const DELICATE = /(?<==")[^"]*[^\x20-\x5b\x5d-\x7e][^"]*(?=")|(?<==')[^']*[^\x20\x21\x23-\x26\x28-\x5b\x5d-\x7e][^']*(?=')/g;

/**
 * HTML for mail programs from MJML; Liquid goes through as it stands.
 * @throws BrokenTemplate with the line
 */
export function mjmlToHtml(source: string): { readonly html: string; readonly notes: readonly string[] } {
  const tooDeep = depthFault(source);
  if (tooDeep !== null) throw new BrokenTemplate(tooDeep);
  const liquid = protect(source, LIQUID);
  const values = protect(liquid.text, DELICATE, (piece) => piece.replaceAll('"', '&quot;'));
  const given = values.text;
  let answer: ReturnType<Engine['toHtml']>;
  try {
    answer = open().toHtml(given);
  } catch {
    discard();
    throw new BrokenTemplate('The MJML can’t be compiled; take out what was added last');
  }
  if (answer.type === 'error') throw new BrokenTemplate(faultOf(answer, given));
  return {
    html: liquid.restore(values.restore(answer.content)),
    notes: answer.warnings.map(({ kind, span }) =>
      kind === 'inline-style-unsupported'
        ? `Line ${lineOf(given, span.start)}: mj-style inline="inline" is not written into the tags; use attributes, or mj-attributes`
        : `Line ${lineOf(given, span.start)}: an attribute here is not known to MJML and does nothing`,
    ),
  };
}

type Failed = Extract<ReturnType<Engine['toHtml']>, { type: 'error' }>;

function faultOf(answer: Failed, source: string): string {
  if (answer.origin === 'render') return `The MJML can’t be compiled: ${answer.message}`;
  const { details } = answer;
  const line = 'position' in details ? `line ${lineOf(source, details.position.start)}` : null;
  switch (details.type) {
    case 'include-loader-error':
      return `mj-include reads no files (${line ?? ''}); use {% snippet "key" %}`;
    case 'end-of-stream':
      return 'The MJML ends before every tag is closed';
    case 'no-root-node':
      return 'The MJML must begin with <mjml>';
    case 'missing-attribute':
      return `The attribute ${details.name} is missing (${line ?? ''})`;
    case 'parser-error': {
      const at = /at (\d+):(\d+)/.exec(details.source);
      return `The MJML can’t be read (line ${at?.[1] ?? '1'}): a tag is not closed, or < and & stand as text; write &lt; and &amp;`;
    }
    default:
      return `The MJML can’t be read (${line ?? 'somewhere'}): ${details.type.replaceAll('-', ' ')}`;
  }
}

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);

function depthFault(source: string): string | null {
  let depth = 0;
  for (const match of source.matchAll(/<(\/?)([a-zA-Z][\w-]*)[^>]*?(\/?)>/g)) {
    const [, closing, name = '', own] = match;
    if (own === '/' || VOID.has(name.toLowerCase())) continue;
    depth += closing === '/' ? -1 : 1;
    if (depth > DEEPEST)
      return `More than ${DEEPEST} tags stand inside one another (line ${lineOf(source, match.index)}); close some of them`;
  }
  return null;
}
