import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';
import { eventually } from './waiting.ts';

const chromium = chromiumPath();

describe.skipIf(chromium === null)('runs', () => {
  let stage: Stage;
  let failed = '';
  let workflowId = '';
  const definition = (steps: object[]) => ({
    name: 'welcome-call',
    title: 'Welcome call',
    subject: 'person',
    triggers: [{ on: 'manual' }],
    steps: [...steps, { id: 'fin', title: 'Called', type: 'end', input: { outcome: 'called' } }],
  });

  beforeAll(async () => {
    stage = await openStage(chromium);
    const task = { id: 'call', title: 'Call them', type: 'task', input: { title: 'Call them' } };
    const other = { id: 'handover', title: 'Hand over', type: 'start_workflow', input: { workflow: 'nowhere-yet' } };
    const workflow = await stage.make('/api/workflows', { definition: definition([task, other]), active: true });
    workflowId = String(workflow['id']);
    const person = await stage.make('/api/people', { full_name: 'Wanda Quist', email: 'wanda@quist.example' });
    await stage.make(`/api/workflows/${workflowId}/start`, { subject_ids: [person['id']] });
    const runs = await eventually(
      'failed runs',
      () => stage.list('/api/runs?state=failed'),
      (found) => found.length > 0,
    );
    failed = String(runs[0]?.['id']);
    const mended = { id: 'handover', title: 'Hand over', type: 'task', input: { title: 'Hand over' } };
    await stage.make(`/api/workflows/${workflowId}/publish`, { definition: definition([task, mended]) });
  });
  afterAll(() => stage.close());

  test('a failed one says why, and goes on by the newer version in view', async () => {
    const page = await stage.open('/runs');
    await page.getByRole('searchbox', { name: 'Find runs' }).fill('quist');
    await page.getByText('Wanda Quist').first().waitFor();
    await page.getByText('The workflow it starts is off or gone').first().waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await fits(page);
    await picture(page, 'runs');
    await page.getByText('Wanda Quist').first().click();
    await page.getByRole('heading', { level: 1, name: /Wanda Quist/ }).waitFor();
    await page.getByRole('region', { name: 'What went wrong' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'run-failed');
    await page.getByRole('button', { name: 'Go on with version 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Go on from a step' });
    await dialog.getByText('Takes along').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'run-forward');
    await dialog.getByRole('button', { name: 'Go on from here' }).click();
    await page.getByRole('heading', { level: 1, name: /Done/ }).waitFor();
    await expect.poll(async () => (await stage.ask('GET', `/api/runs/${failed}`)).body['outcome']).toBe('called');
    await picture(page, 'run-done');
    await page.context().close();
  });

  test('the page of a workflow hears of new runs, and shows them', async () => {
    const page = await stage.open('/runs');
    const heard = page.waitForRequest((request) => request.url().includes(`/api/runs/stream?workflow_id=${workflowId}`));
    await page.goto(`${stage.program.url}/sequences/${workflowId}?tab=people`);
    await heard;
    await page.getByText('Wanda Quist').first().waitFor();
    const otto = await stage.make('/api/people', { full_name: 'Otto Brandt', email: 'otto@brandt.example' });
    await stage.make(`/api/workflows/${workflowId}/start`, { subject_ids: [otto['id']] });
    await page.getByText('Otto Brandt').first().waitFor();
    await page.context().close();
  });

  test('on a phone nothing is wider than the screen', async () => {
    const page = await stage.open(`/runs/${failed}`, { viewport: { width: 360, height: 740 } });
    await page.getByRole('list', { name: 'Steps of the run' }).waitFor();
    await fits(page);
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });
});
