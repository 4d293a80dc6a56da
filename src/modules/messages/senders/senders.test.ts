import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import { workflow } from '#core/engine/builder.ts';
import { newId } from '#core/ids.ts';
import { module } from '#core/module.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { messageStep } from '../send/step.ts';
import { createSender, listSenders, SenderTaken, updateSender } from '../operations/senders.ts';
import { sendTransactional } from '../transactional.ts';
import { rampOf, roomOf, todayOf, type Sender } from './allowance.ts';
import { chooseSender, type Wanting } from './choose.ts';
import { after, takeRoom } from './take.ts';

/** A letter, a wait, a second letter. */
const letters = module({
  name: 'letters',
  operations: [],
  workflows: [
    {
      active: true,
      definition: workflow(
        'letters',
        { title: 'Letters', subject: 'lead', triggers: [{ on: 'event', event: 'lead.created' }], stopOn: [] },
        (w) => [
          w.step('First', messageStep, { subject: 'Hello', text: 'Hello {{ person.first_name }}' }),
          w.wait('Three days', { days: 3 }),
          w.step('Second', messageStep, { subject: 'Hello again', text: 'Yours, {{ sender.email }}' }),
        ],
      ),
    },
  ],
});
const setup = {
  settings: { SENDING: 'launched', FROM_EMAIL: 'us@acme.test' },
  modules: [...modules.filter((one) => one.name !== 'nurturing'), letters],
};

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp(setup);
});
afterAll(async () => {
  await app.close();
  await sink.close();
});
beforeEach(() => sink.fault(() => 'accept'));

async function aCompany(): Promise<TestCompany & { readonly connectionId: string }> {
  const company = await app.aCompany();
  const credentials = { host: '127.0.0.1', port: sink.port, from_email: 'us@acme.test', from_name: 'Acme' };
  const { id } = await app.call(createConnection, { connector: 'smtp', credentials }, { as: company.admin });
  return { ...company, connectionId: id };
}
type Company = Awaited<ReturnType<typeof aCompany>>;
const aSender = (company: Company, name: string, plan: object = {}) =>
  app.call(
    createSender,
    { address: `${name}@acme.test`, name: 'Acme', connectionId: company.connectionId, ...plan },
    { as: company.admin },
  );
const sendersOf = async (company: Company) => (await app.call(listSenders, {}, { as: company.admin })).items;
async function leads(company: Company, count: number): Promise<string> {
  const mark = newId().slice(-12);
  for (let i = 0; i < count; i++)
    await app.call(createLeadOperation, { email: `p${i}@${mark}.test`, name: `Ann ${i}` }, { as: company.admin });
  return mark;
}
/** What arrived for these people: sender by recipient, in order. */
const arrived = (mark: string) => sink.mails.filter(({ to }) => to.endsWith(`@${mark}.test`)).map(({ from, to }) => ({ from, to }));
const countBy = (mails: readonly { readonly from: string }[]) =>
  Object.fromEntries([...Map.groupBy(mails, ({ from }) => from)].map(([from, own]) => [from, own.length]));
const messagesOf = (company: Company) =>
  app.runtime.system.read((tx) =>
    tx.query<{
      state: string;
      state_reason: string | null;
      from_email: string;
      verdict: { sender?: { address: string }; reasons: { rule: string }[] };
    }>(
      {
        name: 'test.senders.messages',
        text: `select * from messages where company_id = $1 and direction = 'outbound' order by created_at, id`,
      },
      [company.companyId],
    ),
  );

test('without senders mail leaves as ever, and nothing is counted', async () => {
  const company = await aCompany();
  const mark = await leads(company, 2);
  await app.drain();
  expect(countBy(arrived(mark))).toEqual({ 'us@acme.test': 2 });
  expect(await app.call(listSenders, {}, { as: company.admin })).toMatchObject({ items: [], otherwise: { address: 'us@acme.test' } });
});

