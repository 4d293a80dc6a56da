import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLeadOperation, updateLeadOperation } from '#modules/leads/operations/leads.ts';
import { createNote } from '#modules/people/operations/notes.ts';
import { personTimeline } from '#modules/people/operations/timeline.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { ClientExists, ClientNotFound } from './client.ts';
import { createClient, deleteClient, findClient, getClientOperation, listClientsOperation, updateClient } from './operations/clients.ts';
import { convertLead } from './operations/convert.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

test('a client is found by any address of their person, and is one however often it is asked for', async () => {
  const made = await app.call(createClient, { name: 'Ann Archer', email: 'Ann@Archer.test', phone: '+49 30 1234567' });
  expect(made).toMatchObject({ name: 'Ann Archer', email: 'ann@archer.test', phone: '+49301234567', status: 'prospect' });
  await expect(app.call(createClient, { name: 'Ann', email: 'ann@archer.test' })).rejects.toThrow(ClientExists);
  await app.call(updateClient, { clientId: made.id, email: 'ann@new.test' });
  for (const email of ['ann@archer.test', 'ann@new.test']) expect(await app.call(findClient, { email })).toMatchObject({ id: made.id });
  await expect(app.call(findClient, { email: 'nobody@archer.test' })).rejects.toThrow('nobody@archer.test');
});

test('an update changes what it names, of the billing address, too', async () => {
  const { id } = await app.call(createClient, {
    email: 'bill@bill.test',
    billing: { city: 'Berlin', country: 'de', vatId: 'DE 123 456 789' },
  });
  const changed = await app.call(updateClient, {
    clientId: id,
    status: 'active',
    plan: 'Gold',
    contractStart: '2026-01-01',
    contractEnd: '2026-12-31',
    billing: { city: null, postcode: '10115' },
  });
  expect(changed).toMatchObject({ status: 'active', plan: 'Gold', contractStart: '2026-01-01', contractEnd: '2026-12-31' });
  expect(changed.billing).toEqual({ postcode: '10115', country: 'DE', vatId: 'DE123456789' });
  await expect(app.call(updateClient, { clientId: id, contractEnd: '2025-12-31' })).rejects.toThrow('contract_end');
});

test('a lead that is converted becomes a client with everything: person, timeline, notes and owner', async () => {
  const lead = await app.call(createLeadOperation, {
    name: 'Lea Lead', email: 'lea@lead.test', notes: 'Wants two', ownerId: app.company.userId, enrol: false,
  }); // prettier-ignore
  await app.call(createNote, { personId: lead.personId, content: 'Called, likes it' });
  const client = await app.call(convertLead, { leadId: lead.id });
  expect(client).toMatchObject({
    personId: lead.personId,
    leadId: lead.id,
    status: 'active',
    notes: 'Wants two',
    ownerId: app.company.userId,
  });
  expect((await app.call(personTimeline, { personId: client.personId })).items.map((touch) => touch.content)).toContain('Called, likes it');
  await app.drain();
  expect(await app.call(convertLead, { leadId: lead.id })).toMatchObject({ id: client.id });
  expect((await app.call(listClientsOperation, { q: 'lea' })).items).toHaveLength(1);
});

test('a lead that was won elsewhere is a client without a further step', async () => {
  const lead = await app.call(createLeadOperation, { name: 'Will Won', email: 'will@won.test', enrol: false });
  await app.call(updateLeadOperation, { leadId: lead.id, status: 'converted' });
  await app.drain();
  expect(await app.call(findClient, { email: 'will@won.test' })).toMatchObject({
    personId: lead.personId,
    leadId: lead.id,
    status: 'active',
  });
});

test('the list is paged, newest first, and filtered', async () => {
  const other = await app.aCompany('Other');
  for (let i = 0; i < 5; i++) {
    app.clock.advance({ seconds: 1 });
    const status = i % 2 === 0 ? ('active' as const) : ('inactive' as const);
    await app.call(createClient, { name: `C${i}`, email: `c${i}@page.test`, status }, { as: other.admin });
  }
  const first = await app.call(listClientsOperation, { limit: 2, status: 'active' }, { as: other.admin });
  expect(first.items.map((one) => one.name)).toEqual(['C4', 'C2']);
  const rest = await app.call(listClientsOperation, { limit: 2, status: 'active', cursor: first.nextCursor ?? '' }, { as: other.admin });
  expect(rest).toMatchObject({ items: [{ name: 'C0' }], nextCursor: null });
});

test('a deleted client leaves the person', async () => {
  const made = await app.call(createClient, { name: 'Gone', email: 'gone@gone.test' });
  await app.call(deleteClient, { clientId: made.id });
  await expect(app.call(getClientOperation, { clientId: made.id })).rejects.toThrow(ClientNotFound);
  const again = await app.call(createClient, { email: 'gone@gone.test' });
  expect(again).toMatchObject({ personId: made.personId, name: 'Gone' });
});
