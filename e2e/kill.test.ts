import { expect, test } from 'vitest';
import { childEnvironment } from '#core/config-child.ts';
import { proveKill } from '../src/app/prove/kill.ts';

/** The short form of `steward prove kill`: the long one has a hundred rounds and waits of a minute. */
test('nothing is lost and nothing is done twice, though processes and PostgreSQL are killed at work', async () => {
  const report = await proveKill({
    rounds: 2, // with this seed PostgreSQL alone, then all of them at once
    seed: 11,
    messages: 12,
    through: ['smtp', 'resend', 'sendgrid', 'gmail', 'hubspot', 'twilio'],
    journeys: 10,
    longestWaitS: 3,
    cuts: false,
    points: false,
    progress: () => undefined,
    environment: childEnvironment(),
  });
  expect(report).toMatchObject({ lost: 0, repeated: 0, gave_up: 0 });
  expect(report.workflows).toMatchObject({ acknowledged: 10, done: 10, faults: [] });
  for (const { sent, in_doubt: inDoubt, open_at_kills: open, cut_by_vendor: cut } of [
    { cut_by_vendor: 0, ...(report.mail ?? expect.fail('mail goes out by SMTP')) },
    ...Object.values(report.vendors),
  ]) {
    expect(sent + inDoubt).toBeGreaterThanOrEqual(12);
    expect(inDoubt).toBeLessThanOrEqual(open + cut);
  }
  // Their keys live: what got no answer was asked for again.
  expect(report.vendors).toMatchObject({ resend: { in_doubt: 0 }, hubspot: { in_doubt: 0 } });
});
