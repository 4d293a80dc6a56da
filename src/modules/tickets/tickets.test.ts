import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { module } from '#core/module.ts';
import { modules } from '#app/modules.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { listConversations } from '#modules/conversations/operations/list.ts';
import { takeIn } from '#modules/messages/public.ts';
import { addHoliday } from '#modules/messages/operations/holidays.ts';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { addTheirWords, noteOnTicket, updateTicket } from './operations/change.ts';
import { createTicket } from './operations/create.ts';
import { getTicket } from './operations/get.ts';
import { countTickets, listTickets } from './operations/list.ts';
import { replyToTicket, TicketAnsweredMeanwhile } from './operations/reply.ts';
import { addTicketAddress, getTicketSettings, updateTicketSettings } from './operations/settings.ts';
import { rewindAll, tendTickets } from './tend.ts';
import { TicketClosed } from './ticket.ts';

let app: TestApp;
let connectionId: string;
/** Every event, in order. */
const told: DomainEvent[] = [];

beforeAll(async () => {
  const listener = module({
    name: 'listener',
    operations: [],
    events: [{ event: '*', name: 'listener', handle: async (_tx, events) => void told.push(...events) }],
  });
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' }, modules: [...modules, listener] });
  ({ id: connectionId } = await app.call(createConnection, {
    connector: 'imap',
    credentials: { host: '127.0.0.1', port: 1, username: 'us@acme.test', password: 'x' },
  }));
  await app.call(addTicketAddress, { address: 'Help@acme.test', priority: 'high', assigneeId: app.company.userId });
});
afterAll(() => app.close());
beforeEach(() => app.clock.advance({ minutes: 1 }));

const rows = <Row extends object>(text: string, ...values: unknown[]) =>
  app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));

let uid = 0;
/** As if the mailbox had it. Answers its Message-ID. */
async function arrive(
  from: string,
  text: string,
  { to = 'help@acme.test', subject = 'The printer smokes', headers = '', inReplyTo = '' } = {},
) {
  const messageId = `<${crypto.randomUUID()}@example.test>`;
  const raw = `From: Ann Example <${from}>\nTo: ${to}\nSubject: ${subject}\nMessage-ID: ${messageId}\n${inReplyTo === '' ? '' : `In-Reply-To: ${inReplyTo}\nReferences: ${inReplyTo}\n`}${headers}Content-Type: text/plain; charset=utf-8\n\n${text}\n`;
  await takeIn(
    app.runtime,
    { companyId: app.company.companyId, connectionId },
    [{ externalId: `INBOX/1/${++uid}`, raw: Buffer.from(raw.replaceAll('\n', '\r\n')), receivedAt: app.clock.now() }],
    `1:${uid}`,
  );
  await app.drain();
  return messageId;
}

const ofAddress = async (email: string) => (await app.call(listTickets, { view: 'all', q: email })).items;
const theOne = async (email: string) => {
  const [ticket, ...more] = await ofAddress(email);
  if (ticket === undefined || more.length > 0) throw new Error(`${email} has ${more.length + (ticket === undefined ? 0 : 1)} tickets`);
  return ticket;
};
const sentTo = async (email: string) =>
  rows<{ messageId: string; threadId: string; subject: string }>(
    `select message_id as "messageId", thread_id as "threadId", subject from messages where direction = 'outbound' and to_email = $1 order by created_at`,
    email,
  );
const events = (name: string, ticketId: string) => told.filter((event) => event.name === name && event.subject.id === ticketId);
const moveTo = async (moment: string) => {
  app.clock.moveTo(new Date(moment));
  await tendTickets(app.runtime);
  await app.drain();
};

