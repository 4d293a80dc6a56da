import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const executable = chromiumPath();
const email = 'ada@nordlicht.example';
const password = 'correct horse battery staple';

describe.skipIf(executable === null)('a sequence and its people', () => {
  let program: Program;
  let browser: Browser;
  let sequenceId = '';
  /** Runs that wait for their next letter. */
  let inQueue: () => Promise<number>;

  beforeAll(async () => {
    buildWeb();
    [program, browser] = await Promise.all([
      startProgram({
        STEWARD_ADMIN_EMAIL: email,
        STEWARD_ADMIN_PASSWORD: password,
        SENDING_HOURS: 'always',
        POSTAL_ADDRESS: 'Nordlicht, Torstraße 1, Berlin',
      }),
      openBrowser(executable ?? ''),
    ]);
    const { access_token: token } = z
      .object({ access_token: z.string() })
      .parse(await api('POST', '/token', { username: email, password }));
    for (const [name, enrol] of [
      ['Ann Lee', true],
      ['Ben Okafor', true],
      ['Carla Nunez', false],
      ['Dora Hall', false],
    ] as const)
      await api('POST', '/api/lead-nurturing/leads', { name, email: `${name.split(' ')[0]?.toLowerCase()}@firm.example`, enrol }, token);
    const workflows = z
      .object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
      .parse(await api('GET', '/api/workflows', undefined, token));
    sequenceId = workflows.items.find((one) => one.name === 'lead-nurturing')?.id ?? '';
    inQueue = async () =>
      z
        .object({ items: z.array(z.unknown()) })
        .parse(await api('GET', `/api/runs?workflow_id=${sequenceId}&state=waiting`, undefined, token)).items.length;
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  async function api(method: string, path: string, body?: object, token?: string): Promise<unknown> {
    const answer = await fetch(program.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}`).toBe(true);
    return answer.json();
  }

  async function open(width: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${program.url}/sign-in`);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.goto(`${program.url}/sequences/${sequenceId}`);
    await page.getByRole('heading', { level: 1, name: 'Lead nurturing' }).waitFor();
    return page;
  }

  test('new leads are in it, others not', async () => {
    await expect.poll(() => inQueue(), { timeout: 60_000 }).toBe(2);
  });

  test.each([1280, 360])('people are enrolled after a look at what speaks against it, and taken back (%i px)', async (width) => {
    const page = await open(width);
    await page.getByRole('button', { name: 'Enrol people' }).click();
    const dialog = page.getByRole('dialog', { name: /Enrol people in/ });
    await dialog.getByLabel('Ann Lee').check();
    await dialog.getByLabel('Carla Nunez').check();
    await dialog.getByLabel('Dora Hall').check();
    await dialog.getByRole('button', { name: 'Look at 3 leads' }).click();
    await dialog.getByText('1 is in this sequence already').waitFor();
    await dialog.getByRole('button', { name: 'Enrol 2 people' }).click();
    await page.getByText('2 people enrolled in Lead nurturing.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 people taken out again.').waitFor();
    await page.context().close();
  });

  test('a number opens its people; one is taken out', async () => {
    const page = await open(1280);
    await page
      .getByRole('link', { name: /^\d+ sent$/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Got “Send the first letter”/ }).waitFor();
    const row = page.getByRole('row', { name: /Ben Okafor/ });
    await row.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Take out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
    await page.getByText('1 person taken out.').waitFor();
    await row.getByText('Cancelled').waitFor();
    await row.getByRole('link', { name: 'Ben Okafor' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ben Okafor' }).waitFor();
    await page.context().close();
  });
});
