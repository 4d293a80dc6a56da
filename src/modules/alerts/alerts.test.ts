import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { listAlerts, listAlertRules, setAlertRule } from './operations.ts';
import { setAlertRecipients } from './recipients.ts';
import { watchAlerts } from './watch.ts';

let app: TestApp;
let company: TestCompany;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  company = await app.aCompany();
});

const RUN = {
  name: 'test.run',
  text: `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, state, trigger_type, trigger_id, error, completed_at, started_at, updated_at, since)
    select x.id, w.company_id, w.id, w.version, 'company', w.company_id, $3, 'manual', x.id::text, 'ann@secret.test bounced', $4, $4, $4, $4
      from (select id from workflows where company_id = $2 order by name limit 1) one join workflows w on w.id = one.id cross join unnest($1::uuid[]) as x (id)`,
};
const ended = (state: 'done' | 'failed', count: number) =>
  app.runtime.system.write((tx) => tx.query(RUN, [Array.from({ length: count }, newId), company.companyId, state, app.clock.now()]));
const later = async (minutes: number) => {
  // what was told meanwhile is no work that nobody takes up
  await app.drain();
  app.clock.advance({ minutes });
};
const look = async () => (await watchAlerts(app.runtime)).filter(({ companyId }) => companyId === company.companyId);
const open = async () => (await app.call(listAlerts, { open: true }, { as: company.admin })).items;
const notified = async () => {
  const answer = await callByName(app, 'notifications.list', {}, company.admin);
  return z.object({ items: z.array(z.looseObject({ kind: z.string(), title: z.string(), link: z.string().nullable() })) }).parse(answer)
    .items;
};
const mails = async () => {
  const text = `select m.subject, m.text from messages m where m.company_id = $1 and m.to_email = $2 order by m.created_at`;
  return app.runtime.system.read((tx) =>
    tx.query<{ subject: string; text: string }>({ name: 'test.mails', text }, [company.companyId, company.email]),
  );
};
const set = (input: Facts & { kind: 'run_failed' | 'success_low' | 'effect_in_doubt' }) =>
  app.call(setAlertRule, input, { as: company.admin });

test('ten thousand failures of a workflow are one alert, one notification and one mail; the end is told, too', async () => {
  await set({ kind: 'success_low', enabled: false });
  await ended('failed', 10_000);
  expect(await look()).toMatchObject([{ kind: 'run_failed', count: 10_000, recoveredAt: null }]);
  await ended('failed', 5);
  expect(await look()).toEqual([]);
  expect(await open()).toMatchObject([{ kind: 'run_failed', count: 10_005, link: expect.stringContaining('/runs?state=failed') }]);
  const told = (await notified()).filter(({ kind }) => kind === 'alert');
  expect(told).toMatchObject([{ title: expect.stringMatching(/^Runs of “.+” fail$/) }]);
  expect(await mails()).toHaveLength(1);
  expect(JSON.stringify([await mails(), await open()])).not.toContain('ann@secret.test');
  await later(61);
  expect(await look()).toMatchObject([{ kind: 'run_failed', recoveredAt: expect.any(Date) }]);
  expect(await open()).toEqual([]);
  expect((await notified())[0]).toMatchObject({ title: expect.stringMatching(/^Well again: Runs of /) });
  expect(await mails()).toHaveLength(2);
});

test('what comes back within the quiet time is raised without a word, and told when it lasts', async () => {
  await set({ kind: 'success_low', enabled: false });
  await set({ kind: 'run_failed', quietMinutes: 240 });
  await ended('failed', 1);
  expect(await look()).toHaveLength(1);
  await later(61);
  expect(await look()).toHaveLength(1);
  await ended('failed', 1);
  expect(await look()).toEqual([]);
  expect(await open()).toHaveLength(1);
  for (let i = 0; i < 3; i++) {
    await later(59);
    await ended('failed', 1);
    expect(await look()).toEqual([]);
  }
  await later(59);
  await ended('failed', 1);
  expect(await look()).toMatchObject([{ kind: 'run_failed', recoveredAt: null }]);
});

