import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const executable = chromiumPath();
const email = 'ada@nordlicht.example';
const password = 'correct horse battery staple';
/** Further than any page is long. */
const MOST_TABS = 120;

describe.skipIf(executable === null)('a day of work by keyboard alone', () => {
  let program: Program;
  let browser: Browser;
  const mice: string[] = [];

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
    const token = z.object({ access_token: z.string() }).parse(await api('/token', { username: email, password })).access_token;
    for (const name of ['Ann Lee', 'Ben Okafor', 'Carla Nunez'])
      await api('/api/lead-nurturing/leads', { name, email: `${name.split(' ')[0]?.toLowerCase()}@firm.example`, enrol: false }, token);
    await received('Ann Lee', 'Yes, call me on Monday');
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  async function api(path: string, body: object, token?: string): Promise<unknown> {
    const answer = await fetch(program.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    expect(answer.ok, path).toBe(true);
    return answer.json();
  }

  /** A mail that came in, as the mailbox would have left it. */
  async function received(name: string, text: string): Promise<void> {
    const { directory } = z.object({ directory: z.string() }).parse(JSON.parse(readFileSync(join(program.home, 'cluster.json'), 'utf8')));
    const lines = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const client = new pg.Client({ host: lines[4] ?? '', port: Number(lines[3]), database: 'steward', user: 'steward_owner' });
    await client.connect();
    await client.query(
      `with mail as (insert into messages (id, company_id, class, direction, state, person_id, from_email, to_email, subject, text, thread_id, reply_class, message_id, created_at)
         select i, p.company_id, 'transactional', 'inbound', 'received', p.id, p.email, 'us@nordlicht.example', 'Re: Offer', $2, i, 'interested', '<in-1@firm.example>', now()
           from people p, gen_random_uuid() i where p.full_name = $1 returning *)
       insert into interactions (id, company_id, person_id, lead_id, type, direction, content, message_id, created_at)
       select gen_random_uuid(), m.company_id, m.person_id, l.id, 'email', 'inbound', m.text, m.id, m.created_at from mail m join leads l on l.person_id = m.person_id`,
      [name, text],
    );
    await client.end();
  }

  async function open(width: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.exposeFunction('mouseUsed', (what: string) => mice.push(what));
    await page.addInitScript(
      `addEventListener('pointerdown', (event) => { if (event.isTrusted) window.mouseUsed(event.pointerType + ' on ' + event.target.outerHTML.slice(0, 80)); }, true)`,
    );
    await page.goto(program.url);
    return page;
  }

  /** Tab, and again, until what is meant has the focus: by its label, as it is read out. */
  async function tabTo(page: Page, wanted: RegExp, back = false): Promise<void> {
    const seen: string[] = [];
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      const name = await page.evaluate<string>(
        `(() => { const on = document.activeElement; if (on === null || on === document.body) return ''; return (on.getAttribute('aria-label') ?? on.labels?.[0]?.textContent ?? on.textContent ?? '').trim(); })()`,
      );
      if (wanted.test(name)) return;
      seen.push(name.slice(0, 40));
      await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    }
    throw new Error(`Nothing like ${String(wanted)} is reached with Tab; these are: ${[...new Set(seen)].join(' | ')}`);
  }

  async function press(page: Page, ...keys: string[]): Promise<void> {
    for (const key of keys) await page.keyboard.press(key);
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('Email').waitFor();
    await tabTo(page, /^Email/);
    await page.keyboard.type(email);
    await tabTo(page, /^Password/);
    await page.keyboard.type(password);
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
  }

  const row = (page: Page, name: string) => page.locator('[data-row]', { hasText: name });

  async function toLeads(page: Page): Promise<void> {
    await press(page, 'g', 'l');
    await page.locator('[data-row="0"] a').waitFor();
  }

  /** The row under the cursor, by name: `j` until it is there. */
  async function cursorOn(page: Page, name: string): Promise<void> {
    await row(page, name).waitFor();
    const index = Number(await row(page, name).getAttribute('data-row'));
    await press(page, 'Home');
    for (let step = 0; step < index; step++) await press(page, 'j');
    await expect.poll(() => page.evaluate<string>(`document.activeElement?.getAttribute('data-row') ?? ''`)).toBe(String(index));
  }

  async function writeNote(page: Page, text: string): Promise<void> {
    await press(page, 'n');
    await page.keyboard.type(text);
    await press(page, 'Control+Enter');
    await page
      .getByRole('list', { name: /Everything that happened/ })
      .getByText(text)
      .waitFor();
    await press(page, 'Tab');
  }

  async function setStatus(page: Page, status: string): Promise<void> {
    await press(page, 's');
    await page.keyboard.type(status);
    await page.getByText(`Status is now ${status.toLowerCase()}.`).waitFor();
    await expect.poll(() => page.getByLabel('Status of the lead').inputValue()).toBe(status.toLowerCase());
  }

  test('from signing in to the saved view of the evening, at 1280 px', async () => {
    const page = await open(1280);
    await signIn(page);

    // A lead is opened; a note, a task, a status.
    await toLeads(page);
    await cursorOn(page, 'Carla Nunez');
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Carla Nunez' }).waitFor();
    await page.getByLabel('Status of the lead').waitFor();
    await writeNote(page, 'Met her at the fair');
    await press(page, 't');
    await page.keyboard.type('Send the offer');
    await press(page, 'Enter');
    await page.getByText('Task added.').waitFor();
    await setStatus(page, 'Qualified');

    // Enrolled in a sequence, from the list.
    await press(page, 'Tab');
    await toLeads(page);
    await cursorOn(page, 'Ben Okafor');
    await press(page, 'r');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    await press(page, 'Enter');
    await page.getByRole('button', { name: 'Enrol 1 person' }).waitFor();
    await tabTo(page, /^Enrol 1 person/);
    await press(page, 'Enter');
    await page.getByText(/^1 person enrolled in /).waitFor();

    // The received mail stands on Today; it is answered.
    await press(page, 'g', 't');
    await page.getByRole('link', { name: /Ann Lee replied/ }).waitFor();
    await tabTo(page, /Ann Lee replied/);
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Ann Lee' }).waitFor();
    await press(page, 'r');
    await page.getByRole('dialog', { name: 'Answer Ann Lee' }).waitFor();
    await page.getByLabel('Answer', { exact: true }).waitFor();
    await tabTo(page, /^Answer$/);
    await page.keyboard.type('Monday at ten it is.');
    await press(page, 'Control+Enter');
    await page.getByText('It is on its way.').waitFor();

    // A file comes in.
    await press(page, 'g', 'l');
    await tabTo(page, /^Import$/);
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Import leads' }).waitFor();
    await tabTo(page, /^Choose a file$/);
    const chooser = page.waitForEvent('filechooser');
    await press(page, 'Enter');
    await (
      await chooser
    ).setFiles({
      name: 'fair.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Name,Email\nEve Moss,eve@fair.example\nFinn Ray,finn@fair.example\n'),
    });
    await page.getByRole('button', { name: /^Import 2 rows$/ }).waitFor();
    await tabTo(page, /^Import 2 rows$/);
    await press(page, 'Enter');
    await page.getByRole('heading', { name: /2 new/ }).waitFor();

    // Back to the list: a filter, kept as a view, and found again.
    await toLeads(page);
    await row(page, 'Eve Moss').waitFor();
    await tabTo(page, /^Filter$/);
    await press(page, 'Enter');
    await page.keyboard.type('Status');
    await press(page, 'Enter');
    await page.getByRole('option', { name: 'Qualified' }).waitFor();
    await page.keyboard.type('Qualified');
    await press(page, 'Enter');
    await page.waitForURL(/status=qualified/);
    await page.getByText('1 lead that match').or(page.getByText('1 lead that matches')).waitFor();
    await tabTo(page, /^View: All leads/, true);
    await press(page, 'Enter');
    await page.getByRole('menuitem', { name: /Save as a new view/ }).waitFor();
    await page.keyboard.type('Save as');
    await press(page, 'Enter');
    await page.getByRole('dialog', { name: 'Save this view' }).waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.type('Warm');
    await press(page, 'Enter');
    await page.waitForURL(/view=/);
    await press(page, 'g', 't');
    await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
    await toLeads(page);
    await row(page, 'Eve Moss').waitFor();
    await tabTo(page, /^View: All leads/);
    await press(page, 'Enter');
    await page.getByRole('menuitem', { name: 'Warm' }).waitFor();
    await page.keyboard.type('Warm');
    await press(page, 'Enter');
    await page.waitForURL(/status=qualified/);
    await row(page, 'Carla Nunez').waitFor();
    expect(await page.locator('[data-row]').count()).toBe(1);
    expect(mice).toEqual([]);
    await page.context().close();
  });

  test('from signing in to a lead with a note and a status, at 360 px', async () => {
    const page = await open(360);
    await signIn(page);
    await toLeads(page);
    await cursorOn(page, 'Ann Lee');
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Ann Lee' }).waitFor();
    await page.getByLabel('Status of the lead').waitFor();
    await writeNote(page, 'Called from the train');
    await setStatus(page, 'Engaged');
    await press(page, 'Tab');
    await toLeads(page);
    await row(page, 'Ann Lee').getByText('Engaged').waitFor();
    expect(mice).toEqual([]);
    await page.context().close();
  });
});
