#!/usr/bin/env node
// The `steward` command: finds a Node that reads TypeScript and hands over.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { become, COMPILE_CACHE, fail, nodeBinary, OPTIONS, ROOT } from '../scripts/prepare.mjs';

if (!existsSync(join(ROOT, 'node_modules/.package-lock.json')) || nodeBinary() === undefined) {
  fail('Steward is not installed yet. Run: npm install (or npm start, which does it for you)');
}
become([...OPTIONS, join(ROOT, 'src/app/cli.ts'), ...process.argv.slice(2)], COMPILE_CACHE);