describe('mail to the support', () => {
  test('opens a ticket for a stranger, once, with the priority and the person of its address; the inbox shows it not a second time', async () => {
    await arrive('ann@stranger.test', 'It smokes.');
    const ticket = await theOne('ann@stranger.test');
    expect(ticket).toMatchObject({
      subject: 'The printer smokes',
      state: 'open',
      priority: 'high',
      source: 'mail',
      preview: 'It smokes.',
      assigneeId: app.company.userId,
    });
    expect(ticket.waitingSince).toEqual(app.clock.now());
    expect((await app.call(listConversations, { view: 'all', q: 'ann@stranger.test' })).items).toEqual([]);
    const notices = await app.call(listNotificationsOperation, {});
    expect(notices.items).toContainEqual(expect.objectContaining({ kind: 'ticket_assigned', link: `/tickets/${ticket.id}` }));
  });

  test('is none of machines, and mail of strangers to other addresses is left alone', async () => {
    await arrive('robot@stranger.test', 'I am away.', { subject: 'Automatic reply', headers: 'Auto-Submitted: auto-replied\n' });
    await arrive('list@stranger.test', 'News!', { headers: 'List-Id: <news.stranger.test>\n' });
    await arrive('bob@stranger.test', 'Hello', { to: 'us@acme.test' });
    for (const who of ['robot', 'list', 'bob']) expect(await ofAddress(`${who}@stranger.test`)).toEqual([]);
  });

  test('threads by what it answers, by the subject where a mail program says no more, and anew where it is about something else', async () => {
    await arrive('ann@thread.test', 'It smokes.');
    const { id } = await theOne('ann@thread.test');
    await app.call(replyToTicket, { ticketId: id, text: 'Is it on fire?' });
    await app.drain();
    const [ours] = await sentTo('ann@thread.test');
    await arrive('ann@thread.test', 'A little.', {
      to: 'us@acme.test',
      subject: 'Re: The printer smokes',
      inReplyTo: ours?.messageId ?? '',
    });
    await arrive('ann@thread.test', 'Now more.', { subject: 'AW: RE: the printer smokes' });
    expect(
      (await app.call(getTicket, { ticketId: id })).entries.filter((entry) => entry.kind === 'message').map((entry) => entry.text),
    ).toEqual(['It smokes.', 'Is it on fire?', 'A little.', 'Now more.']);
    await arrive('ann@thread.test', 'And the phone is dead.', { subject: 'The phone' });
    expect((await ofAddress('ann@thread.test')).map((ticket) => ticket.subject).toSorted()).toEqual(['The phone', 'The printer smokes']);
  });

  test('opens the next ticket where the one that it answers is closed', async () => {
    const first = await arrive('ann@closed.test', 'It smokes.');
    const { id } = await theOne('ann@closed.test');
    await app.call(updateTicket, { ticketId: id, state: 'closed' });
    await arrive('ann@closed.test', 'It smokes again.', { subject: 'Re: The printer smokes', inReplyTo: first });
    const all = await ofAddress('ann@closed.test');
    expect(all.map(({ state, followsId }) => [state, followsId])).toEqual([
      ['open', id],
      ['closed', null],
    ]);
    await expect(app.call(replyToTicket, { ticketId: id, text: 'Too late' })).rejects.toThrow(TicketClosed);
  });
});

describe('an answer', () => {
  test('goes out once, in the thread, as a letter that needs no consent; its ticket waits for the customer', async () => {
    await arrive('ann@answer.test', 'It smokes.');
    const { id } = await theOne('ann@answer.test');
    const draftId = newId();
    const first = await app.call(replyToTicket, { ticketId: id, text: 'Unplug it.', draftId });
    const second = await app.call(replyToTicket, { ticketId: id, text: 'Unplug it.', draftId });
    expect(second.id).toBe(first.id);
    expect(first.ticket).toMatchObject({ state: 'pending', waitingSince: null, responseDueAt: null, resolutionDueAt: null });
    await app.drain();
    expect(await sentTo('ann@answer.test')).toMatchObject([{ subject: 'Re: The printer smokes' }]);
    const [mail] = await rows<{ class: string; personal: boolean; state: string }>(
      `select class, personal, state from messages where id = $1`,
      first.id,
    );
    expect(mail).toMatchObject({ class: 'transactional', personal: true, state: 'captured' });
  });

  test('is warned of what came meanwhile, and goes out anyway where the writer says so', async () => {
    await arrive('ann@crossing.test', 'It smokes.');
    const { id } = await theOne('ann@crossing.test');
    const seenId = (await app.call(getTicket, { ticketId: id })).entries.at(-1)?.id ?? '';
    await arrive('ann@crossing.test', 'Never mind, it was the toaster.', { subject: 'Re: The printer smokes' });
    await expect(app.call(replyToTicket, { ticketId: id, text: 'Unplug it.', seenId })).rejects.toThrow(TicketAnsweredMeanwhile);
    await app.call(replyToTicket, { ticketId: id, text: 'Unplug it.', seenId, anyway: true });
    expect(await sentTo('ann@crossing.test')).toHaveLength(1);
  });

  test('to somebody who wrote on a page goes to the address that they have', async () => {
    const { id } = await app.call(createTicket, {
      email: 'ben@form.test',
      name: 'Ben',
      subject: 'A quote',
      text: 'How much?',
      source: 'form',
      key: 'form-1',
    });
    expect((await app.call(createTicket, { email: 'ben@form.test', subject: 'A quote', key: 'form-1' })).id).toBe(id);
    await app.call(noteOnTicket, { ticketId: id, text: 'He is in a hurry' });
    await app.call(replyToTicket, { ticketId: id, text: '240 euros.', state: 'solved' });
    await app.drain();
    expect(await sentTo('ben@form.test')).toMatchObject([{ subject: 'A quote' }]);
    const { ticket, entries } = await app.call(getTicket, { ticketId: id });
    expect(ticket).toMatchObject({ state: 'solved', preview: '240 euros.' });
    expect(entries.map((entry) => entry.kind)).toEqual(['web', 'note', 'message', 'change']);
    expect(entries.at(-1)?.change).toMatchObject({ state: ['open', 'solved'], assignee: [null, 'Ada Admin'] });
  });
});

