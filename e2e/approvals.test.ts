import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';
import { eventually } from './waiting.ts';

const executable = chromiumPath();
const Run = z.object({ state: z.string(), outcome: z.string().nullable() });

/** Decisions as somebody makes them on the way, with a telephone. */
describe.skipIf(executable === null)('approvals in a real browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable);
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
    const [offer, refund] = [await asked('Send the offer', 'Dear Ann, 500 euros.'), await asked('Pay it back', { cents: 5000 })];
    await page.reload();
    await card('Send the offer').getByLabel('Proposal').fill('Dear Ann, 450 euros.');
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
    await page.getByText('Dear Ann, 450 euros.').waitFor();
  });
});
