import { defineConfig } from 'vitest/config';

/** A file for the results as JSON; .ci/run counts from it. */
const report = process.env['STEWARD_TEST_REPORT'];

if (Number(process.versions.node.split('.')[0]) < 24) throw new Error('Tests need Node 24: run them with npm test, which finds it');

/** Servers and modules run with `npm test`; `e2e` starts the real program and a browser. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
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
        test: { name: 'e2e', include: ['e2e/**/*.test.ts'], testTimeout: 900_000, hookTimeout: 300_000, fileParallelism: false },
      },
    ],
  },
});
