import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openSystemDatabase } from '#core/database/system.ts';
import { SCHEDULE_CRASH_POINTS } from '#core/effects/crash-points.ts';
import { workflow } from '#core/engine/builder.ts';
import { install } from '#core/engine/install.ts';
import { newId } from '#core/ids.ts';
import { CRASH_TABLES, type CrashOrder } from '#testing/crash-world.ts';
import { queryAs, testDatabase } from '#testing/database.ts';
import { testEngine } from '#testing/engine.ts';

const CHILD = fileURLToPath(new URL('../../../testing/crash-child.ts', import.meta.url));
const SCHEDULES = 60;

const hourly = workflow(
  'hourly',
  {
    title: 'Hourly',
    subject: 'company',
    triggers: [{ on: 'schedule', schedule: { everyS: 3_600, timeZone: 'UTC', missed: { policy: 'all', withinS: 86_400 } } }],
  },
  (w) => [w.end()],
);

test('many schedulers on one database fire each planned moment once', async () => {
  const app = await testEngine({ definitions: [hourly] });
  try {
    for (let i = 1; i < SCHEDULES; i++) await app.aCompany();
    const others = [app.another(), app.another(), app.another()];
    for (let hour = 0; hour < 5; hour++) {
      app.clock.advance({ hours: 1 });
      await Promise.all([app.drain(), ...others.map((one) => one.worker.drain())]);
    }
    const counted = await app.sql<{ firings: number; moments: number; runs: number; done: number }>(
      `select count(*)::int as firings, count(distinct (schedule_id, planned_at))::int as moments, count(distinct run_id)::int as runs,
              (select count(*)::int from runs where state = 'done') as done from schedule_firings where state = 'fired'`,
    );
    expect(counted).toEqual([{ firings: SCHEDULES * 5, moments: SCHEDULES * 5, runs: SCHEDULES * 5, done: SCHEDULES * 5 }]);
  } finally {
    await app.close();
  }
});

describe('a scheduler that is killed', () => {
  test.each(SCHEDULE_CRASH_POINTS)('at %s, while another races it, leaves each firing once', { timeout: 400_000 }, async (point) => {
    const database = await testDatabase();
    const { target } = database;
    const system = openSystemDatabase(target);
    await queryAs(target, 'owner', `${CRASH_TABLES} grant all on crash_notes, crash_settled to steward_system;`);
    const companies = Array.from({ length: SCHEDULES }, () => newId());
    await system.write(async (tx) => {
      await tx.query(
        { name: 't.companies', text: `insert into companies (id, name) select id, 'Acme' from unnest($1::uuid[]) as x (id)` },
        [companies],
      );
      await install(tx, [{ definition: hourly, active: true }], null, new Date());
    });
    // Three firings of each are due, an hour apart; the fourth is not before half an hour from now.
    await queryAs(target, 'owner', `update schedules set next_at = date_trunc('minute', now()) - interval '150 minutes'`);

    const start = (order: Omit<CrashOrder, 'target' | 'receiver'>) => {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', CHILD, JSON.stringify({ ...order, target, receiver: 'http://127.0.0.1:9' })],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      return { child, gone: once(child, 'exit') };
    };
    const dying = start({ point, hit: 1 });
    await Promise.race([dying.gone, sleep(120_000).then(() => Promise.reject(new Error('it never passed there')))]);
    expect(dying.child.signalCode).toBe('SIGKILL');
    const pair = [start({ point: null, hit: 0 }), start({ point: null, hit: 0 })];
    const count = async () =>
      (await queryAs<{ n: number }>(target, 'system', `select count(*)::int as n from runs where state = 'done'`))[0]?.n ?? 0;
    await expect.poll(count, { timeout: 120_000, interval: 100 }).toBe(SCHEDULES * 3);
    for (const { child, gone } of pair) {
      child.kill('SIGTERM');
      await gone;
    }
    const twice = await queryAs(
      target,
      'system',
      `select schedule_id, planned_at from schedule_firings where state = 'fired' group by 1, 2 having count(*) > 1 or count(run_id) <> 1`,
    );
    expect(twice).toEqual([]);
    const [all] = await queryAs<{ firings: number; runs: number }>(
      target,
      'system',
      `select (select count(*)::int from schedule_firings where state = 'fired') as firings, (select count(*)::int from runs) as runs`,
    );
    expect(all).toEqual({ firings: SCHEDULES * 3, runs: SCHEDULES * 3 });
    await system.close();
    await database.drop();
  });
});
