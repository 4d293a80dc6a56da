import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import type { Principal } from '#core/operation/principal.ts';
import { createUser } from '#modules/accounts/operations/users.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { captureLead } from '#modules/leads/operations/capture.ts';
import { takeIn } from '#modules/messages/public.ts';
import { getMessage } from '#modules/messages/operations/messages.ts';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { AnsweredMeanwhile, sendToPerson } from './operations/send.ts';
import { saveDraft } from './operations/drafts.ts';
import { getConversation } from './operations/get.ts';
import { countConversations, listConversations } from './operations/list.ts';
import { lookAtConversation } from './operations/presence.ts';
import { assignConversation, finishConversation, readConversation, snoozeConversation } from './operations/state.ts';
import { wakeSnoozed } from './tend.ts';

let app: TestApp;
let connectionId: string;
let bob: { id: string; as: Principal };

beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
  ({ id: connectionId } = await app.call(createConnection, {
    connector: 'imap',
    credentials: { host: '127.0.0.1', port: 1, username: 'us@acme.test', password: 'x' },
  }));
  const { id } = await app.call(createUser, { email: 'bob@acme.test', password: 'correct horse battery staple', fullName: 'Bob Hale' });
  bob = { id, as: { kind: 'user', companyId: app.company.companyId, userId: id, role: 'user' } };
});
afterAll(() => app.close());

const rows = <Row extends object>(text: string, ...values: unknown[]) =>
  app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));

let uid = 0;
/** As if the mailbox had it. Answers its Message-ID. */
async function arrive(from: string, text: string, { subject = 'A question', headers = '', inReplyTo = '' } = {}): Promise<string> {
  const messageId = `<${crypto.randomUUID()}@example.test>`;
  const raw = `From: Ann Example <${from}>\nTo: us@acme.test\nSubject: ${subject}\nMessage-ID: ${messageId}\n${inReplyTo === '' ? '' : `In-Reply-To: ${inReplyTo}\nReferences: ${inReplyTo}\n`}${headers}Content-Type: text/plain; charset=utf-8\n\n${text}\n`;
  await takeIn(
    app.runtime,
    { companyId: app.company.companyId, connectionId },
    [{ externalId: `INBOX/1/${++uid}`, raw: Buffer.from(raw.replaceAll('\n', '\r\n')), receivedAt: app.clock.now() }],
    `1:${uid}`,
  );
  await app.drain();
  return messageId;
}

async function aPerson(email: string): Promise<string> {
  const { lead } = await app.call(captureLead, { email, name: 'Ann Example', enrol: false });
  await app.drain();
  if (lead === null) throw new Error('no lead');
  return lead.personId;
}

const get = (personId: string, as = app.company.admin) => app.call(getConversation, { personId }, { as });
const lineOf = async (personId: string, view: 'open' | 'mine' | 'unassigned' | 'snoozed' | 'done' | 'all' = 'all') =>
  (await app.call(listConversations, { view })).items.find((item) => item.personId === personId);

beforeEach(() => {
  app.clock.advance({ minutes: 1 });
});

test('a mail begins a conversation: open, unread and waiting; an absence note begins none', async () => {
  const ann = await aPerson('ann@talk.test');
  const ben = await aPerson('ben@talk.test');
  await arrive('ann@talk.test', 'What does it cost?');
  await arrive('ben@talk.test', 'I am out of the office until Monday.', {
    subject: 'Automatic reply',
    headers: 'Auto-Submitted: auto-replied\n',
  });
  expect(await lineOf(ann, 'open')).toMatchObject({ state: 'open', unread: true, preview: 'What does it cost?', direction: 'inbound' });
  expect((await lineOf(ann))?.waitingSince).not.toBeNull();
  expect(await lineOf(ben)).toBeUndefined();
  await app.call(readConversation, { personId: ann });
  expect((await lineOf(ann))?.unread).toBe(false);
  expect((await app.call(listConversations, { view: 'all', q: 'does it CO' })).items.map((item) => item.personId)).toEqual([ann]);
  expect((await app.call(listConversations, { view: 'all', q: '100%' })).items).toEqual([]);
});

