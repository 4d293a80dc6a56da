import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { module } from '#core/module.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { queryAs } from '#testing/database.ts';
import fc from '#testing/property.ts';
import { createInvoice, issueInvoice } from '#modules/invoices/operations/invoices.ts';
import { payInvoice } from '#modules/invoices/operations/money.ts';
import { createTicket } from '#modules/tickets/operations/create.ts';
import { addDays, dayOf } from '../checkins/occurrence.ts';
import { renewedEnd } from '../contract/ends.ts';
import { listCheckins, settleCheckin } from '../operations/checkins.ts';
import { createClient, getClientOperation, listClientsOperation, updateClient } from '../operations/clients.ts';
import { clientHealth } from '../operations/health.ts';
import { healthOf } from './health.ts';
import { tendHealth } from './tend.ts';

const heard: DomainEvent[] = [];
let app: TestApp;
beforeAll(async () => {
  const names = ['client.health_changed', 'client.contract_ending', 'client.contract_renewed'];
  const listeners = names.map((event) => ({
    event,
    name: `heard.${event}`,
    handle: async (_tx: unknown, events: readonly DomainEvent[]) => void heard.push(...events),
  }));
  app = await testApp({ currency: 'EUR', modules: [...modules, module({ name: 'listeners', operations: [], events: listeners })] });
});
afterAll(() => app.close());

const today = () => dayOf(app.clock.now(), 'Europe/Berlin');
const days = (count: number) => app.advance({ days: count });
const told = async (name: string, clientId: string) =>
  heard.filter((event) => event.name === name && event.subject.id === clientId).map(({ payload }) => payload ?? {});

test('health is 100 less what the signs take, never below nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ points: fc.integer({ min: 0, max: 40 }) })), (signs) => {
      const sum = signs.reduce((all, { points }) => all + points, 0);
      const { score, level } = healthOf(signs);
      expect(score).toBe(Math.max(0, 100 - sum));
      expect(level).toBe(score >= 75 ? 'good' : score >= 50 ? 'watch' : 'at_risk');
    }),
  );
});

test('a contract that renews ends with the day before a day of its rhythm, whatever was missed', () => {
  expect(renewedEnd({ start: '2025-01-31', end: '2026-01-30', months: 1 }, '2026-02-02')).toBe('2026-02-27');
  expect(renewedEnd({ start: '2025-01-31', end: '2026-02-27', months: 1 }, '2026-03-01')).toBe('2026-03-30');
  expect(renewedEnd({ start: null, end: '2025-12-31', months: 12 }, '2026-01-01')).toBe('2026-12-31');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 1, max: 36 }),
      fc.integer({ min: 1, max: 2000 }),
      (offset, months, later) => {
        const start = addDays('2024-01-31', offset);
        const end = renewedEnd({ start, end: start, months }, start);
        const next = renewedEnd({ start, end, months }, addDays(end, later));
        expect(next >= addDays(end, later)).toBe(true);
        // The term before it was over by then: nothing is skipped.
        expect(renewedEnd({ start, end, months }, addDays(next, 1)) > next).toBe(true);
        expect(addDays(next, -32 * months) < addDays(end, later)).toBe(true);
      },
    ),
  );
});

