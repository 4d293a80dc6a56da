import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { advance } from './advance.ts';
import { workflow } from './builder.ts';
import { dispatch } from './dispatcher.ts';
import { Lanes } from './lanes.ts';
import { wake } from './waker.ts';

test('a company that fills a good part of a full batch goes in a lane of its own, until it has not filled its part for a second', () => {
  let now = 0;
  const lanes = new Lanes(() => now);
  const batch = (counts: Record<string, number>) =>
    Object.entries(counts).flatMap(([company, count]) => Array.from({ length: count }, () => company));
  lanes.took(batch({ a: 90, b: 9 }), 100);
  expect(lanes.large).toEqual([]); // not full: nobody waits
  lanes.took(batch({ a: 70, b: 25, c: 5 }), 100);
  expect(lanes.large).toEqual(['a', 'b']);
  now = 900;
  lanes.kept(batch({ a: 50, b: 3 }), 100);
  expect(lanes.large).toEqual(['a', 'b']);
  now = 1_100;
  lanes.kept(batch({ b: 3 }), 100);
  expect(lanes.large).toEqual(['a']);
  now = 2_000;
  lanes.kept([], 100);
  expect(lanes.large).toEqual([]);
});

const flow = workflow('flow', { title: 'Flow', subject: 'thing', triggers: [{ on: 'event', event: 'thing.made' }] }, (w) => [
  w.wait('A moment', { seconds: 5 }),
  w.end(),
]);

describe('a small company beside a backlog', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  let small = '';
  beforeAll(async () => {
    app = await testEngine({ definitions: [flow] });
    small = await app.aCompany();
    const event = (companyId: string) => ({ name: 'thing.made', companyId, subject: { type: 'thing', id: newId() } });
    const events = [...Array.from({ length: 300 }, () => event(app.companyId)), ...Array.from({ length: 5 }, () => event(small))];
    await app.system.write((tx) => app.engine.emit(tx, events));
  });
  afterAll(() => app.close());
  const of = (companies: readonly string[]) => ({
    large: companies.filter((company) => company === app.companyId).length,
    small: companies.filter((company) => company === small).length,
  });

  test('has its events taken without those of the backlog, its runs woken with them, and its runs moved beside them', async () => {
    expect(of((await dispatch(app.parts, 100, { beside: [app.companyId] })).companies)).toEqual({ large: 0, small: 5 });
    expect(of((await dispatch(app.parts, 100, { of: [app.companyId] })).companies)).toEqual({ large: 100, small: 0 });
    while ((await dispatch(app.parts, 200)).events > 0);
    while ((await advance(app.parts, 200)).taken > 0);
    app.clock.advance({ seconds: 10 });
    // The backlog is older: first come, first served would leave the small one out.
    await app.sql(`update runs set wake_at = wake_at - interval '1 second' where company_id = $1`, [app.companyId]);
    expect((await wake(app.parts, 20, { beside: [app.companyId] })).due).toBe(5);
    expect((await wake(app.parts, 20, { of: [app.companyId] })).due).toBe(20);
    const taken = await advance(app.parts, 2); // the tag in service is known from here on
    expect(taken.taken).toBe(2);
    const beside = await advance(app.parts, 50, [app.companyId]);
    expect(of(beside.companies).large).toBe(0);
    expect(of(beside.companies).small + of(taken.companies).small).toBe(5);
    await app.drain();
    const left = await app.sql<{ n: number }>(`select count(*)::int as n from runs where state <> 'done'`);
    expect(left).toEqual([{ n: 0 }]);
  });

  test('has more runs moved than one turn holds, while the backlog stands still', async () => {
    const made = (companyId: string, count: number) =>
      Array.from({ length: count }, () => ({ name: 'thing.made', companyId, subject: { type: 'thing', id: newId() } }));
    await app.system.write((tx) => app.engine.emit(tx, [...made(app.companyId, 300), ...made(small, 120)]));
    while ((await dispatch(app.parts, 500)).events > 0);
    const beside = await advance(app.parts, 200, [app.companyId]);
    expect(of(beside.companies)).toEqual({ large: 0, small: 120 });
    await app.drain();
  });
});
