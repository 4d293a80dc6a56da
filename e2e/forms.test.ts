import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath, newContext } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import type { Program } from './program.ts';
import { openStage, type Stage } from './stage.ts';
import { focused, settled, until } from './waiting.ts';

const executable = chromiumPath();
const FIELDS = [
  { name: 'name', label: 'Name', type: 'text', required: true },
  { name: 'email', label: 'Email', type: 'email', required: true },
  { name: 'you_are', label: 'You are', type: 'choice', options: ['A firm', 'A person'] },
  { name: 'message', label: 'Message', type: 'textarea', required: true },
  {
    name: 'how_many_people',
    label: 'How many people',
    type: 'number',
    required: true,
    show_when: { rules: [{ field: 'you_are', op: 'is', value: 'A firm' }] },
  },
];

/** Lead capture, through the real thing: built in the app, put on a foreign site, sent five times. */
describe.skipIf(executable === null)('a form', () => {
  let stage: Stage;
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
    stage = await openStage(executable, { context: { viewport: { width: 1280, height: 900 } } });
    ({ program, browser, signedIn: context } = stage);
    page = await context.newPage();
    formId = await made();
    formUrl = `${program.url}/f/${formId}`;
  });

  afterAll(async () => {
    await stage?.close();
    site?.close();
  });

  const look = (name: string) => picture(page, name, { widths: [1280, 360], schemes: ['light', 'dark'] });
  const noFaults = async () => expect(await axeFaults(page, { within: 'main', strict: true })).toEqual([]);
  const noSideways = () => fits(page);
  const ask: Stage['ask'] = (...what) => stage.ask(...what);
  /** Made by hand; @returns its id */
  const newForm = async () => {
    await page.goto(`${program.url}/forms`);
    await page.getByRole('button', { name: 'New form' }).first().click();
    await page.waitForURL(/forms\/[0-9a-f-]{36}/);
    await page.getByRole('tab', { name: 'Build' }).waitFor();
    return /forms\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  };
  /** What the test by mouse builds, made at once; its wording is of the second version. @returns its id */
  const made = async () => {
    const id = String((await stage.make('/api/forms', { title: 'Talk to us', fields: FIELDS, consent_wording: 'News?' }))['id']);
    const changed = await ask('PUT', `/api/forms/${id}`, { consent_wording: 'You may send me news by email.' });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    return id;
  };
  /** The one rule that gives leads to Ada: all of them, or those of a firm. */
  const rule = async (ofFirm: boolean) => {
    for (const { id } of await stage.list('/api/assignment/rules')) await ask('DELETE', `/api/assignment/rules/${String(id)}`);
    const { id: ada } = (await ask('GET', '/api/users/me')).body;
    const where = ofFirm ? { field: 'person.email', contains: '@firm.example' } : null;
    await stage.make('/api/assignment/rules', { name: 'Everybody', user_ids: [ada], fits: { where } });
  };
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

  const grip = (label: string) => page.getByRole('button', { name: `Move ${label}: arrow keys`, exact: true });
  /** As the server has it. */
  const stored = async (id: string) => {
    const { fields } = z
      .object({ fields: z.array(z.looseObject({ label: z.string() })) })
      .parse((await ask('GET', `/api/forms/${id}`)).body);
    return fields.map(({ label }) => label);
  };
  const addField = async (kind: string) => {
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByRole('menuitem', { name: kind, exact: true }).click();
    await expect.poll(async () => (await labels()).at(-1)).toBe(kind);
  };

  test('is built by mouse: fields added, dragged, asked on a condition, with consent; the preview shows it', async () => {
    const id = await newForm();
    await addField('Choice, as buttons');
    await page.getByLabel('Label', { exact: true }).fill('You are');
    await page.getByLabel('Options, one a line').fill('A firm\nA person');
    await addField('Number');
    await page.getByLabel('Label', { exact: true }).fill('How many people');
    await page.getByLabel('Must be answered').click();
    await page.getByLabel('Show only when …').click();
    await page.getByLabel('Field that decides, rule 1').selectOption({ label: 'You are' });
    await page.getByLabel('Value, rule 1').selectOption('A firm');
    const order = ['Name', 'Email', 'You are', 'Message', 'How many people'];
    await until(
      async () => {
        if ((await labels()).join() !== order.join()) await grip('You are').dragTo(grip('Message'));
      },
      page.locator('li:nth-child(3)', { has: grip('You are') }),
    );
    await expect.poll(labels).toEqual(order);
    await page.getByLabel('Text beside the tick box').fill('You may send me news by email.');
    await save();
    expect(await stored(id)).toEqual(order);
    const preview = page.frameLocator('iframe[title="Preview of the form"]');
    await preview.getByText('You are').waitFor();
    await preview.getByLabel('How many people').waitFor({ state: 'hidden' });
    // Each new preview is a new page: what was ticked in the one before is gone.
    await until(() => preview.getByLabel('A firm').check(), preview.getByLabel('How many people'));
    await noFaults();
    await look('builder');
    await page.setViewportSize({ width: 360, height: 800 });
    await noSideways();
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('is built by keyboard: a field moved and renamed, a fault named beside it, saved; what is typed meanwhile stays', async () => {
    const id = await made();
    await page.goto(`${program.url}/forms/${id}`);
    await grip('How many people').focus();
    // The focus goes with the field: no waiting between the keys.
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowUp');
    await expect.poll(labels).toEqual(['Name', 'How many people', 'Email', 'You are', 'Message']);
    await focused(page, 'button', 'Move How many people: arrow keys');
    await page.getByText('look here').waitFor(); // its condition looks at a field below now
    for (let step = 0; step < 2; step += 1) await page.keyboard.press('ArrowDown');
    await expect.poll(labels).toEqual(['Name', 'Email', 'You are', 'How many people', 'Message']);
    await focused(page, 'button', 'Move How many people: arrow keys');
    await page.getByText('look here').waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await focused(page, 'button', /^How many people/);
    await page.keyboard.press('Enter');
    await page.getByLabel('Label', { exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Head');
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route('**/api/forms/*', async (route) => {
      if (route.request().method() === 'PUT') {
        asked.resolve();
        await answer.promise;
      }
      await route.fallback();
    });
    await page.keyboard.press('Enter');
    await asked.promise;
    await page.keyboard.type(' count');
    answer.resolve();
    await expect.poll(() => stored(id)).toEqual(['Name', 'Email', 'You are', 'Head', 'Message']);
    await page.unroute('**/api/forms/*');
    await page.getByText('Not saved yet').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':enabled')).waitFor();
    await focused(page, 'textbox', 'Label');
    await page.keyboard.press('Enter');
    await page.getByText('Everything is saved').waitFor();
    await grip('Head count').waitFor();
    expect(await stored(id)).toEqual(['Name', 'Email', 'You are', 'Head count', 'Message']);
  });

  test('its page asks what the condition asks, at 360 px and without script, too', async () => {
    await page.goto(`${formUrl}?utm_source=news`);
    await page.getByLabel('A firm').waitFor();
    await page.getByLabel('How many people').waitFor({ state: 'hidden' });
    await noFaults();
    await look('hosted');
    await page.setViewportSize({ width: 360, height: 800 });
    await page.getByLabel('A firm').check();
    await page.getByLabel('How many people').waitFor();
    await noSideways();
    const plain = await newContext(browser, { javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
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
    await expect.poll(() => leads('noscript@example.com')).toHaveLength(1);
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
      const frame = page.frameLocator('iframe');
      await fill(frame, email);
      await frame.getByRole('button', { name: 'Send' }).dblclick();
      await frame.locator('.success-message').waitFor();
    }
    if (kind === 'script') {
      await page.goto(`${siteUrl}/${kind}`);
      const frame = page.frameLocator('iframe');
      await frame.getByLabel('A firm').waitFor();
      const height = () => page.locator('iframe').evaluate((element) => element.getBoundingClientRect().height);
      const before = await settled(height);
      await frame.getByLabel('A firm').check();
      await expect.poll(height).toBeGreaterThan(before + 40);
      await look('embedded');
    }
    await noSideways();
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(() => leads(email)).toHaveLength(1);
    await expect.poll(() => submissions(email)).toHaveLength(1);
    const rows = await submissions(email);
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
        await fill(tab, email);
        await tab.getByRole('button', { name: 'Send' }).click();
        await tab.locator('.success-message').waitFor();
      }),
    );
    await Promise.all(tabs.map((tab) => tab.close()));
    await expect.poll(() => leads(email)).toHaveLength(1);
    await expect.poll(() => submissions(email)).toHaveLength(1);
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
  });

  test('a rule gives every lead its owner', async () => {
    await page.goto(`${program.url}/settings/assignment`);
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Everybody');
    await page.getByRole('checkbox', { name: 'Ada Lind' }).check();
    await look('assignment-rule');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Every lead → Ada Lind').waitFor();
    await noFaults();
    await look('assignment');
  });

  test('a rule for owners takes a condition of one’s own, and says it in words', async () => {
    await rule(false);
    await page.goto(`${program.url}/settings/assignment`);
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
    await expect.poll(() => dialog.getByLabel('Value', { exact: true }).inputValue()).toBe('@firm.example');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a form in two steps, with work for the browser, is clicked through on a phone; its lead is given by the condition', async () => {
    await rule(true);
    const id = await newForm();
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
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('Two Steps');
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
    await expect.poll(() => leads('two@firm.example')).toHaveLength(1);
    const [lead] = await leads('two@firm.example');
    await page.goto(`${program.url}/people/${String(lead?.['person_id'])}`);
    await page.getByText(/Rule “Everybody”: the rule’s condition holds/).waitFor();
    await page.getByText('First and last touch').waitFor();
    await look('person-origin');
  });

  async function code(label: string): Promise<string> {
    await page.goto(`${program.url}/forms/${formId}?tab=embed`);
    return page.getByRole('region', { name: label }).innerText();
  }

  async function fill(where: Pick<Page, 'getByLabel' | 'getByRole'>, email: string): Promise<void> {
    await where.getByLabel('Name').fill('Plain Person');
    await where.getByRole('textbox', { name: 'Email' }).fill(email);
    await where.getByLabel('A person').check();
    await where.getByLabel('Message').fill('Hello');
    await where.getByLabel('You may send me news').check();
  }

  const leads = async (email: string) =>
    (await stage.list(`/api/lead-nurturing/leads?q=${encodeURIComponent(email)}`)).filter((row) => row['email'] === email);
  const submissions = (email: string) => stage.list(`/api/forms/${formId}/submissions?q=${encodeURIComponent(email)}`);
});
