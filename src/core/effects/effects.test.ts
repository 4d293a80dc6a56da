import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { newId } from '#core/ids.ts';
import { queryAs } from '#testing/database.ts';
import { testEngine } from '#testing/engine.ts';
import { claimOf, COMPANIES, companiesDue } from './claim.ts';
import type { Effect, EffectKind, HandVerdict, Outcome, Receipt } from './types.ts';

const Payload = z.object({ behaviour: z.string().default('fine') });

/** A vendor whose behaviour the effect's payload names, and who counts what it received. */
const received: string[] = [];
const settled: { key: string; outcome: Outcome }[] = [];
const found = new Map<string, Receipt | 'not_done' | 'repeat' | 'unknown'>();
let verdict: (effect: Effect) => HandVerdict = () => ({ go: true });

const post: EffectKind = {
  kind: 'post',
  concurrency: 3,
  check: (_tx, effects) => Promise.resolve(effects.map((effect) => verdict(effect))),
  perform(effect) {
    const { behaviour } = Payload.parse(effect.payload);
    if (behaviour === 'refused') throw new VendorRefused('no such address');
    if (behaviour === 'down' && effect.attempts < 3) throw new VendorUnavailable('busy', { retryAfterS: 120 });
    if (behaviour === 'credentials') throw new CredentialsRejected('bad password');
    received.push(effect.key);
    if (behaviour === 'lost' || behaviour === 'lost_unknown') throw new MaybeDone('the answer was lost');
    if (behaviour === 'bug') throw new TypeError('undefined is not a function');
    return Promise.resolve({ externalId: `x-${effect.key}`, detail: { ok: true } });
  },
  find: (effect) => Promise.resolve(found.get(effect.key) ?? 'unknown'),
  settled(_tx, outcomes) {
    settled.push(...outcomes.map(({ effect, outcome }) => ({ key: effect.key, outcome })));
    return Promise.resolve();
  },
};

