import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotFound } from '#core/errors.ts';
import { consentLogOperation, setConsent } from '#modules/people/operations/consent.ts';
import { getPersonOperation, listPeopleOperation, updatePersonOperation } from '#modules/people/operations/people.ts';
import { createNote } from '#modules/people/operations/notes.ts';
import { personTimeline } from '#modules/people/operations/timeline.ts';
import { withdrawConsent } from '#modules/people/public.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { captureLead } from './operations/capture.ts';
import { createInteraction, listInteractions } from './operations/interactions.ts';
import {
  createLeadOperation as createLead,
  deleteLeadOperation,
  getLeadOperation as getLead,
  listLeadsOperation as listLeads,
  updateLeadOperation as updateLead,
} from './operations/leads.ts';
import { countLeads, setLeadStatus } from './operations/overview.ts';
import { eventsAbout, operatorHeaders } from './testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let serial = 0;
const anEmail = () => `lead-${++serial}@example.com`;

describe('creating a lead', () => {
  test('makes the person, reads the phone number and tells the house', async () => {
    const lead = await app.call(createLead, { name: 'Ann Lee', email: '  ANN@Bücher.example ', phone: '+49 30 123456', source: 'fair' });
    expect(lead).toMatchObject({
      name: 'Ann Lee',
      email: 'ann@xn--bcher-kva.example',
      phone: '+4930123456',
      status: 'new',
      source: 'fair',
      optedOut: false,
    });
    const person = await app.call(getPersonOperation, { personId: lead.personId });
    expect(person).toMatchObject({ firstName: 'Ann', lastName: 'Lee', timeZone: 'Europe/Berlin', lead: { id: lead.id, status: 'new' } });
    expect(await eventsAbout(app, lead.id)).toEqual([['lead.created', { source: 'fair', status: 'new', enrol: true, imported: false }]]);
  });

  test('for an address with an open lead is refused and names that lead', async () => {
    const email = anEmail();
    const first = await app.call(createLead, { name: 'Bo', email });
    await expect(app.call(createLead, { name: 'Bo again', email: email.toUpperCase() })).rejects.toMatchObject({
      code: 'lead_exists',
      message: expect.stringContaining(first.id),
    });
  });

  test('five times at once makes one person and one lead', async () => {
    const email = anEmail();
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => app.call(createLead, { name: 'Five', email })));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect((await app.call(listPeopleOperation, { q: email })).items).toHaveLength(1);
    expect((await app.call(listLeads, { q: email })).items).toHaveLength(1);
  });

  test('after the last one was lost makes a new lead of the same person', async () => {
    const email = anEmail();
    const first = await app.call(createLead, { name: 'Cy', email });
    await app.call(updateLead, { leadId: first.id, status: 'lost' });
    const second = await app.call(createLead, { name: 'Someone Else', email });
    expect(second.personId).toBe(first.personId);
    expect(second.name).toBe('Cy');
    expect(second.id).not.toBe(first.id);
    await expect(app.call(updateLead, { leadId: first.id, status: 'new' })).rejects.toMatchObject({ code: 'lead_exists' });
  });

  test('as unsubscribed opts the person out and does not enrol', async () => {
    const lead = await app.call(createLead, { email: anEmail(), status: 'unsubscribed' });
    expect(lead).toMatchObject({ status: 'unsubscribed', optedOut: true });
    const events = await eventsAbout(app, lead.id);
    expect(events[0]).toMatchObject(['lead.created', { enrol: false }]);
  });

  test('keeps a number that cannot be read as it was written', async () => {
    const lead = await app.call(createLead, { email: anEmail(), phone: 'ask at the desk' });
    expect(lead.phone).toBe('ask at the desk');
  });
});

