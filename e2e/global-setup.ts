import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { makeHome } from './home.ts';
import { buildWeb } from './program.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the data directory of a program is copied from; null where it makes its own. */
    home: string | null;
  }
}

/** One web app and one new database for all files of a run, whatever is edited meanwhile. */
export default async function setup(project: TestProject): Promise<() => void> {
  buildWeb();
  const home = await makeHome();
  project.provide('home', home);
  return () => {
    if (home !== null) rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  };
}