test('what is overdue, unanswered and silent is said with its figures, counts once, and is told to workflows when the level changes', async () => {
  const client = await app.call(createClient, { name: 'Risky Rita', email: 'rita@risk.test', status: 'active' });
  await app.drain();
  expect(await app.call(clientHealth, { clientId: client.id })).toMatchObject({ level: 'good', score: 100, signs: [] });
  const draft = await app.call(createInvoice, { clientId: client.id, amount: '199.00' });
  await app.call(issueInvoice, { invoiceId: draft.id });
  await app.call(createTicket, { personId: client.personId, subject: 'It does not start', text: 'Since today' });
  expect(await app.call(clientHealth, { clientId: client.id })).toMatchObject({
    score: 100,
    signs: expect.arrayContaining([
      expect.objectContaining({ rule: 'invoice_open', points: 0, says: expect.stringContaining('€199.00') }),
      expect.objectContaining({ rule: 'tickets_open', says: expect.stringContaining('It does not start') }),
    ]),
  });
  await days(32); // fourteen to pay in, and eighteen more
  const now = await app.call(clientHealth, { clientId: client.id });
  expect(now.signs.filter(({ points }) => points > 0).map(({ rule, points }) => [rule, points])).toEqual([
    ['invoice_overdue', 30],
    ['ticket_late', 20],
  ]);
  expect(now).toMatchObject({ level: 'watch', score: 50 });
  expect(await app.call(getClientOperation, { clientId: client.id })).toMatchObject({ health: { level: 'watch', score: 50 } });
  expect((await app.call(listClientsOperation, { health: 'watch' })).items.map(({ id }) => id)).toEqual([client.id]);
  expect((await told('client.health_changed', client.id)).map(({ from, to }) => [from, to])).toEqual([['good', 'watch']]);
  // The check-in of the month speaks of all of it.
  const [checkin] = (await app.call(listCheckins, { clientId: client.id })).items;
  expect(checkin?.agenda).toMatch(/• €199\.00 on one invoice is overdue[^]*• Ticket #\d+ is past its target: It does not start/);
  await app.call(settleCheckin, { checkinId: checkin?.id ?? '', outcome: 'Pays tomorrow' });
  await app.call(payInvoice, { invoiceId: draft.id, amount: '199.00' });
  await queryAs(
    app.target,
    'owner',
    `insert into interactions (id, company_id, person_id, type, direction, content, created_at) values ($1, $2, $3, 'email', 'inbound', $4, $5)`,
    [newId(), client.companyId, client.personId, 'All good again,  thanks', app.clock.now()],
  );
  const after = await app.call(clientHealth, { clientId: client.id });
  expect(after.level).toBe('good');
  expect(after.signs.map(({ says }) => says).join('\n')).toMatch(/“All good again, thanks”[^]*“Pays tomorrow”/);
  await days(1);
  expect((await told('client.health_changed', client.id)).map(({ to }) => to)).toEqual(['watch', 'good']);
});

test('clients are looked at once a day also where the workflow is switched off, and a new one at once', async () => {
  const mine = await app.aCompany('Quiet');
  const as = mine.admin;
  const client = await app.call(createClient, { name: 'Silent Sue', email: 'sue@quiet.test', status: 'active' }, { as });
  await app.drain();
  const off = `update workflows set active = false where company_id = $1 and name = 'checkins' returning id`;
  expect(await queryAs(app.target, 'owner', off, [mine.companyId])).toHaveLength(1);
  const listed = async () => (await app.call(listClientsOperation, {}, { as })).items.map(({ health }) => health?.level ?? null);
  expect(await listed()).toEqual([null]);
  await tendHealth(app.runtime);
  expect(await listed()).toEqual(['good']);
  const draft = await app.call(createInvoice, { clientId: client.id, amount: '199.00' }, { as });
  await app.call(issueInvoice, { invoiceId: draft.id }, { as });
  await app.call(createTicket, { personId: client.personId, subject: 'It does not start', text: 'Since today' }, { as });
  await days(32);
  expect(await listed()).toEqual(['good']);
  await tendHealth(app.runtime);
  expect(await listed()).toEqual(['watch']);
  await app.drain();
  expect((await told('client.health_changed', client.id)).map(({ to }) => to)).toEqual(['watch']);
  // Nobody is due twice a day.
  expect(await tendHealth(app.runtime)).toBe(0);
});

test('a contract that ends is told of once, with a task; one that renews goes on and is told of, too', async () => {
  const end = addDays(today(), 40);
  const make = (name: string, months: number | null) =>
    app.call(createClient, {
      name,
      email: `${name.toLowerCase()}@term.test`,
      status: 'active',
      contractEnd: end,
      contractRenewsMonths: months,
    });
  const [ends, renews] = [await make('Enda', null), await make('Renate', 12)];
  await app.drain();
  await days(9);
  expect(await told('client.contract_ending', ends.id)).toEqual([]);
  await days(3);
  for (const { id } of [ends, renews]) expect(await told('client.contract_ending', id)).toHaveLength(1);
  const titles = await queryAs<{ title: string }>(
    app.target,
    'owner',
    `select title from tasks where subject_id = any($1::uuid[]) and title like 'The contract%' order by 1`,
    [[ends.id, renews.id]],
  );
  expect(titles.map(({ title }) => title)).toEqual(['The contract ends: Enda', 'The contract goes on by itself: Renate']);
  expect((await app.call(clientHealth, { clientId: ends.id })).signs[0]).toMatchObject({ rule: 'contract_ends', points: 15 });
  await days(30);
  expect((await app.call(clientHealth, { clientId: ends.id })).signs[0]).toMatchObject({ rule: 'contract_ended', points: 25 });
  expect(await app.call(getClientOperation, { clientId: ends.id })).toMatchObject({ contractEnd: end });
  expect((await app.call(getClientOperation, { clientId: renews.id })).contractEnd).toBe(
    renewedEnd({ start: null, end, months: 12 }, today()),
  );
  expect(await told('client.contract_renewed', renews.id)).toHaveLength(1);
  // Another end is news again.
  await app.call(updateClient, { clientId: ends.id, contractEnd: addDays(today(), 20), noticeDays: 25 });
  await days(1);
  expect(await told('client.contract_ending', ends.id)).toHaveLength(2);
});

test('a time that we booked for a client is no word of theirs', async () => {
  const client = await app.call(createClient, { name: 'Quiet Quinn', email: 'quinn@quiet.test', status: 'active' });
  const { admin } = app.company;
  await callByName(app, 'calls.plan', { personId: client.personId, at: new Date(app.clock.now().getTime() + 86_400_000) }, admin);
  const { signs } = await app.call(clientHealth, { clientId: client.id });
  expect(signs.map(({ rule }) => rule)).not.toContain('last_heard');
});
