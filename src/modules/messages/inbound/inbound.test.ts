import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { modules } from '#app/modules.ts';
import { workflow } from '#core/engine/builder.ts';
import { module } from '#core/module.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { ensurePerson, parseName } from '#modules/people/public.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { dovecot, hasDovecot } from '#testing/dovecot.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { messageStep } from '../send/step.ts';
import { updateInbound } from '../operations/inbound.ts';
import { takeIn, watchMailboxes } from './watch.ts';

const letters = module({
  name: 'letters',
  operations: [],
  workflows: [
    {
      active: true,
      definition: workflow(
        'letters',
        {
          title: 'Letters',
          subject: 'lead',
          triggers: [{ on: 'event', event: 'lead.created' }],
          stopOn: ['message.replied', 'person.opted_out', 'message.bounced'],
        },
        (w) => [
          w.step('First', messageStep, { template: 'nurture-first' }),
          w.wait('Three days', { days: 3 }),
          w.step('Second', messageStep, { template: 'nurture-follow-up-1' }),
        ],
      ),
    },
  ],
});

let app: TestApp;
let sink: SmtpSink;
let connectionId: string;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: { SENDING: 'launched', FROM_EMAIL: 'us@acme.test' },
    modules: [...modules.filter((one) => one.name !== 'nurturing'), letters],
  });
  await app.call(createConnection, { connector: 'smtp', credentials: { host: '127.0.0.1', port: sink.port, from_email: 'us@acme.test' } });
  ({ id: connectionId } = await app.call(createConnection, {
    connector: 'imap',
    credentials: { host: '127.0.0.1', port: 1, username: 'us@acme.test', password: 'x' },
  }));
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const rows = <Row extends object>(text: string, ...values: unknown[]) =>
  app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));
const inbox = (email: string) =>
  rows<{ subject: string; new_text: string; reply_class: string; auto: boolean; reply_to_id: string | null; thread_id: string }>(
    `select * from messages where direction = 'inbound' and from_email = $1 order by id`,
    email,
  );
const runOf = async (personId: string) =>
  (await rows<{ state: string; outcome: string | null }>('select state, outcome from runs where person_id = $1', personId))[0];

/** A lead who got the first letter. */
async function aLead(email: string) {
  const lead = await app.call(createLeadOperation, { email, name: 'Ann Example' });
  await app.drain();
  const [first] = await rows<{ id: string; message_id: string; thread_id: string; person_id: string; subject: string }>(
    `select * from messages where to_email = $1 and direction = 'outbound' order by id`,
    email,
  );
  if (first === undefined) throw new Error('the first letter was not written');
  return { leadId: lead.id, personId: first.person_id, first };
}

let uid = 0;
/** As if the mailbox had it. */
const arrive = async (raw: string, externalId = `INBOX/1/${++uid}`) => {
  await takeIn(
    app.runtime,
    { companyId: app.company.companyId, connectionId },
    [{ externalId, raw: Buffer.from(raw.replace(/\r?\n/g, '\r\n')), receivedAt: app.clock.now() }],
    `1:${uid}`,
  );
  await app.drain();
};
const aReply = (from: string, to: { message_id: string; subject: string }, text: string, headers = '') =>
  `From: Ann Example <${from}>\nTo: us@acme.test\nSubject: Re: ${to.subject}\nMessage-ID: <${crypto.randomUUID()}@example.test>\nIn-Reply-To: ${to.message_id}\nReferences: ${to.message_id}\n${headers}Content-Type: text/plain; charset=utf-8\n\n${text}\n\nOn Tuesday Acme wrote:\n> Hi Ann,\n> thank you\n`;

test('a reply is found by the Message-ID, stops the run at once and stands on the timeline without the quoted mail', async () => {
  const { first, personId } = await aLead('ann@reply.test');
  await arrive(aReply('ann@reply.test', first, 'Yes please, tell me the price.'));
  const [mail] = await inbox('ann@reply.test');
  expect(mail).toMatchObject({ reply_class: 'interested', auto: false, reply_to_id: first.id, thread_id: first.thread_id });
  expect(mail?.new_text).not.toContain('thank you');
  expect(await runOf(personId)).toMatchObject({ state: 'cancelled', outcome: 'message.replied' });
  const touches = await rows<{ direction: string; content: string }>(
    'select direction, content from interactions where person_id = $1 order by created_at, id',
    personId,
  );
  expect(touches.map((touch) => touch.direction)).toEqual(['outbound', 'inbound']);
  expect(touches[1]?.content).toContain('tell me the price');
  await app.advance({ days: 4 });
  expect(await rows('select 1 from messages where person_id = $1 and direction = $2', personId, 'outbound')).toHaveLength(1);
});

