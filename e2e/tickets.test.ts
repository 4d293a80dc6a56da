import { simpleParser, type ParsedMail } from 'mailparser';
import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dovecot, hasDovecot, type Dovecot } from '#testing/dovecot.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { chromiumPath } from './browser.ts';
import { picture } from './looking.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();
const mailboxes = hasDovecot();
const ANN = 'ann@customer.test';
const ALWAYS = ['00:00-24:00'];

/** No cloud: mail goes out by SMTP and comes in by IMAP, as it does for a business that reads its own mailbox. */
describe.skipIf(executable === null || !mailboxes)('a ticket, from the first mail to how they found the help', () => {
  let stage: Stage;
  let server: Dovecot;
  let outside: SmtpSink;
  let page: Page;
  const undelivered: unknown[] = [];

  beforeAll(async () => {
    server = await dovecot([ANN]);
    outside = await smtpSink({
      onMail: (mail) =>
        void server.deliver(mail.raw, 'INBOX', mail.to === ANN ? ANN : server.user).catch((error: unknown) => undelivered.push(error)),
    });
    stage = await openStage(executable, { environment: { SENDING_HOURS: 'always', SENDING: 'launched' } });
    const { user, password, port } = server;
    await stage.make('/api/connections', {
      connector: 'smtp',
      credentials: { host: '127.0.0.1', port: outside.port, from_email: user, from_name: 'Ada Lind' },
    });
    await stage.make('/api/connections', { connector: 'imap', credentials: { host: '127.0.0.1', port, username: user, password } });
    await stage.make('/api/tickets/addresses', { address: user, priority: 'high' });
    const hours = { mon: ALWAYS, tue: ALWAYS, wed: ALWAYS, thu: ALWAYS, fri: ALWAYS, sat: ALWAYS, sun: ALWAYS };
    await stage.ask('PATCH', '/api/tickets/settings', { hours, keep_holidays: false });
    const ask = { id: 'ask', title: 'How was it?', type: 'ticket_survey', input: { text: 'How did you find our help?' } };
    const end = { id: 'end', title: 'Asked', type: 'end', input: { outcome: 'asked' } };
    const triggers = [{ on: 'event', event: 'ticket.solved' }];
    await stage.make('/api/workflows', {
      definition: { name: 'ask', title: 'Ask', subject: 'ticket', triggers, stopOn: [], settings: {}, steps: [ask, end] },
      active: true,
    });
    page = await stage.open('/tickets');
  });

  afterAll(async () => {
    await stage?.close();
    await Promise.all([outside?.close(), server?.close()]);
  });

  test('is opened by her mail, rests while she is asked, goes on at her word, and is rated', async () => {
    await annWrites('My heat pump is cold.', null);
    await page.getByRole('link', { name: /My heat pump/ }).click();
    const happened = page.getByRole('region', { name: /^What happened on #\d+$/ });
    await happened.getByText('My heat pump is cold.', { exact: true }).waitFor();
    await page
      .getByText(/^Answer in /)
      .first()
      .waitFor();
    expect(await ticket()).toMatchObject({ state: 'open', priority: 'high' });

    await answer('Since when?', 'Waits for them');
    await happened.getByText('Since when?', { exact: true }).waitFor();
    await expect.poll(async () => (await ticket())['state']).toBe('pending');
    expect(await ticket()).toMatchObject({ waiting_since: null, response_due_at: null, resolution_due_at: null });
    const asked = await received(1);
    expect([asked.subject, asked.inReplyTo]).toEqual(['Re: My heat pump', '<ann-1@customer.test>']);

    await annWrites('Since yesterday.', asked);
    await happened.getByText('Since yesterday.', { exact: true }).waitFor();
    await expect.poll(async () => (await ticket())['state']).toBe('open');
    expect((await ticket())['resolution_due_at']).not.toBeNull();

    await answer('We come at nine.', 'Solved');
    await expect.poll(async () => (await ticket())['state']).toBe('solved');
    await received(3);
    const texts = await Promise.all((await server.inbox(ANN)).map(async (raw) => (await simpleParser(raw)).text ?? ''));
    const path = texts.flatMap((text) => /\/rate\/[\w-]+/.exec(text)?.[0] ?? []).at(0) ?? '';
    const rating = await page.context().newPage();
    await rating.goto(stage.program.url + path);
    await rating.getByRole('radio', { name: 'Very good' }).check();
    await rating.getByRole('button', { name: 'Send' }).click();
    await rating.getByRole('heading', { name: 'Thank you.' }).waitFor();
    await rating.close();
    await page.getByText('5 of 5', { exact: true }).waitFor();

    await picture(page, 'ticket');
    expect(undelivered).toEqual([]);
    expect([...outside.counts.values()].every((count) => count === 1)).toBe(true);
  });

  const ticket = async () => {
    const [only] = await stage.list('/api/tickets?view=all');
    return only ?? {};
  };

  async function answer(text: string, then: string): Promise<void> {
    const box = page.getByRole('textbox', { name: 'Answer to Ann Sommer' });
    await box.fill(text);
    await page.getByRole('combobox', { name: 'After the answer' }).selectOption({ label: then });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(() => box.inputValue()).toBe('');
  }

  /** The newest mail in her mailbox once so many are there. */
  async function received(count: number): Promise<ParsedMail> {
    await expect.poll(async () => (await server.inbox(ANN)).length, { timeout: 60_000 }).toBe(count);
    return simpleParser((await server.inbox(ANN)).at(-1) ?? '');
  }

  let written = 0;
  async function annWrites(text: string, last: ParsedMail | null): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: outside.port, secure: false, ignoreTLS: true });
    const before = last?.messageId;
    await transport.sendMail({
      from: `Ann Sommer <${ANN}>`,
      to: server.user,
      messageId: `<ann-${(written += 1)}@customer.test>`,
      subject: last === null ? 'My heat pump' : 'Re: My heat pump',
      text,
      ...(before === undefined ? {} : { inReplyTo: before, references: [...[last?.references ?? []].flat(), before] }),
    });
    transport.close();
  }
});
