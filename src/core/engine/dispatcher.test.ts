import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { workflow } from './builder.ts';
import { batchStep, type EventHandler } from './types.ts';

const seen: string[] = [];
const failing = new Set<string>();
const handler = (name: string): EventHandler => ({
  event: 'thing.made',
  name,
  handle(_tx, events) {
    const bad = events.find((event) => failing.has(`${name} ${event.subject.id}`));
    if (bad !== undefined) throw new Error(`${name} can't`);
    seen.push(...events.map((event) => `${name} ${event.subject.id}`));
    return Promise.resolve();
  },
});
const breakAtCommit = new Set<string>();
/** A deferred constraint fails when the transaction commits: the worst time. */
const poison = batchStep({
  type: 'poison',
  title: 'Poison',
  input: z.strictObject({}),
  async run(tx, items) {
    const bad = items.find(({ run }) => breakAtCommit.has(run.subject.id));
    if (bad !== undefined) await tx.query({ name: 'test.poison', text: 'insert into poisoned (parent) values ($1)' }, [newId()]);
    return items.map(() => ({ kind: 'next' }));
  },
});

describe('the dispatcher', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    const follow = workflow(
      'follow',
      {
        title: 'Follow',
        subject: 'thing',
        triggers: [{ on: 'event', event: 'thing.made', where: { field: 'payload.follow', is: true } }],
        stopOn: [{ event: 'thing.changed', where: { field: 'payload.to', is: 'lost' } }],
      },
      (w) => [w.wait('A year', { weeks: 52 })],
    );
    const poisoned = workflow(
      'poisoned',
      { title: 'Poisoned', subject: 'thing', triggers: [{ on: 'event', event: 'thing.drunk' }] },
      (w) => [w.act('Poison', poison), w.end()],
    );
    app = await testEngine({ events: [handler('first'), handler('second')], steps: [poison], definitions: [follow, poisoned] });
  });
  afterAll(() => app.close());
  const runsOf = async (id: string) => (await app.runs()).filter((run) => run.subject_id === id);

  test('tells every handler once, in order, though one of them fails for one event', async () => {
    const [good, bad] = [newId(), newId()];
    failing.add(`second ${bad}`);
    await app.emit('thing.made', bad);
    await app.emit('thing.made', good);
    await app.drain();
    expect(seen).toEqual([`first ${bad}`, `first ${good}`, `second ${good}`]);
    expect(await app.sql('select attempts, error, failed_at from outbox')).toEqual([
      { attempts: 1, error: `second: second can't`, failed_at: null },
    ]);
    failing.clear();
    app.clock.advance({ seconds: 5 });
    await app.drain();
    expect(seen.slice(3)).toEqual([`second ${bad}`]);
    expect(await app.sql('select 1 from outbox')).toEqual([]);
  });

  test('parks what no handler can take after ten attempts, with its error', async () => {
    const id = newId();
    failing.add(`first ${id}`);
    await app.emit('thing.made', id, { follow: true });
    for (let i = 0; i < 12; i++) {
      await app.drain();
      app.clock.advance({ hours: 1 });
    }
    expect(await app.sql('select attempts, error from outbox where failed_at is not null')).toEqual([
      { attempts: 10, error: `first: first can't` },
    ]);
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('starts runs where the condition holds, and ends them where its own does', async () => {
    const [yes, no] = [newId(), newId()];
    await app.emit('thing.made', yes, { follow: true });
    await app.emit('thing.made', no, { follow: false });
    await app.drain();
    expect(await runsOf(no)).toEqual([]);
    await app.emit('thing.changed', yes, { to: 'won' });
    await app.drain();
    expect(await runsOf(yes)).toMatchObject([{ state: 'waiting' }]);
    await app.emit('thing.changed', yes, { to: 'lost' });
    await app.drain();
    expect(await runsOf(yes)).toMatchObject([{ state: 'cancelled', outcome: 'thing.changed' }]);
  });

  test('keeps the order of one batch: what ended a subject before its run began does not end it', async () => {
    const [before, after] = [newId(), newId()];
    await app.emit('thing.changed', before, { to: 'lost' });
    await app.emit('thing.made', before, { follow: true });
    await app.emit('thing.made', after, { follow: true });
    await app.emit('thing.changed', after, { to: 'lost' });
    await app.drain();
    expect(await runsOf(before)).toMatchObject([{ state: 'waiting' }]);
    expect(await runsOf(after)).toMatchObject([{ state: 'cancelled' }]);
  });

  test('two processes share the events: each is acted on once', async () => {
    const ids = Array.from({ length: 40 }, () => newId());
    seen.length = 0;
    for (const id of ids) await app.emit('thing.made', id, { follow: true });
    await Promise.all([app.drain(), app.another().worker.drain(), app.another().worker.drain()]);
    expect(seen.filter((one) => one.startsWith('first')).toSorted()).toEqual(ids.map((id) => `first ${id}`).toSorted());
    const runs = (await app.runs()).filter((run) => ids.includes(run.subject_id));
    expect(runs).toHaveLength(40);
  });

  test('a run that breaks its transaction at the commit is set aside alone', async () => {
    const { queryAs } = await import('#testing/database.ts');
    await queryAs(
      app.target,
      'owner',
      `create table poison_parents (id uuid primary key); create table poisoned (parent uuid references poison_parents (id) deferrable initially deferred)`,
    );
    const ids = Array.from({ length: 20 }, () => newId());
    const [bad = ''] = ids;
    breakAtCommit.add(bad);
    for (const id of ids) await app.emit('thing.drunk', id);
    await app.drain();
    const states = (await app.runs()).filter((run) => ids.includes(run.subject_id));
    expect(states.filter((run) => run.state === 'done')).toHaveLength(19);
    expect(states.find((run) => run.subject_id === bad)).toMatchObject({ state: 'failed', error: expect.stringContaining('foreign key') });
  });
});
