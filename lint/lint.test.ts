import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { check, RULES } from './rules.ts';
import { readSource, readSources } from './source.ts';

/** Each rule has a planted violation: a linter that silently reads nothing must fail here, not pass. */
const root = fileURLToPath(new URL('..', import.meta.url));
const planted = (folder: string) => readdirSync(`${root}/lint/planted/${folder}`);

test.each(RULES)('the wall %s is seen when it is breached, and no other', (rule) => {
  const violations = check(readSources(`${root}/lint/planted/walls/${rule}`));
  expect(violations.map((violation) => violation.rule)).toEqual([rule]);
});

test('no planted breach is without its rule', () => {
  expect(planted('walls').toSorted()).toEqual(RULES.toSorted());
});

test('the house itself breaches no wall', () => {
  const sources = readSources(root);
  expect(sources.length).toBeGreaterThan(100);
  expect(check(sources)).toEqual([]);
});

test('a file that does not parse is an error, not a pass', () => {
  expect(() => readSource('src/core/broken.ts', 'export const = ;')).toThrow('src/core/broken.ts does not parse');
});

test('a comment beside it explains a cast', () => {
  const source = (text: string) => readSource('src/core/x.ts', text);
  expect(check([source('export const x = 1 as unknown as string;')])).toHaveLength(2);
  expect(check([source('// vendor types lag behind\nexport const x = 1 as unknown as string;')])).toEqual([]);
  expect(check([source("export const x = ['a'] as const;")])).toEqual([]);
});

test('oxlint finds every planted fault under the rules of this house', () => {
  const run = spawnSync(
    process.execPath,
    [
      'node_modules/oxlint/bin/oxlint',
      '-c',
      'lint/planted/oxlintrc.json',
      '--tsconfig',
      'lint/planted/tsconfig.json',
      '-f',
      'unix',
      'lint/planted/oxlint',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  const found = [...run.stdout.matchAll(/oxlint[/\\]([\w-]+)[/\\]planted\.ts:.*\[Error\/(\w+)\(([\w-]+)\)\]$/gm)].map(
    ([, folder, plugin, rule]) => ({
      folder,
      rule: `${plugin}__${rule}`,
    }),
  );
  expect(found.toSorted((a, b) => String(a.folder).localeCompare(String(b.folder)))).toEqual(
    planted('oxlint')
      .toSorted((a, b) => a.localeCompare(b))
      .map((folder) => ({ folder, rule: folder })),
  );
  expect(run.status).not.toBe(0);
});
