import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';
import { focused, pickByTyping, settled, until } from './waiting.ts';

const executable = chromiumPath();

const Step: z.ZodType<{
  id: string;
  type: string;
  title: string;
  input: Record<string, unknown>;
  then?: unknown[];
  otherwise?: unknown[];
}> = z.looseObject({
  id: z.string(),
  type: z.string(),
  title: z.string(),
  input: z.record(z.string(), z.unknown()),
  then: z.array(z.unknown()).optional(),
  otherwise: z.array(z.unknown()).optional(),
}) as never; // optional fields as JSON has them: absent, not undefined
const Workflow = z.looseObject({
  id: z.string(),
  version: z.int(),
  active: z.boolean(),
  definition: z.looseObject({ steps: z.array(Step) }),
  draft: z.unknown(),
});

describe.skipIf(executable === null)('the builder', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(executable, { environment: { SENDING_HOURS: 'always' } });
  });
  afterAll(() => stage?.close());

  const workflow = async (page: Page) => Workflow.parse((await stage.ask('GET', `/api/workflows/${idOf(page)}`)).body);
  const types = (steps: readonly unknown[] | undefined) =>
    z
      .array(z.looseObject({ type: z.string() }))
      .parse(steps ?? [])
      .map((step) => step.type);

  /** Waits for a form beside the drawing. */
  const form = (page: Page, title: string) => page.getByRole('complementary', { name: title, exact: true });
  const node = (page: Page, title: string) => page.locator('[data-spot]').filter({ hasText: title });
  const slot = (page: Page, lane: string) => page.locator(`[data-spot="slot:${lane}"]`);

  /** The drawing may still be on its way to its place: a click that met nothing is made again. */
  async function add(page: Page, opener: Locator, name: RegExp): Promise<void> {
    const dialog = page.getByRole('dialog', { name: 'Add a step' });
    await until(async () => {
      if (!(await dialog.isVisible())) await opener.click();
    }, dialog);
    await dialog.getByRole('option', { name }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  test('a workflow with branch, wait, approval and message is drawn by mouse from an empty canvas, rehearsed, published, changed while it runs, and approved on a phone', async () => {
    const lead = await stage.make('/api/lead-nurturing/leads', { name: 'Ann Way', email: 'ann.way@firm.example', enrol: false });
    const page = await stage.open('/workflows');
    await page.getByRole('button', { name: 'New workflow' }).click();
    await page.getByRole('dialog', { name: 'New workflow' }).getByLabel('Title').fill('Care for new leads');
    await page.getByRole('button', { name: /^Empty canvas/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Care for new leads' }).waitFor();

    await add(page, slot(page, ':steps'), /^Wait/);
    await form(page, 'Wait').getByLabel('How long').fill('2');
    await form(page, 'Wait').getByLabel('Title').fill('Two days');
    await node(page, 'Two days').waitFor();

    await add(page, page.getByRole('button', { name: 'Add a step here (:steps 1)' }), /^Branch/);
    const branch = form(page, 'Which way?');
    await branch.getByRole('button', { name: 'Condition' }).click();
    await branch.getByLabel('Field', { exact: true }).selectOption('lead.status');
    await branch.getByLabel('Value', { exact: true }).selectOption('new');
    await node(page, 'lead status is new').waitFor();

    // Away and back: what is rehearsed is what was drawn afterwards, not what was read now.
    await page.getByText('Draft saved').waitFor();
    await page.getByRole('link', { name: '← Workflows' }).click();
    await page.getByRole('heading', { level: 1, name: 'Workflows', exact: true }).waitFor();
    await page.goBack();
    await node(page, 'lead status is new').waitFor();

    await add(page, slot(page, 'which_way:then'), /^Ask for approval/);
    await add(page, slot(page, 'which_way:otherwise'), /^Send a message/);
    await form(page, 'Send a message').getByLabel('Template').selectOption('welcome');
    await page.getByText('Draft saved').waitFor();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Rehearse it' }).click();
    const rehearse = page.getByRole('dialog', { name: 'Rehearse' });
    await rehearse.getByLabel('Version').waitFor();
    await picture(page, 'rehearse-dialog', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await rehearse.getByRole('button', { name: 'Rehearse', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Rehearsal of Care for new leads' }).waitFor();
    await page.getByRole('button', { name: /people come to Two days$/ }).waitFor();
    await fits(page, 'a rehearsal');
    await picture(page, 'rehearsal', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await page.goBack();
    await page.goBack();
    await node(page, 'Two days').waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const first = page.getByRole('dialog', { name: 'Publish Care for new leads' });
    await first.getByText('nothing has changed since').waitFor();
    await picture(page, 'publish-dialog', { widths: [360, 1280], schemes: ['light', 'dark'] });
    await first.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Version 2 is published.').waitFor();
    const made = await workflow(page);
    expect(types(made.definition.steps)).toEqual(['wait', 'branch']);
    expect(made.definition.steps[0]).toMatchObject({ title: 'Two days', input: { for: { days: 2 } } });
    expect(made.definition.steps[1]?.input).toEqual({ condition: { field: 'lead.status', is: 'new' } });
    expect([types(made.definition.steps[1]?.then), types(made.definition.steps[1]?.otherwise)]).toEqual([['approve'], ['message']]);

    // Somebody is under way while it is changed: they go on at the question.
    await expect.poll(async () => (await workflow(page)).active).toBe(true);
    await stage.make(`/api/workflows/${made.id}/start`, { subject_ids: [lead['id']] });
    await node(page, 'Two days').getByText('1 run').waitFor();
    await add(page, page.getByRole('button', { name: 'Add a step here (:steps 1)' }), /^Task/);
    await form(page, 'Task').getByLabel('What is to be done').fill('Write a card');
    await page.getByText('Draft saved').waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const second = page.getByRole('dialog', { name: 'Publish Care for new leads' });
    await second.getByLabel('What becomes of those at Two days').selectOption('move');
    await second.getByLabel('Where those at Two days go on').selectOption('approve');
    await second.getByText('The steps have changed').waitFor();
    await second.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText(/Version 3 is published\. 1 run moved\./).waitFor();
    await page.context().close();

    const phone = await stage.open('/approvals', { viewport: { width: 360, height: 740 } });
    const question = phone.getByRole('list', { name: 'Approvals' }).getByRole('listitem').first();
    await question.getByRole('button', { name: 'Approve', exact: true }).click();
    await phone.getByText('Nothing waits for a decision').waitFor();
    await fits(phone);
    await expect.poll(async () => (await stage.list(`/api/runs?workflow_id=${made.id}`))[0]).toMatchObject({ state: 'done', version: 3 });
    await phone.context().close();
  });

  test('the same by keyboard alone', async () => {
    const page = await stage.open('/workflows');
    const key = (name: string) => page.keyboard.press(name);
    await page.getByRole('button', { name: 'New workflow' }).waitFor();
    await key('c');
    await focused(page, 'textbox', /Title/);
    await page.keyboard.type('By keys');
    await key('Tab');
    await focused(page, 'button', /^Empty canvas/);
    await key('Enter');
    await page.getByRole('heading', { level: 1, name: 'By keys' }).waitFor();

    const at = (spot: string) => page.locator(`[data-spot="${spot}"]:focus`).waitFor();
    await at(':start');
    await key('ArrowDown');
    await at('slot::steps');
    await key('a');
    await pickByTyping(page, 'Add a step', /^Wait/, 'wait');
    await at('wait');
    await key('a');
    await pickByTyping(page, 'Add a step', /^Branch/, 'branch');
    await at('which_way');

    await key('Enter');
    await focused(page, 'textbox', /^Title/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('New still?');
    await key('Tab');
    await focused(page, 'combobox', 'Who is meant');
    await key('Tab');
    await focused(page, 'button', 'Condition');
    await key('Enter');
    await page.getByLabel('Field', { exact: true }).waitFor();
    await key('Escape');
    await at('which_way');

    await key('ArrowDown');
    await at('slot:which_way:then');
    await key('Enter');
    await pickByTyping(page, 'Add a step', /^Ask for approval/, 'approval');
    await at('approve');
    await key('ArrowRight');
    await at('slot:which_way:otherwise');
    await key('Enter');
    await pickByTyping(page, 'Add a step', /^End/, 'end');
    await at('end');

    // Out and in again; a copy, and back.
    await key('Delete');
    await at('slot:which_way:otherwise');
    await page.keyboard.press('Control+z');
    await at('end');
    await key('ArrowLeft');
    await at('approve');
    // What is pasted and taken back leaves what the server has: saved it is, without a further save.
    await page.getByText('Draft saved').waitFor();
    await page.keyboard.press('Control+c');
    await page.getByText('Step copied.', { exact: false }).waitFor();
    await page.keyboard.press('Control+v');
    await at('approve_2');
    await page.keyboard.press('Control+z');
    await page.locator('[data-spot="approve_2"]').waitFor({ state: 'detached' });

    await page.getByText('Draft saved').waitFor();
    await page.locator('button:enabled', { hasText: /^Publish$/ }).waitFor();
    await key('p');
    const dialog = page.getByRole('dialog', { name: 'Publish By keys' });
    await dialog.getByRole('textbox').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('First version');
    await key('Tab');
    await focused(page, 'checkbox', /^Switch it on/);
    await key('Tab');
    await focused(page, 'button', 'Not yet');
    // While it is still looked up where the rehearsal stands, the keys would pass it by.
    await dialog.locator('button:enabled', { hasText: /^Publish$/ }).waitFor();
    await key('Tab');
    await focused(page, 'button', 'Publish');
    await key('Enter');
    await page.getByText('Version 2 is published.').waitFor();
    const made = await workflow(page);
    expect(types(made.definition.steps)).toEqual(['wait', 'branch']);
    expect(made.definition.steps[1]?.title).toBe('New still?');
    expect([types(made.definition.steps[1]?.then), types(made.definition.steps[1]?.otherwise)]).toEqual([['approve'], ['end']]);
    await page.context().close();
  });

  test('a live workflow is changed, and those who wait in it are moved', async () => {
    const lead = await stage.make('/api/lead-nurturing/leads', { name: 'Ann Lee', email: 'ann@firm.example', enrol: false });
    const definition = {
      name: 'live', title: 'Live one', subject: 'lead', triggers: [{ on: 'manual' }], stop_on: [], settings: {},
      steps: [
        { id: 'month', title: 'A month', type: 'wait', input: { for: { days: 30 } } },
        { id: 'call', title: 'Call them', type: 'task', input: { title: 'Call them' } },
      ],
    }; // prettier-ignore
    const { id } = await stage.make('/api/workflows', { definition, active: true });
    await stage.make(`/api/workflows/${String(id)}/start`, { subject_ids: [lead['id']] });
    await expect.poll(async () => (await stage.list(`/api/runs?workflow_id=${String(id)}`))[0]?.['state']).toBe('waiting');

    const page = await stage.open(`/workflows/${String(id)}`);
    await node(page, 'A month').getByText('1 run').waitFor();
    await add(page, page.getByRole('button', { name: 'Add a step here (:steps 1)' }), /^Task/);
    await form(page, 'Task').getByLabel('What is to be done').fill('Write a card');
    await page.getByText('Draft saved').waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish Live one' });
    await dialog.getByText('1 run at “A month”').waitFor();
    await dialog.getByLabel('What becomes of those at A month').selectOption('move');
    await dialog.getByLabel('Where those at A month go on').selectOption('task');
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText(/Version 2 is published\. 1 run moved\./).waitFor();
    await expect
      .poll(async () => (await stage.list(`/api/runs?workflow_id=${String(id)}`))[0])
      .toMatchObject({ state: 'done', version: 2 });

    await page.goto(`${stage.program.url}/workflows/${String(id)}/versions`);
    await page.getByRole('list', { name: 'Changes' }).getByText(/Task/).first().waitFor();
    await page.context().close();
  });

  test('a step that changes the lead says what by a form of its own', async () => {
    const definition = {
      name: 'qualify',
      title: 'Qualify',
      subject: 'lead',
      triggers: [{ on: 'manual' }],
      stop_on: [],
      settings: {},
      steps: [],
    };
    const { id } = await stage.make('/api/workflows', { definition, draft: true });
    const page = await stage.open(`/workflows/${String(id)}`);
    await add(page, slot(page, ':steps'), /^Update/);
    const fields = form(page, 'Update');
    await fields.getByLabel('Status').selectOption('qualified');
    await fields.getByLabel('Source').fill('Trade fair');
    await page.getByText('Draft saved').waitFor();
    const stored = async () =>
      z
        .looseObject({ definition: z.looseObject({ steps: z.array(Step) }) })
        .nullish()
        .parse((await workflow(page)).draft);
    await expect
      .poll(async () => (await stored())?.definition.steps.map(({ type, input }) => ({ type, input })))
      .toEqual([{ type: 'update', input: { set: { status: 'qualified', source: 'Trade fair' } } }]);
    await page.context().close();
  });

  test('a step is dragged to another place', async () => {
    const steps = ['One', 'Two', 'Three'].map((title) => ({ id: title.toLowerCase(), title, type: 'end', input: {} }));
    const definition = { name: 'drag', title: 'Drag', subject: 'lead', triggers: [{ on: 'manual' }], stop_on: [], settings: {}, steps };
    const { id } = await stage.make('/api/workflows', { definition, draft: true });
    const page = await stage.open(`/workflows/${String(id)}`);
    await node(page, 'Three').waitFor();
    const order = () =>
      page
        .locator('[data-spot]')
        .evaluateAll((all) =>
          all.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map((one) => one.getAttribute('data-spot')),
        );
    const [from, to] = await settled(() => Promise.all(['Three', 'One'].map((title) => node(page, title).boundingBox())));
    await page.mouse.move((from?.x ?? 0) + 120, (from?.y ?? 0) + 30);
    await page.mouse.down();
    await page.mouse.move((from?.x ?? 0) + 120, (from?.y ?? 0) - 40, { steps: 5 });
    await page.mouse.move((to?.x ?? 0) + 120, (to?.y ?? 0) - 18, { steps: 10 });
    await page.mouse.up();
    await expect.poll(order).toEqual([':start', 'three', 'one', 'two']);
    await page.context().close();
  });

  test('on a phone the steps are a list that does all of it', async () => {
    const page = await stage.open('/workflows?new=1', { viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: /^Welcome a lead/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Welcome a lead' }).waitFor();
    await node(page, 'Wait for a reply').click();
    const sheet = page.getByRole('dialog', { name: 'Wait for a reply' });
    await sheet.getByLabel('But no longer than').fill('5');
    await sheet.getByRole('button', { name: 'Done' }).click();
    await sheet.waitFor({ state: 'detached' });
    await add(page, page.getByRole('button', { name: 'Add a step here (steps 1)' }), /^Task/);
    await node(page, 'Task').waitFor();
    await fits(page);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByText('Draft saved').waitFor();
    await expect.poll(async () => JSON.stringify((await workflow(page)).draft)).toContain('"days":5');
    await picture(page, 'builder-list', { widths: [360], schemes: ['light', 'dark'] });
    await page.context().close();
  });

  test('what is wrong stands at its step, and publishing waits', async () => {
    const definition = {
      name: 'faulty',
      title: 'Faulty',
      subject: 'lead',
      triggers: [{ on: 'manual' }],
      stop_on: [],
      settings: {},
      steps: [{ id: 'm', title: 'Write', type: 'message', input: { template: 'nobody-knows' } }],
    };
    const { id } = await stage.make('/api/workflows', { definition, draft: true });
    const page = await stage.open(`/workflows/${String(id)}`);
    await page.getByRole('button', { name: /fault|warning/ }).click();
    await page.getByRole('menuitem', { name: /Write/ }).first().click();
    await form(page, 'Write').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await fits(page);
    await picture(page, 'builder', { widths: [1280], schemes: ['light', 'dark'] });
    await page.context().close();
  });
});

function idOf(page: Page): string {
  return /\/workflows\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}