test('the share of successful runs speaks from twenty on, and below the company’s own threshold', async () => {
  await set({ kind: 'run_failed', enabled: false });
  await ended('done', 18);
  await ended('failed', 1);
  expect(await look()).toEqual([]);
  await ended('done', 1);
  expect(await look()).toMatchObject([{ kind: 'success_low', title: 'Only 95.0 % of the runs succeed', count: 1 }]);
  await set({ kind: 'success_low', threshold: 90 });
  expect(await look()).toMatchObject([{ kind: 'success_low', recoveredAt: expect.any(Date) }]);
});

describe('what is seen at once', () => {
  test('an act in doubt, a connection that is refused, work that nobody takes up; a webhook hears of each', async () => {
    const now = app.clock.now();
    await app.runtime.system.write(async (tx) => {
      const effect = `insert into effects (id, company_id, kind, key, subject_type, subject_id, state, payload, due_at, created_at) values ($1::uuid, $2, $3, $1::uuid::text, 'run', $1::uuid, $4, '{}', $5, $5)`;
      await tx.query({ name: 'test.effect', text: effect }, [newId(), company.companyId, 'http', 'in_doubt', now]);
      // Nobody does this kind, so it stays.
      const late = new Date(now.getTime() - 600_000);
      await tx.query({ name: 'test.effect', text: effect }, [newId(), company.companyId, 'connector', 'reserved', late]);
      const connection = `insert into connections (id, company_id, connector, title, sealed_credentials, state, error) values ($1, $2, 'http', 'The shop', 'x', 'rejected', 'who are you?')`;
      await tx.query({ name: 'test.connection', text: connection }, [newId(), company.companyId]);
    });
    expect((await look()).map(({ kind }) => kind).toSorted()).toEqual(['connection_failing', 'effect_in_doubt', 'queue_lag']);
    const events = await app.runtime.system.read((tx) =>
      tx.query<{ name: string; payload: Facts }>(
        { name: 'test.events', text: `select name, payload from outbox where company_id = $1 and name like 'alert.%'` },
        [company.companyId],
      ),
    );
    expect(events.map(({ name, payload }) => [name, payload['kind']])).toContainEqual(['alert.raised', 'connection_failing']);
    expect((await app.call(listAlerts, {}, { as: app.company.admin })).items.every(({ title }) => !title.includes('The shop'))).toBe(true);
  });
});

test('a threshold must fit its kind; what is set stays', async () => {
  await expect(set({ kind: 'effect_in_doubt', threshold: 3 })).rejects.toMatchObject({ fields: [{ path: 'threshold' }] });
  await expect(set({ kind: 'success_low', threshold: 101 })).rejects.toMatchObject({ fields: [{ path: 'threshold' }] });
  await set({ kind: 'run_failed', threshold: 5, quietMinutes: 30 });
  const { items } = await app.call(listAlertRules, {}, { as: company.admin });
  expect(items[0]).toMatchObject({ kind: 'run_failed', enabled: true, threshold: 5, usualThreshold: 1, quietMinutes: 30 });
});

