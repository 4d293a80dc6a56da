import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, newContext } from './browser.ts';
import { fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();

describe.skipIf(executable === null)('documents in a real browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable);
    page = await stage.open('/documents');
  });
  afterAll(() => stage?.close());

  test('a proposal is written, published, shared, and accepted on a phone', async () => {
    await page.getByRole('button', { name: 'New document' }).first().click();
    const asked = page.getByRole('dialog', { name: 'New document' });
    await asked.getByLabel('Kind').selectOption('proposal');
    await asked.getByLabel('Title').fill('A new shop');
    await asked.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { level: 1, name: 'A new shop' }).waitFor();
    await page.getByLabel('Title', { exact: true }).fill('A newer shop');
    const preview = page.frameLocator('iframe[title^="Preview"]');
    await preview.getByRole('heading', { level: 1, name: 'A newer shop' }).waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Version 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const sharing = page.getByRole('dialog', { name: 'Share' });
    await sharing.getByRole('button', { name: 'Make a link' }).click();
    await sharing.getByText('not looked at yet').waitFor();
    const [document] = await stage.list('/api/documents');
    const id = String(document?.['id']);
    const [share] = await stage.list(`/api/documents/${id}/shares`);

    const context = await newContext(stage.browser, { viewport: { width: 360, height: 740 } });
    const phone = await context.newPage();
    await phone.goto(new URL(String(share?.['url'])).pathname.replace(/^/, stage.program.url));
    await phone.getByRole('heading', { level: 2, name: 'Accept this proposal' }).waitFor();
    await fits(phone);
    await phone.getByLabel('Your name').fill('Ann Lee');
    await phone.getByRole('checkbox').check();
    await phone.getByRole('button', { name: 'Accept', exact: true }).click();
    await phone.getByText('Accepted by Ann Lee').waitFor();
    await context.close();
    expect((await stage.ask('GET', `/api/documents/${id}/acceptance`)).body).toMatchObject({ acceptance: { name: 'Ann Lee', version: 1 } });
  });

  test('who presents has a window of their own with notes, clock and the next slide, in step with what is shown, also without a connection', async () => {
    const blocks = ['One', 'Two', 'Three'].flatMap((text, i) => [
      { id: `h${i}`, type: 'heading', text },
      { id: `t${i}`, type: 'text', text: `Of ${text}` },
      { id: `n${i}`, type: 'notes', text: `Say ${text.toLowerCase()} slowly` },
    ]);
    const { id } = await stage.make('/api/documents', { kind: 'presentation', title: 'Evening', blocks });
    await stage.ask('POST', `/api/documents/${String(id)}/publish`, {});
    const share = await stage.make(`/api/documents/${String(id)}/shares`, { days: 7 });
    const deck = await (await newContext(stage.browser, { storageState: await stage.signedIn.storageState() })).newPage();
    await deck.goto(stage.program.url + new URL(String(share['url'])).pathname);
    const [presenter] = await Promise.all([deck.waitForEvent('popup'), deck.getByRole('button', { name: 'Presenter' }).click()]);
    await deck.context().setOffline(true);
    await deck.keyboard.press('ArrowRight');
    await presenter.getByText('Say one slowly').waitFor();
    expect(await presenter.locator('.now h2').textContent()).toBe('One');
    expect(await presenter.locator('.then h2').textContent()).toBe('Two');
    expect(await presenter.locator('.clock').textContent()).toMatch(/^\d\d:\d\d$/);
    await presenter.keyboard.press('ArrowRight');
    await deck.getByText('3 / 4').waitFor();
    await presenter.getByRole('button', { name: 'Next slide' }).click();
    await deck.getByText('4 / 4').waitFor();
    await presenter.getByText('The last slide').waitFor();
    expect(await deck.getByText('Say three slowly').isVisible()).toBe(false);
    await picture(presenter, 'presenter', { widths: [1280], schemes: ['light', 'dark'] });
    // Whoever holds the link and is none of ours has the window without the notes.
    const guest = await newContext(stage.browser, {});
    const theirs = await guest.newPage();
    await theirs.goto(stage.program.url + new URL(String(share['url'])).pathname);
    expect(await theirs.content()).not.toContain('slowly');
    await guest.close();
    await deck.context().close();
  });
});
