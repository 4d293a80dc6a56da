import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { COMPILE_CACHE } from './scripts/prepare.mjs';
import { tally } from './scripts/tally.ts';

/** A file for the counts so far, which .ci/run ends with. */
const sofar = process.env['STEWARD_TEST_TALLY'];
/** A file for the results as JSON, with how long each took. */
const report = process.env['STEWARD_TEST_REPORT'];

if (Number(process.versions.node.split('.')[0]) < 24) throw new Error('Tests need Node 24: run them with npm test, which finds it');

/** Servers and modules run with `npm test`; `e2e` starts the real program and a browser. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    // The processes that tests start read code that was compiled before, as those of `npm start` do.
    env: COMPILE_CACHE,
    reporters: [
      'default',
      ...(sofar === undefined ? [] : [tally(sofar)]),
      ...(report === undefined ? [] : [['json', { outputFile: report }] as const]),
    ],
    // Each file has a database or a program of its own. A worker's PostgreSQL, browser and Steward need processors, too: no more
    // workers than there are, and two at least, since one waits often.
    maxWorkers: Math.max(2, availableParallelism()),
    // A worker loads the house once, not for each file: a test leaves nothing of its own behind in a module.
    isolate: false,
    // Long enough for a machine that does five other things: what is right is there at once, only a fault waits that long.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    passWithNoTests: false,
    allowOnly: false,
    projects: [
      {
        extends: true,
        // Its PostgreSQL is for these tests: the real program brings its own.
        test: {
          name: 'server',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'lint/**/*.test.ts'],
          globalSetup: ['src/testing/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/global-setup.ts'],
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
