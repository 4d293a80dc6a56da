import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executable = chromiumPath();
/** A folder for pictures of what the test saw; none by default. */
const pictures = process.env['STEWARD_PICTURES'];

describe.skipIf(executable === null)('two people who are one, consent and erasure in a real browser', () => {
  let program: Program;
  let browser: Browser;
  let signedIn: BrowserContext;

  beforeAll(async () => {
    buildWeb();
    [program, browser] = await Promise.all([startProgram(), openBrowser(executable ?? '')]);
    signedIn = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    const page = await signedIn.newPage();
    await page.goto(program.setupLink ?? '');
    await page.getByLabel('Company name').fill('Nordlicht');
    await page.getByLabel('Postal address').fill('Torstraße 1, 10119 Berlin');
    await page.getByLabel('Your name').fill('Ada Nord');
    await page.getByLabel('Email').fill('ada@nordlicht.example');
    await page.getByLabel('Password').fill('correct horse battery staple');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1, name: /Ada$/ }).waitFor();
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  async function open(path: string, width: number, scheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      colorScheme: scheme,
      storageState: await signedIn.storageState(),
    });
    const page = await context.newPage();
    await page.goto(program.url + path);
    await page.waitForLoadState('networkidle');
    return page;
  }

  /** What the REST face answers to who is signed in. */
  async function ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const csrf = (await signedIn.cookies()).find((cookie) => cookie.name === 'steward_csrf')?.value ?? '';
    const answer = await signedIn.request.fetch(program.url + path, {
      method,
      headers: { 'x-csrf-token': decodeURIComponent(csrf) },
      ...(body === undefined ? {} : { data: body }),
    });
    return { status: answer.status(), body: (await answer.json()) as Record<string, unknown> }; // JSON objects: every answer of the REST face
  }

  async function aPerson(full_name: string, email: string, phone?: string): Promise<string> {
    const made = await ask('POST', '/api/people', { full_name, email, ...(phone === undefined ? {} : { phone }) });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return String(made.body['id']);
  }

  /** Nothing for axe, nothing wider than the window; a picture where one is wanted. */
  async function sound(page: Page, name: string): Promise<void> {
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    }
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), `${name} scrolls sideways`).toBeLessThanOrEqual(
      0,
    );
    // A colour on its way from one to the other is nobody's contrast.
    await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished))');
    await page.evaluate(axeSource);
    // Runs in the page, where axe now is; answers plain data.
    const faults = await page.evaluate<string[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((result) =>
        result.violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')))`,
    );
    expect(faults, `axe on ${name}`).toEqual([]);
  }

  for (const [width, scheme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    test(`at ${width} px duplicates are found and compared side by side; merging is undone and both are back`, async () => {
      const phone = `+49 30 901820${width === 360 ? 11 : 22}`;
      const [one, other] = [
        await aPerson('Anna Weber', `anna@weber-${width}.example`, phone),
        await aPerson('Anna Weber-Klein', `a.klein@weber-${width}.example`, phone),
      ];
      await ask('PUT', `/api/people/${other}/consent`, { state: 'withdrawn', evidence: { note: 'Said so on the phone' } });
      const page = await open('/people/duplicates', width, scheme);
      await page.getByRole('button', { name: 'Look for duplicates' }).click();
      const pair = page
        .getByRole('listitem')
        .filter({ hasText: `a.klein@weber-${width}.example` })
        .filter({ hasText: 'same number' });
      await pair.waitFor();
      await page.getByRole('button', { name: 'Look for duplicates', disabled: false }).waitFor();
      await sound(page, `duplicates-${width}`);

      await pair.getByRole('button', { name: 'Compare' }).click();
      const dialog = page.getByRole('dialog', { name: 'Merge two people' });
      await dialog.getByText('Addresses afterwards').waitFor();
      await dialog.getByText('the one person will be opted out').waitFor();
      await dialog.getByRole('radio', { name: 'Anna Weber-Klein' }).check();
      await sound(page, `merge-${width}`);
      await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
      await page.getByText('Merged into one person.').waitFor();
      await page.getByText('Merged lately').waitFor();
      await sound(page, `merged-${width}`);
      const statuses = async () =>
        (await Promise.all([one, other].map((id) => ask('GET', `/api/people/${id}`))))
          .map(({ status }) => status)
          .toSorted((a, b) => a - b);
      expect(await statuses()).toEqual([200, 410]);

      await page.getByRole('button', { name: 'Undo' }).first().click();
      await page.getByText('They are two people again.').waitFor();
      expect(await statuses()).toEqual([200, 200]);
      expect((await ask('GET', `/api/people/${one}`)).body).toMatchObject({ full_name: 'Anna Weber', opted_out_at: null });
      expect((await ask('GET', `/api/people/${other}`)).body).toMatchObject({
        full_name: 'Anna Weber-Klein',
        opted_out_at: expect.any(String),
      });
      await page.getByText('taken back').first().waitFor();
      await page.context().close();
    });

    test(`at ${width} px an opt-out is written down with its evidence and the proof is downloaded`, async () => {
      const id = await aPerson('Bela Consent', `bela-${width}@consent.example`);
      const page = await open(`/people/${id}`, width, scheme);
      await page.getByRole('button', { name: 'Opt out' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Opt out' }).click();
      await page.getByText('Recorded.', { exact: true }).waitFor();
      await page.getByText('Log, with the evidence').click();
      await page.getByText('Marketing: withdrawn').waitFor();
      await page.getByText('Log, with the evidence').scrollIntoViewIfNeeded();
      await sound(page, `consent-${width}`);
      for (const [button, says] of [
        ['Proof as a page', '<h1>Proof of consent</h1>'],
        ['Proof as CSV', 'withdrawn'],
        ['Proof as JSON', 'Written down by a colleague'],
      ] as const) {
        const coming = page.waitForEvent('download');
        await page.getByRole('button', { name: button }).click();
        expect(readFileSync(await (await coming).path(), 'utf8')).toContain(says);
      }
      await page.context().close();
    });

    test(`at ${width} px somebody is erased for good, and the certificate says what went`, async () => {
      const email = `gone-${width}@erase.example`;
      const id = await aPerson('Gone Gerda', email);
      const page = await open(`/people/${id}`, width, scheme);
      await page.getByRole('button', { name: 'Erase…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Erase Gone Gerda?' });
      expect(await dialog.getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Write the word erase').fill('erase');
      await sound(page, `erase-${width}`);
      await dialog.getByRole('button', { name: 'Erase for good' }).click();
      await page.getByRole('heading', { level: 1, name: 'Certificate of erasure' }).waitFor();
      await page.getByText('What stays').waitFor();
      await sound(page, `certificate-${width}`);
      expect(await page.locator('body').innerText()).not.toContain(email);
      expect((await ask('GET', `/api/people/${id}`)).status).toBe(404);
      await page.context().close();
    });
  }
});
