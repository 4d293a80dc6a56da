import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { axeFaults, fits, picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();

describe.skipIf(executable === null)('two people who are one, consent and erasure in a real browser', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(executable);
  });

  afterAll(async () => {
    await stage?.close();
  });

  const open = (path: string, width: number, scheme: 'light' | 'dark') =>
    stage.open(path, { viewport: { width, height: 800 }, colorScheme: scheme });
  const person = async (id: string) => stage.ask('GET', `/api/people/${id}`);

  async function aPerson(full_name: string, email: string, phone?: string): Promise<string> {
    return String((await stage.make('/api/people', { full_name, email, ...(phone === undefined ? {} : { phone }) }))['id']);
  }

  /** Nothing for axe, nothing wider than the window; a picture where one is wanted. */
  async function sound(page: Page, name: string): Promise<void> {
    await picture(page, name);
    await fits(page, name);
    expect(await axeFaults(page, { strict: true }), `axe on ${name}`).toEqual([]);
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
      const withdrawn = await stage.ask('PUT', `/api/people/${other}/consent`, {
        state: 'withdrawn',
        evidence: { note: 'Said so on the phone' },
      });
      expect(withdrawn.status, JSON.stringify(withdrawn.body)).toBeLessThan(300);
      const page = await open('/people/duplicates', width, scheme);
      await page.getByRole('button', { name: 'Look for duplicates' }).click();
      const pair = page
        .getByRole('listitem')
        .filter({ hasText: `a.klein@weber-${width}.example` })
        .filter({ hasText: 'same number' });
      await pair.waitFor();
      await page.getByRole('button', { name: 'Look for duplicates' }).and(page.locator(':enabled')).waitFor();
      await sound(page, `duplicates-${width}`);

      await pair.getByRole('button', { name: 'Compare' }).click();
      const dialog = page.getByRole('dialog', { name: 'Merge two people' });
      await dialog.getByText('Addresses afterwards').waitFor();
      await dialog.getByText('the one person will be opted out').waitFor();
      await dialog.getByRole('radio', { name: 'Anna Weber-Klein' }).check();
      await sound(page, `merge-${width}`);
      await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
      const statuses = async () => (await Promise.all([one, other].map(person))).map(({ status }) => status).toSorted((a, b) => a - b);
      await expect.poll(statuses).toEqual([200, 410]);
      await dialog.waitFor({ state: 'detached' });
      await page.getByText('Merged lately').waitFor();
      await sound(page, `merged-${width}`);

      await page.getByRole('main').getByRole('button', { name: 'Undo' }).first().click();
      await expect.poll(statuses).toEqual([200, 200]);
      expect((await person(one)).body).toMatchObject({ full_name: 'Anna Weber', opted_out_at: null });
      expect((await person(other)).body).toMatchObject({
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
      await expect.poll(async () => (await person(id)).body['opted_out_at']).toEqual(expect.any(String));
      await page.getByRole('dialog').waitFor({ state: 'detached' });
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
      await dialog.getByRole('button', { name: 'Erase for good' }).and(page.locator(':disabled')).waitFor();
      await dialog.getByLabel('Write the word erase').fill('erase');
      await sound(page, `erase-${width}`);
      await dialog.getByRole('button', { name: 'Erase for good' }).click();
      await page.getByRole('heading', { level: 1, name: 'Certificate of erasure' }).waitFor();
      await page.getByText('What stays').waitFor();
      await sound(page, `certificate-${width}`);
      expect(await page.locator('body').innerText()).not.toContain(email);
      expect((await person(id)).status).toBe(404);
      await page.context().close();
    });
  }
});
