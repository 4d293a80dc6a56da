import { expect, test } from 'vitest';
import { childEnvironment } from '#core/config-child.ts';
import { proveKill } from '../src/app/prove/kill.ts';

/** The short form of `steward prove kill`: the long one has a hundred rounds and waits of a minute. */
test('nothing is lost and nothing is done twice, though processes and PostgreSQL are killed at work', async () => {
  const report = await proveKill({
    rounds: 2, // with this seed PostgreSQL alone, then all of them at once
    seed: 11,
    messages: 20,
    journeys: 10,
    longestWaitS: 3,
    cuts: false,
    points: false,
    progress: () => undefined,
    environment: childEnvironment(),
  });
  expect(report).toMatchObject({ lost: 0, repeated: 0, gave_up: 0 });
  expect(report.workflows).toMatchObject({ acknowledged: 10, done: 10, faults: [] });
  expect((report.mail?.sent ?? 0) + report.in_doubt).toBeGreaterThanOrEqual(20);
});