test('mail spreads over the senders, no more leaves in a day than each may; the rest waits with the reason, and conversations stay where they began', async () => {
  const company = await aCompany();
  await aSender(company, 'ann', { dailyLimit: 4 });
  await aSender(company, 'bob', { rampStart: 3, rampPercent: 100 });
  const mark = await leads(company, 12);
  await app.drain();
  expect(countBy(arrived(mark))).toEqual({ 'ann@acme.test': 4, 'bob@acme.test': 3 });
  const waiting = (await messagesOf(company)).filter(({ state }) => state === 'queued');
  expect(waiting).toHaveLength(5);
  for (const { verdict, state_reason: reason } of waiting) {
    expect(verdict.reasons.map(({ rule }) => rule)).toContain('sender_limit');
    expect(reason).toMatch(/The \d mails of (ann|bob)@acme\.test for today are used up/);
  }
  expect((await sendersOf(company)).map(({ today }) => [today.taken, today.allowed, today.room])).toEqual([
    [4, 4, 0],
    [3, 3, 0],
  ]);

  // Midnight in Berlin, where the company is.
  await app.advance({ hours: 15 });
  const second = countBy(arrived(mark));
  expect(Object.values(second).reduce((a, b) => a + b, 0)).toBe(12);
  expect(second['ann@acme.test']).toBeLessThanOrEqual(8);
  expect(second['bob@acme.test']).toBeLessThanOrEqual(9);

  const first = new Map(arrived(mark).map(({ to, from }) => [to, from]));
  await app.advance({ days: 6 });
  const all = arrived(mark);
  expect(all).toHaveLength(24);
  for (const { to, from } of all) expect(from).toBe(first.get(to));
  const twice = sink.mails.filter(({ to, raw }) => to.endsWith(`@${mark}.test`) && raw.includes('Hello again'));
  for (const { raw, from } of twice) expect(raw).toContain(`Yours, ${from}`);
});

test('a mail server that is away takes no room: what is tried again has its room already', async () => {
  const company = await aCompany();
  await aSender(company, 'ann', { dailyLimit: 2 });
  sink.fault((to) => (to.startsWith('p0@') ? 'busy_data' : 'accept'));
  const mark = await leads(company, 2);
  await app.drain();
  await app.advance({ hours: 1 });
  sink.fault(() => 'accept');
  await app.advance({ hours: 2 });
  expect(arrived(mark)).toHaveLength(2);
  expect(await sendersOf(company)).toMatchObject([{ today: { taken: 2 } }]);
});

test('several processes at once: a sender never gives more than its day holds', async () => {
  const company = await aCompany();
  await aSender(company, 'ann', { dailyLimit: 7 });
  await aSender(company, 'bob', { rampStart: 5, rampPercent: 20 });
  const others = await Promise.all([0, 1].map(() => testApp({ ...setup, on: { target: app.target, company }, start: app.clock.now() })));
  const mark = await leads(company, 30);
  await Promise.all([app, ...others].map((one) => one.drain()));
  expect(countBy(arrived(mark))).toEqual({ 'ann@acme.test': 7, 'bob@acme.test': 5 });
  expect(new Set(sink.mails.map(({ messageId }) => messageId)).size).toBe(sink.mails.length);
  await Promise.all(others.map((one) => one.close()));
});

test('streams are kept apart: what carries transactional mail alone takes it all, and nothing commercial', async () => {
  const company = await aCompany();
  await aSender(company, 'both');
  await aSender(company, 'robot', { carries: ['transactional'] });
  const mark = await leads(company, 3);
  await app.runtime.system.write((tx) =>
    sendTransactional(tx, app.runtime, {
      companyId: company.companyId,
      to: { name: 'Ann', address: `reset@${mark}.test` },
      subject: 'Your new password',
      text: 'Here it is',
      key: `reset:${mark}`,
    }),
  );
  await app.drain();
  expect(countBy(arrived(mark))).toEqual({ 'both@acme.test': 3, 'robot@acme.test': 1 });
});

test('a paused sender holds its mail with the reason; resumed, it leaves at once. A second one with the same address is refused', async () => {
  const company = await aCompany();
  const ann = await aSender(company, 'ann');
  await expect(aSender(company, 'ann')).rejects.toThrow(SenderTaken);
  await app.call(updateSender, { senderId: ann.id, state: 'paused' }, { as: company.admin });
  const mark = await leads(company, 1);
  await app.drain();
  expect(await messagesOf(company)).toMatchObject([{ state: 'queued', state_reason: 'The sender ann@acme.test is paused' }]);
  await app.call(updateSender, { senderId: ann.id, state: 'active' }, { as: company.admin });
  await app.drain();
  expect(countBy(arrived(mark))).toEqual({ 'ann@acme.test': 1 });
  expect(await messagesOf(company)).toMatchObject([{ from_email: 'ann@acme.test', verdict: { sender: { address: 'ann@acme.test' } } }]);
});

