import { generateKeyPairSync } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import DKIM from 'nodemailer/lib/dkim';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConnection } from '#modules/connections/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { dnsServer, type DnsServer, type Zone } from '#testing/dns.ts';
import { dovecot, hasDovecot, type Dovecot } from '#testing/dovecot.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { takeIn } from '../../inbound/watch.ts';
import { examineSenders, getProbe, listCheckups, checkupHistory, probeSender } from '../../operations/doctor.ts';
import { createSender, updateSender } from '../../operations/senders.ts';
import { tendCheckups } from '../tend.ts';
import { borderOf, headersOf, receiverSays } from './received.ts';
import { lookForProbes } from './look-for.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const zone: Zone = {
  'acme.test': { TXT: ['v=spf1 ip4:203.0.113.5 ~all'], MX: [[10, 'mx.acme.test']] },
  'mx.acme.test': { A: ['203.0.113.7'] },
  'one._domainkey.acme.test': { TXT: [`v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`] },
  '_dmarc.acme.test': { TXT: ['v=DMARC1; p=quarantine; rua=mailto:dmarc@acme.test'] },
};

let app: TestApp;
let dns: DnsServer;
let sink: SmtpSink;
let connectionId: string;
beforeAll(async () => {
  [dns, sink] = await Promise.all([dnsServer(zone), smtpSink()]);
  app = await testApp({
    start: new Date(), // mailboxes have clocks of their own
    settings: { SENDING: 'held', STEWARD_DNS_SERVERS: dns.address, STEWARD_PUBLIC_URL: 'https://steward.acme.test' },
  });
  ({ id: connectionId } = await app.call(createConnection, {
    connector: 'smtp',
    credentials: { host: '127.0.0.1', port: sink.port, from_email: 'us@acme.test' },
  }));
});
afterAll(async () => {
  await app.close();
  await Promise.all([sink.close(), dns.close()]);
});

/** As the mail service signs it, and the receiver's machine takes it in. */
async function delivered(raw: string, change: (signed: string) => string = (same) => same): Promise<string> {
  const signer = new DKIM({
    domainName: 'acme.test',
    keySelector: 'one',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    headerFieldNames: 'from:to:subject:date:message-id:list-unsubscribe:list-unsubscribe-post',
  });
  const signed = (await buffer(signer.sign(raw.replace(/\r?\n/g, '\r\n')))).toString();
  return [
    'Return-Path: <us@acme.test>',
    'Authentication-Results: mx.inbox.test; dkim=pass header.d=acme.test; spf=pass smtp.mailfrom=us@acme.test; dmarc=pass',
    'Received: from mail.acme.test (mail.acme.test [203.0.113.5]) by mx.inbox.test with ESMTPS; Mon, 2 Nov 2026 09:00:01 +0000',
    change(signed),
  ].join('\r\n');
}

const wait = async (seconds: number) => {
  app.clock.advance({ seconds });
  await app.drain();
  await lookForProbes(app.runtime);
};
const states = (probe: { findings: readonly { check: string; state: string }[] }) =>
  Object.fromEntries(probe.findings.map(({ check, state }) => [check, state]));

test('the doctor looks each day, remembers what changed, and knows what broke', async () => {
  const look = () => app.call(examineSenders, { sender: 'us@acme.test' });
  const broken = async () => (await app.call(listCheckups, {})).items[0]?.broken;
  const state = async () => (await app.call(listCheckups, {})).items[0]?.findings.find(({ check }) => check === 'spf')?.state;
  expect((await look()).items[0]).toMatchObject({ address: 'us@acme.test', senderId: null, broken: [], checkedAt: app.clock.now() });

  dns.set({ ...zone, 'acme.test': { ...zone['acme.test'], TXT: ['v=spf1 +all'] } });
  app.clock.advance({ hours: 25 });
  expect(await tendCheckups(app.runtime), 'looked at again each day').toBe(1);
  expect(await tendCheckups(app.runtime)).toBe(0);
  expect(await state()).toBe('bad');
  expect(await broken()).toEqual(['spf']);

  dns.set({ ...zone, 'acme.test': { fails: 'SERVFAIL' } });
  expect((await look()).items[0]).toMatchObject({ broken: ['spf'] });

  dns.set(zone);
  await look();
  expect(await broken()).toEqual([]);
  const { items } = await app.call(checkupHistory, { sender: 'us@acme.test' });
  expect(items.map(({ changes }) => changes.filter(({ check }) => check === 'spf').map(({ from, to }) => `${from} ${to}`)).flat()).toEqual([
    'bad good',
    'good bad',
    'null good',
  ]);
  await expect(app.call(examineSenders, { sender: 'who@acme.test' })).rejects.toThrow('Mail leaves as: us@acme.test');
});

test('without a mailbox nobody could find a probe', async () => {
  await expect(app.call(probeSender, { sender: 'us@acme.test' })).rejects.toThrow('No mailbox is connected');
});

