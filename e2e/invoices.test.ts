import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();

describe.skipIf(executable === null)('clients and invoices in a real browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(executable);
    page = await stage.open('/clients');
  });
  afterAll(() => stage?.close());

  test('from a new client to an invoice that is issued, printed and paid', async () => {
    await page.getByRole('button', { name: 'New client' }).first().click();
    const asked = page.getByRole('dialog', { name: 'New client' });
    await asked.getByLabel('Email').fill('billing@harbour.example');
    await asked.getByLabel('Name').fill('Harbour Café');
    await asked.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { level: 1, name: 'Harbour Café' }).waitFor();

    await page.getByRole('link', { name: 'New invoice' }).click();
    await page.getByRole('heading', { level: 1, name: 'New invoice' }).waitFor();
    await expect.poll(() => page.getByLabel('Client').locator('option:checked').innerText()).toBe('Harbour Café');
    await page.getByLabel('Description of line 1').fill('Website, first part');
    await page.getByLabel('Quantity of line 1').fill('2');
    await page.getByLabel('Price of line 1').fill('199.50');
    await page.keyboard.press('Enter');
    await page.getByLabel('Description of line 2').fill('Hosting');
    await page.getByLabel('Price of line 2').fill('12');
    await page.getByText('$411.00').first().waitFor();
    await page.getByRole('button', { name: 'Save the draft' }).click();

    await page.getByRole('heading', { level: 1, name: 'Draft for Harbour Café' }).waitFor();
    await page.getByLabel('Price of line 2').fill('20');
    await page.getByRole('button', { name: 'Move line 2 up' }).click();
    await page.getByText('$419.00').first().waitFor();
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await expect.poll(async () => (await stage.list('/api/invoices'))[0]).toMatchObject({ total_cents: 41_900 });

    await page.getByRole('button', { name: 'Issue', exact: true }).click();
    await page.getByRole('button', { name: 'Book a payment' }).waitFor();
    const [invoice] = await stage.list('/api/invoices');
    expect(invoice).toMatchObject({ status: 'issued' });
    expect(invoice?.['number']).toMatch(/1$/);
    const pdf = await page.request.get(`${stage.program.url}/api/invoices/${String(invoice?.['id'])}/pdf`);
    expect(pdf.headers()['content-type']).toContain('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');

    await page.getByRole('button', { name: 'Book a payment' }).click();
    const paying = page.getByRole('dialog', { name: 'Book a payment' });
    await paying.getByRole('button', { name: 'Book', exact: true }).click();
    await paying.waitFor({ state: 'detached' });
    await page.getByText('Paid', { exact: true }).first().waitFor();
    await expect.poll(async () => (await stage.list('/api/invoices'))[0]?.['status']).toBe('paid');
  });
});
