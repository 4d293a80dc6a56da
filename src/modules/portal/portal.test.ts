import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import { InvalidInput } from '#core/errors.ts';
import { module } from '#core/module.ts';
import { html } from '#core/portal/html.ts';
import type { PortalPart } from '#core/portal/types.ts';
import { sendEmail } from '#modules/messages/operations/send.ts';
import { createClient, deleteClient } from '#modules/clients/operations/clients.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { linkOperation, listViews, revokeLinks } from './operations.ts';
import { form, inside } from './page/kit.ts';

const done: string[] = [];
/** A part as another module would bring it: its own page, a file below it, one act. */
const notes: PortalPart = {
  name: 'notes',
  title: () => 'Notes',
  place: 1,
  async front(_tx, visit) {
    return inside(
      html`<p>For ${visit.name}</p>`,
      form(visit, { act: 'write', label: 'Send', fields: [{ name: 'text', label: 'Text', required: true }, { name: 'paper', label: 'Paper', type: 'file' }] }),
    ); // prettier-ignore
  },
  async open(_tx, visit, path) {
    return path === 'file'
      ? { filename: 'größe.txt', contentType: 'text/plain', bytes: () => Promise.resolve(Buffer.from(visit.clientId)) }
      : null;
  },
  acts: {
    async write(_tx, visit, { fields, files }) {
      if (fields['text'] === '') throw new InvalidInput('Write something', { fields: [{ path: 'text', message: 'is empty' }] });
      done.push(`${visit.clientId}: ${fields['text'] ?? ''}${files.map(({ name, bytes }) => ` ${name} ${bytes.length}`).join('')}`);
      return { says: 'sent' };
    },
  },
  says: () => ({ sent: 'Thank you.' }),
};

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ modules: [...modules, module({ name: 'notes', operations: [], portal: [notes] })] });
});
afterAll(() => app.close());

const get = (url: string) => app.http.inject({ method: 'GET', url });
async function aClient(name: string, as = app.company.admin) {
  const { id } = await app.call(createClient, { name, email: `${name.toLowerCase().replace(/[^a-z]+/g, '-')}x@portal.test` }, { as });
  const { url } = await app.call(linkOperation, { clientId: id }, { as });
  return { id, path: new URL(url).pathname };
}
const send = (url: string, fields: Record<string, string>) =>
  app.http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });
const onceOf = (page: string) => /name="once" value="([^"]+)"/.exec(page)?.[1] ?? '';

test('whoever holds the link sees the client’s page in the company’s name, no machine keeps or frames it, and the visit is counted', async () => {
  const ann = await aClient('Ann <b>Portal</b>');
  const page = await get(ann.path);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('Acme');
  expect(page.body).toContain('For Ann &#60;b&#62;Portal&#60;/b&#62;');
  expect(page.headers).toMatchObject({ 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex, nofollow' });
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src 'self'/,
  );
  expect(page.headers['content-security-policy']).not.toContain('unsafe');
  // What stands in the page is what the policy lets in, to the byte.
  for (const [, tag = '', text = ''] of page.body.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g))
    expect(page.headers['content-security-policy']).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  await get(`${ann.path}/notes`);
  await app.http.inject({ method: 'HEAD', url: ann.path });
  expect((await app.call(listViews, { clientId: ann.id })).items).toMatchObject([{ pages: 2, ip: '127.0.0.1' }]);
  app.clock.advance({ hours: 1 });
  await get(ann.path);
  expect((await app.call(listViews, { clientId: ann.id })).items).toMatchObject([{ pages: 1 }, { pages: 2 }]);
  expect((await get(`${ann.path}/notes/file`)).headers['content-disposition']).toContain("filename*=UTF-8''gr%C3%B6%C3%9Fe.txt");
});

test('a link that was changed, has ended, was revoked or whose client is gone shows the same: nothing', async () => {
  const ben = await aClient('Ben');
  const nothing = await get(`${ben.path}x`);
  expect(nothing.statusCode).toBe(404);
  const word = ben.path.split('/').at(-1) ?? '';
  const bytes = Buffer.from(word, 'base64url');
  for (const at of [3, 20, 33, 38, 50]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect((await get(`/portal/${changed.toString('base64url')}`)).body).toBe(nothing.body);
  }
  const { url } = await app.call(linkOperation, { clientId: ben.id, days: 5 });
  app.clock.advance({ days: 7 });
  expect((await get(new URL(url).pathname)).body).toBe(nothing.body);
  expect((await get(ben.path)).statusCode).toBe(200);
  await app.call(revokeLinks, { clientId: ben.id });
  expect((await get(ben.path)).body).toBe(nothing.body);
  const fresh = new URL((await app.call(linkOperation, { clientId: ben.id })).url).pathname;
  expect((await get(fresh)).statusCode).toBe(200);
  const renewed = new URL((await app.call(linkOperation, { clientId: ben.id, renew: true })).url).pathname;
  expect([(await get(fresh)).statusCode, (await get(renewed)).statusCode]).toEqual([404, 200]);
  await app.call(deleteClient, { clientId: ben.id });
  expect((await get(renewed)).body).toBe(nothing.body);
});

