import { hashSync } from 'bcryptjs';
import { expect, test } from 'vitest';
import { hashPassword, newPassword, verifyPassword } from './password.ts';

const refusal = (password: string) => newPassword().safeParse(password).error?.issues[0]?.message ?? 'accepted';

test('takes a few words in a row, any alphabet, and long ones', () => {
  for (const password of ['correct horse battery', 'Übergrößenträger 9', 'パスワードを忘れました', 'long one '.repeat(90)])
    expect(refusal(password)).toBe('accepted');
});

test('refuses what anybody would try first', () => {
  for (const password of [
    'password123',
    'Password1234!',
    'P@ssw0rd123',
    'qwertyuiop',
    '1234567890',
    '0987654321',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    'Administrator1',
    'iloveyou2024!',
  ]) {
    expect([password, refusal(password)]).toEqual([password, expect.stringContaining('first that anybody')]);
  }
});

test('refuses short ones and ones over 1,000 bytes', () => {
  expect(refusal('short pw')).toContain('fewer than 10');
  expect(refusal('é'.repeat(501))).toContain('longer than 1,000 bytes');
});

test('stores argon2id with the parameters of the OWASP cheat sheet, salted', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse battery'), hashPassword('correct horse battery')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await verifyPassword('correct horse battery', one)).toEqual({ right: true, stale: false });
  expect(await verifyPassword('correct horse batterx', one)).toEqual({ right: false, stale: false });
});

test('the same letters typed as other code points are the same password', async () => {
  const hashed = await hashPassword('caf\u00e9 au lait');
  expect(await verifyPassword('cafe\u0301 au lait', hashed)).toMatchObject({ right: true });
});

test('knows bcrypt hashes of older systems, and says that they are stale', async () => {
  const old = hashSync('correct horse battery', 4);
  expect(await verifyPassword('correct horse battery', old)).toEqual({ right: true, stale: true });
  expect(await verifyPassword('wrong horse battery', old)).toEqual({ right: false, stale: false });
});

test('a broken hash lets nobody in', async () => {
  expect(await verifyPassword('correct horse battery', 'not a hash')).toEqual({ right: false, stale: false });
});