test('the same mail twice is one, also from another place', async () => {
  const { first } = await aLead('ann@twice.test');
  const raw = aReply('ann@twice.test', first, 'Once.');
  await arrive(raw, 'INBOX/1/900');
  await arrive(raw, 'INBOX/1/900');
  await arrive(raw, 'INBOX/2/5');
  expect(await inbox('ann@twice.test')).toHaveLength(1);
});

test('a reply from another address of theirs is known by its reference; without one, the sender is enough', async () => {
  const { first, personId } = await aLead('ann@work.test');
  await arrive(aReply('ann@private.test', first, 'It is me, from home.'));
  expect(await inbox('ann@private.test')).toMatchObject([{ reply_to_id: first.id }]);
  expect(await runOf(personId)).toMatchObject({ outcome: 'message.replied' });

  const other = await aLead('bob@bare.test');
  await arrive(`From: bob@bare.test\nTo: us@acme.test\nSubject: question\nMessage-ID: <bare@bare.test>\n\nCall me.\n`);
  expect(await inbox('bob@bare.test')).toMatchObject([{ reply_to_id: other.first.id }]);
  expect(await runOf(other.personId)).toMatchObject({ outcome: 'message.replied' });
});

test("a stranger's mail is none of our business", async () => {
  const before = (await rows('select id from messages')).length;
  await arrive('From: shop@news.test\nTo: us@acme.test\nSubject: Sale\nMessage-ID: <s@news.test>\n\nBuy.\n');
  await arrive(
    'From: evil@news.test\nTo: us@acme.test\nSubject: Re: you\nIn-Reply-To: <aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.test>\n\nForged.\n',
  );
  expect((await rows('select id from messages')).length).toBe(before);
});

test('where the company says so, a stranger who writes becomes a person without lead, run or consent; programs and lists never do', async () => {
  const mail = (from: string, headers = '') =>
    `From: Bob Stranger <${from}>\nTo: us@acme.test\nSubject: A question\nMessage-ID: <${crypto.randomUUID()}@else.test>\n${headers}\nDo you build sheds?`;
  const people = (email: string) => rows<{ id: string; full_name: string }>('select id, full_name from people where email = $1', email);
  await app.call(updateInbound, { strangers: 'mailboxes', connectionIds: [connectionId] });
  await arrive(mail('bob@else.test'));
  expect(await people('bob@else.test')).toMatchObject([{ full_name: 'Bob Stranger' }]);
  expect(await inbox('bob@else.test')).toMatchObject([{ subject: 'A question', auto: false }]);
  expect(await rows('select 1 from consent_log c join people p on p.id = c.person_id where p.email = $1', 'bob@else.test')).toEqual([]);
  expect(await rows('select 1 from leads l join people p on p.id = l.person_id where p.email = $1', 'bob@else.test')).toEqual([]);
  await arrive(mail('no-reply@shop.test'));
  await arrive(mail('offers@shop.test', 'List-Unsubscribe: <mailto:out@shop.test>\n'));
  await arrive(mail('desk@shop.test', 'Auto-Submitted: auto-generated\n'));
  await arrive(mail(app.company.email));
  expect(await rows(`select 1 from people where email like '%@shop.test' or email = $1`, app.company.email)).toEqual([]);
  await app.call(updateInbound, { strangers: 'ignore' });
  await arrive(mail('eve@else.test'));
  expect(await people('eve@else.test')).toEqual([]);
  await expect(app.call(updateInbound, { connectionIds: [app.company.userId] })).rejects.toThrow('no connection that reads a mailbox');
});

test('STOP opts out in the same moment: log, person, list', async () => {
  const { first, personId } = await aLead('ann@stop.test');
  await arrive(aReply('ann@stop.test', first, 'STOP'));
  expect(await inbox('ann@stop.test')).toMatchObject([{ reply_class: 'stop' }]);
  expect(await rows('select 1 from people where id = $1 and opted_out_at is not null', personId)).toHaveLength(1);
  expect(await rows('select reason from suppressions where address = $1', 'ann@stop.test')).toEqual([{ reason: 'opt_out' }]);
  expect((await runOf(personId))?.state).toBe('cancelled');
});

