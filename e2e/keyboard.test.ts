import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath, newContext } from './browser.ts';
import { ADA, openStage, type Stage } from './stage.ts';
import { chooseByTyping, focused, pickByTyping, until } from './waiting.ts';

const executable = chromiumPath();
const { email, password } = ADA;
/** Further than any page is long. */
const MOST_TABS = 120;

describe.skipIf(executable === null)('a day of work by keyboard alone', () => {
  let stage: Stage;
  const mice: string[] = [];

  beforeAll(async () => {
    stage = await openStage(executable, { environment: { SENDING_HOURS: 'always' } });
    for (const name of ['Ann Lee', 'Ben Okafor', 'Carla Nunez']) {
      const lead = { name, email: `${name.split(' ')[0]?.toLowerCase()}@firm.example`, enrol: false };
      await stage.make('/api/lead-nurturing/leads', lead);
    }
    await received('Ann Lee', 'Yes, call me on Monday');
  });

  afterAll(async () => {
    await stage?.close();
  });

  const items: Stage['list'] = (path) => stage.list(path);
  const lead = async (name: string) => (await items(`/api/lead-nurturing/leads?q=${encodeURIComponent(name)}`))[0];

  /** A mail that came in, as the mailbox would have left it. */
  async function received(name: string, text: string): Promise<void> {
    const { directory } = z
      .object({ directory: z.string() })
      .parse(JSON.parse(readFileSync(join(stage.program.home, 'cluster.json'), 'utf8')));
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
    const page = await (await newContext(stage.browser, { viewport: { width, height: 800 } })).newPage();
    await page.exposeFunction('mouseUsed', (what: string) => mice.push(what));
    await page.addInitScript(
      `addEventListener('pointerdown', (event) => { if (event.isTrusted) window.mouseUsed(event.pointerType + ' on ' + event.target.outerHTML.slice(0, 80)); }, true)`,
    );
    // From the start: the browser needs a moment to learn that the test answers when a file is asked for.
    page.on('filechooser', () => undefined);
    await page.goto(stage.program.url);
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

  /** `g` and a letter: two keys that count as one when the second comes soon. */
  async function go(page: Page, letter: string, there: string): Promise<void> {
    await until(() => press(page, 'g', letter), page.getByRole('heading', { level: 1, name: new RegExp(`^${there}`) }));
  }

  async function toLeads(page: Page): Promise<void> {
    await go(page, 'l', 'Leads');
    await page.locator('[data-row="0"] a').waitFor();
  }

  /** The cursor on the row of this name: `j` until it is there. */
  async function cursorOn(page: Page, name: string): Promise<void> {
    await row(page, name).waitFor();
    await until(
      async () => {
        const index = Number(await row(page, name).getAttribute('data-row'));
        await press(page, 'Home');
        for (let step = 0; step <= index; step++) {
          await page.locator(`[data-row="${step}"]:focus`).waitFor();
          if (step < index) await press(page, 'j');
        }
      },
      row(page, name).and(page.locator(':focus')),
    );
  }

  /** Letters are shortcuts again: no field has the focus. */
  async function outOfField(page: Page): Promise<void> {
    await press(page, 'Tab');
    await page.locator(':is(input:not([type=checkbox], [type=radio]), textarea, select):focus').waitFor({ state: 'detached' });
  }

  async function writeNote(page: Page, text: string): Promise<void> {
    await page.getByLabel('Write a note').waitFor();
    await until(() => press(page, 'n'), page.getByLabel('Write a note').and(page.locator(':focus')));
    await page.keyboard.type(text);
    await press(page, 'Control+Enter');
    await page
      .getByRole('list', { name: /Everything that happened/ })
      .getByText(text)
      .waitFor();
    await outOfField(page);
  }

  /** By the first letter of its name: no other status begins with it. */
  async function setStatus(page: Page, name: string, status: string): Promise<void> {
    const select = page.getByLabel('Status of the lead');
    await select.waitFor();
    await until(() => press(page, 's'), select.and(page.locator(':focus')));
    await page.keyboard.type(status.slice(0, 1));
    await expect.poll(() => select.inputValue()).toBe(status);
    await expect.poll(async () => (await lead(name))?.['status']).toBe(status);
    await outOfField(page);
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
    const task = page.getByRole('textbox', { name: 'What is to be done' });
    await until(() => press(page, 't'), task.and(page.locator(':focus')));
    await page.keyboard.type('Send the offer');
    await press(page, 'Enter');
    await expect.poll(async () => (await items('/api/tasks')).map(({ title }) => title)).toContain('Send the offer');
    await task.waitFor({ state: 'detached' });
    await setStatus(page, 'Carla Nunez', 'qualified');

    // Enrolled in a sequence, from the list.
    await toLeads(page);
    await cursorOn(page, 'Ben Okafor');
    await press(page, 'r');
    await pickByTyping(page, 'Enrol in a sequence', 'Lead nurturing', 'lead');
    await page.getByRole('button', { name: 'Enrol 1 person' }).and(page.locator(':enabled')).waitFor();
    await tabTo(page, /^Enrol 1 person/);
    await press(page, 'Enter');
    await expect.poll(async () => (await items(`/api/runs?subject_id=${String((await lead('Ben Okafor'))?.['id'])}`)).length).toBe(1);
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // The received mail stands on Today; it is answered.
    await go(page, 't', 'Good ');
    await page.getByRole('link', { name: /Ann Lee replied/ }).waitFor();
    await tabTo(page, /Ann Lee replied/);
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Ann Lee' }).waitFor();
    await until(() => press(page, 'r'), page.getByRole('textbox', { name: 'Answer to Ann Lee' }));
    await focused(page, 'textbox', 'Answer to Ann Lee');
    await page.keyboard.type('Monday at ten it is.');
    await press(page, 'Control+Enter');
    await page.getByRole('article').filter({ hasText: 'Monday at ten it is.' }).waitFor();
    await until(() => press(page, 'Escape'), page.locator('body:not(:has(textarea:focus))'));
    await expect
      .poll(async () => (await items('/api/messages?direction=outbound')).map(({ to_email }) => to_email))
      .toContain('ann@firm.example');

    // A file comes in.
    await toLeads(page);
    await tabTo(page, /^Import$/);
    await press(page, 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Import' }).waitFor();
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
    await page
      .getByRole('button', { name: /^Import 2 rows$/ })
      .and(page.locator(':enabled'))
      .waitFor();
    await tabTo(page, /^Import 2 rows$/);
    await press(page, 'Enter');
    await page.getByRole('heading', { name: /2 new/ }).waitFor();

    // Back to the list: a filter, kept as a view, and found again.
    await toLeads(page);
    await row(page, 'Eve Moss').waitFor();
    await tabTo(page, /^Filter$/);
    await press(page, 'Enter');
    await pickByTyping(page, 'Filter by', 'Status', 'Status');
    await pickByTyping(page, 'Status', 'Qualified', 'Qualified');
    await page.waitForURL(/status=qualified/);
    await page.getByText('1 lead that match').or(page.getByText('1 lead that matches')).waitFor();
    await tabTo(page, /^View: All leads/, true);
    await press(page, 'Enter');
    await chooseByTyping(page, /^Save as a new view/, 'S');
    await page.getByRole('dialog', { name: 'Save this view' }).waitFor();
    await focused(page, 'textbox', 'Name');
    await page.keyboard.type('Warm');
    await press(page, 'Enter');
    await page.waitForURL(/view=/);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await go(page, 't', 'Good ');
    await toLeads(page);
    await row(page, 'Eve Moss').waitFor();
    await tabTo(page, /^View: All leads/);
    await press(page, 'Enter');
    await chooseByTyping(page, 'Warm', 'W');
    await page.waitForURL(/status=qualified/);
    await row(page, 'Carla Nunez').waitFor();
    await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
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
    await setStatus(page, 'Ann Lee', 'engaged');
    await toLeads(page);
    await row(page, 'Ann Lee').getByText('Engaged').waitFor();
    expect(mice).toEqual([]);
    await page.context().close();
  });
});
