import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { listRuns } from '../operations/runs.ts';
import {
  getSchedule,
  listFirings,
  listSchedules,
  pauseSchedule,
  previewSchedule,
  releaseScheduleOperation,
  updateSchedule,
} from '../operations/schedules.ts';
import { createWorkflow, updateWorkflow } from '../operations/workflows.ts';
import { watchSchedules } from './watch.ts';

const END = [{ id: 'fin', title: 'Fin', type: 'end', input: { outcome: 'done' } }];
const LONG = [{ id: 'pause', title: 'A while', type: 'wait', input: { for: { hours: 5 } } }, ...END];

describe('schedules', () => {
  let app: TestApp;
  let told: { name: string; payload: Record<string, unknown> }[] = [];
  beforeAll(async () => {
    app = await testApp();
    const { engine } = app.runtime;
    const emit = engine.emit.bind(engine);
    Object.assign(engine, {
      emit: (...[tx, events]: Parameters<typeof emit>) => {
        told.push(
          ...events.filter(({ name }) => name.startsWith('schedule.')).map(({ name, payload }) => ({ name, payload: payload ?? {} })),
        );
        return emit(tx, events);
      },
    });
  });
  afterAll(() => app.close());

  /** Schedules of earlier tests keep still. */
  async function quiet(): Promise<void> {
    await queryAs(app.target, 'owner', 'update schedules set alarm = false');
    await watchSchedules(app.runtime);
  }

  let made = 0;
  async function aSchedule(schedule: object, { steps = END, reentry = 'always' }: { steps?: object[]; reentry?: string } = {}) {
    await quiet();
    told = [];
    const name = `sched-${++made}`;
    const definition = {
      name,
      title: `Sched ${made}`,
      subject: 'company',
      triggers: [{ on: 'schedule', schedule }],
      reentry,
      settings: {},
      steps,
    };
    const workflow = await app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true });
    const [shown] = (await app.call(listSchedules, { workflowId: workflow.id })).items;
    if (shown === undefined) throw new Error('a schedule was expected');
    return { workflowId: workflow.id, scheduleId: shown.id };
  }
  const daily = (missed: object = { policy: 'once' }) => ({ cron: '0 9 * * *', timeZone: 'Europe/Vienna', missed });
  const firings = async (scheduleId: string) => (await app.call(listFirings, { scheduleId })).items;

  test('keep what was planned, when it fired and which run it was', async () => {
    const { scheduleId, workflowId } = await aSchedule(daily());
    await app.advance({ days: 2 });
    const seen = await firings(scheduleId);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({ state: 'fired', reason: null, runState: 'done', ok: true });
    expect(seen[0]?.plannedAt.toISOString().slice(11)).toBe('07:00:00.000Z');
    const runs = (await app.call(listRuns, { workflowId })).items.map((run) => run.id);
    expect(new Set(seen.map((one) => one.runId))).toEqual(new Set(runs));
  });

  test('say why firings were passed over: skipped, stood for by a later one, too old', async () => {
    const [skip, once, all] = [
      await aSchedule(daily({ policy: 'skip' })),
      await aSchedule(daily()),
      await aSchedule(daily({ policy: 'all', withinS: 2 * 86_400 })),
    ];
    app.clock.advance({ days: 4 });
    await app.drain();
    const states = async ({ scheduleId }: { scheduleId: string }) =>
      (await firings(scheduleId)).map(({ state, reason, count }) => ({ state, reason, count }));
    expect(await states(skip)).toEqual([{ state: 'skipped', reason: 'missed', count: 4 }]);
    expect(await states(once)).toEqual([
      { state: 'fired', reason: null, count: 1 },
      { state: 'skipped', reason: 'stood_for', count: 3 },
    ]);
    expect(await states(all)).toEqual([
      { state: 'fired', reason: null, count: 1 },
      { state: 'fired', reason: null, count: 1 },
      { state: 'skipped', reason: 'too_old', count: 2 },
    ]);
    expect((await firings(once.scheduleId))[0]?.lateS).toBeGreaterThan(0);
  });

  test('are edited in place of the workflow’s own time, which a new version does not undo, and reset to it', async () => {
    const { scheduleId, workflowId } = await aSchedule(daily());
    const edited = await app.call(updateSchedule, { scheduleId, cron: '30 6 31 * *', timeZone: 'America/St_Johns' });
    expect(edited).toMatchObject({
      own: true,
      cron: '30 6 31 * *',
      timeZone: 'America/St_Johns',
      rule: expect.stringContaining('L is the last day'),
    });
    expect(edited.next).toHaveLength(10);
    const again = {
      name: `sched-${made}`,
      title: 'Renamed',
      subject: 'company',
      triggers: [{ on: 'schedule', schedule: daily({ policy: 'skip' }) }],
      settings: {},
      steps: END,
    };
    await app.call(updateWorkflow, { workflowId, definition: JSON.parse(JSON.stringify(again)) });
    expect(await app.call(getSchedule, { scheduleId })).toMatchObject({ own: true, nextAt: edited.nextAt });
    await app.call(updateWorkflow, { workflowId, active: false });
    await app.call(updateWorkflow, { workflowId, active: true });
    expect(await app.call(getSchedule, { scheduleId })).toMatchObject({ own: true, nextAt: edited.nextAt });
    expect(await app.call(updateSchedule, { scheduleId, reset: true })).toMatchObject({
      own: false,
      cron: '0 9 * * *',
      missed: { policy: 'skip' },
    });
    const refused = app.call(updateSchedule, { scheduleId, cron: '0 9 31 2 *' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'cron' }] });
    await expect(app.call(updateSchedule, { scheduleId, timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      fields: [{ path: 'time_zone' }],
    });
    expect((await app.call(previewSchedule, { cron: '0 0 L * *', timeZone: 'UTC' })).next[0]?.toISOString()).toMatch(
      /-(28|29|30|31)T00:00/,
    );
  });

  test('stand still while paused; what was planned meanwhile is passed over, or caught up when that is asked', async () => {
    const { scheduleId, workflowId } = await aSchedule(daily({ policy: 'all', withinS: 10 * 86_400 }));
    expect(await app.call(pauseSchedule, { scheduleId, reason: 'holidays' })).toMatchObject({
      hold: 'paused',
      holdReason: 'holidays',
      nextAt: null,
    });
    await expect(app.call(pauseSchedule, { scheduleId })).rejects.toMatchObject({ code: 'schedule_hold' });
    await app.advance({ days: 3 });
    expect((await app.call(listRuns, { workflowId })).items).toHaveLength(0);
    expect(await app.call(getSchedule, { scheduleId })).toMatchObject({ missedOnHold: 3 });
    await app.call(releaseScheduleOperation, { scheduleId });
    await app.drain();
    expect(await firings(scheduleId)).toMatchObject([{ state: 'skipped', reason: 'paused', count: 3, ok: true }]);
    await app.call(pauseSchedule, { scheduleId });
    await app.advance({ days: 2 });
    await app.call(releaseScheduleOperation, { scheduleId, catchUp: true });
    await app.drain();
    expect((await app.call(listRuns, { workflowId })).items).toHaveLength(2);
    await expect(app.call(releaseScheduleOperation, { scheduleId })).rejects.toMatchObject({ code: 'schedule_hold' });
  });

  test('raise one alert when an expected run did not happen, and say once that it runs again', async () => {
    const { scheduleId } = await aSchedule(daily());
    const { nextAt } = await app.call(getSchedule, { scheduleId });
    // Nobody fires: the clock passes the moment and no worker looks.
    app.clock.advance({ seconds: ((nextAt?.getTime() ?? 0) - app.clock.now().getTime()) / 1000 + 299 });
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 0, recovered: 0 });
    app.clock.advance({ seconds: 2 });
    const both = await Promise.all([watchSchedules(app.runtime), watchSchedules(app.runtime)]);
    expect(both.map((one) => one.raised).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 0, recovered: 0 });
    expect(await app.call(getSchedule, { scheduleId })).toMatchObject({ alert: { kind: 'not_run', reason: 'overdue', plannedAt: nextAt } });
    await app.drain();
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 0, recovered: 1 });
    expect((await app.call(getSchedule, { scheduleId })).alert).toBeNull();
    expect(told.map(({ name, payload }) => [name, payload['schedule_id'], payload['reason']])).toEqual([
      ['schedule.missed', scheduleId, 'overdue'],
      ['schedule.recovered', scheduleId, 'ran'],
    ]);
    const { items } = await app.call(listNotificationsOperation, {});
    expect(items.filter((one) => one.link === `/triggers/schedules/${scheduleId}`).map((one) => one.title)).toEqual([
      `“Sched ${made}” runs again`,
      `“Sched ${made}” did not run`,
    ]);
    const mails = await queryAs<{ subject: string }>(
      app.target,
      'owner',
      `select subject from messages where class = 'transactional' and subject like '%Sched ${made}%' order by id`,
    );
    expect(mails.map((mail) => mail.subject)).toEqual([`“Sched ${made}” did not run`, `“Sched ${made}” runs again`]);
  });

  test('raise one when a run is not done in time, and say so when it is done after all', async () => {
    const { scheduleId } = await aSchedule(daily(), { steps: LONG });
    await app.call(updateSchedule, { scheduleId, finishWithinS: 3_600 });
    await app.advance({ days: 1, hours: 2 });
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 1, recovered: 0 });
    expect(told.at(-1)).toMatchObject({ name: 'schedule.missed', payload: { kind: 'not_done', reason: 'late' } });
    expect((await firings(scheduleId))[0]).toMatchObject({ ok: false });
    await app.advance({ hours: 5 });
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 0, recovered: 1 });
    expect(told.at(-1)).toMatchObject({ name: 'schedule.recovered', payload: { reason: 'done_late' } });
  });

  test('say that a firing was left out because the run before it still goes on', async () => {
    const { scheduleId } = await aSchedule(
      { everyS: 3_600, timeZone: 'UTC', missed: { policy: 'once' } },
      { steps: LONG, reentry: 'after_end' },
    );
    await app.advance({ hours: 2 });
    expect((await firings(scheduleId)).map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'busy'],
      ['fired', null],
    ]);
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 1, recovered: 0 });
    await app.call(pauseSchedule, { scheduleId });
    // Nobody expects it any more: the alert ends without a word.
    const before = told.length;
    expect(await watchSchedules(app.runtime)).toEqual({ raised: 0, recovered: 1 });
    expect(told).toHaveLength(before);
  });
});
