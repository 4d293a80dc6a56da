import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { openStage, type Stage } from './stage.ts';
import { focused, requestsOf, settled, until } from './waiting.ts';

const executable = chromiumPath();

/** Two that are won, one that is lost, one that is under way: with the days on which they were opened and closed. */
const FILE = [
  'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value',
  'A1,Moses Frase,GTX Pro,Cancity,Won,1/10/2026,2/20/2026,5000',
  'A2,Darcel Schlecht,GTX Pro,Isdom,Won,1/15/2026,3/5/2026,4500',
  'A3,Moses Frase,MG Special,Hatfan,Lost,1/20/2026,2/10/2026,0',
  'A4,Anna Snelling,GTXPro,Codehow,Engaging,2/1/2026,,',
].join('\n');

describe.skipIf(executable === null)('deals in a real browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable);
    await stage.make('/api/products', { name: 'GTX Pro', price_cents: 482_100 });
    await stage.make('/api/products', { name: 'MG Special', price_cents: 5_500 });
    page = await stage.open('/leads/import', { viewport: { width: 1800, height: 900 } });
  });
  afterAll(() => stage?.close());

  test('come in by a file, with what it calls things put right', async () => {
    await page.getByLabel('File of leads').setInputFiles({ name: 'sales_pipeline.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
    await page.getByLabel('Each row is').waitFor();
    await page.getByLabel('What GTXPro is called here').waitFor();
    await expect.poll(() => page.getByLabel('What GTXPro is called here').inputValue()).toBe('GTX Pro');
    await page.getByText('new deals', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Import 4 rows' }).click();
    await page.getByRole('heading', { name: '4 new deals, 0 known before, 0 refused' }).waitFor();
    await page.getByRole('link', { name: 'See the deals' }).click();
    await page.getByRole('button', { name: /GTX Pro · Codehow/ }).waitFor();
  });

  test('are moved on the board by hand, and by keys', async () => {
    const lane = (name: RegExp) => page.locator('[data-column]').filter({ has: page.getByRole('heading', { name }) });
    const card = page.locator('[data-card]').filter({ hasText: 'GTX Pro · Codehow' });
    const target = lane(/^Negotiation/);
    const quiet = requestsOf(page);
    await target.scrollIntoViewIfNeeded();
    const box = { x: 0, y: 0 };
    const there = target.locator('[data-card]').filter({ hasText: 'GTX Pro · Codehow' });
    await until(async () => {
      if (await there.isVisible()) return;
      const { from, to } = await settled(async () => ({
        from: (await card.boundingBox()) ?? box,
        to: (await target.boundingBox()) ?? box,
      }));
      await page.mouse.move(from.x + 20, from.y + 20);
      await page.mouse.down();
      await page.mouse.move(from.x + 40, from.y + 30, { steps: 3 });
      await page.mouse.move(to.x + 60, to.y + 80, { steps: 8 });
      await page.mouse.up();
    }, there);
    const stages = async () => (await stage.list('/api/deals?q=Codehow')).map((deal) => deal['stage']);
    await expect.poll(stages).toEqual(['Negotiation']);

    await quiet();
    // The board reads its lanes again after a move: the card that is focused is the one that stays.
    await until(async () => {
      await there.focus();
      await page.keyboard.press('Space');
    }, page.getByText('GTX Pro · Codehow picked up.'));
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Over Proposal.').waitFor();
    await page.keyboard.press('Space');
    await expect.poll(stages).toEqual(['Proposal']);
  });

  test('show the pipeline of a day, and a bar of the waterfall opens its deals', async () => {
    await page.goto(`${stage.program.url}/pipeline`);
    await page.getByTestId('as-of').getByText('Now').waitFor();
    await page.getByLabel('As of').fill('2026-02-15');
    await page.getByText('At the end of 15 Feb 2026').waitFor();
    // Two at list price, one under way; the lost one was lost on the tenth.
    await page.getByText('$14,463', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: /^February 2026:/ }).click();
    const won = page.getByRole('button', { name: /^Won: −\$5,000, 1 moves/ });
    await won.waitFor();
    await won.focus();
    await focused(page, 'button', /^Won:/);
    await page.keyboard.press('Enter');
    const deals = page.getByRole('region', { name: 'Deals behind Won' });
    await deals.getByRole('link', { name: /GTX Pro · Cancity/ }).click();
    await page.getByRole('heading', { level: 1, name: /GTX Pro · Cancity/ }).waitFor();
    await page.getByRole('list', { name: 'Changes of this deal, newest first' }).getByText('$4,821').first().waitFor();
  });

  test('are watched: what comes true is told once, with how it stands', async () => {
    await page.goto(`${stage.program.url}/insights/watches`);
    await page.getByRole('button', { name: 'Watch a metric' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Watch a metric' });
    await dialog.getByLabel('Tell when it').selectOption('above');
    await dialog.getByLabel('Limit, in USD').fill('1000');
    await dialog.getByText('You would be told now: Open value is above $1,000.').waitFor();
    await dialog.getByRole('button', { name: 'Watch it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Tell when it is above $1,000').waitFor();
    await page.getByText('It is $4,821.').waitFor();
    const told = async () => (await stage.list('/api/alerts')).filter((alert) => alert['kind'] === 'metric').map((alert) => alert['title']);
    await expect.poll(told).toEqual(['Open value is above $1,000']);
    // Looked at again, it is no other news.
    const [watch] = await stage.list('/api/watches');
    expect((await stage.ask('PUT', `/api/watches/${String(watch?.['id'])}`, { amount: 100_000 })).status).toBe(200);
    expect(await told()).toHaveLength(1);
  });
});
