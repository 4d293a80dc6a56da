import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CredentialsRejected, VendorUnavailable } from '#core/connector/errors.ts';
import type { InboundEmail } from '#core/ports/email.ts';
import { dovecot, hasDovecot, type Dovecot } from '#testing/dovecot.ts';
import imap from './connector.ts';
import { parseCursor } from './cursor.ts';

const options = { baseUrl: undefined };

const aMail = (subject: string) =>
  `From: Ann <ann@example.test>\nTo: inbox@acme.test\nSubject: ${subject}\nMessage-ID: <${subject}@example.test>\nDate: ${new Date().toUTCString()}\n\nHello ${subject}\n`;
const subjects = (mails: readonly InboundEmail[]) =>
  mails.map((mail) => /^Subject: (.*)$/m.exec(Buffer.from(mail.raw).toString())?.[1]?.trim());

describe.skipIf(!hasDovecot())('a real mailbox', () => {
  let server: Dovecot;
  beforeAll(async () => void (server = await dovecot()));
  afterAll(() => server.close());

  const credentials = (changes: Record<string, unknown> = {}) =>
    imap.credentials.parse({ host: '127.0.0.1', port: server.port, username: server.user, password: server.password, ...changes });

  /** Watches until stopped; collects what was handed over. */
  function watch(cursor: string | null, fail?: (mails: readonly InboundEmail[]) => boolean) {
    const mails: InboundEmail[] = [];
    const state = { cursor };
    const stop = new AbortController();
    const ended = imap.inboundEmail?.(credentials(), options).watch(
      cursor,
      async (batch, next) => {
        if (fail?.(batch) === true) throw new Error('database away');
        mails.push(...batch);
        state.cursor = next;
      },
      stop.signal,
    );
    return {
      mails,
      state,
      stop: () => {
        stop.abort();
        return ended;
      },
      ended,
    };
  }

  test('reads what is there, then hears of what comes; from the cursor on it reads nothing twice', async () => {
    await server.deliver(aMail('first'));
    const one = watch(null);
    await vi.waitFor(() => expect(subjects(one.mails)).toEqual(['first']), 60_000);
    await server.deliver(aMail('second'));
    await vi.waitFor(() => expect(subjects(one.mails)).toEqual(['first', 'second']), 60_000);
    await one.stop();
    expect(one.mails[1]?.externalId).toMatch(/^INBOX\/\d+\/\d+$/);
    expect(parseCursor(one.state.cursor)?.uid).toBe(Number(one.mails[1]?.externalId.split('/')[2]));

    await server.deliver(aMail('third'));
    const two = watch(one.state.cursor);
    await vi.waitFor(() => expect(subjects(two.mails)).toEqual(['third']), 60_000);
    await two.stop();
  });

  test('a mail that could not be stored is read again', async () => {
    const start = watch(null);
    await vi.waitFor(() => expect(start.state.cursor).not.toBeNull(), 60_000);
    await start.stop();
    await server.deliver(aMail('unlucky'));
    const failing = watch(start.state.cursor, (mails) => mails.length > 0);
    await expect(failing.ended).rejects.toThrow('database away');
    expect(failing.state.cursor).toBe(start.state.cursor);
    const again = watch(failing.state.cursor);
    await vi.waitFor(() => expect(subjects(again.mails)).toEqual(['unlucky']), 60_000);
    await again.stop();
  });

  test('after the mailbox was renumbered it looks back, and the mails say by their Message-ID that they are the same', async () => {
    const before = watch(null);
    await vi.waitFor(() => expect(before.mails.length).toBeGreaterThan(0), 60_000);
    await before.stop();
    const stale = `1:${parseCursor(before.state.cursor)?.uid ?? 0}`; // another UIDVALIDITY than the server's
    const after = watch(stale);
    await vi.waitFor(() => expect(subjects(after.mails).length).toBe(subjects(before.mails).length), 60_000);
    await after.stop();
    expect(parseCursor(after.state.cursor)?.uidValidity).toBe(parseCursor(before.state.cursor)?.uidValidity);
  });

  test('a lost connection is VendorUnavailable: the caller comes back', async () => {
    const one = watch(null);
    await vi.waitFor(() => expect(one.state.cursor).not.toBeNull(), 60_000);
    one.ended?.catch(() => undefined); // awaited below
    await server.hangUp();
    await expect(one.ended).rejects.toThrow(VendorUnavailable);
  });

  test('a wrong password is CredentialsRejected; the right one says what it sees', async () => {
    await expect(imap.verify(credentials({ password: 'wrong' }), options)).rejects.toThrow(CredentialsRejected);
    expect(await imap.verify(credentials(), options)).toMatch(/^inbox@acme\.test at 127\.0\.0\.1, \d+ mails in INBOX$/);
  });
});

test('a server that is not there is VendorUnavailable', async () => {
  const nowhere = imap.credentials.parse({ host: '127.0.0.1', port: 1, username: 'a', password: 'b' });
  await expect(imap.verify(nowhere, options)).rejects.toThrow(VendorUnavailable);
});

test('knows a cursor from other text', () => {
  expect(parseCursor('17:4')).toEqual({ uidValidity: '17', uid: 4 });
  expect(parseCursor('17')).toBeNull();
  expect(parseCursor(null)).toBeNull();
});
