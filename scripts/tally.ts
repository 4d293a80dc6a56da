import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** So many tests, in so many files, may be looked at once more; when more fails, it is no accident. */
const MOST = { tests: 3, files: 2 };

/**
 * Keeps the counts of what has ended so far in a file, so that a run that is cut off can still say them. At the end `<file>.again`
 * holds the browser tests to be run once more, alone on the machine, a file a line (ADR 0041): none, unless they are all that failed.
 */
export function tally(file: string): Reporter {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  const write = () => writeFileSync(file, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return {
    onTestRunStart: write,
    onTestCaseResult(test: TestCase) {
      counts[test.result().state] += 1;
    },
    onTestModuleEnd: write,
    onTestRunEnd(modules, errors) {
      write();
      writeFileSync(`${file}.again`, (errors.length > 0 ? [] : again(modules)).map((path) => `${path}\n`).join(''));
    },
  };
}

function again(modules: readonly TestModule[]): string[] {
  const failed = modules.filter((module) => module.state() === 'failed');
  const tests = failed.flatMap((module) => [...module.children.allTests('failed')]);
  // Where something failed outside a test, tests were left out, and the counts of both runs would not add up.
  const whole = failed.every(
    (module) => module.errors().length === 0 && [...module.children.allSuites()].every((suite) => suite.errors().length === 0),
  );
  const few = tests.length > 0 && tests.length <= MOST.tests && failed.length <= MOST.files;
  return whole && few && failed.every((module) => module.project.name === 'e2e') ? failed.map((module) => module.relativeModuleId) : [];
}
