// Loaded first (`node --import`). Node reads a package's whole package.json again for each of its files, and drizzle-orm's has
// 179 kB of exports: 0.4 s of every start. Its files import each other by relative path, so nothing there needs looking up.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const drizzle = `${pathToFileURL(join(import.meta.dirname, '../node_modules/drizzle-orm')).href}/`;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.startsWith(drizzle)) {
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
    }
    return next(specifier, context);
  },
});