describe('the ledger', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    app = await testEngine({ effects: [post] });
  });
  afterAll(() => app.close());
  afterEach(() => {
    verdict = () => ({ go: true });
    received.length = 0;
    settled.length = 0;
  });

  const reserve = (key: string, behaviour = 'fine', connectionId: string | null = null) =>
    app.system.write((tx) =>
      app.effects.reserve(tx, [
        { companyId: app.companyId, kind: 'post', key, subject: { type: 'thing', id: newId() }, connectionId, payload: { behaviour } },
      ]),
    );
  const entry = async (key: string) => (await app.ledger()).find((one) => one.key === key);

  test('does what was reserved once, whatever is asked twice', async () => {
    const first = await reserve('a');
    const second = await reserve('a');
    expect(second.get('a')).toBe(first.get('a'));
    await app.drain();
    await app.drain();
    expect(received).toEqual(['a']);
    expect(await entry('a')).toMatchObject({ state: 'confirmed', attempts: 1, receipt: { ok: true } });
    expect(settled).toMatchObject([{ key: 'a', outcome: { state: 'confirmed' } }]);
  });

  test('who has something due, and what, is asked in a few steps of an index, however much waits and whatever its plan was made for', async () => {
    // Statistics of a time when nothing waited: the planner thinks it cheap to sort all that does.
    await queryAs(app.target, 'owner', 'analyze effects');
    await queryAs(
      app.target,
      'owner',
      `insert into effects (id, company_id, kind, key, subject_type, subject_id, payload, due_at, created_at)
       select lpad(n::text, 32, '0')::uuid, $1, 'later', 'later:' || n, 'thing', gen_random_uuid(), '{}', '2099-01-01', '2026-01-01' from generate_series(1, 16000) n`,
      [app.companyId],
    );
    const blocks = async (name: string, types: string, text: string, values: string) => {
      const plan = await app.system.write(async (tx) => {
        await tx.query({ name: 'test.generic', text: 'set local plan_cache_mode = force_generic_plan' }, []);
        await tx.query({ name: 'test.no_scans', text: 'set local enable_seqscan = off' }, []);
        await tx.query({ name: `test.prepare_${name}`, text: `prepare ${name}(${types}) as ${text}` }, []);
        const explain = { name: `test.explain_${name}`, text: `explain (analyze, buffers, format json) execute ${name} (${values})` };
        const rows = await tx.query<{ 'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number } }] }>(explain, []);
        await tx.query({ name: `test.deallocate_${name}`, text: `deallocate ${name}` }, []);
        return rows;
      });
      return plan[0]?.['QUERY PLAN'][0].Plan['Shared Hit Blocks'];
    };
    const asked = async () => [
      await blocks('due', 'text, timestamptz', COMPANIES.text, `'later', '2026-06-01'`),
      await blocks(
        'claim',
        'text, uuid[], timestamptz, int, int',
        claimOf({ ...post, kind: 'later' }).text,
        `'later', '{${app.companyId}}', '2099-06-01', 10, 10`,
      ),
    ];
    for (const steps of [...(await asked()), ...(await queryAs(app.target, 'owner', 'analyze effects').then(asked))]) {
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(120);
    }
    expect(await app.system.read((tx) => companiesDue(tx, 'later', new Date('2026-06-01')))).toEqual([]);
    expect(await app.system.read((tx) => companiesDue(tx, 'later', new Date('2099-06-01')))).toEqual([app.companyId]);
    await queryAs(app.target, 'owner', `delete from effects where kind = 'later'`);
  });

  test('does nothing when the deciding transaction is rolled back', async () => {
    const rolledBack = app.system.write(async (tx) => {
      await app.effects.reserve(tx, [{ companyId: app.companyId, kind: 'post', key: 'never', subject: { type: 'thing', id: newId() } }]);
      throw new Error('changed our mind');
    });
    await expect(rolledBack).rejects.toThrow('changed our mind');
    await app.drain();
    expect(received).toEqual([]);
    expect(await entry('never')).toBeUndefined();
  });

  test('asks the last check, which may refuse or put off', async () => {
    const until = new Date(app.clock.now().getTime() + 3_600_000);
    verdict = (effect) => (effect.key === 'no' ? { go: false, refuse: 'opted out' } : { go: false, until, reason: 'quiet hours' });
    await reserve('no');
    await reserve('later');
    await app.drain();
    expect(await entry('no')).toMatchObject({ state: 'refused', reason: 'opted out', attempts: 0 });
    expect(settled).toMatchObject([{ key: 'no', outcome: { state: 'refused' } }]);
    expect(await entry('later')).toMatchObject({ state: 'reserved', reason: 'quiet hours', dueAt: until });
    verdict = () => ({ go: true });
    app.clock.advance({ minutes: 59 });
    await app.drain();
    expect(received).toEqual([]);
    app.clock.advance({ minutes: 1 });
    await app.drain();
    expect(received).toEqual(['later']);
  });

  test('takes a refusal as final, and tries an absent vendor again later', async () => {
    await reserve('refused', 'refused');
    await reserve('down', 'down');
    await app.drain();
    expect(await entry('refused')).toMatchObject({ state: 'refused', reason: 'no such address' });
    expect(await entry('down')).toMatchObject({ state: 'reserved', attempts: 1, reason: 'busy' });
    app.clock.advance({ minutes: 2 });
    await app.drain();
    app.clock.advance({ minutes: 2 });
    await app.drain();
    expect(await entry('down')).toMatchObject({ state: 'confirmed', attempts: 3 });
    expect(received).toEqual(['down']);
  });

  test('holds a whole connection whose credentials are rejected, until new ones are there', async () => {
    const connectionId = newId();
    await reserve('c1', 'credentials', connectionId);
    await app.drain();
    await reserve('c2', 'fine', connectionId);
    await app.drain();
    expect(await entry('c1')).toMatchObject({ state: 'reserved', attempts: 0, reason: 'bad password' });
    expect(await entry('c2')).toMatchObject({ state: 'reserved', reason: 'bad password' });
    expect(received).toEqual([]);
    await app.sql(`update effects set payload = '{}' where key = 'c1'`);
    expect(await app.system.write((tx) => app.effects.release(tx, connectionId))).toBe(2);
    await app.drain();
    expect(received.toSorted()).toEqual(['c1', 'c2']);
  });

  test('looks a lost answer up, and never repeats what it cannot look up', async () => {
    found.set('lost', { externalId: 'found', detail: {} });
    await reserve('lost', 'lost');
    await reserve('unknown', 'lost_unknown');
    await reserve('bug', 'bug');
    await app.drain();
    expect(await entry('lost')).toMatchObject({ state: 'confirmed' });
    expect(await entry('unknown')).toMatchObject({ state: 'in_doubt', reason: 'the answer was lost' });
    expect(await entry('bug')).toMatchObject({ state: 'in_doubt' });
    app.clock.advance({ days: 30 });
    await app.drain();
    expect(received.toSorted()).toEqual(['bug', 'lost', 'unknown']);
  });

  test('lets a person decide what is in doubt', async () => {
    for (const key of ['h', 's', 'd']) await reserve(key, 'lost_unknown');
    await app.drain();
    received.length = 0;
    settled.length = 0;
    const decide = async (key: string, decision: 'happened' | 'send_again' | 'drop') => {
      const { id } = (await entry(key)) ?? { id: '' };
      await app.system.write((tx) => app.effects.decide(tx, id, decision));
    };
    await decide('h', 'happened');
    await decide('d', 'drop');
    await app.sql(`update effects set payload = '{}' where key = 's'`);
    await decide('s', 'send_again');
    await app.drain();
    expect(received).toEqual(['s']);
    expect([await entry('h'), await entry('s'), await entry('d')]).toMatchObject([
      { state: 'confirmed' },
      { state: 'confirmed' },
      { state: 'refused' },
    ]);
    await expect(decide('h', 'drop')).rejects.toThrow('not in doubt');
  });

  test('serves each company in turn: a backlog of one does not starve another', async () => {
    const other = await app.aCompany();
    const reservations = (companyId: string, count: number, name: string) =>
      Array.from({ length: count }, (_, i) => ({ companyId, kind: 'post', key: `${name}${i}`, subject: { type: 'thing', id: newId() } }));
    await app.system.write((tx) => app.effects.reserve(tx, reservations(app.companyId, 60, 'big')));
    await app.system.write((tx) => app.effects.reserve(tx, reservations(other, 3, 'small')));
    await app.drain();
    expect(received).toHaveLength(63);
    expect(received.slice(0, 12).filter((key) => key.startsWith('small'))).toHaveLength(3);
  });

  test('withdraws what is reserved, and can hasten it', async () => {
    const dueAt = new Date(app.clock.now().getTime() + 86_400_000);
    const one = (key: string) => ({ companyId: app.companyId, kind: 'post', key, subject: { type: 'thing', id: newId() }, dueAt });
    await app.system.write((tx) => app.effects.reserve(tx, [one('w1'), one('w2')]));
    expect(await app.system.write((tx) => app.effects.withdraw(tx, app.companyId, ['w1', 'a'], 'cancelled'))).toEqual(['w1']);
    expect(await app.system.write((tx) => app.effects.hasten(tx, { companyId: app.companyId, kind: 'post' }))).toBe(1);
    await app.drain();
    expect(received).toEqual(['w2']);
  });
});
