import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type Field } from './decide.ts';

const value = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
const field: fc.Arbitrary<Field> = fc.record({
  base: fc.oneof(value, fc.constant(undefined)),
  ours: value,
  theirs: value,
  theirsIsLater: fc.option(fc.boolean(), { nil: null }),
});
const result = (one: Field) => (decide(one).take === 'theirs' ? one.theirs : one.ours);

test('nobody’s change is lost but to a later one, and then it is said', () => {
  fc.assert(
    fc.property(field, (one) => {
      const { take, conflict } = decide(one);
      if (one.base === undefined) expect(conflict).toBe(false);
      else {
        const [weMoved, theyMoved] = [one.ours !== one.base, one.theirs !== one.base];
        if (weMoved && !theyMoved) expect(result(one)).toBe(one.ours);
        if (theyMoved && !weMoved) expect(result(one)).toBe(one.theirs);
        expect(conflict).toBe(weMoved && theyMoved && one.ours !== one.theirs);
        if (conflict) expect(take).toBe(one.theirsIsLater === false ? 'ours' : 'theirs');
      }
    }),
  );
});

test('at a first meeting nothing that is here is overwritten', () => {
  fc.assert(fc.property(field, (one) => void (one.ours !== null && expect(result({ ...one, base: undefined })).toBe(one.ours))));
});

test('decided once, the same again changes nothing', () => {
  fc.assert(
    fc.property(field, (one) => {
      expect(decide({ ...one, ours: result(one), base: one.theirs })).toEqual({ take: 'ours', conflict: false });
    }),
  );
});
