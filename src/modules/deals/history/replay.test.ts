import fc from '#testing/property.ts';
import { describe, expect, test } from 'vitest';
import { replay, type DatedChange, type StageView } from './replay.ts';

const stage = (id: string, kind: StageView['kind'], position: number, probability: number): StageView => ({
  id,
  kind,
  position,
  probability,
  probabilities: [],
});
const stages = new Map(
  [stage('first', 'open', 1, 10), stage('talks', 'open', 2, 50), stage('won', 'won', 3, 100), stage('lost', 'lost', 4, 0)].map((one) => [
    one.id,
    one,
  ]),
);
const day = (n: number) => Date.UTC(2026, 0, 1) + n * 86_400_000;
const said = (at: number | null, field: string, to: string | null): DatedChange => ({
  at,
  field,
  to,
  baseCents: field === 'amount' ? Number(to) : null,
});

describe('a deal told as steps of value', () => {
  test('begins, moves up, is worth more and is won at its last value', () => {
    const { moves, openedAt, closedAt } = replay(
      [
        said(day(0), 'stage', 'first'), said(day(0), 'amount', '10000'), said(day(3), 'stage', 'talks'), said(day(10), 'stage', 'won'), said(day(10), 'amount', '12000'),
      ],
      stages,
    ); // prettier-ignore
    expect(
      moves.map(({ kind, from, to, stayS, cycleS }) => [kind, from?.weighted ?? 0, to.weighted, stayS / 86_400, cycleS / 86_400]),
    ).toEqual([
      ['new', 0, 1_000, 0, 0],
      ['up', 1_000, 5_000, 3, 0],
      ['value_up', 5_000, 6_000, 0, 0],
      ['won', 6_000, 12_000, 7, 10],
    ]);
    expect([openedAt, closedAt]).toEqual([day(0), day(10)]);
  });

  test('is lost at the value it had; what it closes at comes afterwards', () => {
    const { moves } = replay(
      [said(day(0), 'stage', 'talks'), said(day(0), 'amount', '10000'), said(day(5), 'stage', 'lost'), said(day(5), 'amount', '0')],
      stages,
    );
    expect(moves.map(({ kind, from, to }) => [kind, from?.cents ?? 0, to.cents])).toEqual([
      ['new', 0, 10_000],
      ['lost', 10_000, 10_000],
      ['value_down', 10_000, 0],
    ]);
  });

  test('without a date takes no part in sums until the first change that has one', () => {
    const undated = [said(null, 'stage', 'first'), said(null, 'amount', '500')];
    expect(replay(undated, stages)).toMatchObject({ moves: [], openedAt: null, cents: 500, weighted: 50 });
    expect(replay([...undated, said(day(4), 'stage', 'talks')], stages).moves).toMatchObject([
      { kind: 'new', at: day(4), to: { cents: 500 } },
    ]);
  });

  test('is weighed anew when its stage gets another probability, from that day on', () => {
    const dated = new Map(stages).set('talks', {
      ...stage('talks', 'open', 2, 80),
      probabilities: [
        { since: Number.NEGATIVE_INFINITY, probability: 50 },
        { since: day(2), probability: 80 },
      ],
    });
    const { moves, weighted } = replay([said(day(0), 'stage', 'talks'), said(day(0), 'amount', '1000')], dated);
    expect(moves.map(({ kind, at, to }) => [kind, at, to.weighted])).toEqual([
      ['new', day(0), 500],
      ['reweighted', day(2), 800],
    ]);
    expect(weighted).toBe(800);
  });

  test('whatever happens, each step begins where the last one ended', () => {
    const change = fc.record({
      at: fc.integer({ min: 0, max: 20 }),
      what: fc.oneof(
        fc.constantFrom('first', 'talks', 'won', 'lost').map((to) => ['stage', to] as const),
        fc.integer({ min: 0, max: 99_999 }).map((cents) => ['amount', String(cents)] as const),
        fc.constantFrom('a', 'b', null).map((to) => ['owner', to] as const),
        fc.constantFrom('30', '70', null).map((to) => ['probability', to] as const),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25 }), (list) => {
        const sorted = list.toSorted((a, b) => a.at - b.at).map(({ at, what: [field, to] }) => said(day(at), field, to));
        const { moves } = replay([said(day(0), 'stage', 'first'), ...sorted], stages);
        expect(moves[0]?.from).toBeNull();
        for (const [index, move] of moves.entries()) {
          expect(move.until).toBe(moves[index + 1]?.at ?? null);
          if (index > 0) expect(move.from).toEqual(moves[index - 1]?.to);
        }
        const ends = sorted.filter(({ field }) => field === 'stage').at(-1)?.to ?? 'first';
        expect(moves.at(-1)?.to.stageId).toBe(ends);
      }),
      { numRuns: 200 },
    );
  });
});
