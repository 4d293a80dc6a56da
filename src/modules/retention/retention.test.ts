import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { captureLead } from '#modules/leads/operations/capture.ts';
import { createInteraction } from '#modules/leads/operations/interactions.ts';
import { updateLeadOperation } from '#modules/leads/operations/leads.ts';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { blockedHashes } from '#modules/people/public.ts';
import { setConsent } from '#modules/people/operations/consent.ts';
import { getPersonOperation } from '#modules/people/operations/people.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { getRetention, keepPerson, listAnnounced, listHolds, previewRetention, releasePerson, setRetention } from './operations.ts';
import { silentSince } from './silent.ts';
import { tendRetention } from './tend.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.call(setRetention, { peopleMonths: null, noticeDays: 30 });
});

let people = 0;
/** Somebody who came in by hand; answers both ids. */
async function somebody(): Promise<{ personId: string; leadId: string; email: string }> {
  people += 1;
  const email = `silent-${people}@quiet.test`;
  const { lead } = await app.call(captureLead, { email, name: `Quiet ${people}`, enrol: false });
  if (lead === null) throw new Error('no lead');
  return { personId: lead.personId, leadId: lead.id, email };
}
const announced = async () => (await app.call(listAnnounced, {})).items.map((item) => item.personId);
const isHere = async (personId: string) =>
  app.call(getPersonOperation, { personId }).then(
    () => true,
    () => false,
  );

test('who is silent is announced, told to the admins, and erased with a certificate when the time is up; who was heard of stays', async () => {
  const quiet = await somebody();
  const replied = await somebody();
  const noted = await somebody();
  const agreed = await somebody();
  const customer = await somebody();
  await app.call(updateLeadOperation, { leadId: customer.leadId, status: 'converted' });
  app.clock.advance({ days: 370 });
  await app.call(createInteraction, { leadId: noted.leadId, type: 'call', direction: 'outbound', content: 'Called' });
  await app.call(setConsent, { personId: agreed.personId, state: 'granted', evidence: { wording: 'Asked for news by phone' } });
  const late = await somebody();

  await app.call(setRetention, { peopleMonths: 12 });
  expect((await app.call(previewRetention, { peopleMonths: 12 })).people).toBe(2);
  expect(await tendRetention(app.runtime)).toEqual({ announced: 2, erased: 0 });
  expect((await announced()).toSorted()).toEqual([quiet.personId, replied.personId].toSorted());
  expect(await tendRetention(app.runtime), 'a second round says nothing new').toEqual({ announced: 0, erased: 0 });
  const told = (await app.call(listNotificationsOperation, {})).items.filter((item) => item.kind === 'retention_due');
  expect(told.map((item) => item.title)).toEqual([expect.stringMatching(/^2 people will be erased on \d{4}-\d\d-\d\d$/)]);

  app.clock.advance({ days: 29 });
  await app.call(createInteraction, { leadId: replied.leadId, type: 'email', direction: 'inbound', content: 'I am still here' });
  expect(await tendRetention(app.runtime)).toEqual({ announced: 0, erased: 0 });
  expect(await announced()).toEqual([quiet.personId]);

  app.clock.advance({ days: 1 });
  expect(await tendRetention(app.runtime)).toEqual({ announced: 0, erased: 1 });
  for (const { personId } of [replied, noted, agreed, customer, late]) expect(await isHere(personId)).toBe(true);
  expect(await isHere(quiet.personId)).toBe(false);
  const certificates = await app.runtime.system.read((tx) =>
    tx.query({ name: 'test.certificates', text: 'select former_id, cause, erased_by from erasures' }, []),
  );
  expect(certificates).toEqual([{ former_id: quiet.personId, cause: 'retention', erased_by: null }]);
});

test('a no outlives the erasure', async () => {
  const { personId, email } = await somebody();
  await app.call(setConsent, { personId, state: 'withdrawn', evidence: { note: 'said so' } });
  app.clock.advance({ days: 400 });
  await app.call(setRetention, { peopleMonths: 12, noticeDays: 7 });
  await tendRetention(app.runtime);
  app.clock.advance({ days: 7 });
  await tendRetention(app.runtime);
  expect(await isHere(personId)).toBe(false);
  const { companyId } = app.company;
  const blocked = await app.runtime.database.read(companyId, (tx) => blockedHashes(tx, app.runtime.secrets, companyId, [email]));
  expect([...blocked.values()]).toMatchObject([{ reason: 'erased', beyondErasure: true }]);
});

test('whom a user keeps stays, with the reason, until let go', async () => {
  const { personId } = await somebody();
  app.clock.advance({ days: 400 });
  await app.call(setRetention, { peopleMonths: 12, noticeDays: 7 });
  await tendRetention(app.runtime);
  expect(await announced()).toContain(personId);
  await app.call(keepPerson, { personId, reason: 'A claim is pending' });
  expect(await announced()).not.toContain(personId);
  app.clock.advance({ days: 30 });
  await tendRetention(app.runtime);
  expect(await isHere(personId)).toBe(true);
  expect((await app.call(listHolds, {})).items).toMatchObject([{ personId, reason: 'A claim is pending' }]);
  await app.call(releasePerson, { personId });
  await tendRetention(app.runtime);
  expect(await announced(), 'announced anew, with the whole notice').toContain(personId);
  expect(await isHere(personId)).toBe(true);
});

test('another rule takes every announcement back, and none means nobody is erased', async () => {
  const { personId } = await somebody();
  app.clock.advance({ days: 400 });
  await app.call(setRetention, { peopleMonths: 12, noticeDays: 7 });
  await tendRetention(app.runtime);
  expect((await app.call(getRetention, {})).announced).toBeGreaterThan(0);
  await app.call(setRetention, { peopleMonths: null });
  expect((await app.call(getRetention, {})).announced).toBe(0);
  app.clock.advance({ days: 400 });
  expect(await tendRetention(app.runtime)).toEqual({ announced: 0, erased: 0 });
  expect(await isHere(personId)).toBe(true);
  await expect(app.call(keepPerson, { personId, reason: '  ' })).rejects.toMatchObject({ status: 422 });
});

test('months are calendar months: a day that a month lacks is its last', () => {
  expect(silentSince(new Date('2032-08-31T10:00:00Z'), 6).toISOString()).toBe('2032-02-29T10:00:00.000Z');
  expect(silentSince(new Date('2033-03-31T00:00:00Z'), 1).toISOString()).toBe('2033-02-28T00:00:00.000Z');
  expect(silentSince(new Date('2033-01-15T00:00:00Z'), 13).toISOString()).toBe('2031-12-15T00:00:00.000Z');
});
