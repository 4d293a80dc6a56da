// `npm start`: from a fresh clone to a running Steward, and nothing to do before it.
import { join } from 'node:path';
import { become, COMPILE_CACHE, ensureBuilt, ensureInstalled, OPTIONS, ROOT, STOP_WITH_PARENT } from './prepare.mjs';

ensureInstalled();
if (process.env.ROLE !== 'worker') ensureBuilt();
const underNpm = process.env.npm_lifecycle_event !== undefined;
become([...OPTIONS, join(ROOT, 'src/app/main.ts'), ...(underNpm ? [STOP_WITH_PARENT] : []), ...process.argv.slice(2)], COMPILE_CACHE);
