/**
 * Renews docs/screenshot.png, the README's picture, of the real program with sample data: `node scripts/screenshots.ts`. Needs Chromium.
 * For pictures of every page, at both widths in both colours: `STEWARD_PICTURES=folder npm test -- e2e/pages.test.ts`.
 */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { chromiumPath, openBrowser } from '../e2e/browser.ts';
import { buildWeb, root, startProgram, type Program } from '../e2e/program.ts';

const executable = chromiumPath();
if (executable === null) process.exit(1);

interface Row {
  readonly id: string;
  readonly [key: string]: unknown;
}

/** Calls the API as the page does: with its cookies and its CSRF token. */
async function api(page: Page, method: string, route: string, data?: object): Promise<{ items?: Row[] } & Row> {
  const token = (await page.context().cookies()).find(({ name }) => name === 'steward_csrf')?.value ?? '';
  const answer = await page.request.fetch(new URL(route, page.url()).href, {
    method,
    headers: { 'x-csrf-token': token },
    ...(data === undefined ? {} : { data }),
  });
  if (!answer.ok()) throw new Error(`${method} ${route}: ${answer.status()} ${await answer.text()}`);
  return answer.status() === 204 ? { id: '' } : await answer.json();
}

/** @returns the page of somebody with a history */
async function furnish(page: Page, program: Program): Promise<string> {
  await page.goto(program.setupLink ?? program.url);
  await page.getByLabel('Company name').fill('Nordlicht Studio');
  await page.getByLabel('Postal address').fill('Torstraße 1\n10119 Berlin');
  await page.getByLabel('Your name').fill('Mara Lind');
  await page.getByLabel('Email').fill('mara@nordlicht.example');
  await page.getByLabel('Password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { level: 1, name: /Mara$/ }).waitFor();

  await api(page, 'PUT', '/api/company', {
    settings: { sending_hours: 'always', business_description: 'We print catalogues and posters for small museums.' },
  });
  await api(page, 'PUT', '/api/lead-nurturing/settings', {
    active: true,
    what_we_do: 'We print catalogues and posters for small museums.',
    offer: 'Two paper samples by post, free of charge.',
    sender_name: 'Mara Lind',
    call_to_action: 'Would a short call this week suit you?',
  });
  const csv = await (await page.request.get(`${program.url}/sample-leads.csv`)).text();
  await api(page, 'POST', '/api/lead-nurturing/leads/import', { filename: 'sample-leads.csv', content: csv, enrol: true });
  for (let tries = 0; tries < 60; tries += 1) {
    const { items = [] } = await api(page, 'GET', '/api/messages?state=captured&limit=50');
    if (items.length >= 10) break;
    await page.waitForTimeout(500);
  }
  const { items: leads = [] } = await api(page, 'GET', '/api/lead-nurturing/leads?limit=50');
  const statuses = ['contacted', 'engaged', 'qualified', 'converted', 'lost'];
  for (const [index, lead] of leads.entries()) {
    if (index % 3 === 1 && lead['opted_out'] !== true)
      await api(page, 'PUT', `/api/lead-nurturing/leads/${lead.id}`, { status: statuses[index % statuses.length] });
  }
  const { items: written = [] } = await api(page, 'GET', '/api/messages?state=captured&limit=5');
  const lead = leads.find(({ id }) => id === written[0]?.['lead_id']) ?? leads[0];
  await api(page, 'POST', `/api/people/${String(lead?.['person_id'])}/notes`, {
    content: 'Met at the museum fair. Prefers mail over phone; decides by the end of the month.',
  });
  await api(page, 'POST', '/api/lead-nurturing/interactions', {
    lead_id: lead?.id,
    type: 'call',
    direction: 'outbound',
    content: 'Rang back, left a message.',
  });
  await api(page, 'POST', '/api/tasks', { title: 'Call Priya Natarajan about the March event' });
  return `/people/${String(lead?.['person_id'])}`;
}

buildWeb();
const [program, browser] = await Promise.all([startProgram(), openBrowser(executable)]);
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(program.url + (await furnish(page, program)));
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: path.join(root, 'docs/screenshot.png') });
} finally {
  await browser.close();
  await program.stop();
}
