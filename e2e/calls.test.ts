import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, newContext } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();
const LOOKS = { widths: [360, 1280], schemes: ['light', 'dark'] } as const;

describe.skipIf(executable === null)('calls, from both sides', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(executable);
  });
  afterAll(() => stage?.close());

  test('we offer a kind of call; a client chooses a time on a phone, moves it and calls it off', async () => {
    const client = await stage.make('/api/clients', { name: 'Ann Archer', email: 'ann@archer.example', status: 'active' });
    const settings = await stage.open('/settings/calls');
    await settings.getByRole('button', { name: 'New kind' }).click();
    await settings.getByLabel('Title').fill('First call');
    expect(await axeFaults(settings)).toEqual([]);
    await picture(settings, 'call-kind', LOOKS);
    await settings.getByRole('button', { name: 'Offer it' }).click();
    await settings.getByText('30 minutes with').waitFor();
    await picture(settings, 'call-settings', LOOKS);
    await settings.context().close();

    const { body: link } = await stage.ask('POST', `/api/clients/${String(client['id'])}/portal-link`, {});
    const phone = await newContext(stage.browser, {
      viewport: { width: 360, height: 740 },
      locale: 'en-GB',
      timezoneId: 'America/New_York',
    });
    const page = await phone.newPage();
    await page.goto(stage.program.url + new URL(String(link['url'])).pathname);
    await page.getByRole('link', { name: /First call/ }).click();
    // The browser's own time, without anybody's asking.
    await expect.poll(() => page.getByLabel('Times are those of').inputValue()).toBe('America/New_York');
    await fits(page);
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'call-times', LOOKS);
    const times = page.locator('.times a');
    await times.first().click();
    await page.getByLabel('Anything we should know?').fill('About prices');
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'call-confirm', LOOKS);
    await page.getByRole('button', { name: 'Book this time' }).click();
    await page.getByText('it is booked').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'call-planned', LOOKS);
    await page.getByRole('link', { name: 'Choose another time' }).click();
    await times.last().click();
    await page.getByRole('button', { name: 'Move it here' }).click();
    await page.getByText('It is moved.').waitFor();

    const ours = await stage.open(`/clients/${String(client['id'])}`);
    await ours.getByRole('link', { name: /First call/ }).waitFor();
    await ours.getByRole('button', { name: 'Book' }).click();
    await ours.getByLabel('Time', { exact: true }).waitFor();
    await picture(ours, 'call-book', LOOKS);
    await ours.keyboard.press('Escape');
    await ours.getByRole('link', { name: /First call/ }).click();
    await ours.getByRole('dialog', { name: 'First call' }).waitFor();
    expect(await axeFaults(ours)).toEqual([]);
    await picture(ours, 'call-dialog', LOOKS);
    await ours.context().close();

    await page.getByRole('button', { name: 'Call it off' }).click();
    await page.getByText('It is called off.').waitFor();
    await expect.poll(async () => (await stage.list('/api/calls'))[0]).toMatchObject({ state: 'cancelled', sequence: 3 });
    await phone.close();
  }, 180_000);
});
