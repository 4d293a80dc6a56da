import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '#modules/accounts/operations/keys.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { listPictures, removePicture, setPicture } from './operations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from('the rest of it')]);

async function fetchAs(company: TestCompany, userId: string) {
  const { key } = await app.call(createKey, { name: 'k', scopes: ['pictures:read'] }, { as: company.admin });
  return app.http.inject({ method: 'GET', url: `/api/users/${userId}/picture`, headers: { authorization: `Bearer ${key}` } });
}

test('a picture is served to colleagues as what its bytes are, never sniffed or run, and not to others', async () => {
  const [ours, theirs] = [await app.aCompany(), await app.aCompany()];
  await app.call(setPicture, { contentBase64: PNG.toString('base64') }, { as: ours.admin });
  const answer = await fetchAs(ours, ours.userId);
  expect(answer.statusCode).toBe(200);
  expect(answer.rawPayload).toEqual(PNG);
  expect(answer.headers).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
  expect((await fetchAs(theirs, ours.userId)).statusCode).toBe(404);
  expect((await app.http.inject({ method: 'GET', url: `/api/users/${ours.userId}/picture` })).statusCode).toBe(401);
  await app.call(removePicture, {}, { as: ours.admin });
  expect((await fetchAs(ours, ours.userId)).statusCode).toBe(404);
  expect((await app.call(listPictures, {}, { as: ours.admin })).items).toEqual([]);
});

test('what is no picture, or a large one, is refused by its bytes', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  await expect(app.call(setPicture, { contentBase64: svg.toString('base64') })).rejects.toMatchObject({ code: 'invalid_input' });
  const large = Buffer.concat([PNG, Buffer.alloc(262_144)]);
  await expect(app.call(setPicture, { contentBase64: large.toString('base64') })).rejects.toMatchObject({ code: 'invalid_input' });
});