describe('who is told', () => {
  const choose = (recipients: z.input<typeof setAlertRecipients.input>['recipients']) =>
    app.call(setAlertRecipients, { recipients }, { as: company.admin });
  const mailsTo = async () => {
    const text = `select to_email as "to", subject from messages where company_id = $1 order by created_at, to_email`;
    return app.runtime.system.read((tx) => tx.query<{ to: string; subject: string }>({ name: 'test.mails_to', text }, [company.companyId]));
  };

  test('a colleague and an address instead of the admins, each for the kinds they were chosen for; a kind with nobody goes to the admins', async () => {
    await set({ kind: 'success_low', enabled: false });
    const made = await callByName(
      app,
      'users.create',
      { email: 'ops@acme.test', fullName: 'Olga Ops', role: 'user', password: 'correct horse battery' },
      company.admin,
    );
    const { id: userId } = z.looseObject({ id: z.string() }).parse(made);
    const { items } = await choose([{ userId }, { email: 'Pager@Duty.test', kinds: ['run_failed'] }, { userId, kinds: [] }]);
    expect(items).toMatchObject([
      { userId, name: 'Olga Ops', kinds: [] },
      { userId: null, email: 'pager@duty.test', kinds: ['run_failed'] },
    ]);
    await ended('failed', 1);
    await look();
    const first = await mailsTo();
    expect(first.map(({ to }) => to).toSorted()).toEqual(['ops@acme.test', 'pager@duty.test']);
    await look();
    expect(await mailsTo()).toHaveLength(2);

    await choose([{ email: 'pager@duty.test', kinds: ['effect_in_doubt'] }]);
    await later(61);
    await look(); // well again: nobody is chosen for that
    const after = await mailsTo();
    expect(after.slice(2)).toEqual([{ to: company.email, subject: expect.stringMatching(/^Well again: Runs of /) }]);
  });

  test('nobody from elsewhere, and nothing that is both or neither', async () => {
    await expect(choose([{ userId: app.company.userId }])).rejects.toMatchObject({ fields: [{ path: 'recipients.0.user_id' }] });
    await expect(choose([{}])).rejects.toThrow();
    await expect(choose([{ email: 'a@b.test', userId: company.userId }])).rejects.toThrow();
    expect(await choose([])).toMatchObject({ items: [] });
  });
});

test('a backup that is not taken in time is told once, and that one was taken again, too', async () => {
  const plan = (sql: string, at: Date) =>
    app.runtime.system.write((tx) =>
      tx.query({ name: '', text: `update backup_plan set active = true, every_hours = 24, ${sql} returning 1` }, [at]),
    );
  await plan('last_at = null, since = $1', app.clock.now());
  await later(47 * 60);
  expect(await look()).toEqual([]);
  await later(2 * 60);
  expect(await look()).toMatchObject([{ kind: 'backup_late', link: '/settings/backups', recoveredAt: null }]);
  expect(await look()).toEqual([]);
  await plan('last_at = $1', app.clock.now());
  expect(await look()).toMatchObject([{ kind: 'backup_late', recoveredAt: expect.any(Date) }]);
});

test('the admins hear of a sender that is stopped, with the numbers, and of its end', async () => {
  const health = (state: string) =>
    app.runtime.system.write((tx) =>
      tx.query(
        {
          name: 'test.sender',
          text: `insert into senders (id, company_id, address, name, health, health_because) values ($1, $1, 'ann@acme.test', 'Ann', $2, '{"says": "3 of 900 mails were complained about"}')
                 on conflict (id) do update set health = excluded.health`,
        },
        [company.companyId, state],
      ),
    );
  await health('stopped');
  expect(await look()).toMatchObject([
    {
      kind: 'sender_health',
      title: 'ann@acme.test is stopped',
      body: expect.stringMatching(/^3 of 900 mails were complained about\. No commercial mail/),
    },
  ]);
  expect(await look()).toEqual([]);
  await health('well');
  expect(await look()).toMatchObject([{ kind: 'sender_health', recoveredAt: app.clock.now() }]);
});
test('a check of a sender that was good and is bad is told once, with what the doctor said, and when it is good again', async () => {
  const OPEN = {
    name: 'test.checkup',
    text: `insert into sender_checkups (id, company_id, address, due_at, findings, broken) values ($1, $2, 'ann@acme.test', now(), '[{"check": "spf", "says": "The record ends with +all."}]', $3)
             on conflict (company_id, address) do update set broken = excluded.broken`,
  };
  const broken = (...checks: string[]) => app.runtime.system.write((tx) => tx.query(OPEN, [newId(), company.companyId, checks]));
  await broken();
  expect(await look()).toEqual([]);
  await broken('spf');
  expect(await look()).toMatchObject([
    {
      kind: 'sender_setup',
      title: 'Receivers no longer trust mail of ann@acme.test',
      body: 'The record ends with +all. The doctor names the record to publish.',
      link: '/settings/deliverability?address=ann@acme.test',
    },
  ]);
  expect(await look()).toEqual([]);
  await broken();
  expect(await look()).toMatchObject([{ kind: 'sender_setup', recoveredAt: app.clock.now() }]);
});
