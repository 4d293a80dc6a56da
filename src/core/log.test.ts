import { expect, test } from 'vitest';
import { loggedAs, openLog } from './log.ts';
import { inSpan, installTracer } from './telemetry/tracing.ts';

const lines: Record<string, unknown>[] = [];
const log = openLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) });

test('a line says which request, company, run and step it is about, however deep it is logged', async () => {
  await loggedAs({ request: 'r1', company: 'c1' }, async () => {
    await Promise.resolve();
    await loggedAs({ run: 'run1', step: 's1' }, async () => {
      await Promise.resolve();
      log.info({ step: 'its own' }, 'inside');
    });
    log.info('after');
  });
  log.info('elsewhere');
  expect(lines[0]).toMatchObject({ request: 'r1', company: 'c1', run: 'run1', step: 'its own', msg: 'inside' });
  expect(lines[1]).toMatchObject({ request: 'r1', company: 'c1' });
  expect(lines[1]).not.toHaveProperty('run');
  expect(lines[2]).not.toHaveProperty('request');
});

test('where traces are exported a line says its trace, too', async () => {
  installTracer({
    start: () => ({
      context: { traceId: 't'.repeat(32), spanId: 's'.repeat(16), sampled: true },
      set: () => undefined,
      end: () => undefined,
    }),
  });
  await inSpan({ name: 'x' }, async () => log.info('traced'));
  installTracer(null);
  log.info('not traced');
  expect(lines.at(-2)).toMatchObject({ trace: 't'.repeat(32), span: 's'.repeat(16) });
  expect(lines.at(-1)).not.toHaveProperty('trace');
});