/** As it stands before the first mail of a day. */
const sender = (id: string, changes: Partial<Omit<Sender, 'today'>> & { readonly taken?: number } = {}): Sender => {
  const { taken = 0, ...rest } = changes;
  const plan = {
    id,
    address: `${id}@acme.test`,
    name: id,
    replyTo: null,
    connectionId: 'c',
    carries: ['commercial', 'transactional'] as const,
    dailyLimit: null,
    ramp: null,
    timeZone: 'Europe/Berlin',
    state: 'active' as const,
    health: 'well' as const,
    because: null,
    ...rest,
  };
  return { ...plan, today: todayOf(plan, [{ day: '2026-06-02', taken, commercial: taken, step: 0 }], 0, now) };
};
const now = new Date('2026-06-02T08:00:00Z');
const wanting = (changes: Partial<Wanting> = {}): Wanting => ({
  class: 'commercial',
  bound: null,
  planned: null,
  last: null,
  signed: false,
  holds: false,
  key: 'somebody',
  ...changes,
});
const moment = { now, stage: 'hand' as const, capture: false, rejected: new Set<string>() };

describe('the choice', () => {
  test('of two with room, the one with the larger part of its day left', () => {
    const senders = [sender('a', { dailyLimit: 100, taken: 90 }), sender('b', { dailyLimit: 20, taken: 10 })];
    expect(chooseSender(senders, wanting(), moment)).toMatchObject({ kind: 'by', sender: { id: 'b' } });
  });
  test('a conversation waits for its own sender, though another has room', () => {
    const senders = [sender('a', { dailyLimit: 1, taken: 1 }), sender('b')];
    expect(chooseSender(senders, wanting({ bound: 'a' }), moment)).toMatchObject({
      kind: 'waits',
      rule: 'sender_limit',
      sender: { id: 'a' },
    });
    expect(chooseSender(senders, wanting({ planned: 'a' }), moment)).toMatchObject({ kind: 'by', sender: { id: 'b' } });
    expect(chooseSender(senders, wanting({ planned: 'a', signed: true }), moment)).toMatchObject({ kind: 'waits', sender: { id: 'a' } });
  });
  test('a conversation whose sender was retired goes on by another', () => {
    const senders = [sender('a', { state: 'retired' }), sender('b')];
    expect(chooseSender(senders, wanting({ bound: 'a' }), moment)).toMatchObject({ kind: 'by', sender: { id: 'b' } });
  });
  test('a stopped sender holds commercial mail, and answers go on', () => {
    const stopped = [
      sender('a', {
        health: 'stopped',
        because: { says: '3 of 1,000 complained', counted: { sent: 1_000, complaints: 3, recent: 0, bounces: 0 } },
      }),
    ];
    expect(chooseSender(stopped, wanting({ bound: 'a' }), moment)).toMatchObject({
      kind: 'waits',
      rule: 'sender_health',
      finding: { says: expect.stringContaining('3 of 1,000') },
    });
    expect(chooseSender(stopped, wanting({ bound: 'a', class: 'transactional' }), moment)).toMatchObject({ kind: 'by' });
  });
  test('commercial mail never falls back to the connection in use while there are senders; transactional mail may', () => {
    const robots = [sender('a', { carries: ['transactional'] })];
    expect(chooseSender(robots, wanting(), moment)).toMatchObject({ kind: 'waits', rule: 'sender', sender: null });
    expect(chooseSender([sender('b', { carries: ['commercial'] })], wanting({ class: 'transactional' }), moment)).toBeNull();
    expect(chooseSender([], wanting(), moment)).toBeNull();
  });
  test('drafts are drawn in the proportion of what is left, the same person the same sender', () => {
    const senders = [sender('a', { dailyLimit: 300 }), sender('b', { dailyLimit: 100 })];
    const draw = (key: string) => chooseSender(senders, wanting({ key }), { ...moment, stage: 'draft' });
    const drawn = Array.from({ length: 2_000 }, (_, i) => draw(`person ${i}`)?.sender?.id);
    const share = drawn.filter((id) => id === 'a').length / drawn.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
    expect(draw('person 1')).toEqual(draw('person 1'));
  });
});

