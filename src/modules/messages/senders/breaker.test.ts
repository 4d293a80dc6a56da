import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createSender, listSenders, resumeSender } from '../operations/senders.ts';
import { judgeSenders, tendSenders } from './breaker.ts';
import { assess } from './health.ts';

test.each([
  ['nothing came back', { sent: 5_000, complaints: 0, recent: 200, bounces: 0 }, 'well'],
  ['below 0.1 %', { sent: 5_000, complaints: 4, recent: 200, bounces: 0 }, 'well'],
  ['0.1 % complaints', { sent: 5_000, complaints: 5, recent: 200, bounces: 0 }, 'slowed'],
  ['just below 0.3 %', { sent: 5_000, complaints: 14, recent: 200, bounces: 0 }, 'slowed'],
  ['0.3 % complaints', { sent: 5_000, complaints: 15, recent: 200, bounces: 0 }, 'stopped'],
  ['one complaint of a small sender', { sent: 40, complaints: 1, recent: 40, bounces: 0 }, 'slowed'],
  ['two of a small sender', { sent: 40, complaints: 2, recent: 40, bounces: 0 }, 'slowed'],
  ['three of a small sender', { sent: 40, complaints: 3, recent: 40, bounces: 0 }, 'stopped'],
  ['all of a sample too small to tell', { sent: 49, complaints: 0, recent: 49, bounces: 49 }, 'well'],
  ['four of fifty came back', { sent: 50, complaints: 0, recent: 50, bounces: 4 }, 'well'],
  ['five of fifty came back', { sent: 50, complaints: 0, recent: 50, bounces: 5 }, 'slowed'],
  ['ten of fifty came back', { sent: 50, complaints: 0, recent: 50, bounces: 10 }, 'stopped'],
  ['nine of two hundred came back', { sent: 200, complaints: 0, recent: 200, bounces: 9 }, 'well'],
  ['ten of two hundred came back', { sent: 200, complaints: 0, recent: 200, bounces: 10 }, 'slowed'],
  ['twenty of two hundred came back', { sent: 200, complaints: 0, recent: 200, bounces: 20 }, 'stopped'],
] as const)('%s', (_, counted, health) => {
  expect(assess(counted).health).toBe(health);
});

let app: TestApp;
beforeAll(async () => void (app = await testApp({ settings: { SENDING: 'launched' } })));
afterAll(() => app.close());

/** Mails that left by a sender, with what came back of the first of them. */
const sent = (senderId: string, companyId: string, count: number, back: { complained?: number; bounced?: number }, at: Date) =>
  app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 'test.breaker.sent',
        text: `insert into messages (id, company_id, class, direction, state, to_email, thread_id, sender_id, sent_at, delivery, delivery_at, created_at)
               select gen_random_uuid(), $2, 'commercial', 'outbound', case when i <= $5 then 'refused' else 'sent' end, 'a@b.test', gen_random_uuid(), $1,
                      case when i > $5 then $6::timestamptz end, case when i <= $5 then 'bounced' when i <= $5 + $4 then 'complained' end, $6::timestamptz, $6::timestamptz
                 from generate_series(1, $3::int) i`,
      },
      [senderId, companyId, count, back.complained ?? 0, back.bounced ?? 0, at],
    ),
  );

test('a sender is slowed, then stopped, by what came back; and only a person lets it go on', async () => {
  const company = await app.aCompany();
  const as = { as: company.admin };
  const credentials = { host: '127.0.0.1', port: 2525 };
  const { id: connectionId } = await app.call(createConnection, { connector: 'smtp', credentials }, as);
  const made = await app.call(createSender, { address: 'ann@acme.test', connectionId, dailyLimit: 400 }, as);
  const other = await app.call(createSender, { address: 'bob@acme.test', connectionId }, as);
  const state = async () => (await app.call(listSenders, {}, as)).items.map(({ health, today }) => [health, today.allowed]);
  const judge = () => app.runtime.system.write((tx) => judgeSenders(tx, app.runtime, [made.id, other.id]));

  await sent(made.id, company.companyId, 600, { complained: 1 }, app.clock.now());
  await judge();
  expect(await state()).toEqual([
    ['slowed', 100],
    ['well', null],
  ]);

  await sent(made.id, company.companyId, 150, { bounced: 150 }, new Date(app.clock.now().getTime() + 1_000));
  await judge();
  await judge();
  const [stopped] = (await app.call(listSenders, {}, as)).items;
  expect(stopped).toMatchObject({
    health: 'stopped',
    healthSays: expect.stringMatching(/1 of 750 mails .* \(0\.13 %\), and \d+ of its last 200 mails came back/),
  });

  // Time alone does not start it again.
  app.clock.advance({ days: 8 });
  await tendSenders(app.runtime);
  expect((await state())[0]).toEqual(['stopped', 400]);

  await app.call(resumeSender, { senderId: made.id }, as);
  await judge();
  expect((await state())[0]).toEqual(['well', 400]);
});

test('a slowed sender recovers by itself once what was bad has left the window; a bounce that is told judges its sender', async () => {
  const company = await app.aCompany();
  const as = { as: company.admin };
  const { id: connectionId } = await app.call(createConnection, { connector: 'smtp', credentials: { host: '127.0.0.1', port: 2525 } }, as);
  const { id } = await app.call(createSender, { address: 'ann@acme.test', connectionId }, as);
  await sent(id, company.companyId, 60, { bounced: 5 }, app.clock.now());
  const [message] = await app.runtime.system.read((tx) =>
    tx.query<{ id: string }>({ name: 'test.breaker.one', text: 'select id from messages where sender_id = $1 limit 1' }, [id]),
  );
  await app.runtime.system.write((tx) =>
    app.runtime.engine.emit(tx, [
      {
        name: 'message.bounced',
        companyId: company.companyId,
        subject: { type: 'message', id: message?.id ?? newId() },
        payload: { message_id: message?.id ?? '' },
      },
    ]),
  );
  await app.drain();
  const health = async () => (await app.call(listSenders, {}, as)).items[0]?.health;
  expect(await health()).toBe('slowed');
  app.clock.advance({ days: 6 });
  await tendSenders(app.runtime);
  expect(await health()).toBe('slowed');
  app.clock.advance({ days: 2 });
  await tendSenders(app.runtime);
  expect(await health()).toBe('well');
});
