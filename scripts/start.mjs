// `npm start`: from a fresh clone to a running Steward, and nothing to do before it.
import { join } from 'node:path';
import { become, COMPILE_CACHE, ensureBuilt, ensureInstalled, ROOT, OPTIONS } from './prepare.mjs';

ensureInstalled();
if (process.env.ROLE !== 'worker') ensureBuilt();
become([...OPTIONS, join(ROOT, 'src/app/main.ts'), ...process.argv.slice(2)], COMPILE_CACHE);
