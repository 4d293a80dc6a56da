import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidInput } from '#core/errors.ts';
import { captureLead } from '#modules/leads/operations/capture.ts';
import { createForm, formConsents, updateForm } from '#modules/leads/operations/forms.ts';
import { importLeads } from '#modules/leads/operations/import-runs.ts';
import { createInteraction } from '#modules/leads/operations/interactions.ts';
import { createLeadOperation, listLeadsOperation, updateLeadOperation } from '#modules/leads/operations/leads.ts';
import { getMessage } from '#modules/messages/operations/messages.ts';
import { sendEmail } from '#modules/messages/operations/send.ts';
import { updateSendingSettings } from '#modules/messages/operations/sending.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { personBasis } from '../basis/operation.ts';
import { setConsent } from '../operations/consent.ts';
import { updatePersonOperation } from '../operations/people.ts';
import { consentProof } from '../operations/proof.ts';
import { CountryNotFound, listCountries, setCountry } from './countries.ts';
import { createTopic, getTopic, listTopicsOperation, TopicTaken, updateTopic } from './operations.ts';

let app: TestApp;
beforeAll(async () => void (app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test', SENDING_HOURS: 'always' } })));
afterAll(() => app.close());

let people = 0;
const anAddress = () => `somebody-${++people}@people.test`;
const fromFile = async (rest = '', headings = 'email,name') => {
  const email = anAddress();
  await app.call(captureLead, { filename: 'list.csv', content: `${headings}\n${email},Somebody${rest}\n` });
  const sent = await app.call(sendEmail, { to: email, subject: 'Hello', text: 'How are you?', class: 'transactional' });
  const { personId } = await app.call(getMessage, { messageId: sent.id });
  return { email, personId: personId ?? '' };
};
const news = (to: string, topic = 'news') => app.call(sendEmail, { to, subject: 'News', text: 'We have news.', topic });
const stateOf = async (personId: string, topic = 'news') =>
  (await app.call(personBasis, { personId })).topics.find((one) => one.topic === topic);

test('every company has the two topics that sequences and forms know, each with a wording', async () => {
  const other = await app.aCompany('Other');
  const { items } = await app.call(listTopicsOperation, {}, { as: other.admin });
  expect(items.map(({ key, wordingVersion, bases }) => [key, wordingVersion, bases])).toEqual([
    ['follow_up', 1, ['inquiry', 'soft_opt_in', 'legitimate_interest']],
    ['news', 1, ['soft_opt_in', 'legitimate_interest']],
  ]);
});

test('other words are a new version, the old ones stay; a topic is archived, never taken away, and its key is one', async () => {
  const made = await app.call(createTopic, { title: 'Product tips', wording: 'Send me tips.', bases: ['contract'] });
  expect(made).toMatchObject({ key: 'product_tips', wordingVersion: 1, warning: expect.stringContaining('contract') });
  await expect(app.call(createTopic, { title: 'Product tips!', wording: 'Again.' })).rejects.toThrow(TopicTaken);
  await expect(app.call(createTopic, { title: 'Marketing', wording: 'All.' })).rejects.toThrow(InvalidInput);
  expect(await app.call(updateTopic, { key: 'product_tips', title: 'Tips' })).toMatchObject({ title: 'Tips', wordingVersion: 1 });
  expect(await app.call(updateTopic, { key: 'product_tips', wording: 'Send me tips by email.' })).toMatchObject({ wordingVersion: 2 });
  expect((await app.call(getTopic, { key: 'product_tips' })).wordings.map(({ version, wording }) => [version, wording])).toEqual([
    [2, 'Send me tips by email.'],
    [1, 'Send me tips.'],
  ]);
  await app.call(updateTopic, { key: 'product_tips', archived: true });
  expect((await app.call(listTopicsOperation, {})).items.map(({ key }) => key)).not.toContain('product_tips');
  expect((await app.call(listTopicsOperation, { archived: true })).items.at(-1)?.key).toBe('product_tips');
});

test('an address from a file gets nothing commercial until consent is written down; the verdict keeps the entry of the log', async () => {
  const { email, personId } = await fromFile();
  expect(await news(email, 'follow_up')).toMatchObject({ state: 'blocked', reasons: [expect.stringContaining('no consent')] });
  expect(await stateOf(personId)).toMatchObject({ may: false, fix: expect.stringContaining('Record their consent') });
  await app.call(setConsent, { personId, topic: 'news', state: 'granted', evidence: { wording: 'Signed the form at the fair' } });
  const state = await stateOf(personId);
  expect(state).toMatchObject({ may: true, basis: 'consent', expires: null, evidence: { table: 'consent_log' } });
  const sent = await news(email);
  expect(sent.decision).toBe('send');
  await app.drain();
  const { verdict } = await app.call(getMessage, { messageId: sent.id });
  expect(verdict).toMatchObject({ stage: 'hand', basis: { basis: 'consent', evidence: state?.evidence } });
  await app.call(setConsent, { personId, topic: 'news', state: 'withdrawn', evidence: {} });
  expect(await stateOf(personId)).toMatchObject({ may: false, because: 'they do not want it' });
});

test('who enrols a file says that its people asked: about their enquiry, for six months, on the record', async () => {
  const email = anAddress();
  await app.call(captureLead, { filename: 'fair.csv', content: `email,name\n${email},Somebody\n`, enrol: true });
  const sent = await news(email, 'follow_up');
  const personId = (await app.call(getMessage, { messageId: sent.id })).personId ?? '';
  expect(await stateOf(personId, 'follow_up')).toMatchObject({
    basis: 'inquiry',
    because: 'a colleague wrote down that they asked',
    evidence: { table: 'consent_log' },
  });
  expect((await stateOf(personId))?.may).toBe(false);
  const { entries } = await app.call(consentProof, { personId });
  expect(entries).toMatchObject([{ topic: 'follow_up', lawfulBasis: 'inquiry', source: 'import', evidence: { filename: 'fair.csv' } }]);
  // a consent later on is more, and an enquiry that is written down after it takes nothing away
  await app.call(setConsent, { personId, topic: 'follow_up', state: 'granted', evidence: { wording: 'Yes' } });
  await app.call(setConsent, { personId, topic: 'follow_up', state: 'granted', lawfulBasis: 'inquiry', evidence: { wording: 'Called' } });
  expect(await stateOf(personId, 'follow_up')).toMatchObject({ basis: 'consent', expires: null });
});

test('a column of consent in the file is a basis', async () => {
  const { email } = await fromFile(',yes', 'email,name,consent');
  expect((await news(email)).decision).toBe('send');
});

test('consent in a file is about one topic where the importer says so, with the words that are quoted', async () => {
  const email = anAddress();
  const { wording } = await app.call(getTopic, { key: 'news' });
  const input = { filename: 'list.csv', content: `email,name\n${email},Somebody\n` };
  const consent = { basis: 'consent' as const, evidence: `Signed at the fair: “${wording}”` };
  await app.call(importLeads, { ...input, consent, consentTopic: 'news' });
  await expect(app.call(importLeads, { ...input, consent, consentTopic: 'surprise' })).rejects.toThrow(InvalidInput);
  const sent = await news(email);
  expect(sent.decision).toBe('send');
  const personId = (await app.call(getMessage, { messageId: sent.id })).personId ?? '';
  expect(await stateOf(personId)).toMatchObject({ basis: 'consent', wordingVersion: 1 });
  expect(await stateOf(personId, 'follow_up')).toMatchObject({ may: false, refused: false });
  const { entries } = await app.call(consentProof, { personId });
  expect(entries).toMatchObject([{ topic: 'news', source: 'import', evidence: { wording: consent.evidence, topic_version: 1 } }]);
});

test('who was written down by a colleague is followed up for six months; what they do themselves begins it anew', async () => {
  const email = anAddress();
  const lead = await app.call(createLeadOperation, { email, name: 'Ann', enrol: false });
  expect((await news(email, 'follow_up')).decision).toBe('send');
  expect(await news(email)).toMatchObject({ state: 'blocked' });
  expect(await stateOf(lead.personId, 'follow_up')).toMatchObject({ basis: 'inquiry', evidence: { table: 'leads', id: lead.id } });
  app.clock.advance({ days: 185 });
  expect(await news(email, 'follow_up')).toMatchObject({ state: 'blocked', reasons: [expect.stringContaining('ran out on')] });
  const call = await app.call(createInteraction, { leadId: lead.id, type: 'call', direction: 'inbound', content: 'Asked for the price' });
  expect((await news(email, 'follow_up')).decision).toBe('send');
  expect(await stateOf(lead.personId, 'follow_up')).toMatchObject({
    because: 'they called',
    evidence: { table: 'interactions', id: call.id },
    expires: expect.stringContaining('T'),
  });
});

test('a basis that ends while a message waits blocks it in the last moment', async () => {
  const email = anAddress();
  await app.call(createLeadOperation, { email, name: 'Ann', enrol: false });
  app.clock.advance({ days: 181 });
  await news(email, 'follow_up');
  await app.drain();
  const waits = await news(email, 'follow_up');
  expect(waits.decision).toBe('later'); // the cap: tomorrow
  app.clock.advance({ days: 8 });
  await app.drain();
  const { state, verdict } = await app.call(getMessage, { messageId: waits.id });
  expect(state).toBe('blocked');
  expect(verdict?.reasons[0]).toMatchObject({ rule: 'lawful_basis' });
});

test('a client counts by the law of their country; the company may see that law otherwise, with a reason', async () => {
  const { email, personId } = await fromFile();
  const [lead] = (await app.call(listLeadsOperation, { q: email })).items;
  await app.call(updateLeadOperation, { leadId: lead?.id ?? '', status: 'converted' });
  expect(await news(email)).toMatchObject({ state: 'blocked' }); // nobody knows where they are
  await app.call(updatePersonOperation, { personId, country: 'Österreich' });
  await expect(app.call(updatePersonOperation, { personId, country: 'Nirgendwo' })).rejects.toThrow(InvalidInput);
  expect(await app.call(personBasis, { personId })).toMatchObject({
    country: { code: 'AT', name: 'Austria', because: 'by their address', regime: 'soft_opt_in' },
    topics: expect.arrayContaining([expect.objectContaining({ topic: 'news', may: true, basis: 'soft_opt_in' })]),
  });
  expect((await news(email)).decision).toBe('send');
  await expect(app.call(setCountry, { country: 'AT', regime: 'consent' })).rejects.toThrow(InvalidInput);
  await expect(app.call(setCountry, { country: 'XX', regime: 'consent', reason: 'x' })).rejects.toThrow(CountryNotFound);
  expect(await app.call(setCountry, { country: 'AT', regime: 'consent', reason: 'Our lawyer' })).toMatchObject({ warning: null });
  app.clock.advance({ days: 8 });
  expect(await news(email)).toMatchObject({ state: 'blocked' });
  expect(await app.call(setCountry, { country: 'at', regime: 'opt_out', reason: 'Our lawyer' })).toMatchObject({
    warning: expect.stringContaining('TKG'),
  });
  expect((await app.call(listCountries, {})).items.filter(({ reason }) => reason !== null)).toMatchObject([
    { country: 'AT', regime: 'opt_out' },
  ]);
  await app.call(setCountry, { country: 'AT', regime: null });
  expect((await app.call(listCountries, {})).items.filter(({ reason }) => reason !== null)).toEqual([]);
});

test('a form that shows the topic’s words keeps their version with the consent; the proof has both, word by word', async () => {
  const { wording } = await app.call(getTopic, { key: 'news' });
  const fields = [{ name: 'email', label: 'Email', type: 'email' as const, required: true }];
  const form = await app.call(createForm, { title: 'Newsletter', fields, consentWording: wording, topics: ['news'] });
  await app.call(updateTopic, { key: 'news', wording: 'Yes to the newsletter.' });
  await app.call(updateForm, { formId: form.id, consentWording: 'Yes to the newsletter. Every month.' });
  expect((await app.call(formConsents, { formId: form.id })).items.map(({ topicVersions }) => topicVersions)).toEqual([
    { news: 2 },
    { news: 1 },
  ]);

  const email = anAddress();
  const answer = await app.http.inject({
    method: 'POST',
    url: `/api/forms/${form.id}/submissions`,
    payload: { answers: { email }, consent: true, consent_version: 1 },
  });
  expect(answer.statusCode).toBeLessThan(300);
  const sent = await news(email);
  expect(sent.decision).toBe('send');
  const personId = (await app.call(getMessage, { messageId: sent.id })).personId ?? '';
  expect(await stateOf(personId)).toMatchObject({ may: true, basis: 'consent', wordingVersion: 1 });
  const proof = await app.call(consentProof, { personId });
  expect(proof.entries).toMatchObject([{ topic: 'news', evidence: { topic_version: 1, wording, version: 1, form_id: form.id } }]);
  expect(proof.wordings.filter(({ topic }) => topic === 'news').map(({ version }) => version)).toEqual([1, 2]);
  expect(proof.basis.topics).toMatchObject([
    { topic: 'follow_up', basis: 'inquiry' },
    { topic: 'news', basis: 'consent' },
  ]);
});

test('a company that writes only to who agreed does so on every topic, and the person page says why', async () => {
  const email = anAddress();
  const lead = await app.call(createLeadOperation, { email, name: 'Ann', enrol: false });
  await app.call(updateSendingSettings, { basis: 'opt_in' });
  expect(await news(email, 'follow_up')).toMatchObject({ state: 'blocked' });
  expect(await stateOf(lead.personId, 'follow_up')).toMatchObject({ may: false, because: 'your company writes only to people who agreed' });
  await app.call(updateSendingSettings, { basis: 'by_country' });
  expect((await news(email, 'follow_up')).decision).toBe('send');
});
