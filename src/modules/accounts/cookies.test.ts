import { expect, test } from 'vitest';
import { openSecrets } from '#core/secrets.ts';
import { csrfMatches, csrfToken } from './cookies.ts';

const old = openSecrets(['the first secret of this installation']);
const rotated = openSecrets(['the newer secret of this installation', 'the first secret of this installation']);

test('a CSRF token belongs to one session of one installation', () => {
  const token = csrfToken(old, 'session one');
  expect(csrfMatches(old, 'session one', token)).toBe(true);
  for (const [secrets, session, given] of [
    [old, 'session two', token],
    [openSecrets(['the secret of somebody else']), 'session one', token],
    [old, 'session one', ''],
    [old, 'session one', undefined],
    [old, 'session one', [token]],
  ] as const) {
    expect(csrfMatches(secrets, session, given)).toBe(false);
  }
});

test('whoever is signed in stays so when STEWARD_SECRET is rotated', () => {
  expect(csrfMatches(rotated, 'session one', csrfToken(old, 'session one'))).toBe(true);
  expect(csrfToken(rotated, 'session one')).not.toBe(csrfToken(old, 'session one'));
});
