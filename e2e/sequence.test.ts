import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();

describe.skipIf(executable === null)('a sequence and its people', () => {
  let stage: Stage;
  let sequenceId = '';
  /** Runs that wait for their next letter. */
  const inQueue = async () => (await stage.list(`/api/runs?workflow_id=${sequenceId}&state=waiting`)).length;

  beforeAll(async () => {
    stage = await openStage(executable, { environment: { SENDING_HOURS: 'always' } });
    for (const [name, enrol] of [
      ['Ann Lee', true],
      ['Ben Okafor', true],
      ['Carla Nunez', false],
      ['Dora Hall', false],
    ] as const)
      await stage.make('/api/lead-nurturing/leads', { name, email: `${name.split(' ')[0]?.toLowerCase()}@firm.example`, enrol });
    sequenceId = String((await stage.list('/api/workflows')).find(({ name }) => name === 'lead-nurturing')?.['id']);
  });

  afterAll(async () => {
    await stage?.close();
  });

  async function open(width: number) {
    const page = await stage.open(`/sequences/${sequenceId}`, { viewport: { width, height: 800 } });
    await page.getByRole('heading', { level: 1, name: 'Lead nurturing' }).waitFor();
    return page;
  }

  test('new leads are in it, others not', async () => {
    await expect.poll(inQueue).toBe(2);
  });

  test.each([1280, 360])('people are enrolled after a look at what speaks against it, and taken back (%i px)', async (width) => {
    await expect.poll(inQueue).toBe(2);
    const page = await open(width);
    await page.getByRole('button', { name: 'Enrol people' }).click();
    const dialog = page.getByRole('dialog', { name: /Enrol people in/ });
    await dialog.getByLabel('Ann Lee').check();
    await dialog.getByLabel('Carla Nunez').check();
    await dialog.getByLabel('Dora Hall').check();
    await dialog.getByRole('button', { name: 'Look at 3 leads' }).click();
    await dialog.getByText('1 is in this sequence already').waitFor();
    await dialog.getByRole('button', { name: 'Enrol 2 people' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 people taken out again.').waitFor();
    await expect.poll(inQueue).toBe(2);
    await page.context().close();
  });

  test('who would launch without a rehearsal is told so, rehearses with these very people, and comes back to enrol', async () => {
    await stage.ask('PUT', '/api/sending/settings', { rehearse_above: 1 });
    const page = await open(360);
    const look = async () => {
      await page.getByRole('button', { name: 'Enrol people' }).click();
      const dialog = page.getByRole('dialog', { name: /Enrol people in/ });
      await dialog.getByLabel('Carla Nunez').check();
      await dialog.getByLabel('Dora Hall').check();
      await dialog.getByRole('button', { name: 'Look at 2 leads' }).click();
      return dialog;
    };
    const before = await look();
    await before.getByText(/would get commercial mail: rehearse it first/).waitFor();
    expect(await before.getByRole('button', { name: 'Enrol 2 people' }).isDisabled()).toBe(true);
    await fits(page, 'enrol without a rehearsal');
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'enrol-not-rehearsed', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await before.getByRole('button', { name: 'Rehearse with them' }).click();
    await page.waitForURL(/\/rehearsals\//);
    const rehearsed = async () => (await stage.list('/api/rehearsals')).map((one) => one['state']);
    await expect.poll(rehearsed, { timeout: 60_000 }).toEqual(['done']);
    await page.goto(`${stage.program.url}/sequences/${sequenceId}`);
    const after = await look();
    await after.getByText('and nothing has changed since').waitFor();
    await after.getByRole('button', { name: 'Enrol 2 people' }).and(page.locator(':enabled')).waitFor();
    await picture(page, 'enrol-rehearsed', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await stage.ask('PUT', '/api/sending/settings', { rehearse_above: 200 });
    await page.context().close();
  });

  test('a number opens its people; one is taken out', async () => {
    await expect.poll(inQueue).toBe(2);
    const page = await open(1280);
    await page
      .getByRole('link', { name: /^\d+ sent$/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Got “Send the first letter”/ }).waitFor();
    const row = page.getByRole('row', { name: /Ben Okafor/ });
    await row.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Take out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
    await expect.poll(inQueue).toBe(1);
    await row.getByText('Cancelled').waitFor();
    await row.getByRole('link', { name: 'Ben Okafor' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ben Okafor' }).waitFor();
    await page.context().close();
  });
});
