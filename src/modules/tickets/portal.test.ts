import { afterAll, beforeAll, expect, test } from 'vitest';
import { addFile } from '#modules/people/operations/files.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { linkOperation } from '#modules/portal/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { noteOnTicket, updateTicket } from './operations/change.ts';
import { getTicket } from './operations/get.ts';
import { listTickets } from './operations/list.ts';
import { replyToTicket } from './operations/reply.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
});
afterAll(() => app.close());

const get = (url: string) => app.http.inject({ method: 'GET', url });
async function aClient(email: string) {
  const { id } = await app.call(createClient, { name: 'Ann Portal', email });
  return new URL((await app.call(linkOperation, { clientId: id })).url).pathname;
}
async function send(page: string, to: string, fields: Record<string, string>) {
  const once = /name="once" value="([^"]+)"/.exec((await get(page)).body)?.[1] ?? '';
  return app.http.inject({
    method: 'POST',
    url: to,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ once, ...fields }).toString(),
  });
}

test('a client asks, reads and answers on their page; their word there starts the clock; notes and other clients’ tickets are not shown', async () => {
  const [ann, ben] = [await aClient('ann@page.test'), await aClient('ben@page.test')];
  expect((await send(ann, `${ann}/tickets`, { do: 'ask', subject: 'The <b>printer</b>', text: 'It smokes.' })).statusCode).toBe(303);
  const [ticket] = (await app.call(listTickets, { q: 'ann@page.test' })).items;
  const ticketId = ticket?.id ?? '';
  expect(ticket).toMatchObject({ source: 'portal', state: 'open', preview: 'It smokes.' });
  await app.call(noteOnTicket, { ticketId, text: 'A difficult client' });
  await app.call(replyToTicket, { ticketId, text: 'Is it on fire?' });
  await app.drain();
  app.clock.advance({ hours: 1 });
  const page = await get(`${ann}/tickets/${ticketId}`);
  expect(page.body).toContain('Is it on fire?');
  expect(page.body).toContain('The &#60;b&#62;printer');
  expect(page.body).not.toContain('A difficult client');
  expect((await get(`${ben}/tickets/${ticketId}`)).statusCode).toBe(404);
  expect((await get(ben)).body).not.toContain('printer');

  await send(`${ann}/tickets/${ticketId}`, `${ann}/tickets/${ticketId}`, { do: 'reply', text: 'A little.' });
  const after = await app.call(getTicket, { ticketId });
  expect(after.ticket).toMatchObject({ state: 'open', waitingSince: app.clock.now() });
  expect(after.ticket.responseDueAt).not.toBeNull();
  await send(ben, `${ben}/tickets/${ticketId}`, { do: 'reply', text: 'Mine now' });
  expect((await app.call(getTicket, { ticketId })).entries.map((entry) => entry.text)).not.toContain('Mine now');
  await app.call(updateTicket, { ticketId, state: 'closed' });
  expect((await get(`${ann}/tickets/${ticketId}`)).body).toContain('This is closed');
});

test('files come with a client’s words and go with an answer, once, and nobody else opens them', async () => {
  const [cleo, dan] = [await aClient('cleo@page.test'), await aClient('dan@page.test')];
  const once = /name="once" value="([^"]+)"/.exec((await get(cleo)).body)?.[1] ?? '';
  const ask = async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ once, do: 'ask', subject: 'A crack', text: 'See the picture.' })) body.set(name, value);
    body.append('files', new Blob(['<h1>not a picture</h1>']), '../crack.png');
    const { headers, body: stream } = new Response(body);
    const payload = Buffer.from(await new Response(stream).arrayBuffer());
    return app.http.inject({ method: 'POST', url: `${cleo}/tickets`, headers: { 'content-type': headers.get('content-type') ?? '' }, payload });
  };
  expect((await Promise.all([ask(), ask()])).map(({ statusCode }) => statusCode)).toEqual([303, 303]);
  const tickets = (await app.call(listTickets, { q: 'cleo@page.test' })).items;
  expect(tickets).toHaveLength(1);
  const { id: ticketId = '', personId = '' } = tickets[0] ?? {};
  const [line] = (await app.call(getTicket, { ticketId })).entries;
  expect(line?.files).toMatchObject([{ name: 'crack.png', type: 'text/plain' }]);
  const at = `${cleo}/tickets/${ticketId}`;
  expect((await get(at)).body).toContain('crack.png');
  const sent = await get(`${at}/files/${line?.files[0]?.id}`);
  expect(sent.headers).toMatchObject({ 'content-type': 'text/plain', 'content-disposition': expect.stringMatching(/^attachment/), 'x-content-type-options': 'nosniff' });
  expect((await get(`${dan}/tickets/${ticketId}/files/${line?.files[0]?.id}`)).statusCode).toBe(404);

  const file = await app.call(addFile, { personId, name: 'offer.pdf', contentBase64: Buffer.from('%PDF-1.7 offer').toString('base64') });
  expect((await get(`${at}/files/${file.id}`)).statusCode).toBe(404);
  const { personId: stranger } = await app.call(createClient, { name: 'Eve', email: 'eve@page.test' });
  const foreign = await app.call(addFile, { personId: stranger, name: 'theirs.pdf', contentBase64: 'JVBERi0x' });
  await expect(app.call(replyToTicket, { ticketId, text: 'See here', fileIds: [foreign.id] })).rejects.toMatchObject({ fields: [{ path: 'file_ids' }] });
  const draftId = '0198c0de-0000-7000-8000-00000000000a';
  const [answer, again] = [await app.call(replyToTicket, { ticketId, text: 'See here', draftId, fileIds: [file.id] }), await app.call(replyToTicket, { ticketId, text: 'See here', draftId, fileIds: [file.id] })];
  expect(again.id).toBe(answer.id);
  expect((await app.call(getTicket, { ticketId })).entries.flatMap((entry) => entry.files.map(({ name }) => name))).toEqual(['crack.png', 'offer.pdf']);
  expect((await get(`${at}/files/${file.id}`)).body).toBe('%PDF-1.7 offer');
  const rows = await app.runtime.system.read((tx) => tx.query({ name: 'test.sent_files', text: 'select attachments from messages where id = $1' }, [answer.id]));
  expect(rows).toEqual([{ attachments: [{ fileId: file.id, filename: 'offer.pdf', contentType: 'application/pdf', size: 14 }] }]);
}); // prettier-ignore
