import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

/** One source file as the walls see it. Paths are POSIX and relative to the root that holds `src/`. */
export interface Source {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly marks: readonly Mark[];
}

export interface Import {
  readonly specifier: string;
  /** Path of the file it names, when it is one of ours. */
  readonly target: string | null;
  /** Vanishes when types are stripped. */
  readonly typeOnly: boolean;
  /** `await import()`: loads later, so it closes no cycle. */
  readonly lazy: boolean;
  readonly line: number;
}

/** A piece of syntax that a rule cares about, with whether a comment stands on its line or right above it. */
export interface Mark {
  readonly kind: 'export *' | 'as' | 'any' | 'new Date()' | 'Math.random()';
  readonly line: number;
  readonly explained: boolean;
}

export function readSources(root: string): Source[] {
  return globSync('src/**/*.{ts,tsx}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.endsWith('.d.ts'))
    .toSorted()
    .map((path) => readSource(path, readFileSync(join(root, path), 'utf8')));
}

/** @throws when the file does not parse: a wall that cannot read must not say that all is well. */
export function readSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const lineAt = lineCounter(text);
  const lines = text.split('\n');
  const commented = new Set<number>();
  for (const comment of comments) for (let line = lineAt(comment.start); line <= lineAt(comment.end); line++) commented.add(line);

  const imports: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, lazy: boolean, start: number) =>
    imports.push({ specifier, target: targetOf(path, specifier), typeOnly, lazy, line: lineAt(start) });
  const marks: Mark[] = [];
  const mark = (kind: Mark['kind'], start: number) => {
    const line = lineAt(start);
    const above = /^\s*(\/\/|\*|\/\*)/.test(lines[line - 2] ?? '');
    marks.push({ kind, line, explained: commented.has(line) || (above && commented.has(line - 1)) });
  };

  for (const found of module.staticImports) {
    add(found.moduleRequest.value, found.entries.length > 0 && found.entries.every((entry) => entry.isType), false, found.start);
  }
  for (const entry of module.staticExports.flatMap((found) => found.entries)) {
    if (entry.moduleRequest === null || entry.moduleRequest === undefined) continue;
    add(entry.moduleRequest.value, entry.isType, false, entry.start);
    if (entry.importName.kind === 'AllButDefault' || entry.importName.kind === 'All') mark('export *', entry.start);
  }
  for (const found of module.dynamicImports) {
    const specifier = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(found.moduleRequest.start, found.moduleRequest.end))?.[1];
    if (specifier !== undefined) add(specifier, false, true, found.start);
  }
  new Visitor({
    TSImportType: (node) => void (node.source.type === 'Literal' && add(String(node.source.value), true, false, node.start)),
    TSAsExpression: (node) => {
      const type = node.typeAnnotation;
      const isConst = type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const';
      if (!isConst) mark('as', type.start);
    },
    TSAnyKeyword: (node) => mark('any', node.start),
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) mark('new Date()', node.start);
    },
    CallExpression: (node) => {
      const callee = text.slice(node.callee.start, node.callee.end);
      if (callee === 'Date.now') mark('new Date()', node.start);
      if (callee === 'Math.random') mark('Math.random()', node.start);
    },
  }).visit(program);
  return { path, imports, marks };
}

/** `#core/x.ts` and `./x.ts` → `src/core/x.ts`; null for packages and `node:`. */
function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
  if (specifier.startsWith('.')) return posix.normalize(`${dirname(from)}/${specifier}`);
  return null;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}