describe('a ramp', () => {
  test('begins small and grows by its share on each day that the sender sends', () => {
    expect([0, 1, 2, 3, 10].map((step) => rampOf({ start: 20, percent: 20 }, step))).toEqual([20, 24, 29, 35, 130]);
  });
  test('a month of silence earns nothing', () => {
    const plan = { dailyLimit: 500, ramp: { start: 20, percent: 20, since: '2026-05-01' }, timeZone: 'UTC', health: 'well' as const };
    expect(todayOf(plan, [{ day: '2026-05-02', taken: 20, commercial: 20, step: 0 }], 0, now)).toMatchObject({ step: 1, allowed: 24 });
    expect(todayOf(plan, [{ day: '2026-04-02', taken: 20, commercial: 20, step: 9 }], 0, now)).toMatchObject({ step: 0, allowed: 20 });
  });
  test('never passes the limit, and a slowed sender has a quarter of it', () => {
    const plan = { dailyLimit: 40, ramp: { start: 20, percent: 100, since: '2026-05-01' }, timeZone: 'UTC', health: 'well' as const };
    const days = [{ day: '2026-06-01', taken: 40, commercial: 40, step: 5 }];
    expect(todayOf(plan, days, 0, now)).toMatchObject({ allowed: 40, limit: 40 });
    expect(todayOf({ ...plan, health: 'slowed' }, days, 0, now)).toMatchObject({ allowed: 10, limit: 40 });
  });
  test('its day begins at midnight of its own zone', () => {
    const plan = { dailyLimit: 1, ramp: null, health: 'well' as const };
    const late = new Date('2026-06-02T22:30:00Z');
    expect(todayOf({ ...plan, timeZone: 'Europe/Berlin' }, [], 0, late).day).toBe('2026-06-03');
    expect(todayOf({ ...plan, timeZone: 'America/New_York' }, [], 0, late).day).toBe('2026-06-02');
  });
});

test('whatever processes ask for at once, no more is granted than a day holds, and nothing that fits is refused', async () => {
  const company = await aCompany();
  const made = await aSender(company, 'ann');
  const pools = [0, 1, 2].map(() => openSystemDatabase(app.target));
  const ask = fc.record({ pool: fc.nat(2), transactional: fc.nat(6), commercial: fc.nat(6) });
  let days = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(ask, { maxLength: 14 }),
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 1, max: 25 }),
      async (asks, limit, allowed) => {
        const day = new Date(Date.UTC(2030, 0, ++days)).toISOString().slice(0, 10);
        const today = { day, taken: 0, commercial: 0, step: 0, limit, allowed, begun: false };
        const one: Sender = { ...sender(made.id), today };
        const granted = await Promise.all(
          asks.map(async ({ pool, ...wanted }) => {
            const taken = await pools[pool]?.write((tx) => takeRoom(tx, [{ companyId: company.companyId, sender: one, ...wanted }]));
            return taken?.get(made.id);
          }),
        );
        const total = (kind: 'transactional' | 'commercial') => granted.reduce((sum, got) => sum + (got?.[kind] ?? 0), 0);
        const wanted = (kind: 'transactional' | 'commercial') => asks.reduce((sum, one) => sum + one[kind], 0);
        expect(total('commercial')).toBeLessThanOrEqual(allowed);
        expect(total('commercial') + total('transactional')).toBeLessThanOrEqual(limit);
        if (wanted('commercial') <= allowed && wanted('commercial') + wanted('transactional') <= limit)
          expect([total('commercial'), total('transactional')]).toEqual([wanted('commercial'), wanted('transactional')]);
      },
    ),
    { numRuns: 40 },
  );
  await Promise.all(pools.map((pool) => pool.close()));
});

test('a day in memory is the day in the database', () => {
  const one = sender('a', { dailyLimit: 2 });
  expect(roomOf(after(after(one, 'commercial'), 'transactional').today, 'commercial')).toBe(0);
});
