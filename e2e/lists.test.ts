import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executable = chromiumPath();
/** A folder for pictures of what the test saw; none by default. */
const pictures = process.env['STEWARD_PICTURES'];
const MANY = 100_000;
const password = 'correct horse battery staple';

describe.skipIf(executable === null)('a list of 100,000 leads in a real browser', () => {
  let program: Program;
  let browser: Browser;
  let signedIn: BrowserContext;

  beforeAll(async () => {
    buildWeb();
    [program, browser] = await Promise.all([startProgram(), openBrowser(executable ?? '')]);
    signedIn = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    const page = await signedIn.newPage();
    await page.goto(program.setupLink ?? '');
    await page.getByLabel('Company name').fill('Nordlicht');
    await page.getByLabel('Postal address').fill('Torstraße 1, 10119 Berlin');
    await page.getByLabel('Your name').fill('Ada Nord');
    await page.getByLabel('Email').fill('ada@nordlicht.example');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1, name: /Ada$/ }).waitFor();
    await seed();
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  /** People and leads by SQL: what an import of a week would leave. */
  async function seed(): Promise<void> {
    const database = await owner();
    await database.query(
      `with p as (insert into people (id, company_id, full_name, email, created_at)
         select gen_random_uuid(), c.id, (array['Ann','Bo','Cem','Dora','Emil','Fay'])[1 + n % 6] || ' ' || (array['Lee','Berg','Kaya','Novak','Roth'])[1 + n % 5] || ' ' || n,
                'lead' || n || '@list.example', now() - n * interval '1 second'
           from companies c, generate_series(1, ${MANY}) n returning id, company_id, created_at)
       insert into leads (id, company_id, person_id, status, source, created_at, updated_at)
       select gen_random_uuid(), company_id, id, (array['new','new','contacted','engaged','qualified','lost'])[1 + (row_number() over ()) % 6], (array['fair','website'])[1 + (row_number() over ()) % 2],
              date_trunc('milliseconds', created_at), date_trunc('milliseconds', created_at) from p`,
    );
    await database.query('analyze people; analyze leads');
    await database.end();
  }

  async function owner(): Promise<pg.Client> {
    // The cluster's file names its directory; line 4 of its pid file is the port, 5 the socket directory.
    const { directory } = JSON.parse(readFileSync(join(program.home, 'cluster.json'), 'utf8')) as { directory: string };
    const lines = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const client = new pg.Client({ host: lines[4] ?? '', port: Number(lines[3]), database: 'steward', user: 'steward_owner' });
    await client.connect();
    return client;
  }

  async function open(path: string, width = 1280, scheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      colorScheme: scheme,
      storageState: await signedIn.storageState(),
    });
    const page = await context.newPage();
    // What the server refused stands in the test's output.
    page.on('response', (answer) => {
      if (answer.status() >= 400) process.stderr.write(`${answer.status()} ${answer.url()}\n`);
    });
    await page.goto(program.url + path);
    await page
      .getByText(/leads?( that match)?$/)
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle');
    return page;
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  async function faults(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    // Runs in the page, where axe now is.
    const found = await page.evaluate<{ id: string; impact: string; html: string }[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((result) => result.violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html.slice(0, 200) })))`,
    );
    return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, html }) => `${id}: ${html}`);
  }

  const rows = (page: Page) => page.locator('[data-row]');

  for (const width of [1280, 360])
    test(`scrolls to its end at ${width} px with few rows in the page and a heap that does not grow`, async () => {
      const page = await open('/leads', width);
      await page.getByText('100,000 leads').first().waitFor();
      await picture(page, `leads-${width}`);
      const heap = async () => {
        const session = await page.context().newCDPSession(page);
        await session.send('HeapProfiler.collectGarbage');
        return (await session.send('Runtime.getHeapUsage')).usedSize / 1_048_576;
      };
      const deep = async (share: number) => {
        await page.evaluate(`window.scrollTo(0, document.documentElement.scrollHeight * ${share})`);
        await expect.poll(() => page.locator('[data-row] a').count(), { timeout: 60_000 }).toBeGreaterThan(3);
        expect(await rows(page).count()).toBeLessThan(80);
      };
      await deep(0.02);
      const early = await heap();
      for (let share = 0.1; share < 1; share += 0.1) await deep(share);
      // Steadily, too: a hundred screens.
      for (let screen = 0; screen < 100; screen++) await page.evaluate('window.scrollBy(0, window.innerHeight)');
      await deep(1);
      await expect.poll(() => page.locator(`[data-row="${MANY - 1}"] a`).count(), { timeout: 60_000 }).toBe(1);
      await picture(page, `leads-end-${width}`);
      expect(await rows(page).count()).toBeLessThan(80);
      expect((await heap()) - early).toBeLessThan(15);
      expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);

      // Into a person and back: the same place.
      const place = await page.evaluate<number>('window.scrollY');
      await page.locator('[data-row] a').last().click();
      await page.waitForURL(/people/);
      await page.goBack();
      await expect
        .poll(async () => Math.abs((await page.evaluate<number>('window.scrollY')) - place), { timeout: 60_000 })
        .toBeLessThan(200);
      await expect.poll(() => page.locator('[data-row] a').count()).toBeGreaterThan(3);
      await page.context().close();
    });

  test('is sorted, filtered and saved as a view whose address shows the same to somebody else', async () => {
    const page = await open('/leads');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.waitForURL(/sort=name/);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('option', { name: 'Source' }).click();
    await page.getByRole('option', { name: 'Fair' }).click();
    await expect.poll(() => page.getByText('50,000 leads that match').count()).toBe(1);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Tags' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: /^View:/ }).click();
    await page.getByRole('menuitem', { name: 'Save as a new view…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('From the fair');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL(/view=/);
    await picture(page, 'view');
    const first = await page.locator('[data-row="0"]').innerText();
    const again = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    await expect.poll(() => again.getByRole('button', { name: 'View: From the fair' }).count()).toBe(1);
    await expect.poll(() => again.locator('[data-row="0"]').innerText()).toBe(first);
    expect(await again.getByRole('columnheader', { name: 'Tags' }).count()).toBe(0);
    await again.context().close();
    await page.context().close();
  });

  test('is edited in place, and says so when somebody else was quicker', async () => {
    const page = await open('/leads?q=lead77%40list');
    await page.locator('[data-row="0"] a').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.keyboard.type('Grace Hopper');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[data-row="0"]').innerText()).toContain('Grace Hopper');
    // The page shows it at once; the server has it a moment later.
    const stored = async () => {
      const answer = await page.request.get(`${program.url}/api/lead-nurturing/leads?q=lead77%40list`);
      const { items } = (await answer.json()) as { items: { id: string; name: string }[] };
      return items[0];
    };
    await expect.poll(async () => (await stored())?.name).toBe('Grace Hopper');
    await page.waitForLoadState('networkidle');

    const database = await owner();
    await database.query(`update leads set updated_at = now() + interval '1 second' where id = $1`, [(await stored())?.id]);
    await database.end();
    await page.keyboard.press('e');
    await page.keyboard.type('Too late');
    await page.keyboard.press('Enter');
    await page.getByText('Somebody changed this row meanwhile').waitFor();
    await picture(page, 'conflict');
    await expect.poll(() => page.locator('[data-row="0"]').innerText()).toContain('Grace Hopper');
    await page.getByRole('button', { name: 'Save mine on top' }).click();
    await expect.poll(() => page.locator('[data-row="0"]').innerText()).toContain('Too late');
    await page.context().close();
  });

  test('takes a change of many and takes it back: by keys for a range, by filter for all', async () => {
    const page = await open('/leads?status=lost');
    await page.locator('[data-row="0"] a').waitFor();
    for (const key of ['j', 'x', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
    await page.getByText('3 leads chosen').waitFor();
    await picture(page, 'chosen');
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('s');
    await page.keyboard.type('Qualified');
    await page.keyboard.press('Enter');
    await page.getByText('3 leads changed.').waitFor();
    await expect.poll(() => page.getByText(`${(16_666 - 3).toLocaleString('en')} leads that match`).count()).toBe(1);
    await page.keyboard.press('z');
    await page.getByText('3 taken back.').waitFor();
    await expect.poll(() => page.getByText('16,666 leads that match').count()).toBe(1);

    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: /Choose all 16,666 that match/ }).click();
    await page.keyboard.press('l');
    await page.keyboard.type('win back');
    await page.keyboard.press('Enter');
    await page.getByText('This touches').waitFor();
    await picture(page, 'asked');
    await page.getByRole('button', { name: /Put “win back”/ }).click();
    await page.getByText('16,666 leads changed.').waitFor({ timeout: 60_000 });
    // Toasts of changes before may still be there: the one of this change.
    await page.locator('[data-sonner-toast]', { hasText: '16,666 leads changed.' }).getByRole('button', { name: 'Undo' }).click();
    await page.getByText('16,666 taken back.').waitFor({ timeout: 60_000 });
    await page.context().close();
  });

  for (const width of [1280, 360])
    test(`is a board whose cards move by hand and by keys at ${width} px, and reads little`, async () => {
      let read = 0;
      const page = await open('/leads', width);
      page.on('request', (request) => {
        if (request.url().includes('/leads?')) read += 1;
      });
      await page.keyboard.press('b');
      await page.waitForURL(/layout=board/);
      const lane = (status: string) => page.locator(`[data-column="${status}"]`);
      await lane('new').locator('[data-card="0"]').waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.locator('[data-card]').count()).toBeLessThan(150);
      expect(read).toBeLessThan(20);
      await picture(page, `board-${width}`);
      expect(await faults(page)).toEqual([]);

      const card = lane('new').locator('[data-card="0"]');
      const name = (await card.locator('.text-sm.font-medium').innerText()).trim();
      await card.focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowRight');
      await picture(page, `board-held-${width}`);
      await page.keyboard.press('Space');
      await lane('contacted').getByText(name, { exact: true }).waitFor();

      if (width === 1280) {
        const source = await lane('contacted').locator('[data-card="0"]').boundingBox();
        const target = await lane('engaged').boundingBox();
        if (source === null || target === null) throw new Error('the board is not there');
        await page.mouse.move(source.x + 40, source.y + 40);
        await page.mouse.down();
        await page.mouse.move(target.x + 60, target.y + 120, { steps: 8 });
        await picture(page, 'board-dragged');
        await page.mouse.up();
        await lane('engaged').getByText(name, { exact: true }).waitFor();
        expect(new URL(page.url()).pathname).toBe('/leads');
      }
      await page.context().close();
    });

  for (const [width, scheme] of [
    [1280, 'dark'],
    [360, 'dark'],
    [360, 'light'],
  ] as const)
    test(`is accessible at ${width} px, ${scheme}`, async () => {
      const page = await open('/leads', width, scheme);
      await page.locator('[data-row="0"] a').waitFor();
      await picture(page, `leads-${width}-${scheme}`);
      expect(await faults(page)).toEqual([]);
      await page.context().close();
    });
});