describe('an answer', () => {
  test('goes out once however often it is sent, in the thread, and as what a person wrote', async () => {
    const ann = await aPerson('ann@once.test');
    const theirs = await arrive('ann@once.test', 'What does it cost?');
    const draftId = newId();
    await app.call(saveDraft, { personId: ann, draftId, channel: 'email', text: 'It costs' });
    expect((await get(ann)).draft).toMatchObject({ id: draftId, text: 'It costs' });
    const send = () => app.call(sendToPerson, { personId: ann, draftId, text: 'It costs 40 euros.' });
    const [first, second] = await Promise.all([send(), send()]);
    expect(second?.id).toBe(first?.id);
    await app.drain();
    expect(await send()).toMatchObject({ id: first?.id });
    const conversation = await get(ann);
    expect(conversation.draft).toBeNull();
    expect(conversation.conversation).toMatchObject({ waitingSince: null, assigneeId: app.company.userId });
    const ours = conversation.messages.filter((message) => message.direction === 'outbound');
    expect(ours).toMatchObject([{ id: first?.id, personal: true, authorName: 'Ada Admin', state: 'captured', ledger: 'confirmed' }]);
    const mail = await app.call(getMessage, { messageId: first?.id ?? '' });
    expect(mail.headers).toMatchObject({ Subject: 'Re: A question', 'In-Reply-To': theirs });
    expect(mail.headers).not.toHaveProperty('Auto-Submitted');
    expect(mail.verdict?.basis).toMatchObject({ basis: 'inquiry', evidence: { table: 'messages' } });
    expect(await rows('select 1 from effects where subject_id = $1', first?.id)).toHaveLength(1);
    await expect(app.call(saveDraft, { personId: ann, draftId, channel: 'email', text: 'too late' })).rejects.toMatchObject({
      code: 'draft_sent',
    });
  });

  test('names the whole thread, however long it grows', async () => {
    const ann = await aPerson('ann@thread.test');
    const first = await arrive('ann@thread.test', 'Hello');
    const one = await app.call(sendToPerson, { personId: ann, text: 'Hello yourself' });
    await app.drain();
    const sent = await app.call(getMessage, { messageId: one.id });
    const second = await arrive('ann@thread.test', 'And how are you?', { subject: 'Re: A question', inReplyTo: sent.messageId ?? '' });
    app.clock.advance({ minutes: 1 });
    const two = await app.call(sendToPerson, { personId: ann, text: 'Well' });
    const [row] = await rows<{ references: string; in_reply_to: string }>(
      `select headers ->> 'references' as "references", in_reply_to from messages where id = $1`,
      two.id,
    );
    expect(row).toEqual({ in_reply_to: second, references: `${first} ${sent.messageId} ${second}` });
    expect(
      new Set((await rows<{ thread_id: string }>('select thread_id from messages where person_id = $1', ann)).map((m) => m.thread_id)).size,
    ).toBe(1);
  });

  test('warns before it is sent when somebody else has answered, or the person wrote again', async () => {
    const ann = await aPerson('ann@collide.test');
    await arrive('ann@collide.test', 'Who is there?');
    const seenId = (await get(ann)).messages[0]?.id;
    app.clock.advance({ seconds: 10 });
    await app.call(sendToPerson, { personId: ann, text: 'Bob is here', seenId }, { as: bob.as });
    await app.drain();
    const late = app.call(sendToPerson, { personId: ann, text: 'Ada is here', seenId });
    await expect(late).rejects.toThrow(AnsweredMeanwhile);
    await expect(late).rejects.toThrow('Bob Hale answered while you were writing: “Bob is here”');
    expect((await get(ann)).messages).toHaveLength(2);
    await app.call(sendToPerson, { personId: ann, text: 'Ada is here, too', seenId, anyway: true });
    expect((await get(ann)).messages).toHaveLength(3);
  });

  test('does not go to whom it answers when that message, or a later one, says stop; and goes again when they ask', async () => {
    const ann = await aPerson('ann@stop.test');
    await arrive('ann@stop.test', 'Please unsubscribe me and never write again.');
    const refused = await app.call(sendToPerson, { personId: ann, text: 'Are you sure?' });
    expect(refused.state).toBe('blocked');
    expect(refused.reasons.join()).toContain('asked for no more messages');
    app.clock.advance({ hours: 1 });
    await arrive('ann@stop.test', 'One more thing: where is my invoice?');
    expect((await app.call(sendToPerson, { personId: ann, text: 'Here it is.' })).state).toBe('queued');
  });

  test('is checked at the last second: a stop that comes while it waits holds it back', async () => {
    const ann = await aPerson('ann@late.test');
    await arrive('ann@late.test', 'Tell me more');
    const { id } = await app.call(sendToPerson, { personId: ann, text: 'There is more' });
    app.clock.advance({ seconds: 30 });
    await arrive('ann@late.test', 'Stop. Unsubscribe me.');
    expect((await get(ann)).messages.find((message) => message.id === id)?.state).toMatch(/blocked|captured/);
    expect((await app.call(sendToPerson, { personId: ann, text: 'More still' })).state).toBe('blocked');
  });

  test('a message that answers nothing is commercial unless its writer says otherwise, and needs a subject', async () => {
    const ann = await aPerson('ann@new.test');
    await expect(app.call(sendToPerson, { personId: ann, text: 'Hello' })).rejects.toMatchObject({ code: 'invalid_input' });
    const offer = await app.call(sendToPerson, { personId: ann, subject: 'An offer', text: 'Hello' });
    const order = await app.call(sendToPerson, { personId: ann, subject: 'Your order', text: 'Hello', class: 'transactional' });
    const classes = (await get(ann)).messages.map(({ id, class: kind }) => [id, kind]);
    expect(Object.fromEntries(classes)).toEqual({ [offer.id]: 'commercial', [order.id]: 'transactional' });
    expect(offer.answers).toBe(false);
  });
});

