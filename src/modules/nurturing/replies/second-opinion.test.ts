import { expect, test } from 'vitest';
import { settle, type Verdict } from './second-opinion.ts';

const at = new Date('2026-11-21T10:00:00Z');
const rules = (cls: Verdict['class'], confidence: number): Verdict => ({ class: cls, confidence, reasons: ['rule'], returnDate: null });
const model = (cls: Verdict['class'], confidence: number, returnDate: string | null = null) => ({
  class: cls,
  confidence,
  return_date: returnDate,
  reason: 'said so',
});

test('a model cannot talk a stop away', () => {
  for (const cls of ['interested', 'not_now', 'other', 'out_of_office', 'wrong_person'] as const) {
    expect(settle(rules('stop', 0.95), model(cls, 1), at)).toMatchObject({ by: 'rules', verdict: { class: 'stop' } });
  }
});

test('a stop that only the model sees counts, however unsure it is', () => {
  expect(settle(rules('interested', 0.9), model('stop', 0.3), at)).toMatchObject({ by: 'model', verdict: { class: 'stop' } });
});

test('a model helps where the rules are unsure, and only when it is sure', () => {
  expect(settle(rules('other', 0.5), model('interested', 0.9), at)).toMatchObject({ by: 'model', verdict: { class: 'interested' } });
  expect(settle(rules('other', 0.5), model('interested', 0.4), at)).toMatchObject({ by: 'rules', verdict: { class: 'other' } });
  expect(settle(rules('not_now', 0.8), model('interested', 0.99), at)).toMatchObject({ by: 'rules', verdict: { class: 'not_now' } });
});

test('a date out of this world is no date', () => {
  const day = (text: string | null) => settle(rules('other', 0.5), model('out_of_office', 0.9, text), at).verdict.returnDate;
  expect(day('2026-12-01')).toEqual(new Date('2026-12-01T00:00:00Z'));
  expect(day('2099-01-01')).toBeNull();
  expect(day('2020-01-01')).toBeNull();
  expect(day('soon')).toBeNull();
});
