import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The pages on adding things are followed to the letter, in a copy of the source. */
const root = fileURLToPath(new URL('..', import.meta.url));
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'steward-docs-'));
  for (const name of ['src', 'scripts', 'migrations', 'lint', 'package.json', 'tsconfig.json', 'tsconfig.base.json', 'vitest.config.ts']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const page of ['adding-a-module.md', 'adding-a-connector.md']) follow(join(root, 'docs', page));
  edit('src/app/modules.ts', /^import people/m, "import callbacks from '#modules/callbacks/module.ts';\nimport people");
  edit('src/app/modules.ts', /^ {2}leads,$/m, '  callbacks,\n  leads,');
  edit('src/app/connectors.ts', /^ {2}openai:/m, "  mistral: () => import('#connectors/mistral/connector.ts'),\n  openai:");
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Writes each block that begins with a path in a comment to that path. */
function follow(page: string): void {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```\w+\n(?:\/\/|--) (\S+\.\w+)\n([\s\S]*?)^```$/gm)];
  expect(blocks.length).toBeGreaterThan(1);
  for (const [, path = '', text = ''] of blocks) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
}

function edit(path: string, place: RegExp, text: string): void {
  const before = readFileSync(join(copy, path), 'utf8');
  expect(before).toMatch(place);
  writeFileSync(join(copy, path), before.replace(place, text));
}

function run(...args: readonly string[]) {
  // The files for counts are the outer run's.
  const { STEWARD_TEST_TALLY: _, STEWARD_TEST_REPORT: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', env });
  return { status, said: status === 0 ? '' : stdout + stderr };
}

test('what they add fits the types and the walls', () => {
  // What the rest of the tree breaks is told by `npm run check`.
  const ours = (said: string) => said.split('\n').filter((line) => /callbacks|mistral|src\/app\//.test(line));
  const seen = {
    extends: './tsconfig.json',
    include: ['src/app/main.ts', 'src/modules/callbacks/**/*.ts', 'src/connectors/mistral/**/*.ts'],
  };
  writeFileSync(join(copy, 'tsconfig.docs.json'), JSON.stringify(seen));
  expect(ours(run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.docs.json').said)).toEqual([]);
  expect(ours(run('lint/walls.ts').said)).toEqual([]);
});

test('and does what they say', () => {
  expect(run('node_modules/vitest/vitest.mjs', 'run', 'src/modules/callbacks', 'src/connectors/mistral')).toEqual({ status: 0, said: '' });
});

test('every page and file that the docs link to is there', () => {
  const pages = ['README.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })];
  const links = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => join(dirname(page), to)),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every path in code marks is there', () => {
  const pages = ['README.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })];
  const made = /callbacks|mistral/;
  const paths = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/`((?:src|scripts|lint|migrations|bench)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    ),
  );
  expect(paths.filter((path) => !made.test(path) && !existsSync(join(root, path)))).toEqual([]);
});

test('decisions that the code refers to are written down', () => {
  const named = globSync('{src,lint,scripts,migrations}/**/*.{ts,tsx,sql,mjs}', { cwd: root }).flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/docs\/[\w/-]+\.md/g)].map(([page]) => ({ path, page })),
  );
  expect(named.filter(({ page }) => !existsSync(join(root, page)))).toEqual([]);
});
