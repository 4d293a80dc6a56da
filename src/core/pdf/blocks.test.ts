import { expect, test } from 'vitest';
import fc from '#testing/property.ts';
import { Blocks } from './blocks.ts';

test('what comes in pieces of any size comes out as it was', () => {
  const sizes = fc.array(fc.oneof(fc.nat(300), fc.nat(200_000)), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const pieces = lengths.map((length, i) => new Uint8Array(length).fill(i + 1));
      const blocks = new Blocks();
      for (const piece of pieces) blocks.add(piece);
      expect(blocks.bytes().equals(Buffer.concat(pieces))).toBe(true);
    }),
    { numRuns: 50 },
  );
});
