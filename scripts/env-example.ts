import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envExample } from '../src/core/config-example.ts';

/** Writes `.env.example` anew from the settings' schema: `npm run env-example`. */
writeFileSync(join(import.meta.dirname, '../.env.example'), envExample());