test('an absence note is kept, and stops nothing', async () => {
  const { first, personId } = await aLead('ann@away.test');
  await arrive(aReply('ann@away.test', first, 'I am out of office until 15 June 2026.', 'Auto-Submitted: auto-replied\n'));
  expect(await inbox('ann@away.test')).toMatchObject([{ auto: true, reply_class: 'out_of_office' }]);
  expect((await runOf(personId))?.state).toBe('waiting');
});

const aReport = (about: string, status: string, recipient: string) => `From: MAILER-DAEMON@mx.test
To: us@acme.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <${crypto.randomUUID()}@mx.test>
Content-Type: multipart/report; report-type=delivery-status; boundary=xx

--xx
Content-Type: text/plain

Sorry.
--xx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: ${status}
Diagnostic-Code: smtp; 550 ${status} no such user

--xx
Content-Type: text/rfc822-headers

Message-ID: ${about}
Subject: x

--xx--
`;

test('a bounce that comes later suppresses the address and stops the run; one for a full mailbox does not suppress', async () => {
  const gone = await aLead('gone@later.test');
  await arrive(aReport(gone.first.message_id, '5.1.1', 'gone@later.test'));
  expect(await rows('select state from messages where id = $1', gone.first.id)).toEqual([{ state: 'refused' }]);
  expect(await rows('select reason, source from suppressions where address = $1', 'gone@later.test')).toEqual([
    { reason: 'bounce', source: 'dsn' },
  ]);
  expect(await runOf(gone.personId)).toMatchObject({ outcome: 'message.bounced' });

  const full = await aLead('full@later.test');
  await arrive(aReport(full.first.message_id, '5.2.2', 'full@later.test'));
  expect(await rows('select 1 from suppressions where address = $1', 'full@later.test')).toEqual([]);
});

test('a forged report can silence nobody: it must name a mail of ours, and counts only against its recipient', async () => {
  const { first } = await aLead('victim@forge.test');
  await aLead('mallory@forge.test');
  await arrive(aReport(`<${'a'.repeat(42)}@acme.test>`, '5.1.1', 'victim@forge.test'));
  expect(await rows('select 1 from suppressions where address = $1', 'victim@forge.test')).toEqual([]);
  await arrive(aReport(first.message_id, '5.1.1', 'somebody-else@forge.test'));
  expect(await rows('select address from suppressions where address like $1', '%@forge.test')).toEqual([{ address: 'victim@forge.test' }]);
});

test.each([
  ['nothing', ''],
  ['no headers', '\n\nhello'],
  ['binary', String.fromCharCode(...Array.from({ length: 2_000 }, (_, i) => i % 256))],
  ['a NUL and half a character', 'From: ann@hostile.test\nSubject: \u0000a\ud800b\nMessage-ID: <h1@hostile.test>\n\n\u0000\ud800'],
  [
    'a bomb of nested parts',
    `From: ann@hostile.test\nContent-Type: multipart/mixed; boundary=a\n\n${'--a\nContent-Type: multipart/mixed; boundary=a\n\n'.repeat(2_000)}`,
  ],
  ['a huge header', `From: ann@hostile.test\nReferences: ${'<x@y> '.repeat(50_000)}\n\nhi`],
  ['deep HTML', `From: ann@hostile.test\nContent-Type: text/html\n\n${'<div>'.repeat(20_000)}x`],
])('hostile mail does not stop the mailbox: %s', async (_, raw) => {
  const { companyId } = app.company;
  await app.runtime.database.write(companyId, (tx) => ensurePerson(tx, companyId, 'ann@hostile.test', parseName('Ann'), app.clock.now()));
  await arrive(raw);
  expect((await rows<{ cursor: string }>('select cursor from connections where id = $1', connectionId))[0]?.cursor).toBe(`1:${uid}`);
});

