import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const executable = chromiumPath();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where to put pictures, for whoever wants to look; none otherwise. */
const pictures = process.env['STEWARD_PICTURES'];

/** Lead capture, through the real thing: built in the app, put on a foreign site, sent five times. */
describe.skipIf(executable === null)('a form', () => {
  let program: Program;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let site: Server;
  let siteUrl: string;
  const bodies = new Map<string, string>();
  let formUrl = '';
  let formId = '';

  beforeAll(async () => {
    buildWeb();
    site = createServer((request, response) => {
      const body = bodies.get(new URL(request.url ?? '/', 'http://x').pathname);
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(
        `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A shop</title><h1>A shop</h1>${body ?? ''}`,
      );
    });
    await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve));
    // A port that somebody listens on; the types do not know that it is no pipe.
    siteUrl = `http://localhost:${(site.address() as AddressInfo).port}`;
    [program, browser] = await Promise.all([startProgram(), openBrowser(executable ?? '')]);
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(program.setupLink ?? '');
    await page.getByLabel('Company name').fill('Nordlicht Studio');
    await page.getByLabel('Postal address').fill('Torstraße 1, 10119 Berlin');
    await page.getByLabel('Your name').fill('Ada Lind');
    await page.getByLabel('Email').fill('ada@nordlicht.example');
    await page.getByLabel('Password').fill('correct horse battery staple');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1, name: /Ada$/ }).waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    site?.close();
  });

  async function look(name: string): Promise<void> {
    if (pictures === undefined) return;
    const shown = page.viewportSize();
    for (const [width, scheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [360, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(250);
      await page.screenshot({ path: `${pictures}/${name}-${width}-${scheme}.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    if (shown !== null) await page.setViewportSize(shown);
  }

  async function noFaults(): Promise<void> {
    await page.evaluate(axeSource);
    // Runs in the page, where axe now is.
    const found = await page.evaluate<string[]>(
      `axe.run('main', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], iframes: false })
        .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160)).join(' | ')))`,
    );
    expect(found).toEqual([]);
  }

  const noSideways = async () =>
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  const labels = () =>
    page
      .locator('[data-grip]')
      .evaluateAll((grips) => grips.map((grip) => grip.getAttribute('aria-label')?.replace(/^Move |: arrow keys$/g, '')));
  const save = async () => {
    const answer = page.waitForResponse((response) => response.request().method() === 'PUT' && response.url().includes('/api/forms/'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect((await answer).status()).toBe(200);
    await page.getByText('Everything is saved').waitFor();
  };

  test('is built by mouse: fields added, dragged, asked on a condition, with consent; the preview shows it', async () => {
    await page.goto(`${program.url}/forms`);
    await page.getByRole('button', { name: 'New form' }).first().click();
    await page.getByRole('tab', { name: 'Build' }).waitFor();
    formId = /forms\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    formUrl = `${program.url}/f/${formId}`;
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByRole('menuitem', { name: 'Choice, as buttons' }).click();
    await page.getByLabel('Label', { exact: true }).fill('You are');
    await page.getByLabel('Options, one a line').fill('A firm\nA person');
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByRole('menuitem', { name: 'Number' }).click();
    await page.getByLabel('Label', { exact: true }).fill('How many people');
    await page.getByLabel('Must be answered').click();
    await page.getByLabel('Show only when …').click();
    await page.getByLabel('Field that decides, rule 1').selectOption({ label: 'You are' });
    await page.getByLabel('Value, rule 1').selectOption('A firm');
    const grip = (label: string) => page.getByRole('button', { name: `Move ${label}: arrow keys` });
    await grip('You are').dragTo(grip('Message'));
    expect(await labels()).toEqual(['Name', 'Email', 'You are', 'Message', 'How many people']);
    await page.getByLabel('Text beside the tick box').fill('You may send me news by email.');
    await save();
    const preview = page.frameLocator('iframe[title="Preview of the form"]');
    await preview.getByText('You are').waitFor();
    await preview.getByLabel('How many people').waitFor({ state: 'hidden' });
    await preview.getByLabel('A firm').check();
    await preview.getByLabel('How many people').waitFor();
    await noFaults();
    if (pictures !== undefined)
      await page.locator('iframe[title="Preview of the form"]').screenshot({ path: `${pictures}/preview-only.png` });
    await look('builder');
    await page.setViewportSize({ width: 360, height: 800 });
    await noSideways();
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('is built by keyboard: a field moved, a fault named beside it, saved', async () => {
    await page.reload();
    await page.getByRole('button', { name: 'Move How many people: arrow keys' }).focus();
    await page.keyboard.press('ArrowUp');
    expect(await labels()).toEqual(['Name', 'Email', 'You are', 'How many people', 'Message']);
    expect(await page.evaluate<string>(`document.activeElement.getAttribute('aria-label')`)).toBe('Move How many people: arrow keys');
    for (let step = 0; step < 2; step += 1) await page.keyboard.press('ArrowUp');
    await page.getByText('look here').waitFor(); // its condition looks at a field below now
    for (let step = 0; step < 2; step += 1) await page.keyboard.press('ArrowDown');
    await page.getByText('look here').waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByLabel('Label', { exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Head count');
    await page.keyboard.press('Enter');
    await page.getByText('Everything is saved').waitFor();
    await page.getByRole('button', { name: 'Move Head count: arrow keys' }).waitFor();
  });

  test('its page asks what the condition asks, at 360 px and without script, too', async () => {
    await page.goto(`${formUrl}?utm_source=news`);
    await page.getByLabel('Head count').waitFor({ state: 'hidden' });
    await noFaults();
    await look('hosted');
    await page.setViewportSize({ width: 360, height: 800 });
    await page.getByLabel('A firm').check();
    await page.getByLabel('Head count').waitFor();
    await noSideways();
    const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
    const bare = await plain.newPage();
    await bare.goto(formUrl);
    await bare.getByLabel('Name').fill('No Script');
    await bare.getByRole('textbox', { name: 'Email' }).fill('noscript@example.com');
    await bare.getByLabel('A person').check();
    await bare.getByLabel('Message').fill('Works');
    await bare.getByRole('button', { name: 'Send' }).click();
    await bare.locator('.success-message').waitFor();
    await plain.close();
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await leads('noscript@example.com')).toHaveLength(1);
  });

  test.each([
    ['script', 'Script code', 360],
    ['frame', 'Frame code', 1280],
  ] as const)('stands on a foreign page by %s, sent five times is one lead', async (kind, label, width) => {
    bodies.set(`/${kind}`, await code(label));
    const email = `by-${kind}@example.com`;
    await page.setViewportSize({ width, height: 900 });
    for (let time = 0; time < 5; time += 1) {
      await page.goto(`${siteUrl}/${kind}?utm_campaign=spring`);
      const frame = await formFrame();
      await fill(frame, email);
      await frame.getByRole('button', { name: 'Send' }).dblclick();
      await frame.locator('.success-message').waitFor();
    }
    if (kind === 'script') {
      await page.goto(`${siteUrl}/${kind}`);
      const frame = await formFrame();
      await frame.getByLabel('A firm').waitFor();
      const height = () => page.locator('iframe').evaluate((element) => element.getBoundingClientRect().height);
      const before = await height();
      await frame.getByLabel('A firm').check();
      await expect.poll(height).toBeGreaterThan(before + 40);
      await look('embedded');
    }
    await noSideways();
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await leads(email)).toHaveLength(1);
    const rows = await submissions(email);
    expect(rows).toHaveLength(1);
    if (kind === 'script')
      expect(rows[0]).toMatchObject({ attribution: { utm_campaign: 'spring', landing_page: `${siteUrl}/script` }, consent_version: 2 });
  });

  test('stands on a foreign page as plain HTML, sent by five tabs at once is one lead', async () => {
    bodies.set('/plain', await code('Plain HTML code'));
    const email = 'plain@example.com';
    const tabs = await Promise.all(Array.from({ length: 5 }, () => context.newPage()));
    await Promise.all(
      tabs.map(async (tab) => {
        await tab.goto(`${siteUrl}/plain`);
        await fill(tab.mainFrame(), email);
        await tab.getByRole('button', { name: 'Send' }).click();
        await tab.locator('.success-message').waitFor();
      }),
    );
    await Promise.all(tabs.map((tab) => tab.close()));
    expect(await leads(email)).toHaveLength(1);
    expect(await submissions(email)).toHaveLength(1);
  });

  test('shows what came in, with the person and the wording', async () => {
    await page.goto(`${program.url}/forms/${formId}?tab=submissions`);
    await page.getByText('Plain Person').first().click();
    await page
      .getByText(/Agreed to version 2: “You may send me news by email.”/)
      .first()
      .waitFor();
    await noFaults();
    await look('submissions');
    await page.goto(`${program.url}/forms/${formId}?tab=embed`);
    await page.getByText('Plain HTML').first().waitFor();
    await noFaults();
    await look('embed');
    await page.goto(`${program.url}/settings/assignment`);
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Everybody');
    await page.getByRole('checkbox', { name: 'Ada Lind' }).click();
    await look('assignment-rule');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Every lead → Ada Lind').waitFor();
    await noFaults();
    await look('assignment');
  });

  test('a rule for owners takes a condition of one’s own, and says it in words', async () => {
    await page.getByRole('button', { name: /^Everybody/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add a condition' }).click();
    await dialog.getByLabel('Field').selectOption({ label: 'Email address' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A condition lacks its value.').waitFor();
    await dialog.getByLabel('Value', { exact: true }).fill('@firm.example');
    await look('assignment-where');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Email address contains @firm.example → Ada Lind').waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Everybody/ }).click();
    expect(await dialog.getByLabel('Value', { exact: true }).inputValue()).toBe('@firm.example');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a form in two steps, with work for the browser, is clicked through on a phone; its lead is given by the condition', async () => {
    await page.goto(`${program.url}/forms`);
    await page.getByRole('button', { name: 'New form' }).first().click();
    await page.getByRole('tab', { name: 'Build' }).waitFor();
    const id = /forms\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    await page.getByRole('button', { name: 'Split into steps' }).click();
    await page.getByLabel('Title of step 1').fill('Who you are');
    await page.getByLabel('Title of step 2').fill('What you need');
    await page
      .getByRole('button', { name: /^Message/ })
      .first()
      .click();
    await page.getByLabel('Step', { exact: true }).selectOption({ label: '2. What you need' });
    await page.getByLabel('Work for the browser before sending').selectOption('always');
    await save();
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${program.url}/f/${id}?utm_source=fair`);
    const next = page.getByRole('button', { name: 'Next' });
    await next.click();
    await page.getByRole('heading', { name: 'What you need' }).waitFor({ state: 'hidden' }); // a step with gaps does not let go
    await page.getByLabel('Name').fill('Two Steps');
    await page.getByRole('textbox', { name: 'Email' }).fill('two@firm.example');
    await next.click();
    await page.getByRole('heading', { name: 'What you need' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByLabel('Name').inputValue()).toBe('Two Steps');
    await next.click();
    await page.getByLabel('Message').fill('In two steps');
    await noSideways();
    await noFaults();
    await look('hosted-step');
    const sent = page.waitForRequest((request) => request.method() === 'POST' && (request.postData() ?? '').includes('proof'));
    await page.getByRole('button', { name: 'Send' }).click();
    expect((await sent).postData()).toMatch(/proof"?[:=]"?[\w.%:-]{20,}/);
    await page.locator('.success-message').waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    const [lead] = await leads('two@firm.example');
    await page.goto(`${program.url}/people/${lead?.person_id ?? ''}`);
    await page.getByText(/Rule “Everybody”: the rule’s condition holds/).waitFor();
    await page.getByText('First and last touch').waitFor();
    await look('person-origin');
  });

  async function code(label: string): Promise<string> {
    await page.goto(`${program.url}/forms/${formId}?tab=embed`);
    return page.getByRole('region', { name: label }).innerText();
  }

  async function formFrame(): Promise<Frame> {
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    if (frame === null) throw new Error('there is no frame');
    return frame;
  }

  async function fill(frame: Frame, email: string): Promise<void> {
    await frame.getByLabel('Name').fill('Plain Person');
    await frame.getByRole('textbox', { name: 'Email' }).fill(email);
    await frame.getByLabel('A person').check();
    await frame.getByLabel('Message').fill('Hello');
    await frame.getByLabel('You may send me news').check();
  }

  async function rowsOf(path: string): Promise<{ email?: string; person_id?: string; attribution?: object }[]> {
    const answer = await context.request.get(`${program.url}${path}`);
    expect(answer.status()).toBe(200);
    return ((await answer.json()) as { items: { email?: string; person_id?: string }[] }).items; // every list
  }
  const leads = async (email: string) =>
    (await rowsOf(`/api/lead-nurturing/leads?q=${encodeURIComponent(email)}`)).filter((row) => row.email === email);
  const submissions = (email: string) => rowsOf(`/api/forms/${formId}/submissions?q=${encodeURIComponent(email)}`);
});
