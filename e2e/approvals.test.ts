import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';
import { eventually, focused, until } from './waiting.ts';

const executable = chromiumPath();
const Run = z.object({ state: z.string(), outcome: z.string().nullable() });

/** Decisions as somebody makes them on the way, with a telephone. */
describe.skipIf(executable === null)('approvals in a real browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable, { environment: { ALLOWED_INTERNAL_HOSTS: '127.0.0.1' } });
    page = await stage.open('/approvals');
    await page.setViewportSize({ width: 360, height: 800 });
  });
  afterAll(() => stage?.close());

  /** A run that waits for an answer. */
  async function asked(title: string, proposed: unknown): Promise<string> {
    const { id } = z.object({ id: z.string() }).parse(
      await stage.make('/api/workflows', {
        definition: {
          name: title.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
          title,
          subject: 'company',
          triggers: [{ on: 'manual' }],
          settings: {},
          steps: [
            { id: 'ask', title: 'Ask', type: 'approve', input: { title, body: 'The customer waits.', proposed, risk: 'high' } },
            { id: 'done', title: 'Done', type: 'end', input: { outcome: 'went_on' } },
          ],
        },
        active: true,
      }),
    );
    const started = await stage.make(`/api/workflows/${id}/start`, {});
    return z.object({ runs: z.array(z.object({ run_id: z.string() })).length(1) }).parse(started).runs[0]?.run_id ?? '';
  }
  const ended = (runId: string) =>
    eventually(
      'the run ends',
      async () => Run.parse((await stage.ask('GET', `/api/runs/${runId}`)).body),
      (run) => run.state === 'done',
    );
  const card = (title: string) => page.getByRole('listitem', { name: title });

  test('one is approved as changed, and its run goes on; one is rejected with a reason', async () => {
    await page.getByText('Nothing waits for a decision').waitFor();
    const [offer, refund] = [
      await asked('Send the offer', { subject: 'Your offer', text: 'Dear Ann,\n\n500 euros.', template: 'offer' }),
      await asked('Pay it back', { cents: 5000 }),
    ];
    await page.reload();
    await card('Send the offer').getByLabel('Text', { exact: true }).fill('Dear Ann,\n\n450 euros.');
    await card('Send the offer').getByRole('insertion').getByText('450').waitFor();
    await fits(page, 'approvals');
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'approvals', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await card('Send the offer').getByRole('button', { name: 'Approve as changed' }).click();
    await card('Send the offer').waitFor({ state: 'detached' });
    expect((await ended(offer)).outcome).toBe('went_on');

    await card('Pay it back').getByRole('button', { name: 'Reject …' }).click();
    await card('Pay it back').getByLabel('Why not?').fill('Paid twice already');
    await card('Pay it back').getByRole('button', { name: 'Reject', exact: true }).click();
    await card('Pay it back').waitFor({ state: 'detached' });
    await ended(refund);
    await page.getByRole('tab', { name: 'Rejected' }).click();
    await page.getByText('“Paid twice already”').waitFor();
    await page.getByRole('tab', { name: 'Approved' }).click();
    await page.getByRole('region', { name: 'Text, with changes' }).getByRole('insertion').getByText('450').waitFor();
  });

  test('an act whose answer was lost stands above the rest until somebody says what is true, and its run goes on', async () => {
    // It takes the order, and is gone before it answers.
    const shop = createServer((request) => void request.resume().on('end', () => request.socket.destroy()));
    await new Promise<void>((resolve) => void shop.listen(0, '127.0.0.1', resolve));
    const address = shop.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const steps = [
      { id: 'order', title: 'Order the cards', type: 'http', input: { method: 'POST', url: `http://127.0.0.1:${port}/orders`, json: { cards: 3 } } },
      { id: 'done', title: 'Done', type: 'end', input: { outcome: 'ordered' } },
    ]; // prettier-ignore
    const definition = {
      name: 'cards-order',
      title: 'Cards for everybody',
      subject: 'company',
      triggers: [{ on: 'manual' }],
      settings: {},
      steps,
    };
    const { id } = await stage.make('/api/workflows', { definition, active: true });
    const started = await stage.make(`/api/workflows/${String(id)}/start`, {});
    const run = z.object({ runs: z.array(z.object({ run_id: z.string() })).length(1) }).parse(started).runs[0]?.run_id ?? '';
    await expect.poll(async () => (await stage.list('/api/effects?state=in_doubt')).length, { timeout: 60_000 }).toBe(1);
    shop.close();
    await page.goto(`${stage.program.url}/approvals`);
    const doubt = page.getByRole('list', { name: 'Acts in doubt' }).getByRole('listitem');
    await doubt.getByRole('link', { name: 'Order the cards' }).waitFor();
    await page.getByRole('heading', { name: 'Did this happen?' }).waitFor();
    await fits(page, 'an act in doubt');
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'in-doubt', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await doubt.getByRole('button', { name: 'It happened' }).click();
    await doubt.waitFor({ state: 'detached' });
    expect((await ended(run)).outcome).toBe('ordered');
  });

  test('many alike are approved at once after a look at some; by keys one after the other', async () => {
    const leads = await Promise.all(
      ['Bo', 'Cy', 'Di'].map((name) => stage.make('/api/lead-nurturing/leads', { name, email: `${name}@firm.example`, enrol: false })),
    );
    const definition = {
      name: 'cards', title: 'Birthday cards', subject: 'lead', triggers: [{ on: 'manual' }], settings: {},
      steps: [{ id: 'ask', title: 'Ask', type: 'approve', input: { title: 'A card for {{ person.first_name }}?', proposed: 'All the best!', risk: 'low' } }],
    }; // prettier-ignore
    const { id } = await stage.make('/api/workflows', { definition, active: true });
    const start = () => stage.make(`/api/workflows/${String(id)}/start`, { subject_ids: leads.map((lead) => lead['id']) });
    const open = async () => (await stage.list(`/api/runs?workflow_id=${String(id)}&live=true`)).length;
    await start();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${stage.program.url}/approvals`);
    const batch = page.getByRole('region', { name: '3 alike' });
    await until(async () => void (await page.reload()), batch);
    await batch.getByRole('button', { name: 'Look at 3 of them' }).click();
    await batch.getByText('A card for Cy?').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'approvals-batch', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await batch.getByRole('button', { name: 'Approve all 3 as they are' }).click();
    await page.getByText('Nothing waits for a decision').waitFor();
    await expect.poll(open).toBe(0);

    await start();
    const cards = page.getByRole('list', { name: 'Approvals' }).getByRole('listitem');
    await until(async () => void (await page.reload()), cards.nth(2));
    await page.keyboard.press('j');
    await cards.nth(0).and(page.locator('[aria-current=true]')).waitFor();
    await page.keyboard.press('a');
    await cards.nth(2).waitFor({ state: 'detached' });
    await cards.nth(0).and(page.locator('[aria-current=true]')).waitFor();
    await page.keyboard.press('e');
    await focused(page, 'textbox', 'Proposal');
    await page.keyboard.press('Escape');
    await expect.poll(open).toBe(2);
  });
});
