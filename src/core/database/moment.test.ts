import { expect, test } from 'vitest';
import { types } from './moment.ts';

// pg's typing of parsers knows no result; these are the ones for timestamptz
const read = types.getTypeParser(1184, 'text') as (text: string) => Date;

test('a moment is the same Date and the same JSON as the slow way gives', () => {
  for (const [text, iso] of [
    ['2026-11-21 02:59:36.452+00', '2026-11-21T02:59:36.452Z'],
    ['2026-11-21 02:59:36+00', '2026-11-21T02:59:36.000Z'],
    ['2026-11-21 02:59:36.452123+00', '2026-11-21T02:59:36.452Z'],
    ['2026-11-21 04:59:36.45+02', '2026-11-21T02:59:36.450Z'],
    ['1999-01-01 00:00:00.001+00', '1999-01-01T00:00:00.001Z'],
  ] as const) {
    const moment = read(text);
    expect(moment).toEqual(new Date(iso));
    expect(JSON.stringify(moment)).toBe(JSON.stringify(iso));
    expect(moment).toBeInstanceOf(Date);
  }
});

test('a moment that was set to another time says that one', () => {
  const moment = read('2026-11-21 02:59:36.452+00');
  moment.setUTCFullYear(2030);
  expect(JSON.stringify(moment)).toBe('"2030-11-21T02:59:36.452Z"');
});
