import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SYSTEM_CALLERS } from './system-callers.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Opens it, is handed it whole, or runs something on it. */
const CALLS =
  /#core\/database\/system\.ts'|\bsystem\.(read|write|listen|queue|sql|execute)\b|\b(runtime|parts|base|storage|outer\.runtime)\.system\b/;
/** Declares what it is, or hands it on. */
const HANDS_ON = new Set(['src/core/runtime.ts', 'src/core/database/system.ts', 'src/core/database/system-callers.ts']);

function callers(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter(
      (path) => path.endsWith('.ts') && !/(\.test|\/testing)\.ts$/.test(path) && !path.startsWith('src/testing/') && !HANDS_ON.has(path),
    )
    .filter((path) => CALLS.test(readFileSync(join(ROOT, path), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '')))
    .toSorted();
}

test('whoever reaches across companies is on the list, with a reason; and nobody else is', () => {
  const listed = Object.keys(SYSTEM_CALLERS);
  const entryOf = (path: string) => listed.find((entry) => path === entry || (entry.endsWith('/') && path.startsWith(entry)));
  const found = callers();
  expect(found.filter((path) => entryOf(path) === undefined)).toEqual([]);
  expect(listed.filter((entry) => !found.some((path) => entryOf(path) === entry))).toEqual([]);
  for (const [path, reason] of Object.entries(SYSTEM_CALLERS)) expect([path, reason.length > 10]).toEqual([path, true]);
});
