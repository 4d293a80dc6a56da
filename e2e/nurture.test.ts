import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dovecot, hasDovecot, type Dovecot } from '#testing/dovecot.ts';
import { smtpSink, type SmtpSink, type SunkMail } from '#testing/smtp-sink.ts';
import { chromiumPath, newContext, openBrowser } from './browser.ts';
import { startProgram, type Program } from './program.ts';
import { setUp } from './stage.ts';

const executable = chromiumPath();
const mailboxes = hasDovecot();

/** The main job, through the real thing: browser, program, PostgreSQL, an SMTP server, a mailbox on Dovecot. */
describe.skipIf(executable === null || !mailboxes)('a lead is nurtured from capture to reply', () => {
  let program: Program;
  let browser: Browser;
  let page: Page;
  let outside: SmtpSink;
  let mailbox: Dovecot;

  beforeAll(async () => {
    [program, browser, outside, mailbox] = await Promise.all([
      startProgram({ SENDING_HOURS: 'always' }, inject('home')),
      openBrowser(executable ?? ''),
      smtpSink(),
      dovecot(),
    ]);
    page = await (await newContext(browser)).newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    await Promise.all([outside?.close(), mailbox?.close()]);
  });

  test('set-up', async () => {
    await setUp(page, program);
  });

  test('a mail server and a mailbox are connected and tested', async () => {
    await page.goto(`${program.url}/connections`);
    await connect('Email by SMTP', { host: '127.0.0.1', port: String(outside.port), 'from email': mailbox.user, 'from name': 'Ada Lind' });
    await connect('Replies by IMAP', { host: '127.0.0.1', port: String(mailbox.port), username: mailbox.user, password: mailbox.password });
    await page.getByRole('link', { name: /^Sending: Held/ }).waitFor();
  });

  test('a messy file comes in, its faults named, its people enrolled', async () => {
    await page.goto(`${program.url}/leads/import`);
    await page.getByRole('button', { name: 'Try the sample' }).click();
    await page.getByText('new leads', { exact: true }).waitFor();
    await page.getByLabel('Enrol new leads in nurturing').check();
    await page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click();
    await page.getByRole('heading', { name: /\d+ new, \d+ merged, \d+ refused/ }).waitFor();
    await expect.poll(() => page.locator('main').innerText()).toMatch(/not an? (valid )?(email )?address|email/i);
  });

  test('nothing leaves before the launch; the launch shows what will', async () => {
    await page.goto(`${program.url}/outbox`);
    // Every letter of those who came in is written: what the page counts while it is launched is what leaves.
    await expect.poll(() => waiting()).toBeGreaterThanOrEqual(9);
    await expect.poll(async () => (await waiting()) === (await enrolled())).toBe(true);
    await page.reload();
    expect(outside.mails).toHaveLength(0);
    await page.getByRole('button', { name: 'Look and launch' }).click();
    const dialog = page.getByRole('dialog', { name: 'Launch sending' });
    await dialog.getByRole('button', { name: /^Launch and send \d+ messages$/ }).click();
    await page.getByRole('link', { name: /^Sending: Live/ }).waitFor();
  });

  test('each arrives once at the mail server, with what the law and the mailbox providers ask for', async () => {
    const expected = await enrolled();
    await expect.poll(() => outside.mails.filter(isNurturing).length).toBe(expected);
    for (const mail of outside.mails.filter(isNurturing)) {
      expect(header(mail, 'List-Unsubscribe')).toMatch(/<https?:\/\/[^>]+\/u\/[^>]+>/);
      expect(header(mail, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
      expect(body(mail)).toContain('Torstraße 1, 10119 Berlin');
      expect(body(mail)).not.toMatch(/\{\{|\}\}|undefined|\[name\]/i);
    }
    expect([...outside.counts.values()].every((count) => count === 1)).toBe(true);
  });

  test('a reply stops that person’s run and stands on the timeline', async () => {
    const mail = mailTo('ava.lindqvist@northwind.example');
    // The mail is at the server a moment before its step is journaled.
    await expect.poll(async () => (await runOf('ava.lindqvist@northwind.example')).state).toBe('waiting');
    await mailbox.deliver(
      [
        'From: Ava Lindqvist <ava.lindqvist@northwind.example>',
        `To: ${mailbox.user}`,
        `Subject: Re: ${header(mail, 'Subject')}`,
        'Message-ID: <reply-1@northwind.example>',
        `In-Reply-To: ${mail.messageId}`,
        `References: ${mail.messageId}`,
        `Date: ${new Date().toUTCString()}`,
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Yes, that sounds good. Could you call me on Thursday?',
        '',
        '> Hello Ava',
      ].join('\r\n'),
    );
    await expect.poll(async () => (await runOf('ava.lindqvist@northwind.example')).state, { timeout: 120_000 }).not.toBe('waiting');
    await expect.poll(async () => JSON.stringify(await runOf('ava.lindqvist@northwind.example'))).toContain('message.replied');
    await page.goto(`${program.url}/people/${await personOf('ava.lindqvist@northwind.example')}`);
    const timeline = page.getByRole('list', { name: /Everything that happened/ });
    await timeline.getByText('Could you call me on Thursday?').first().waitFor();
    // The others are as they were.
    await expect.poll(async () => (await runOf('ben.okafor@harbor-cafe.example')).state).toBe('waiting');
  });

  test('a GET of the unsubscribe link shows a page and changes nothing; the one-click POST unsubscribes', async () => {
    const address = 'ben.okafor@harbor-cafe.example';
    const url = /<(https?:[^>]+)>/.exec(header(mailTo(address), 'List-Unsubscribe'))?.[1] ?? '';
    const shown = await fetch(url, { redirect: 'error' });
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain('<form');
    expect((await leadOf(address)).opted_out).toBe(false);

    const clicked = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(clicked.ok).toBe(true);
    await expect.poll(async () => (await leadOf(address)).status).toBe('unsubscribed');
    await expect.poll(async () => (await leadOf(address)).opted_out).toBe(true);
    await expect.poll(async () => (await runOf(address)).state).not.toBe('waiting');
  });

  async function connect(connector: string, values: Readonly<Record<string, string>>): Promise<void> {
    await page.getByRole('button', { name: `Connect ${connector}` }).click();
    const dialog = page.getByRole('dialog', { name: `Connect ${connector}` });
    for (const [label, value] of Object.entries(values))
      await dialog
        .getByLabel(new RegExp(`^${label}`, 'i'))
        .first()
        .fill(value);
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText(new RegExp(`^${connector} works`)).waitFor();
    await dialog.waitFor({ state: 'detached' });
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API, asserted on where it is used
  async function get(path: string): Promise<any> {
    const answer = await page.request.get(`${program.url}${path}`);
    expect(answer.status(), path).toBe(200);
    return answer.json();
  }

  const waiting = async (): Promise<number> => (await get('/api/sending/preview')).waiting;
  const enrolled = async (): Promise<number> =>
    (await get('/api/runs?limit=200')).items.filter((run: { step_id: string }) => run.step_id !== null).length;
  const leadOf = async (address: string) => (await get(`/api/lead-nurturing/leads?q=${encodeURIComponent(address)}`)).items[0];
  const personOf = async (address: string): Promise<string> => (await leadOf(address)).person_id;
  const runOf = async (address: string) => (await get(`/api/runs?subject_id=${(await leadOf(address)).id}`)).items[0];

  function mailTo(address: string): SunkMail {
    const found = outside.mails.find((mail) => mail.to === address);
    if (found === undefined) throw new Error(`no mail to ${address}`);
    return found;
  }
});

/** Mail to leads, as opposed to what the owner is told. */
function isNurturing(mail: SunkMail): boolean {
  return mail.to !== 'ada@nordlicht.example';
}

function header({ raw }: SunkMail, name: string): string {
  const unfolded = (raw.split(/\r?\n\r?\n/)[0] ?? '').replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
}

/** The text as a reader sees it: quoted-printable undone. */
function body({ raw }: SunkMail): string {
  const bytes = raw.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
