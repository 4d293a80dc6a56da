import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** Keeps the counts of what has ended so far in a file, so that a run that is cut off can still say them. */
export function tally(file: string): Reporter {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  const write = () => writeFileSync(file, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return {
    onTestRunStart: write,
    onTestCaseResult(test: TestCase) {
      counts[test.result().state] += 1;
    },
    onTestModuleEnd: write,
    onTestRunEnd: write,
  };
}
