import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { axeFaults, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';
import { focused, pickByTyping, settled, until } from './waiting.ts';

const executable = chromiumPath();
const MANY = 100_000;

describe.skipIf(executable === null)('a list of 100,000 leads in a real browser', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(executable);
    await seed();
  });

  afterAll(async () => {
    await stage?.close();
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
    const { directory } = JSON.parse(readFileSync(join(stage.program.home, 'cluster.json'), 'utf8')) as { directory: string };
    const lines = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const client = new pg.Client({ host: lines[4] ?? '', port: Number(lines[3]), database: 'steward', user: 'steward_owner' });
    await client.connect();
    return client;
  }

  async function open(path: string, width = 1280, scheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await stage.open(path, { viewport: { width, height: 800 }, colorScheme: scheme });
    // What the server refused stands in the test's output.
    page.on('response', (answer) => {
      if (answer.status() >= 400) process.stderr.write(`${answer.status()} ${answer.url()}\n`);
    });
    await page
      .getByText(/leads?( that match)?$/)
      .first()
      .waitFor();
    await page.locator('[data-row="0"] a, [data-card="0"]').first().waitFor();
    return page;
  }

  const matching = (page: Page, count: string) => page.getByText(`${count} leads that match`, { exact: true }).waitFor();
  /** What the server counts with this filter. */
  const stored = async (filter: string) => (await stage.ask('GET', `/api/lead-nurturing/leads/count?${filter}`)).body['count'];
  const rowAt = (page: Page, index: number) => page.locator(`[data-row="${index}"]`);
  /** Down to this row, one key at a time. */
  async function down(page: Page, ...rows: readonly number[]): Promise<void> {
    for (const row of rows) {
      await page.keyboard.press('j');
      await rowAt(page, row).and(page.locator(':focus')).waitFor();
    }
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
    await matching(page, '50,000');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Tags' }).uncheck();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: /^View:/ }).click();
    await page.getByRole('menuitem', { name: 'Save as a new view…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('From the fair');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL(/view=/);
    await picture(page, 'view');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // Who it is, not all that stands in the row: its score comes by itself, maybe in between.
    const first = await settled(() => rowAt(page, 0).locator('a').first().innerText());
    const again = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    await again.getByRole('button', { name: 'View: From the fair' }).waitFor();
    await expect.poll(() => rowAt(again, 0).locator('a').first().innerText()).toBe(first);
    await again.getByRole('columnheader', { name: 'Tags' }).waitFor({ state: 'detached' });
    await again.context().close();
    await page.context().close();
  });

  test('is edited in place, and says so when somebody else was quicker', async () => {
    const page = await open('/leads?q=lead77%40list');
    const edit = async (name: string) => {
      await page.keyboard.press('e');
      await page.locator('[data-row="0"] input[type=text]:focus').waitFor();
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
      await rowAt(page, 0).and(page.locator(':focus')).waitFor();
    };
    const now = async () => (await stage.list('/api/lead-nurturing/leads?q=lead77%40list'))[0];
    await down(page, 0);
    await edit('Grace Hopper');
    await expect.poll(() => rowAt(page, 0).innerText()).toContain('Grace Hopper');
    // The page shows it at once; the server has it a moment later.
    await expect.poll(async () => (await now())?.['name']).toBe('Grace Hopper');

    const database = await owner();
    await database.query(`update leads set updated_at = now() + interval '1 second' where id = $1`, [(await now())?.['id']]);
    await database.end();
    await edit('Too late');
    await page.getByText('Somebody changed this row meanwhile').waitFor();
    await picture(page, 'conflict');
    await expect.poll(() => rowAt(page, 0).innerText()).toContain('Grace Hopper');
    await page.getByRole('button', { name: 'Save mine on top' }).click();
    await expect.poll(() => rowAt(page, 0).innerText()).toContain('Too late');
    await expect.poll(async () => (await now())?.['name']).toBe('Too late');
    await page.context().close();
  });

  test('takes a change of many and takes it back: by keys for a range, by filter for all', async () => {
    const page = await open('/leads?status=lost');
    await down(page, 0);
    await page.keyboard.press('x');
    await page.getByText('1 lead chosen').waitFor();
    await down(page, 1, 2);
    await page.keyboard.press('Shift+X');
    await page.getByText('3 leads chosen').waitFor();
    await picture(page, 'chosen');
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('s');
    await pickByTyping(page, 'Status of 3 leads', 'Qualified', 'Qualified');
    await expect.poll(() => stored('status=lost')).toBe(16_666 - 3);
    await matching(page, (16_666 - 3).toLocaleString('en'));
    await page.keyboard.press('z');
    await expect.poll(() => stored('status=lost')).toBe(16_666);
    await matching(page, '16,666');

    await page.getByText('leads chosen').waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await page.locator('[data-row="0"]:focus').waitFor();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: /Choose all 16,666 that match/ }).click();
    await page.keyboard.press('l');
    await pickByTyping(page, 'Tag 16,666 leads', /win back/, 'win back');
    await page.getByText('This touches').waitFor();
    await picture(page, 'asked');
    await page.getByRole('button', { name: /Put “win back”/ }).click();
    const tagged = async () => (await stage.ask('GET', '/api/lead-nurturing/leads/count?tag=win%20back')).body['count'];
    await expect.poll(tagged, { timeout: 120_000 }).toBe(16_666);
    // Toasts of changes before may still be there: the one of this change.
    await page.locator('[data-sonner-toast]', { hasText: '16,666 leads changed.' }).waitFor();
    await page.keyboard.press('z');
    await expect.poll(tagged, { timeout: 120_000 }).toBe(0);
    await page.getByText('16,666 taken back.').waitFor();
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
      for (const status of ['new', 'contacted', 'engaged']) await lane(status).locator('[data-card="0"]').waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.locator('[data-card]').count()).toBeLessThan(150);
      expect(read).toBeLessThan(20);
      await picture(page, `board-${width}`);
      expect(await axeFaults(page)).toEqual([]);

      const card = lane('new').locator('[data-card="0"]');
      const name = (await settled(() => card.locator('.text-sm.font-medium').innerText())).trim();
      const there = async (status: string) => {
        await lane(status).getByText(name, { exact: true }).waitFor();
        await expect
          .poll(async () => (await stage.list(`/api/lead-nurturing/leads?q=${encodeURIComponent(name)}`))[0]?.['status'])
          .toBe(status);
      };
      await card.focus();
      await page.keyboard.press('Space');
      await page.getByText(`${name} picked up.`).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.getByText('Over Contacted.').waitFor();
      await picture(page, `board-held-${width}`);
      await page.keyboard.press('Space');
      await there('contacted');
      await focused(page, 'button', new RegExp(name));

      if (width === 1280) {
        await until(
          async () => {
            // The one before may have moved it after all, only later than it was waited for.
            if (await lane('engaged').getByText(name, { exact: true }).isVisible()) return;
            const [source, target] = await settled(() =>
              Promise.all([lane('contacted').locator('[data-card]', { hasText: name }).boundingBox(), lane('engaged').boundingBox()]),
            );
            if (source == null || target == null) throw new Error('the board is not there');
            await page.mouse.move(source.x + 40, source.y + 40);
            await page.mouse.down();
            await page.mouse.move(target.x + 60, target.y + 120, { steps: 8 });
            await picture(page, 'board-dragged');
            await page.mouse.up();
          },
          lane('engaged').getByText(name, { exact: true }),
        );
        await there('engaged');
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
      await picture(page, `leads-${width}-${scheme}`);
      expect(await axeFaults(page)).toEqual([]);
      await page.context().close();
    });
});