describe('capturing a lead', () => {
  test('merges into the lead that is there and fills what it lacks', async () => {
    const email = anEmail();
    const { lead } = await app.call(createLead, { email }).then((made) => ({ lead: made }));
    const captured = await app.call(captureLead, { email, name: 'Dee Dee', phone: '+43 1 12345' });
    expect(captured).toMatchObject({ created: 0, merged: 1, lead: { id: lead.id, name: 'Dee Dee', phone: '+43112345' } });
  });
});

describe('listing leads', () => {
  test('pages through all of them once, in either order, and by filter', async () => {
    const company = await app.aCompany('Pages');
    const as = company.admin;
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const lead = await app.call(
        createLead,
        { name: `Person ${index}`, email: anEmail(), source: index % 2 === 0 ? 'even' : 'odd' },
        { as },
      );
      made.push(lead.id);
    }
    const walk = async (filter: object) => {
      const seen: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await app.call(listLeads, { limit: 2, ...filter, ...(cursor === undefined ? {} : { cursor }) }, { as });
        seen.push(...page.items.map((lead) => lead.id));
        if (page.nextCursor === null) return seen;
        cursor = page.nextCursor;
      }
    };
    expect(await walk({})).toEqual(made.toReversed());
    expect(await walk({ sort: 'created_at' })).toEqual(made);
    expect(await walk({ source: 'even' })).toEqual([made[6], made[4], made[2], made[0]]);
    expect(await walk({ status: 'new', source: 'odd', createdFrom: new Date(0), createdTo: app.clock.now() })).toEqual([]);
    expect(await walk({ q: 'person' })).toEqual(made.toReversed());
    expect(await walk({ ownerId: company.userId })).toEqual([]);
    expect(await app.call(countLeads, {}, { as })).toMatchObject({ total: 7, byStatus: { new: 7, lost: 0 }, sources: ['even', 'odd'] });
  });

  test('finds by any part of a name, an address or a number, and by the first letters of a word', async () => {
    const { admin: as } = await app.aCompany('Search');
    await app.call(createLead, { name: 'Zoë 100%_sure Smith', email: 'zoe@findme.example', phone: '+49 30 987654' }, { as });
    await app.call(createLead, { name: 'Bystander', email: 'other@example.com' }, { as });
    for (const q of ['ZOË', 'findme', '987654', 'sm', '100%_s']) {
      expect(
        (await app.call(listLeads, { q }, { as })).items.map((lead) => lead.email),
        q,
      ).toEqual(['zoe@findme.example']);
    }
    expect((await app.call(listLeads, { q: '%' }, { as })).items).toEqual([]);
  });

  test('refuses a cursor that is not its own', async () => {
    for (const cursor of [
      'x',
      Buffer.from('[1,2]').toString('base64url'),
      Buffer.from('[-8.64e15,"01a1fc14-dc02-70b1-96cb-9880ad4bee79"]').toString('base64url'),
    ]) {
      await expect(app.call(listLeads, { cursor })).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  test('shows nothing of another company and finds none of its rows', async () => {
    const lead = await app.call(createLead, { name: 'Secret Person', email: anEmail() });
    const { admin: as } = await app.aCompany('Other');
    expect((await app.call(listLeads, { q: 'secret' }, { as })).items).toEqual([]);
    expect((await app.call(listLeads, {}, { as })).items).toEqual([]);
    for (const call of [
      () => app.call(getLead, { leadId: lead.id }, { as }),
      () => app.call(updateLead, { leadId: lead.id, name: 'Mine' }, { as }),
      () => app.call(deleteLeadOperation, { leadId: lead.id }, { as }),
      () => app.call(createInteraction, { leadId: lead.id, type: 'call' }, { as }),
      () => app.call(listInteractions, { leadId: lead.id }, { as }),
      () => app.call(setLeadStatus, { leadIds: [lead.id], status: 'lost' }, { as }),
      () => app.call(getPersonOperation, { personId: lead.personId }, { as }),
      () => app.call(createNote, { personId: lead.personId, content: 'x' }, { as }),
      () => app.call(createLead, { email: anEmail(), ownerId: app.company.userId }, { as }),
    ]) {
      await expect(call()).rejects.toBeInstanceOf(NotFound);
    }
  });
});

describe('an opt-out', () => {
  test('by status withdraws consent, and no status brings the person back', async () => {
    const lead = await app.call(createLead, { name: 'Eve', email: anEmail() });
    const out = await app.call(updateLead, { leadId: lead.id, status: 'unsubscribed' });
    expect(out).toMatchObject({ status: 'unsubscribed', optedOut: true });
    expect((await eventsAbout(app, lead.personId)).map(([name]) => name)).toContain('person.opted_out');
    for (const status of ['new', 'contacted', 'engaged', 'qualified'] as const) {
      await expect(app.call(updateLead, { leadId: lead.id, status })).rejects.toMatchObject({ code: 'person_opted_out' });
    }
    expect(await app.call(setLeadStatus, { leadIds: [lead.id], status: 'engaged' })).toEqual({ changed: 0, skipped: 1 });
    expect(await app.call(captureLead, { email: lead.email ?? '' })).toMatchObject({ optOutsKept: 1, lead: { status: 'unsubscribed' } });
    expect(await app.call(updateLead, { leadId: lead.id, status: 'converted' })).toMatchObject({ status: 'converted', optedOut: true });
    const again = await app.call(createLead, { email: lead.email ?? '' });
    expect(again).toMatchObject({ status: 'unsubscribed', optedOut: true });
  });

  test('of the person marks the lead, by whatever way it came', async () => {
    const lead = await app.call(createLead, { email: anEmail() });
    await app.runtime.system.write((tx) =>
      withdrawConsent(tx, app.runtime, [
        { companyId: lead.companyId, personId: lead.personId, source: 'one_click', evidence: { message_id: 'x' } },
      ]),
    );
    await app.drain();
    expect(await app.call(getLead, { leadId: lead.id })).toMatchObject({ status: 'unsubscribed', optedOut: true });
  });

  test('ends only with new consent and its proof; the log keeps every word', async () => {
    const { personId } = await app.call(createLead, { email: anEmail() });
    await app.call(setConsent, { personId, state: 'objected', evidence: { note: 'called us' } });
    await expect(app.call(setConsent, { personId, state: 'granted', evidence: {} })).rejects.toMatchObject({ code: 'invalid_input' });
    const renewed = await app.call(setConsent, {
      personId,
      state: 'granted',
      evidence: { wording: 'Yes, write to me again', source: 'letter' },
    });
    expect(renewed.state).toBe('granted');
    const log = await app.call(consentLogOperation, { personId });
    expect(log.items.map((entry) => entry.state).toSorted()).toEqual(['granted', 'objected']);
    expect((await app.call(getPersonOperation, { personId })).optedOutAt).toBeNull();
  });

  test('cannot be wiped from the log, whoever asks the database', async () => {
    const statements = ['delete from consent_log', `update consent_log set state = 'granted'`, 'truncate consent_log'];
    for (const text of statements) {
      const asApp = app.runtime.database.write(app.company.companyId, (tx) => tx.query({ name: text, text }, []));
      await expect(asApp).rejects.toThrow('permission denied');
      await expect(app.runtime.system.write((tx) => tx.query({ name: text, text }, []))).rejects.toThrow('permission denied');
    }
  });
});

describe('the timeline', () => {
  test('holds every touch, newest first, by kind and in pages', async () => {
    const lead = await app.call(createLead, { email: anEmail() });
    for (const [type, content] of [
      ['call', 'rang'],
      ['meeting', 'met'],
      ['call', 'rang again'],
    ] as const) {
      app.clock.advance({ minutes: 1 });
      await app.call(createInteraction, { leadId: lead.id, type, content, metadata: { anyKey: 1 } });
    }
    app.clock.advance({ minutes: 1 });
    await app.call(createNote, { personId: lead.personId, content: 'remember the milk' });
    const all = await app.call(personTimeline, { personId: lead.personId });
    expect(all.items.map((touch) => touch.content)).toEqual(['remember the milk', 'rang again', 'met', 'rang']);
    expect(all.items[1]).toMatchObject({ leadId: lead.id, metadata: { anyKey: 1 } });
    const calls = await app.call(personTimeline, { personId: lead.personId, kind: ['call'], limit: 1 });
    expect(calls.items).toHaveLength(1);
    const next = await app.call(personTimeline, { personId: lead.personId, kind: ['call'], limit: 1, cursor: calls.nextCursor ?? '' });
    expect(next.items.map((touch) => touch.content)).toEqual(['rang']);
    await app.call(deleteLeadOperation, { leadId: lead.id });
    expect((await app.call(personTimeline, { personId: lead.personId })).items).toHaveLength(4);
  });
});

describe('a person', () => {
  test('may change address: the one before still finds her, and nobody takes it', async () => {
    const before = anEmail();
    const lead = await app.call(createLead, { name: 'Flo Berg', email: before });
    const after = anEmail();
    await app.call(updatePersonOperation, { personId: lead.personId, email: after, lastName: 'Tal', timeZone: 'Asia/Tokyo' });
    expect(await app.call(getPersonOperation, { personId: lead.personId })).toMatchObject({
      fullName: 'Flo Tal',
      emails: [after, before],
      timeZone: 'Asia/Tokyo',
    });
    expect(await app.call(captureLead, { email: before })).toMatchObject({ merged: 1, lead: { id: lead.id } });
    const other = await app.call(createLead, { email: anEmail() });
    await expect(app.call(updatePersonOperation, { personId: other.personId, email: before })).rejects.toMatchObject({
      code: 'email_taken',
    });
  });
});

describe('over HTTP', () => {
  test('leads answer as interfaces.md says', async () => {
    const headers = operatorHeaders(app);
    const post = await app.http.inject({
      method: 'POST',
      url: '/api/lead-nurturing/leads',
      headers,
      payload: { name: 'Gil', email: anEmail(), phone: '030 1', source: 'api', notes: 'n' },
    });
    expect(post.statusCode).toBe(201);
    const lead = post.json();
    expect(Object.keys(lead)).toEqual(
      expect.arrayContaining(['id', 'company_id', 'name', 'email', 'phone', 'source', 'status', 'notes', 'created_at', 'updated_at']),
    );
    const url = `/api/lead-nurturing/leads/${lead.id}`;
    expect((await app.http.inject({ url: '/api/lead-nurturing/leads?status=new&source=api', headers })).json()).toMatchObject({
      items: [{ id: lead.id }],
      next_cursor: null,
    });
    expect((await app.http.inject({ method: 'PUT', url, headers, payload: { status: 'contacted' } })).json()).toMatchObject({
      status: 'contacted',
      notes: 'n',
    });
    const stale = await app.http.inject({
      method: 'PUT',
      url,
      headers: { ...headers, 'if-match': '"2001-01-01T00:00:00.000Z"' },
      payload: { status: 'engaged' },
    });
    expect(stale.statusCode).toBe(412);
    const touch = await app.http.inject({
      method: 'POST',
      url: '/api/lead-nurturing/interactions',
      headers,
      payload: {
        lead_id: lead.id,
        type: 'email',
        direction: 'outbound',
        content: 'Hello',
        channel: 'email',
        status: 'sent',
        metadata: { a: 1 },
      },
    });
    expect(touch.statusCode).toBe(201);
    expect((await app.http.inject({ url: `/api/lead-nurturing/interactions?lead_id=${lead.id}`, headers })).json().items).toMatchObject([
      { type: 'email', content: 'Hello', lead_id: lead.id, metadata: { a: 1 } },
    ]);
    expect((await app.http.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204);
    expect((await app.http.inject({ url, headers })).statusCode).toBe(404);
    expect((await app.http.inject({ url })).statusCode).toBe(401);
  });
});