describe.skipIf(!hasDovecot())('with a real mailbox', () => {
  test('a reply that is put into it stops the run, and the connection says that it works', async () => {
    const server = await dovecot();
    const company = await app.aCompany();
    await app.call(
      createConnection,
      { connector: 'imap', credentials: { host: '127.0.0.1', port: server.port, username: server.user, password: server.password } },
      { as: company.admin },
    );
    await app.call(createLeadOperation, { email: 'ann@imap.test', name: 'Ann' }, { as: company.admin });
    await app.drain();
    const [first] = await rows<{ message_id: string; subject: string; person_id: string }>(
      `select * from messages where company_id = $1 and direction = 'outbound'`,
      company.companyId,
    );
    if (first === undefined) throw new Error('the first letter was not written');
    const stop = watchMailboxes(app.runtime);
    await server.deliver(aReply('ann@imap.test', first, 'Interested, call me.'));
    await vi.waitFor(async () => expect(await inbox('ann@imap.test')).toHaveLength(1), 60_000);
    await app.drain();
    expect(await runOf(first.person_id)).toMatchObject({ state: 'cancelled', outcome: 'message.replied' });
    const state = async () =>
      (await rows<{ state: string }>(`select state from connections where company_id = $1`, company.companyId))[0]?.state;
    await expect.poll(state).toBe('ok');
    await stop();
    await server.close();
  });
});

/** A complaint as mailbox providers send it (RFC 5965), about a mail of ours or what pretends to be one. */
const aComplaint = (messageId: string, feedback = 'abuse') =>
  `From: feedback@provider.test\nTo: us@acme.test\nSubject: complaint\nMessage-ID: <${crypto.randomUUID()}@provider.test>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: ${feedback}\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\nFrom: us@acme.test\nMessage-ID: ${messageId}\nSubject: Hello\n\nHi\n--b--\n`;
const suppressionOf = async (address: string) =>
  (await rows<{ reason: string; source: string }>('select reason, source from suppressions where address = $1', address))[0];

test('a complaint suppresses the address at once and ends the run, once; one about somebody else’s mail does nothing', async () => {
  const { first, personId } = await aLead('angry@arf.test');
  await arrive(aComplaint('<forged@acme.test>'));
  await arrive(aComplaint(first.message_id, 'not-spam'));
  expect(await suppressionOf('angry@arf.test')).toBeUndefined();
  await arrive(aComplaint(first.message_id));
  await arrive(aComplaint(first.message_id));
  expect(await suppressionOf('angry@arf.test')).toMatchObject({ reason: 'complaint', source: 'arf' });
  expect(await rows('select delivery from messages where id = $1', first.id)).toMatchObject([{ delivery: 'complained' }]);
  expect(await runOf(personId)).toMatchObject({ state: 'cancelled' });
});

test('a program that answers every mail, with no header that says so, is taken for one; a stop of its counts all the same', async () => {
  const { first, personId } = await aLead('robot@loop.test');
  for (let turn = 0; turn < 14; turn++) await arrive(aReply('robot@loop.test', first, `Thank you for your mail number ${turn}.`));
  const mails = await inbox('robot@loop.test');
  expect(mails.map((mail) => mail.auto)).toEqual([...Array<boolean>(12).fill(false), true, true]);
  await arrive(aReply('robot@loop.test', first, 'Unsubscribe me.'));
  expect(await suppressionOf('robot@loop.test')).toMatchObject({ reason: 'opt_out' });
  expect(personId).toBeTruthy();
});

test('our own mail that comes back under another Message-ID is no answer', async () => {
  const { first } = await aLead('ann@own.test');
  await arrive(aReply('us@acme.test', first, 'Yes please'));
  expect(await inbox('us@acme.test')).toEqual([]);
});

test('what hangs on a mail is a file of the person, typed by its bytes; pictures of its HTML are not', async () => {
  const { personId, first } = await aLead('ann@files.test');
  const parts = [
    ['text/plain', '', 'See the plan.'],
    ['application/pdf', 'attachment; filename="../../plan.pdf"', '%PDF-1.4 not much'],
    ['text/html', 'attachment; filename="page.html"', '<script>alert(1)</script>'],
  ].map(
    ([type, disposition, body]) =>
      `--b\nContent-Type: ${type}\n${disposition === '' ? '' : `Content-Disposition: ${disposition}\n`}\n${body}\n`,
  );
  await arrive(
    `From: Ann <ann@files.test>\nTo: us@acme.test\nSubject: Plan\nMessage-ID: <plan@files.test>\nIn-Reply-To: ${first.message_id}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n${parts.join('')}--b--\n`,
  );
  const files = await rows<{ name: string; type: string }>(
    `select f.name, f.type from message_files a join person_files f on f.id = a.file_id where f.person_id = $1 and f.complete order by f.name`,
    personId,
  );
  expect(files).toEqual([
    { name: 'page.html', type: 'text/plain' },
    { name: 'plan.pdf', type: 'application/pdf' },
  ]);
});