describe.skipIf(!hasDovecot())('a probe through a real mailbox', () => {
  let mailbox: Dovecot;
  let imapId: string;
  beforeAll(async () => {
    mailbox = await dovecot();
    const credentials = { host: '127.0.0.1', port: mailbox.port, username: mailbox.user, password: mailbox.password };
    ({ id: imapId } = await app.call(createConnection, { connector: 'imap', credentials }));
  });
  afterAll(() => mailbox.close());

  /** Sends one, and answers its mail as it left. */
  async function aProbe(sender = 'us@acme.test') {
    const before = sink.mails.length;
    const { id, to } = await app.call(probeSender, { sender });
    await app.drain();
    const mail = sink.mails[before];
    if (mail === undefined) throw new Error('the probe did not leave');
    expect({ to, from: mail.from }).toEqual({ to: mailbox.user, from: sender });
    return { id, mail };
  }

  test('it leaves though sending is held, is found, and its signature, SPF and DMARC are checked over what arrived', async () => {
    const { id, mail } = await aProbe();
    await wait(5);
    expect(await app.call(getProbe, { probeId: id }), 'not there yet').toMatchObject({ state: 'waiting' });
    await mailbox.deliver(await delivered(mail.raw));
    await wait(10);
    await wait(1);
    const probe = await app.call(getProbe, { probeId: id });
    expect(probe).toMatchObject({ state: 'judged', folder: 'inbox', folderName: 'INBOX', mailbox: mailbox.user, verdict: 'good' });
    expect(states(probe)).toEqual({
      probe_arrival: 'good',
      probe_dkim: 'good',
      probe_spf: 'good',
      probe_dmarc: 'good',
      probe_unsubscribe: 'good',
      probe_receiver: 'good',
    });
    expect(probe.header).toContain('DKIM-Signature');
    await tendCheckups(app.runtime);
    const [checkup] = (await app.call(listCheckups, {})).items;
    expect(checkup, 'the key that it was signed with is looked at from now on').toMatchObject({ signedWith: ['one'], probe: { id } });
    expect(checkup?.findings.find(({ check }) => check === 'dkim')).toMatchObject({
      state: 'good',
      says: expect.stringContaining('one._domainkey.acme.test'),
    });
    expect(checkup?.checklist.map(({ state }) => state)).toEqual(['good', 'good', 'good', 'good', 'good', 'good', 'unknown']);
  });

  test('a mail that was changed on the way and landed in Junk is told apart', async () => {
    const { id, mail } = await aProbe();
    await mailbox.deliver(
      await delivered(mail.raw, (signed) => signed.replace('nobody needs to answer', 'nobody needs to answer!')),
      'Junk',
    );
    await wait(5);
    await wait(1);
    const probe = await app.call(getProbe, { probeId: id });
    expect(probe).toMatchObject({ state: 'judged', folder: 'junk', verdict: 'bad' });
    expect(states(probe)).toMatchObject({ probe_arrival: 'bad', probe_dkim: 'bad', probe_spf: 'good', probe_dmarc: 'warn' });
  });

  test('it comes by the way that replies come, too, and is no reply; one that never comes is lost', async () => {
    const { id, mail } = await aProbe();
    const raw = Buffer.from(await delivered(mail.raw, (signed) => signed.replace(/^List-Unsubscribe-Post:.*\r\n/m, '')));
    await takeIn(
      app.runtime,
      { companyId: app.company.companyId, connectionId: imapId },
      [{ externalId: 'INBOX/1/99', raw, receivedAt: app.clock.now() }],
      '1:99',
    );
    await wait(1);
    const probe = await app.call(getProbe, { probeId: id });
    expect(states(probe)).toMatchObject({ probe_arrival: 'good', probe_dkim: 'bad', probe_unsubscribe: 'bad' });

    const lost = await aProbe();
    await wait(5);
    await wait(3_700);
    expect(await app.call(getProbe, { probeId: lost.id })).toMatchObject({
      state: 'lost',
      says: expect.stringContaining('within an hour'),
    });
  });

  test('of several senders, the one that was asked for sends it, even where it carries commercial mail alone', async () => {
    const one = await app.call(createSender, { address: 'news@acme.test', name: 'News', connectionId, carries: ['commercial'] });
    await app.call(createSender, { address: 'desk@acme.test', name: 'Desk', connectionId });
    await aProbe('news@acme.test');
    await app.call(updateSender, { senderId: one.id, state: 'paused' });
    const { id } = await app.call(probeSender, { sender: one.id });
    await app.drain();
    await wait(5);
    expect(await app.call(getProbe, { probeId: id })).toMatchObject({ state: 'waiting', says: 'The sender news@acme.test is paused' });
  });
});

test('what the sender’s side wrote below the receiver’s line proves nothing', () => {
  const headers = headersOf(
    Buffer.from(
      [
        'Received: by 2002:a05:6a10:1::1 with SMTP id x; Mon, 2 Nov 2026 09:00:02 +0000',
        'Authentication-Results: mx.google.com;',
        '       dkim=fail header.i=@acme.test; spf=pass (google.com: domain of us@acme.test)',
        'Received: from mail.acme.test (mail.acme.test. [2001:db8::25])',
        '        by mx.google.com with ESMTPS id y; Mon, 2 Nov 2026 09:00:01 +0000',
        'Authentication-Results: mx.google.com; dkim=pass; dmarc=pass',
        'Received: from forged (forged [198.51.100.1]) by mail.acme.test',
        'Subject: x',
        '',
        'Received: from body',
      ].join('\r\n'),
    ),
  );
  const border = borderOf(headers);
  expect(border).toMatchObject({ ip: '2001:db8::25', helo: 'mail.acme.test' });
  expect([...(receiverSays(headers, border)?.results ?? [])]).toEqual([
    ['dkim', 'fail'],
    ['spf', 'pass'],
  ]);
  expect(receiverSays(headers, null)).toBeNull();
});
