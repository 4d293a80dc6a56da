import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPng } from '#testing/pictures.ts';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { loaded, openStage, type Stage } from './stage.ts';

const executable = chromiumPath();

/** A template, as its author writes it. */
describe.skipIf(executable === null)('the editor of templates', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage(executable, { context: { viewport: { width: 1440, height: 1000 } } })));
  afterAll(() => stage?.close());

  const source = {
    mode: 'blocks',
    theme: { accent: '#1d4ed8', background: '#f4f4f5', surface: '#ffffff', text: '#18181b', font: 'system' },
    blocks: [{ id: 'hello', type: 'text', text: 'Good day {{ person.first_name | default: "there" }}', align: 'left' }],
  };

  test('blocks are added, moved and seen as a person gets them; a picture is dropped in; another language; published as a version', async () => {
    await stage.make('/api/people', { full_name: 'Greta Holm', email: 'greta@holm.example' });
    await stage.ask('PUT', '/api/templates/summer', { title: 'Summer', subject: 'Our summer', source });
    const page = await stage.signedIn.newPage();
    await page.goto(`${stage.program.url}/templates/summer`);
    await loaded(page);
    const blocks = page.getByRole('list', { name: 'Blocks', exact: true });
    const mail = page.frameLocator('iframe[title="The mail as it looks"]');
    await mail.getByText('Good day Ann').waitFor();

    // A heading comes last, and is moved to the front.
    await page.getByRole('button', { name: 'Add a block' }).click();
    await page.getByRole('menuitem', { name: 'Heading', exact: true }).click();
    await blocks.getByLabel('Heading', { exact: true }).fill('Summer is here');
    const heading = blocks.getByRole('listitem', { name: /^Heading/ });
    await heading.getByRole('button', { name: 'Move up' }).click();
    await blocks.getByRole('listitem', { name: 'Heading, 1 of 2' }).waitFor();
    await mail.getByRole('heading', { name: 'Summer is here' }).waitFor();

    // As somebody whom the company knows.
    await page.getByRole('button', { name: /^As Ann Example/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Greta Holm/ })
      .click();
    await mail.getByText('Good day Greta').waitFor();

    // A picture by its bytes; one that mail does not show is refused with what to do.
    await page.getByRole('button', { name: 'Add a block' }).click();
    await page.getByRole('menuitem', { name: 'Image', exact: true }).click();
    const image = blocks.getByRole('listitem', { name: /^Image/ });
    const file = image.getByLabel('Picture to add');
    await file.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
    await image.getByText('The picture is SVG').waitFor();
    await file.setInputFiles({ name: 'beach.png', mimeType: 'image/png', buffer: aPng(1_200, 800) });
    await image.getByText('It is 1200 by 800 itself.').waitFor();
    await image.getByText('say what the picture shows').waitFor();
    await image.getByLabel('In words').fill('A beach in the morning');
    await expect.poll(() => mail.locator('img[alt="A beach in the morning"]').getAttribute('height')).toBe('368');

    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 1000 });
      await fits(page, `the editor at ${width}`);
      expect(await axeFaults(page), `the editor at ${width}`).toEqual([]);
    }
    await picture(page, 'template-editor', { widths: [360, 1440], schemes: ['dark', 'light'] });

    // German begins as a copy.
    await page.getByRole('button', { name: 'Language', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'German' }).click();
    await page.getByRole('tab', { name: 'German' }).and(page.locator('[aria-selected=true]')).waitFor();
    await page.getByLabel('Subject').fill('Unser Sommer');
    await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('dialog').getByLabel('What changed').fill('A beach');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Publish/ })
      .click();
    await page.getByText('version 2', { exact: true }).waitFor();
    const { body } = await stage.ask('GET', '/api/templates/summer');
    expect(body).toMatchObject({ version: 2, note: 'A beach', languages: ['en', 'de'], draft: null });
    await page.close();
  });

  test('days that mail keeps off are added and taken off', async () => {
    const page = await stage.signedIn.newPage();
    await page.goto(`${stage.program.url}/settings/holidays`);
    await loaded(page);
    await page.getByText('None yet').waitFor();
    const form = page.getByRole('form', { name: 'Add a day' });
    await form.getByLabel('Day').fill('2031-06-05');
    await form.getByLabel('What it is').fill('Company outing');
    await form.getByRole('button', { name: 'Add' }).click();
    const own = page.getByRole('list', { name: 'Your own days' });
    await own.getByText('Company outing').waitFor();
    await page.getByLabel('Country').selectOption('DE');
    await page.getByRole('list', { name: 'Public holidays' }).getByText('Tag der Deutschen Einheit').waitFor();
    await picture(page, 'holidays', { widths: [360, 1280], schemes: ['dark', 'light'] });
    await own.getByRole('button', { name: 'Remove Company outing' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click();
    await page.getByText('None yet').waitFor();
    await page.close();
  });
});
