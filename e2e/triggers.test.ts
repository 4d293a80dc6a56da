import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { loaded, openStage, type Stage } from './stage.ts';
import { eventually } from './waiting.ts';

const executable = chromiumPath();
const END = [{ id: 'fin', title: 'Fin', type: 'end', input: { outcome: 'done' } }];

const workflow = (name: string, title: string, trigger: object, active: boolean) => ({
  definition: { name, title, subject: 'company', triggers: [trigger], settings: {}, steps: END },
  active,
});

/** At both widths: nothing sideways, nothing that a screen reader cannot tell; pictures for whoever wants to look. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await fits(page, `${name} at ${width}`);
    expect(await axeFaults(page), `${name} at ${width}`).toEqual([]);
  }
  await picture(page, name, { widths: [360, 1280], schemes: ['light', 'dark'] });
}

/** Schedules as the people see them who look after them. */
describe.skipIf(executable === null)('triggers in a real browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable);
    page = await stage.open('/triggers');
  });
  afterAll(() => stage?.close());

  test('a schedule shows its next ten firings, is edited with its firings in view, paused and released', async () => {
    const schedule = { cron: '0 9 * * 1-5', timeZone: 'Europe/Vienna', missed: { policy: 'once' } };
    await stage.make('/api/workflows', workflow('weekly-report', 'Weekly report', { on: 'schedule', schedule }, true));
    await stage.make(
      '/api/workflows',
      workflow('tidy-up', 'Tidy up', { on: 'schedule', schedule: { everyS: 7200, timeZone: 'UTC', missed: { policy: 'skip' } } }, false),
    );
    await page.reload();
    await loaded(page);
    await page.getByText('Weekdays at 09:00').waitFor();
    await look(page, 'triggers-schedules');
    await page.getByRole('link', { name: 'Weekly report' }).click();
    const firings = page.getByRole('list', { name: 'Next ten firings' }).getByRole('listitem');
    await eventually(
      'ten firings',
      () => firings.count(),
      (count) => count === 10,
    );
    await look(page, 'schedule');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Cron').fill('30 2 31 * *');
    await dialog.getByText(/Months without that day are passed over/).waitFor();
    await look(page, 'schedule-edit');
    await dialog.getByLabel('Cron').fill('15 7 * * *');
    await dialog.getByLabel('A run has to be done within (minutes)').fill('30');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Every day at 07:15, Europe/Vienna').waitFor();
    await page.getByText('30 minutes', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Release' }).waitFor();
    await look(page, 'schedule-paused');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });
});