describe('clocks', () => {
  const due = async (id: string) => (await app.call(getTicket, { ticketId: id })).ticket;

  test('run in the hours of the business, rest while the customer is asked, and go on at their word, whichever way it comes', async () => {
    // Tuesday 09:00 in Berlin. High: an answer within 2 hours, solved within 16.
    await moveTo('2026-06-09T07:00:00Z');
    await arrive('ann@clock.test', 'It smokes.');
    const { id } = await theOne('ann@clock.test');
    expect(await due(id)).toMatchObject({
      responseDueAt: new Date('2026-06-09T09:00:00Z'),
      resolutionDueAt: new Date('2026-06-10T15:00:00Z'),
    });
    await moveTo('2026-06-09T08:00:00Z');
    await app.call(replyToTicket, { ticketId: id, text: 'Is it on fire?' });
    expect(await due(id)).toMatchObject({ firstRespondedAt: new Date('2026-06-09T08:00:00Z'), responseDueAt: null, resolutionDueAt: null });
    // Two days and a night later, at three in the morning, by telephone: one hour of the sixteen is used.
    await moveTo('2026-06-11T01:00:00Z');
    await app.call(addTheirWords, { ticketId: id, text: 'It does burn.' });
    expect(await due(id)).toMatchObject({
      state: 'open',
      waitingSince: new Date('2026-06-11T01:00:00Z'),
      responseDueAt: new Date('2026-06-11T11:00:00Z'), // four hours for a further answer, from nine
      resolutionDueAt: new Date('2026-06-12T14:00:00Z'),
    });
    await app.call(updateTicket, { ticketId: id, state: 'solved' });
    expect(await due(id)).toMatchObject({ resolutionDueAt: null, resolutionBroken: false });
    await moveTo('2026-06-12T08:00:00Z');
    await arrive('ann@clock.test', 'It burns again.', { subject: 'Re: The printer smokes' });
    expect(await due(id)).toMatchObject({ state: 'open', reopened: 1, resolutionDueAt: new Date('2026-06-15T15:00:00Z') });
  });

  test('tell once that a target is near and once that it is broken, and say so on the ticket', async () => {
    await moveTo('2026-06-16T07:00:00Z');
    await arrive('ann@late.test', 'It smokes.');
    const { id } = await theOne('ann@late.test');
    await moveTo('2026-06-16T07:59:00Z');
    expect(events('ticket.target_soon', id)).toEqual([]);
    await moveTo('2026-06-16T08:00:00Z');
    await moveTo('2026-06-16T08:30:00Z');
    expect(events('ticket.target_soon', id)).toMatchObject([{ payload: { target: 'first_response', due_at: '2026-06-16T09:00:00.000Z' } }]);
    await moveTo('2026-06-16T09:00:00Z');
    await moveTo('2026-06-16T12:00:00Z');
    expect(events('ticket.target_broken', id)).toMatchObject([{ payload: { target: 'first_response' } }]);
    expect(await due(id)).toMatchObject({ responseBroken: true, resolutionBroken: false });
    expect((await app.call(countTickets, {})).late).toBeGreaterThan(0);
    const byDue = (await app.call(listTickets, { sort: 'due' })).items.map(({ responseDueAt, resolutionDueAt }) =>
      Math.min(...[responseDueAt, resolutionDueAt].map((at) => at?.getTime() ?? Infinity)),
    );
    expect(byDue).toEqual(byDue.toSorted((a, b) => a - b));
    await app.call(updateTicket, { ticketId: id, state: 'closed' });
  });

  test('follow when hours, targets or holidays change', async () => {
    await moveTo('2026-06-17T07:00:00Z');
    await arrive('ann@rules.test', 'It smokes.');
    const { id } = await theOne('ann@rules.test');
    const { targets } = await app.call(getTicketSettings, {});
    await app.call(updateTicketSettings, { targets: { ...targets, high: { firstResponse: 600, nextResponse: null, resolution: null } } });
    expect(await due(id)).toMatchObject({ responseDueAt: new Date('2026-06-18T09:00:00Z'), resolutionDueAt: null });
    await app.call(addHoliday, { day: '2026-06-18', title: 'Company outing' });
    await rewindAll(app.runtime);
    expect(await due(id)).toMatchObject({ responseDueAt: new Date('2026-06-19T09:00:00Z') });
    await app.call(updateTicketSettings, { targets });
  });

  test('a ticket that was solved a week ago is closed', async () => {
    const { id } = await app.call(createTicket, { email: 'ben@week.test', subject: 'A quote' });
    await app.call(updateTicket, { ticketId: id, state: 'solved' });
    app.clock.advance({ days: 6, hours: 23 });
    await tendTickets(app.runtime);
    expect((await due(id)).state).toBe('solved');
    app.clock.advance({ hours: 1 });
    await tendTickets(app.runtime);
    expect((await due(id)).state).toBe('closed');
  });
});