describe('a conversation', () => {
  test('that is snoozed comes back by itself, and at once when the person writes', async () => {
    const ann = await aPerson('ann@snooze.test');
    await arrive('ann@snooze.test', 'Hello');
    const until = new Date(app.clock.now().getTime() + 2 * 3_600_000);
    await app.call(snoozeConversation, { personId: ann, until });
    expect(await lineOf(ann, 'open')).toBeUndefined();
    expect(await lineOf(ann, 'snoozed')).toBeDefined();
    app.clock.advance({ hours: 3 });
    expect(await lineOf(ann, 'open')).toBeDefined(); // whether or not anybody looked
    expect(await wakeSnoozed(app.runtime)).toBe(1);
    expect(await wakeSnoozed(app.runtime)).toBe(0);
    const told = await app.call(listNotificationsOperation, {});
    expect(told.items.map((item) => item.title)).toContain('Back from its snooze: Ann Example');

    await app.call(snoozeConversation, { personId: ann, until: new Date(app.clock.now().getTime() + 86_400_000) });
    await arrive('ann@snooze.test', 'Are you there?');
    expect(await lineOf(ann, 'open')).toMatchObject({ snoozedUntil: null });
    await expect(app.call(snoozeConversation, { personId: ann, until: new Date(0) })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('that is given to somebody is theirs, and they are told of it and of what comes next', async () => {
    const ann = await aPerson('ann@assign.test');
    await arrive('ann@assign.test', 'Hello');
    await app.call(assignConversation, { personId: ann, assigneeId: bob.id });
    expect((await app.call(listConversations, { view: 'mine' }, { as: bob.as })).items.map((item) => item.personId)).toContain(ann);
    expect(await lineOf(ann, 'unassigned')).toBeUndefined();
    await arrive('ann@assign.test', 'Still there?');
    const told = (await app.call(listNotificationsOperation, {}, { as: bob.as })).items.map((item) => item.title);
    expect(told).toContain('Yours now: the conversation with Ann Example');
    expect(told.filter((title) => title === 'Ann Example replied')).toHaveLength(1);
    await expect(app.call(assignConversation, { personId: ann, assigneeId: newId() })).rejects.toMatchObject({ status: 404 });
  });

  test('that is done waits for nobody, and opens when the person writes again', async () => {
    const ann = await aPerson('ann@done.test');
    await arrive('ann@done.test', 'Thanks!');
    const before = await app.call(countConversations, {});
    await app.call(finishConversation, { personId: ann });
    expect((await app.call(countConversations, {})).open).toBe(before.open - 1);
    expect(await lineOf(ann, 'done')).toMatchObject({ waitingSince: null });
    app.clock.advance({ days: 1 });
    await arrive('ann@done.test', 'One more question');
    expect(await lineOf(ann, 'open')).toMatchObject({ waitingSince: app.clock.now() });
  });

  test('shows who else looks and types, until they leave', async () => {
    const ann = await aPerson('ann@look.test');
    await arrive('ann@look.test', 'Hello');
    await app.call(lookAtConversation, { personId: ann, typing: true }, { as: bob.as });
    expect((await get(ann)).onlookers).toMatchObject([{ name: 'Bob Hale', typing: true }]);
    expect((await get(ann, bob.as)).onlookers).toEqual([]);
    app.clock.advance({ minutes: 2 });
    expect((await get(ann)).onlookers).toEqual([]);
    await app.call(lookAtConversation, { personId: ann }, { as: bob.as });
    await app.call(lookAtConversation, { personId: ann, gone: true }, { as: bob.as });
    expect((await get(ann)).onlookers).toEqual([]);
    expect(await rows(`select 1 from audit_log where operation = 'conversations.look'`)).toEqual([]);
  });

  test('of two persons who become one is one, and two again when that is undone', async () => {
    const [ann, anna] = [await aPerson('ann@merge.test'), await aPerson('anna@merge.test')];
    await arrive('ann@merge.test', 'From one address');
    app.clock.advance({ minutes: 5 });
    await arrive('anna@merge.test', 'From the other');
    await app.call(finishConversation, { personId: ann });
    const merge = await callByName(app, 'people.merge', { personId: ann, otherId: anna }, app.company.admin);
    await app.drain();
    const merged = await get(ann);
    expect(merged.messages.map((message) => message.text)).toEqual(['From the other', 'From one address']);
    expect(merged.conversation.preview).toBe('From the other');
    await callByName(app, 'people.merge_undo', { mergeId: Object(merge).mergeId }, app.company.admin);
    await app.drain();
    expect((await get(anna)).messages.map((message) => message.text)).toEqual(['From the other']);
    expect((await get(ann)).messages.map((message) => message.text)).toEqual(['From one address']);
  });

  test('goes with its person when they are erased', async () => {
    const ann = await aPerson('ann@erase.test');
    await arrive('ann@erase.test', 'Hello');
    await app.call(saveDraft, { personId: ann, draftId: newId(), channel: 'email', text: 'Dear Ann' });
    await callByName(app, 'people.erase', { personId: ann, confirm: 'erase' }, app.company.admin);
    for (const table of ['conversations', 'conversation_drafts', 'conversation_reads', 'conversation_presence'])
      expect(await rows(`select 1 from ${table} where person_id = $1`, ann), table).toEqual([]);
  });
});
