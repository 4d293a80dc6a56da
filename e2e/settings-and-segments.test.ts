import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const executable = chromiumPath();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A folder for pictures of what the test saw; none by default. */
const pictures = process.env['STEWARD_PICTURES'];

const CSV = [
  'name,email,source,language',
  'Ann Berg,ann@berg.example,fair,de',
  'Bo Lind,bo@lind.example,fair,sv',
  'Cem Kaya,cem@kaya.example,website,tr',
  '=Dora Novak,dora@novak.example,website,de',
].join('\n');

/** Segments, exports, scores, notifications and the command menu, as a person at a desk and one with a phone use them. */
describe.skipIf(executable === null)('around the list', () => {
  let program: Program;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    buildWeb();
    [program, browser] = await Promise.all([startProgram(), openBrowser(executable ?? '')]);
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', acceptDownloads: true });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(program.setupLink ?? '');
    await page.getByLabel('Company name').fill('Nordlicht Studio');
    await page.getByLabel('Postal address').fill('Torstraße 1, 10119 Berlin');
    await page.getByLabel('Your name').fill('Ada Lind');
    await page.getByLabel('Email').fill('ada@nordlicht.example');
    await page.getByLabel('Password').fill('correct horse battery staple');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1, name: /Ada$/ }).waitFor();
    await api('POST', '/api/lead-nurturing/leads/import', { filename: 'fair.csv', content: CSV, enrol: false });
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  /** As the page calls it: with its cookies and its CSRF token. */
  async function api(method: string, path: string, data?: object): Promise<Record<string, unknown>> {
    const token = (await context.cookies()).find(({ name }) => name === 'steward_csrf')?.value ?? '';
    const answer = await page.request.fetch(program.url + path, {
      method,
      headers: { 'x-csrf-token': token },
      ...(data === undefined ? {} : { data }),
    });
    expect(answer.status(), `${method} ${path}: ${await answer.text()}`).toBeLessThan(300);
    return answer.json();
  }

  /** At both widths: nothing sideways, nothing that a screen reader cannot tell; pictures for whoever wants to look. */
  async function look(name: string): Promise<void> {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(200);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'), `${name} at ${width}`).toBeLessThanOrEqual(
        0,
      );
      await page.evaluate(axeSource);
      const found = await page.evaluate<string[]>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
      );
      expect(found, `${name} at ${width}`).toEqual([]);
      if (pictures === undefined) continue;
      mkdirSync(pictures, { recursive: true });
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(150);
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
      }
    }
  }

  test('a segment of two conditions in a group shows its count while it is written, and its members once it is saved', async () => {
    await page.goto(`${program.url}/segments`);
    await page.getByText('No segments yet').waitFor();
    await page.getByRole('link', { name: 'New segment' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Fair or Turkish');
    await page.getByRole('button', { name: 'Remove this condition' }).click();
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    const group = page.getByRole('group', { name: 'Group of conditions' });
    const fits = page.getByText(/^of 4 people/);
    for (const [place, field, operator, value] of [
      [0, 'Source of the lead', 'is', 'fair'],
      [1, 'Language', 'is', 'tr'],
    ] as const) {
      await group.getByRole('button', { name: 'Condition', exact: true }).click();
      await group.getByLabel('Field').nth(place).selectOption({ label: field });
      await group.getByLabel('How it is compared').nth(place).selectOption({ label: operator });
      const input = group.getByLabel('Value', { exact: true }).nth(place);
      if ((await input.evaluate((element) => element.nodeName)) === 'SELECT') await input.selectOption(value);
      else await input.fill(value);
      await fits.waitFor();
      await expect.poll(() => fits.locator('xpath=preceding-sibling::div').innerText()).toBe(String(place + 2));
    }
    await look('segment-builder');
    await page.getByRole('button', { name: 'Create segment' }).click();
    await page.getByRole('tab', { name: /Members/ }).waitFor();
    for (const name of ['Ann Berg', 'Bo Lind', 'Cem Kaya']) await page.getByRole('link', { name }).first().waitFor();
    expect(await page.getByText('Dora Novak').count()).toBe(0);
    await look('segment-members');
  });

  test('people leave as a CSV that can be read, and that no spreadsheet runs', async () => {
    await page.goto(`${program.url}/settings/export`);
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
    await page.goto(`${program.url}/settings/score`);
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
    const { items } = (await api('GET', '/api/users?limit=5')) as { items: { id: string }[] }; // every list
    await api('POST', '/api/assignment/rules', { name: 'Everything to Ada', user_ids: [items[0]?.id] });
    await page.goto(`${program.url}/activity`);
    const bell = page.getByRole('button', { name: /^Notifications/ });
    // the import of the beginning is told within half a minute
    await expect.poll(() => bell.getAttribute('aria-label'), { timeout: 45_000 }).toContain('unread');
    await bell.click();
    await page.getByText('fair.csv is imported').waitFor();
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Notifications');
    await page.keyboard.press('Escape');
    const lead = await api('POST', '/api/lead-nurturing/leads', { email: 'eve@roth.example', name: 'Eve Roth', source: 'call' });
    // without a reload: the page hears of it
    await expect.poll(() => bell.getAttribute('aria-label'), { timeout: 30_000 }).toBe('Notifications, 1 unread');
    await bell.click();
    const row = page.getByRole('button', { name: /New lead: Eve Roth/ });
    await row.waitFor();
    await look('bell');
    await row.click();
    await page.waitForURL(`**/people/${String(lead['person_id'])}`);
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Notifications');
  });

  test('the page of a lead says why it has its owner, and how promising it is', async () => {
    await page.getByText('Rule “Everything to Ada”: only one is asked.').waitFor();
    await page.getByText('No form brought this lead in.').waitFor();
    await look('person');
  });

  for (const width of [1280, 360])
    test(`the command menu finds a person and writes a note, at ${width} px`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${program.url}/`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('A person, a page, a command').waitFor();
      await page.keyboard.type('cem kaya');
      await page
        .getByRole('option', { name: /Cem Kaya/ })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Cem Kaya' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('A person, a page, a command').waitFor();
      await page.keyboard.type('write a note');
      await page.getByRole('option', { name: 'Write a note' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByPlaceholder('Whom is the note about?').waitFor();
      await page.keyboard.type('ann berg');
      await page.getByRole('option', { name: /Ann Berg/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByLabel('Note on Ann Berg').fill(`Likes tea, said at ${width}`);
      await page.keyboard.press('Control+Enter');
      await page.getByText('Noted on Ann Berg.').first().waitFor();
      const { items } = (await api('GET', '/api/people?q=ann%40berg.example')) as { items: { id: string }[] }; // every list
      await page.goto(`${program.url}/people/${items[0]?.id ?? ''}`);
      await page.getByText(`Likes tea, said at ${width}`).waitFor();
    });

  test('what is empty says what it is for, and leads on', async () => {
    for (const [path, title, next] of [
      ['/settings/tags', 'No tags yet', 'Choose people to tag'],
      ['/settings/fields', 'No fields of your own yet', 'New field'],
      ['/organisations', 'No organisation yet', 'New organisation'],
      ['/people/duplicates', 'Nobody has looked yet', 'Look now'],
    ] as const) {
      await page.goto(program.url + path);
      await page.getByText(title).waitFor();
      await page.getByText(next).last().waitFor();
      await look(`empty${path.replaceAll('/', '-')}`);
    }
    await page.goto(`${program.url}/organisations`);
    await page.getByRole('button', { name: 'New organisation' }).last().click();
    await page.getByLabel('Name', { exact: true }).fill('Berg & Co');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Berg & Co' }).waitFor();
    await page.getByText('Nobody belongs to it yet').waitFor();
  });
});
