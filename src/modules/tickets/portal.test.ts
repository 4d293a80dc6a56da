import { afterAll, beforeAll, expect, test } from 'vitest';
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
