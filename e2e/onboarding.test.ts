import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, newContext } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();
const LOOKS = { widths: [360, 1280], schemes: ['light', 'dark'] } as const;
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');

describe.skipIf(executable === null)('the client’s page on a phone', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(executable);
  });
  afterAll(() => stage?.close());

  test('a client signs and uploads without an account; we see how far they are', async () => {
    const client = await stage.make('/api/clients', { name: 'Ann Archer', email: 'ann@archer.example', status: 'active' });
    const plan = await stage.make('/api/onboarding/plans', {
      name: 'New client',
      welcome: 'Good to have you.',
      tasks: [
        {
          key: 'sign',
          title: 'Sign the agreement',
          owner: 'client',
          kind: 'sign',
          due_days: 3,
          spec: { document: 'We work for you. You pay for it.' },
        },
        { key: 'logo', title: 'Send your logo', owner: 'client', kind: 'upload', needs: ['sign'], spec: { accept: 'picture', max_mb: 5 } },
        { key: 'account', title: 'Set the account up', owner: 'us', needs: ['sign'] },
      ],
    });
    await stage.make('/api/onboardings', { client_id: client['id'], plan_id: plan['id'] });
    const { body: link } = await stage.ask('POST', `/api/clients/${String(client['id'])}/portal-link`, {});
    const path = new URL(String(link['url'])).pathname;

    const phone = await newContext(stage.browser, { viewport: { width: 360, height: 740 } });
    const page = await phone.newPage();
    await page.goto(stage.program.url + path);
    await page.getByRole('heading', { level: 1, name: 'Hello Ann' }).waitFor();
    await fits(page);
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'portal', LOOKS);

    await page.getByRole('link', { name: 'Sign the agreement' }).click();
    await page.getByText('We work for you. You pay for it.').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, 'portal-sign', LOOKS);
    await page.getByLabel('I have read this and agree to it.').check();
    await page.getByLabel('Your full name, as your signature').fill('Ann Archer');
    await page.getByRole('button', { name: 'Sign' }).click();
    await page.getByText('Thank you, it is signed.').waitFor();

    await page.getByRole('link', { name: 'Send your logo' }).click();
    await page.getByLabel('File').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('Thank you, your file has arrived.').waitFor();
    await phone.close();

    const ours = await stage.open(`/clients/${String(client['id'])}`);
    await ours.getByText('Signed by Ann Archer', { exact: true }).waitFor();
    await ours.getByRole('region', { name: 'New client' }).getByRole('link', { name: 'logo.png' }).waitFor();
    await ours.getByRole('button', { name: 'Done: Set the account up' }).click();
    await expect.poll(async () => (await stage.list('/api/onboardings'))[0]).toMatchObject({ state: 'done', done: 3, total: 3 });
    await picture(ours, 'client-with-onboarding', LOOKS);
    await ours.context().close();
  });
});
