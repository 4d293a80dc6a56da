import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aJpeg, aPng, aGif } from '#testing/pictures.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { addAttachment } from '../../operations/template-files.ts';
import { addImage } from '../../operations/template-images.ts';
import { previewTemplate } from '../../operations/template-preview.ts';
import { saveDraft, updateTemplate } from '../../operations/templates.ts';
import { clearUnusedFiles } from '../store/unused.ts';
import { imagePath } from './address.ts';
import { cleanJpeg } from './jpeg.ts';
import { readPicture } from './picture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const get = (url: string) => app.http.inject({ method: 'GET', url });
const add = (bytes: Buffer, filename = 'picture.png') => app.call(addImage, { filename, contentBase64: bytes.toString('base64') });
const theme = { accent: '#1d4ed8', background: '#f4f4f5', surface: '#ffffff', text: '#18181b', font: 'system' } as const;
const withImage = (src: string, picture: { width: number; height: number }, alt: string) => ({
  subject: 'A picture',
  source: {
    mode: 'blocks' as const,
    theme,
    blocks: [{ id: 'a', type: 'image' as const, src, alt, url: '', width: 300, picture, align: 'center' as const }],
  },
});

test('a picture is served to whoever has its address as what its bytes are, and nothing else is', async () => {
  const png = aPng(1_200, 600);
  const kept = await add(png, 'logo.svg');
  expect(kept).toMatchObject({ contentType: 'image/png', width: 1_200, height: 600, size: png.length });
  const shown = await get(kept.src);
  expect(shown.statusCode).toBe(200);
  expect(shown.rawPayload).toEqual(png);
  expect(shown.headers).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect((await add(png)).src, 'the same bytes are kept once').toBe(kept.src);

  const other = kept.src.replace(/\/i\/(.)/, (_, first: string) => `/i/${first === 'A' ? 'B' : 'A'}`);
  expect((await get(other)).statusCode).toBe(404);
  const file = await app.call(addAttachment, {
    filename: 'offer.html',
    contentType: 'text/html',
    contentBase64: Buffer.from('<script>alert(1)</script>').toString('base64'),
  });
  const { companyId } = app.company;
  const { secrets } = app.runtime;
  expect((await get(imagePath(secrets, { companyId, fileId: file.attachmentId }, 'image/png'))).statusCode).toBe(404);
  const stranger = await app.aCompany();
  expect((await get(imagePath(secrets, { companyId: stranger.companyId, fileId: kept.fileId }, 'image/png'))).statusCode).toBe(404);
});

test.each([
  ['an SVG under the name of a PNG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'is SVG'],
  ['a WebP', Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 '), Buffer.alloc(40)]), 'is WebP, which Outlook does not show'],
  ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'is no PNG, JPEG or GIF'],
  ['a PNG without a picture', aPng(0, 10), 'is damaged'],
  ['a PNG of a hundred million pixels', aPng(10_000, 10_000), '10000 by 10000 pixels'],
  ['more than 2 MB', Buffer.concat([aPng(10, 10), Buffer.alloc(2_000_000)]), 'is larger than 2 MB'],
  ['nothing', Buffer.alloc(0), 'is empty'],
])('%s is refused by its bytes, with what to do', async (_, bytes, says) => {
  await expect(add(bytes, 'picture.png')).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(says) });
});

test('a photo loses where and with what it was taken, and stays turned as it was', async () => {
  const photo = aJpeg({ width: 40, height: 30, orientation: 6, secret: 'GPS 52.5200 N' });
  const kept = await add(photo, 'IMG_1234.JPG');
  expect(kept).toMatchObject({ contentType: 'image/jpeg', width: 30, height: 40 });
  const bytes = (await get(kept.src)).rawPayload;
  expect(bytes.includes('GPS')).toBe(false);
  expect(bytes.includes('pixels of the photo')).toBe(true);
  expect(readPicture(bytes), 'what is kept says the same of itself').toMatchObject({ width: 30, height: 40 });
  expect(readPicture(aGif(17, 19))).toMatchObject({ contentType: 'image/gif', width: 17, height: 19 });
  expect(readPicture(aJpeg({ width: 40, height: 30 }))).toMatchObject({ width: 40, height: 30 });
});

test('no bytes trouble the reader: what begins like a JPEG is one or is refused', () => {
  const jpeg = aJpeg({ width: 40, height: 30, orientation: 6, secret: 'x' });
  fc.assert(
    fc.property(fc.nat(jpeg.length), fc.uint8Array({ maxLength: 60 }), (cut, tail) => {
      const clean = cleanJpeg(Buffer.concat([jpeg.subarray(0, cut), tail]));
      expect(clean === null || (clean.width >= 0 && clean.content.length <= cut + tail.length + 36)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a mail names the whole address and keeps the place of the picture; without words it is warned of', async () => {
  const kept = await add(aPng(1_200, 600));
  const mute = await app.call(previewTemplate, withImage(kept.src, kept, ''));
  expect(mute.findings.map((one) => one.code)).toContain('no_alt');
  const said = await app.call(previewTemplate, withImage(kept.src, kept, 'Our shop'));
  expect(said.findings.map((one) => one.code)).not.toContain('no_alt');
  const tag = /<img\s[^>]*>/.exec(said.html)?.[0] ?? '';
  expect(tag).toMatch(/ alt="Our shop" height="150" src="https?:\/\/[^/"]+\/i\//);
  expect(tag).toContain(' width="300"');
  expect(tag).toContain('height:auto');
});

test('files that nothing has named for a month go; what a version, a draft or a later wish names stays', async () => {
  const [used, drafted, again, unused] = [await add(aPng(11, 1)), await add(aPng(12, 1)), await add(aPng(13, 1)), await add(aPng(14, 1))];
  const file = await app.call(addAttachment, { filename: 'a.txt', contentBase64: Buffer.from('unused file').toString('base64') });
  const carried = await app.call(addAttachment, { filename: 'b.txt', contentBase64: Buffer.from('carried').toString('base64') });
  await app.call(updateTemplate, {
    key: 'shown',
    ...withImage(used.src, used, 'One'),
    attachments: [{ attachmentId: carried.attachmentId }],
  });
  // a later version without them: readers still open mails of the earlier one
  await app.call(updateTemplate, { key: 'shown', source: { mode: 'text', text: 'Words' }, attachments: [] });
  await app.call(saveDraft, { key: 'shown', content: withImage(drafted.src, drafted, 'Two') });
  app.clock.advance({ days: 29 });
  expect(await clearUnusedFiles(app.runtime)).toBe(0);
  await add(aPng(13, 1));
  app.clock.advance({ days: 2 });
  await clearUnusedFiles(app.runtime);
  const left = await app.runtime.system.read((tx) =>
    tx.query<{ id: string }>({ name: 'test.files', text: 'select id from template_files' }, []),
  );
  const ids = left.map((row) => row.id);
  expect(ids).toEqual(expect.arrayContaining([used.fileId, drafted.fileId, again.fileId, carried.attachmentId]));
  for (const gone of [unused.fileId, file.attachmentId]) expect(ids).not.toContain(gone);
  expect((await get(unused.src)).statusCode).toBe(404);
  expect((await get(used.src)).statusCode).toBe(200);
});
