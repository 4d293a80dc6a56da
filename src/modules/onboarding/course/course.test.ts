import { expect, test } from 'vitest';
import fc from '#testing/property.ts';
import { dueDay } from './due.ts';
import { courseOf, type Standing } from './next.ts';

const day = (offset: number) => new Date(Date.UTC(2026, 0, 1 + offset)).toISOString().slice(0, 10);

test('a day in business days is what counting on a calendar says, weekends and holidays left out', () => {
  const holidays = new Set(['2026-01-01', '2026-01-06', '2026-04-03', '2026-04-06', '2026-12-25']);
  const works = (one: string) => ![0, 6].includes(new Date(`${one}T00:00:00Z`).getUTCDay()) && !holidays.has(one);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 364 }), fc.integer({ min: 0, max: 60 }), (from, days) => {
      const found = dueDay(day(from), days, 'business', (one) => holidays.has(one));
      expect(works(found)).toBe(true);
      let counted = 0;
      for (let at = from + 1; day(at) <= found; at++) if (works(day(at))) counted++;
      // From a day that is closed, none is the next one that is open.
      expect(counted).toBe(days === 0 && !works(day(from)) ? 1 : days);
      expect(dueDay(day(from), days, 'calendar', () => true)).toBe(day(from + days));
    }),
    { numRuns: 300 },
  );
});

/** Plans whose tasks need only earlier ones, so that each can be done. */
const plan = fc.array(fc.record({ owner: fc.constantFrom('us' as const, 'client' as const), needs: fc.array(fc.nat(20), { maxLength: 3 }), after: fc.option(fc.nat(20)), days: fc.option(fc.nat(9)) }), { minLength: 1, maxLength: 12 }); // prettier-ignore

test('whatever the order, every plan ends; nothing opens before what it needs, and nothing twice', () => {
  fc.assert(
    fc.property(plan, fc.infiniteStream(fc.nat()), (drawn, picks) => {
      let tasks = drawn.map(
        ({ owner, needs, after, days }, i): Standing => ({
          key: `t${i}`, owner, dueDays: days, dueOf: 'calendar', dueOn: null, settledOn: null, state: 'waiting',
          needs: i === 0 ? [] : needs.map((one) => `t${one % i}`),
          dueAfter: after === null || i === 0 ? null : `t${after % i}`,
        }),
      ); // prettier-ignore
      const course = () => courseOf(tasks, '2026-01-01', (from, days) => dueDay(from, days, 'calendar', () => false));
      for (let round = 0; round <= tasks.length; round++) {
        const now = course();
        const settled = (key: string) => ['done', 'skipped'].includes(tasks.find((task) => task.key === key)?.state ?? '');
        for (const key of now.opens) expect(tasks.find((task) => task.key === key)?.needs.every(settled)).toBe(true);
        tasks = tasks.map((task) => ({
          ...task,
          dueOn: now.due.get(task.key) ?? task.dueOn,
          state: now.opens.includes(task.key) ? 'open' : task.state,
        }));
        const again = course();
        expect([again.opens, again.due.size]).toEqual([[], 0]);
        const open = tasks.filter((task) => task.state === 'open');
        expect(again.done).toBe(open.length === 0);
        expect(again.waitsForClient).toBe(open.length > 0 && !open.some((task) => task.owner === 'us'));
        const chosen = open[(picks.next().value ?? 0) % Math.max(1, open.length)];
        tasks = tasks.map((task) => (task.key === chosen?.key ? { ...task, state: 'done', settledOn: day(round) } : task));
      }
      expect(course().done).toBe(true);
    }),
    { numRuns: 200 },
  );
});