test('what is sent is done once for each drawing of the form, for this client only, and never by looking', async () => {
  const cleo = await aClient('Cleo');
  done.length = 0;
  const at = `${cleo.path}/notes`;
  const once = onceOf((await get(at)).body);
  await get(`${at}?do=write&once=${once}&text=no`);
  expect(done).toEqual([]);
  const both = await Promise.all([send(at, { do: 'write', once, text: 'hello' }), send(at, { do: 'write', once, text: 'hello' })]);
  expect(both.map(({ statusCode, headers }) => [statusCode, headers.location])).toEqual([[303, `${at}?done=sent`], [303, `${at}?done=sent`]]); // prettier-ignore
  expect(done).toEqual([`${cleo.id}: hello`]);
  expect((await get(`${at}?done=sent`)).body).toContain('Thank you.');
  expect((await get(`${at}?done=<b>`)).body).not.toContain('role="status"');
  expect((await send(at, { do: 'toString', once: onceOf((await get(at)).body) })).statusCode).toBe(404);
});

test('what was refused stands in the form again, with what is wrong beside it', async () => {
  const dora = await aClient('Dora');
  const at = `${dora.path}/notes`;
  const once = onceOf((await get(at)).body);
  const refused = await send(at, { do: 'write', once, text: '', other: 'x' });
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain('Write something');
  expect(refused.body).toContain('id="f-text-fault">is empty');
  expect((await send(at, { do: 'write', once: onceOf(refused.body), text: 'now' })).statusCode).toBe(303);
});

test('files come as a form sends them, together at most 25 MB', async () => {
  const eva = await aClient('Eva');
  const at = `${eva.path}/notes`;
  const upload = async (bytes: Uint8Array<ArrayBuffer>) => {
    const body = new FormData();
    for (const [name, value] of [
      ['once', onceOf((await get(at)).body)],
      ['do', 'write'],
      ['text', 'see'],
    ] as const)
      body.set(name, value);
    body.set('paper', new Blob([bytes]), '../paper.pdf');
    const { headers, body: stream } = new Response(body);
    return app.http.inject({
      method: 'POST',
      url: at,
      headers: { 'content-type': headers.get('content-type') ?? '' },
      payload: Buffer.from(await new Response(stream).arrayBuffer()),
    });
  };
  done.length = 0;
  expect((await upload(new Uint8Array(300_000))).statusCode).toBe(303);
  expect(done).toEqual([`${eva.id}: see paper.pdf 300000`]);
  const large = await upload(new Uint8Array(25_000_001));
  expect([large.statusCode, done.length]).toEqual([413, 1]);
  expect(large.body).toContain('more than 25 MB');
});

test('another company has no part of it', async () => {
  const other = await app.aCompany('Elsewhere');
  const finn = await aClient('Finn', other.admin);
  await expect(app.call(linkOperation, { clientId: finn.id })).rejects.toMatchObject({ code: 'client_not_found' });
  expect((await get(finn.path)).body).toContain('Elsewhere');
});

test('a mail takes the link along; who is no client gets no such mail', async () => {
  const gus = await aClient('Gus');
  const text = { subject: 'Your page', text: 'Look here: {{ portal.link }}', class: 'transactional' } as const;
  const sent = await app.call(sendEmail, { to: 'gusx@portal.test', ...text });
  const body = async (id: string) =>
    (
      await app.runtime.system.read((tx) =>
        tx.query<{ text: string }>({ name: 'test.text', text: 'select text from messages where id = $1' }, [id]),
      )
    )[0]?.text ?? '';
  const path = /http\S+(\/portal\/\S+)/.exec(await body(sent.id))?.[1] ?? '';
  expect((await get(path)).body).toContain('For Gus');
  expect(path).toBe(gus.path);
  const stranger = await app.call(sendEmail, { to: 'nobody@portal.test', ...text });
  expect(stranger).toMatchObject({ state: 'blocked' });
});

test('a client reads their page in their own language, and may choose another: mails and papers follow', async () => {
  const eva = await aClient('Gerda');
  expect((await get(eva.path)).body).toContain('<html lang="en">');
  const french = await app.http.inject({ url: eva.path, headers: { 'accept-language': 'fr-CH,fr;q=0.9' } });
  expect(french.body).toContain('<h1>Bonjour Gerda</h1>');
  expect((await send(`${eva.path}/language`, { language: 'xx' })).statusCode).toBe(404);
  expect((await send(`${eva.path}/language`, { language: 'de' })).headers['location']).toBe(eva.path);
  const page = (await app.http.inject({ url: eva.path, headers: { 'accept-language': 'fr' } })).body;
  expect(page).toContain('<html lang="de">');
  expect(page).toContain('Fragen und Anliegen');
  expect(page).toContain('value="de" lang="de"  aria-current="true"');
});
