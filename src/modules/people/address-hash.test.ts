import { createHmac } from 'node:crypto';
import fc from '#testing/property.ts';
import { expect, test } from 'vitest';
import { openSecrets } from '#core/secrets.ts';
import { addressHashes } from './address-hash.ts';

const secrets = openSecrets(['the first secret of this house', 'an older secret of this house']);
const plain = (text: string) => secrets.deriveAll('suppressed address').map((key) => createHmac('sha256', key).update(text).digest('hex'));

test('the hash of an address is its HMAC-SHA256 under each key, whatever its length', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'z', '0', '.', '@', '-'), maxLength: 1_500 }), (text) => {
      expect(addressHashes(secrets, text)).toEqual(plain(text));
    }),
  );
});

test('letters of several bytes fill the buffer and do not run over', () => {
  for (const length of [1, 199, 600, 601, 2_000]) expect(addressHashes(secrets, '界'.repeat(length))).toEqual(plain('界'.repeat(length)));
});
