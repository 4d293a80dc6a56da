import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { loaded, openStage, type Stage } from './stage.ts';
import { settled, until } from './waiting.ts';

const executable = chromiumPath();

const CSV = [
  'name,email,source,language',
  'Ann Berg,ann@berg.example,fair,de',
  'Bo Lind,bo@lind.example,fair,sv',
  'Cem Kaya,cem@kaya.example,website,tr',
  '=Dora Novak,dora@novak.example,website,de',
].join('\n');

/** Segments, exports, scores, notifications and the command menu, as a person at a desk and one with a phone use them. */
describe.skipIf(executable === null)('around the list', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable, { context: { viewport: { width: 1280, height: 900 }, acceptDownloads: true } });
    page = await stage.signedIn.newPage();
    await stage.make('/api/lead-nurturing/leads/import', { filename: 'fair.csv', content: CSV, enrol: false });
  });

  afterAll(async () => {
    await stage?.close();
  });

  async function go(path: string): Promise<void> {
    await page.goto(stage.program.url + path);
    await loaded(page);
  }

  /** At both widths: nothing sideways, nothing that a screen reader cannot tell; pictures for whoever wants to look. */
  async function look(name: string): Promise<void> {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `${name} at ${width}`);
      expect(await axeFaults(page), `${name} at ${width}`).toEqual([]);
    }
    await picture(page, name, { widths: [360, 1280], schemes: ['dark', 'light'] });
  }

  /** Every new lead is Ada's. */
  async function everythingToAda(): Promise<void> {
    if ((await stage.list('/api/assignment/rules')).length > 0) return;
    const { id } = (await stage.ask('GET', '/api/users/me')).body;
    await stage.make('/api/assignment/rules', { name: 'Everything to Ada', user_ids: [id] });
  }

  /** What was typed into the command menu is what Enter takes: then Enter. */
  async function command(words: string, option: string | RegExp): Promise<void> {
    await page.locator('[role=dialog] input:focus').waitFor();
    await page.keyboard.type(words);
    await page.getByRole('option', { name: option, selected: true }).waitFor();
    await page.keyboard.press('Enter');
  }
  const openMenu = () => until(() => page.keyboard.press('Control+k'), page.getByPlaceholder('A person, a page, a command'));

  test('a segment of two conditions in a group shows its count while it is written, and its members once it is saved', async () => {
    await go('/segments');
    await page.getByText('No segments yet').waitFor();
    await page.getByRole('link', { name: 'New segment' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Fair or Turkish');
    await page.getByRole('button', { name: 'Remove this condition' }).click();
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    const group = page.getByRole('group', { name: 'Group of conditions' });
    const found = page.getByText(/^of 4 people/);
    for (const [place, field, operator, value] of [
      [0, 'Source of the lead', 'is', 'fair'],
      [1, 'Language', 'is', 'tr'],
    ] as const) {
      await group.getByRole('button', { name: 'Condition', exact: true }).click();
      await group.getByLabel('Field').nth(place).selectOption({ label: field });
      await group.getByLabel('How it is compared').nth(place).selectOption({ label: operator });
      // A choice once its values are known, a text until then.
      const input = group.getByLabel('Value', { exact: true }).nth(place);
      if ((await settled(() => input.evaluate((element) => element.nodeName))) === 'SELECT') await input.selectOption(value);
      else await input.fill(value);
      await found.waitFor();
      await expect.poll(() => found.locator('xpath=preceding-sibling::div').innerText()).toBe(String(place + 2));
    }
    await look('segment-builder');
    await page.getByRole('button', { name: 'Create segment' }).click();
    await page.getByRole('tab', { name: /Members/ }).waitFor();
    for (const name of ['Ann Berg', 'Bo Lind', 'Cem Kaya']) await page.getByRole('link', { name }).first().waitFor();
    await page.getByText('Dora Novak').waitFor({ state: 'detached' });
    await look('segment-members');
  });

  test('people leave as a CSV that can be read, and that no spreadsheet runs', async () => {
    await go('/settings/export');
    await page.getByText('Nothing was exported yet').waitFor();
    await look('exports');
    await page.getByRole('button', { name: 'Export people' }).last().click();
    await page.getByRole('dialog').getByText('Columns').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8').replace(/^\uFEFF/, '');
    const [head = '', ...rows] = text.trim().split(/\r?\n/);
    expect(head.toLowerCase()).toContain('email');
    expect(rows).toHaveLength(4);
    for (const email of ['ann@berg.example', 'bo@lind.example', 'cem@kaya.example', 'dora@novak.example']) expect(text).toContain(email);
    expect(text).not.toMatch(/(^|[,;\t])"?=/m);
    await page.getByText(/4 rows/).waitFor();
  });

  test('a rule of the lead score shows whom it moves before it is saved', async () => {
    await go('/settings/score');
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Met at the fair');
    await dialog.getByLabel('Points').fill('90');
    await dialog.getByLabel('Field').selectOption({ label: 'Source' });
    await dialog.getByLabel('How it is compared').selectOption({ label: 'is' });
    await dialog.getByLabel('Value', { exact: true }).fill('fair');
    await look('score-rule');
    await dialog.getByRole('button', { name: 'Add the rule' }).click();
    await page.getByText('2 leads change grade').waitFor();
    await look('score-preview');
    const stored = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().endsWith('/api/scores/model'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect((await stored).status()).toBe(200);
    await page.reload();
    await page.getByText('Met at the fair').waitFor();
  });

  test('a lead that is given to me rings the bell at once, and is read when I open it', async () => {
    await everythingToAda();
    await go('/activity');
    const bell = page.getByRole('button', { name: /^Notifications/ });
    // the import of the beginning is told within half a minute
    await expect.poll(() => bell.getAttribute('aria-label'), { timeout: 120_000 }).toContain('unread');
    await bell.click();
    await page.getByText('fair.csv is imported').waitFor();
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Notifications');
    await page.keyboard.press('Escape');
    await page.getByText('fair.csv is imported').waitFor({ state: 'detached' });
    const lead = await stage.make('/api/lead-nurturing/leads', { email: 'eve@roth.example', name: 'Eve Roth', source: 'call' });
    // without a reload: the page hears of it
    await expect.poll(() => bell.getAttribute('aria-label'), { timeout: 120_000 }).toBe('Notifications, 1 unread');
    await bell.click();
    const row = page.getByRole('button', { name: /New lead: Eve Roth/ });
    await row.waitFor();
    await look('bell');
    await row.click();
    await page.waitForURL(`**/people/${String(lead['person_id'])}`);
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Notifications');
  });

  test('the page of a lead says why it has its owner, and how promising it is', async () => {
    await everythingToAda();
    const lead = await stage.make('/api/lead-nurturing/leads', { email: 'fay@stone.example', name: 'Fay Stone', source: 'call' });
    await go(`/people/${String(lead['person_id'])}`);
    await page.getByText('Rule “Everything to Ada”: only one is asked.').waitFor();
    await page.getByText('No form brought this lead in.').waitFor();
    await look('person');
  });

  test('settings are found by what stands on them, by keyboard; on a phone the list is a page, and each page leads back to it', async () => {
    await page.setViewportSize({ width: 360, height: 900 });
    await go('/settings');
    await page.getByRole('link', { name: 'Deliverability' }).waitFor();
    await picture(page, 'settings-list');
    const box = page.getByRole('searchbox', { name: 'Find a setting' });
    await box.fill('unsubscribe');
    await page.getByRole('link', { name: 'Deliverability' }).waitFor({ state: 'detached' });
    await box.press('ArrowDown');
    await page.getByRole('link', { name: 'Never written to' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Never written to' }).waitFor();
    await page.getByRole('link', { name: '← Settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('heading', { level: 1, name: 'Company' }).waitFor();
  });

  for (const width of [1280, 360])
    test(`the command menu finds a person and writes a note, at ${width} px`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await go('/');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await openMenu();
      await command('cem kaya', /Cem Kaya/);
      await page.getByRole('heading', { level: 1, name: 'Cem Kaya' }).waitFor();
      await openMenu();
      await command('write a note', 'Write a note');
      await page.getByPlaceholder('Whom is the note about?').waitFor();
      await command('ann berg', /Ann Berg/);
      await page.getByLabel('Note on Ann Berg').and(page.locator(':focus')).waitFor();
      await page.keyboard.type(`Likes tea, said at ${width}`);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const [ann] = await stage.list('/api/people?q=ann%40berg.example');
      await go(`/people/${String(ann?.['id'])}`);
      await page.getByText(`Likes tea, said at ${width}`).waitFor();
    });

  test('what is empty says what it is for, and leads on', async () => {
    for (const [path, title, next] of [
      ['/settings/tags', 'No tags yet', 'Choose people to tag'],
      ['/settings/fields', 'No fields of your own yet', 'New field'],
      ['/organisations', 'No organisation yet', 'New organisation'],
      ['/people/duplicates', 'Nobody has looked yet', 'Look now'],
    ] as const) {
      await go(path);
      await page.getByText(title).waitFor();
      await page.getByText(next).last().waitFor();
      await look(`empty${path.replaceAll('/', '-')}`);
    }
    await go('/organisations');
    await page.getByRole('button', { name: 'New organisation' }).last().click();
    await page.getByLabel('Name', { exact: true }).fill('Berg & Co');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Berg & Co' }).waitFor();
    await page.getByText('Nobody belongs to it yet').waitFor();
  });
});
