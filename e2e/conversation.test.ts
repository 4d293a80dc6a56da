import { simpleParser, type ParsedMail } from 'mailparser';
import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dovecot, hasDovecot, type Dovecot } from '#testing/dovecot.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { chromiumPath } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

const executable = chromiumPath();
const mailboxes = hasDovecot();
const ANN = 'ann@customer.test';

/** What Ann writes, and what Ada answers: ten mails. */
const TALK = [
  ['Do you repair heat pumps, too?', 'We do. Which make is it?'],
  ['A Vaillant, eight years old.', 'Then we have the parts. Does Tuesday suit you?'],
  ['Tuesday is bad. Thursday?', 'Thursday at nine, then.'],
  ['Nine is fine. What will it cost?', 'Two hours of work: about 240 euros.'],
  ['Agreed. See you on Thursday.', 'See you then. Anna comes with our van.'],
] as const;

/**
 * No cloud: Steward sends by SMTP, a mail server puts each mail into a mailbox on Dovecot; Ann reads hers by IMAP as a mail client does, and answers as mail
 * clients do: with References, with In-Reply-To alone, as HTML with the quoted mail below, and with neither header.
 */
describe.skipIf(executable === null || !mailboxes)('a conversation of ten mails between Steward and a mail client', () => {
  let stage: Stage;
  let server: Dovecot;
  let outside: SmtpSink;
  let page: Page;
  let personId = '';
  const undelivered: unknown[] = [];

  beforeAll(async () => {
    server = await dovecot([ANN]);
    outside = await smtpSink({
      onMail: (mail) =>
        void server.deliver(mail.raw, 'INBOX', mail.to === ANN ? ANN : server.user).catch((error: unknown) => undelivered.push(error)),
    });
    stage = await openStage(executable, { environment: { SENDING_HOURS: 'always', SENDING: 'launched' } });
    const { user, password } = server;
    const smtp = { host: '127.0.0.1', port: outside.port, from_email: user, from_name: 'Ada Lind' };
    await stage.make('/api/connections', { connector: 'smtp', credentials: smtp });
    await stage.make('/api/connections', {
      connector: 'imap',
      credentials: { host: '127.0.0.1', port: server.port, username: user, password },
    });
    personId = String((await stage.make('/api/people', { full_name: 'Ann Sommer', email: ANN }))['id']);
    page = await stage.open('/conversations');
  });

  afterAll(async () => {
    await stage?.close();
    await Promise.all([outside?.close(), server?.close()]);
  });

  test('is whole and in order on the page, and in one thread in the client’s mailbox', async () => {
    let last: ParsedMail | null = null;
    for (const [turn, [asks, answers]] of TALK.entries()) {
      await annWrites(turn, asks, last);
      if (turn === 0) await page.getByRole('link', { name: /Ann Sommer/ }).click();
      const messages = page.getByRole('region', { name: 'Messages with Ann Sommer' });
      await messages.getByText(asks, { exact: true }).waitFor();
      const box = page.getByRole('textbox', { name: 'Answer to Ann Sommer' });
      await box.fill(answers);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await messages.getByText(answers, { exact: true }).waitFor();
      await expect.poll(async () => (await server.inbox(ANN)).length, { timeout: 60_000 }).toBe(turn + 1);
      last = await simpleParser((await server.inbox(ANN)).at(-1) ?? '');
      expect(last.text).toContain(answers);
    }
    expect(undelivered).toEqual([]);

    const said = page.getByRole('region', { name: 'Messages with Ann Sommer' }).locator('[data-message] article > div');
    await expect.poll(() => said.count()).toBe(10);
    const texts = await said.evaluateAll((elements) => elements.map((element) => element.textContent ?? ''));
    for (const [place, text] of TALK.flat().entries()) expect(texts[place]).toContain(text);
    // What she quoted is folded; her own words stand.
    expect(texts.filter((text) => text.includes('wrote:'))).toEqual([]);
    await page.getByRole('button', { name: 'Show what is quoted' }).first().click();
    await page
      .getByText(/wrote:/)
      .first()
      .waitFor();

    const messages = await stage.list(`/api/messages?person_id=${personId}&limit=50`);
    expect(messages).toHaveLength(10);
    expect(new Set(messages.map((message) => message['thread_id'])).size).toBe(1);
    expect([...outside.counts.values()].every((count) => count === 1)).toBe(true);
    await annsThreadIsWhole();
  });

  /** Each mail of ours names all before it that Ann's client would hang it under, and is a letter, not a machine's. */
  async function annsThreadIsWhole(): Promise<void> {
    const mails = await Promise.all((await server.inbox(ANN)).map((raw) => simpleParser(raw)));
    expect(mails.map((mail) => mail.subject)).toEqual(Array.from({ length: 5 }, () => 'Re: My heat pump'));
    for (const [place, mail] of mails.entries()) {
      const references = [mail.references ?? []].flat();
      expect(mail.inReplyTo).toBeTruthy();
      expect(references.at(-1)).toBe(mail.inReplyTo);
      expect(mail.headers.has('auto-submitted')).toBe(false);
      // Down to her first mail, whatever her clients left out.
      expect(references[0]).toBe('<ann-0@customer.test>');
      expect(references).toHaveLength(2 * place + 1);
    }
  }

  /** As mail programs answer: the fields differ, the thread must not. */
  async function annWrites(turn: number, text: string, last: ParsedMail | null): Promise<void> {
    const quoted = `\n\nOn Thu, 19 Nov 2026 at 09:00, Ada Lind <${server.user}> wrote:\n${(last?.text ?? '')
      .trim()
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n')}\n`;
    const before = last?.messageId ?? '';
    const chain = [...[last?.references ?? []].flat(), before];
    const transport = createTransport({ host: '127.0.0.1', port: outside.port, secure: false, ignoreTLS: true });
    await transport.sendMail({
      from: `Ann Sommer <${ANN}>`,
      to: server.user,
      messageId: `<ann-${turn}@customer.test>`,
      subject: turn === 0 ? 'My heat pump' : 'Re: My heat pump',
      ...(turn === 3
        ? {
            html: `<p>${text}</p><div class="gmail_quote">On Thu, Ada Lind &lt;${server.user}&gt; wrote:<br><blockquote>${last?.text ?? ''}</blockquote></div>`,
          }
        : { text: turn === 0 ? text : text + quoted }),
      ...(turn === 1 || turn === 3 ? { inReplyTo: before, references: chain } : {}),
      ...(turn === 2 ? { inReplyTo: before } : {}),
    });
    transport.close();
  }
});
