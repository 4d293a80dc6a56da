// `npm test`: installs what is missing, then runs every test. Arguments go to vitest: npm test -- src/core/database
import { join } from 'node:path';
import { become, ensureBuilt, ensureInstalled, ROOT } from './prepare.mjs';

ensureInstalled();
const only = process.argv.slice(2);
if (only.length === 0) ensureBuilt(); // the end-to-end tests start the real program
become([join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...only]);
