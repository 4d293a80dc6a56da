import { expect, test } from 'vitest';
import { piecesOf, together } from './proposal.ts';

const letter = { tokens: 12, template: 'offer', text: 'Dear Ann,\n\n500 euros.', subject: 'Offer', note: 'by hand' };

test('a letter is read as a letter, and what is for programs stands beside it', () => {
  const { pieces, rest } = piecesOf(letter);
  expect(pieces.map(({ key, label, long }) => [key, label, long])).toEqual([
    ['subject', 'Subject', false],
    ['text', 'Text', true],
    ['note', 'Note', false],
  ]);
  expect(JSON.parse(rest)).toEqual({ tokens: 12, template: 'offer' });
});

test('what was written takes its place, and nothing else changes', () => {
  const { pieces, rest } = piecesOf(letter);
  const written = new Map(pieces.map((piece) => [piece.key, piece.value]));
  expect(together(letter, written, rest)).toEqual(letter);
  expect(together(letter, new Map([...written, ['text', '450']]), rest)).toEqual({ ...letter, text: '450' });
  expect(together(letter, written, '{"tokens": ')).toBeUndefined();
  expect(together('Dear Ann', new Map([['', 'Dear Bo']]), '')).toBe('Dear Bo');
  expect(together({ cents: 5 }, new Map(), '{"cents": 4}')).toEqual({ cents: 4 });
});
