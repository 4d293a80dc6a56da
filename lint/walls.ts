import { fileURLToPath } from 'node:url';
import { check } from './rules.ts';
import { readSources } from './source.ts';

/**
 * The walls of the house: who may import whom (docs/adr/0004-walls.md). `node lint/walls.ts [root]`; exits 1 and names
 * rule, file and line when one is breached, or when it finds nothing to read.
 */
const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const sources = readSources(root);
const violations = check(sources);
for (const { rule, path, line, message } of violations) console.error(`${path}:${line} ${rule}: ${message}`);
if (sources.length === 0) console.error(`${root} holds no src/**/*.ts`);
else console.log(`walls: ${sources.length} files, ${violations.length} violations`);
process.exitCode = violations.length > 0 || sources.length === 0 ? 1 : 0;
