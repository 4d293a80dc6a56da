import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { consentLogOperation } from '#modules/people/operations/consent.ts';
import { getPersonOperation } from '#modules/people/operations/people.ts';
import { personTimeline } from '#modules/people/operations/timeline.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createForm, getFormOperation as getForm, listFormsOperation as listForms, updateForm } from '../operations/forms.ts';
import { listLeadsOperation as listLeads, updateLeadOperation as updateLead } from '../operations/leads.ts';
import { eventsAbout } from '../testing.ts';
import { renderedAt, tooSoonMs } from './rendered.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let serial = 0;
const anEmail = () => `form-${++serial}@example.com`;
const anAddress = () => `10.1.${Math.floor(++serial / 250)}.${serial % 250}`;
const FIELDS = [
  { name: 'name', label: 'Your name', type: 'text' as const, required: true },
  { name: 'email', label: 'Email', type: 'email' as const },
  { name: 'team_size', label: 'Team size', type: 'select' as const, options: ['1–10', '11+'] },
];
const aForm = (more: object = {}) => app.call(createForm, { title: 'Ask <us>', fields: FIELDS, consentWording: 'Write to me', ...more });

const open = async (url: string) => app.http.inject({ url, remoteAddress: anAddress() });
/** As a browser sends it, five seconds after the page came. */
const post = (url: string, fields: Record<string, string>, remoteAddress = anAddress()) => {
  const rendered = renderedAt(app.runtime.secrets, new Date(app.clock.now().getTime() - 5_000));
  const payload = new URLSearchParams({ rendered, ...fields }).toString();
  return app.http.inject({ method: 'POST', url, remoteAddress, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload });
};
const leadsOf = async (email: string) => (await app.call(listLeads, { q: email })).items;

describe('the contact page', () => {
  test('shows name, email and message, and thanks for what was sent', async () => {
    const page = await open('/contact');
    expect(page.statusCode).toBe(200);
    for (const name of ['name', 'email', 'message']) expect(page.body).toContain(`name="${name}"`);
    const email = anEmail();
    const rendered = /name="rendered" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    app.clock.advance({ seconds: 5 });
    const thanks = await post('/contact', { name: 'Ann Lee', email, message: 'Hello\r\nthere', rendered, website: '' });
    expect(thanks.statusCode).toBe(200);
    expect(thanks.body).toMatch(/class="success-message"[^>]*>Thank you for your message!</);
    const [lead] = await leadsOf(email);
    expect(lead).toMatchObject({ name: 'Ann Lee', source: 'website', status: 'new' });
    const timeline = await app.call(personTimeline, { personId: lead?.personId ?? '', kind: ['form'] });
    expect(timeline.items).toMatchObject([{ type: 'form', direction: 'inbound', content: 'Hello\nthere', leadId: lead?.id }]);
    expect((await app.call(consentLogOperation, { personId: lead?.personId ?? '' })).items).toEqual([]);
  });

  test('is the form of the first company, and each company has one of its own', async () => {
    await app.aCompany('Second');
    await app.drain();
    const own = (await app.call(listForms, {})).items.filter((form) => form.isDefault);
    expect(own).toHaveLength(1);
    const other = await app.aCompany('Third');
    await app.drain();
    expect((await app.call(listForms, {}, { as: other.admin })).items).toMatchObject([{ title: 'Contact us', isDefault: true }]);
  });
});

describe('a hosted form', () => {
  test('is small, loads nothing and says so in its policy', async () => {
    const form = await aForm();
    const page = await open(`/f/${form.id}`);
    expect(page.rawPayload.length).toBeLessThan(30_000);
    expect(page.body).not.toMatch(/src=|href=|@import|url\(/);
    expect(page.headers['content-security-policy']).toMatch(/script-src 'sha256-[^']+';/);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('Ask &#60;us&#62;');
    expect(form.url).toContain(`/f/${form.id}`);
    expect(form.embed).toContain(form.url);
  });

  test('keeps what was typed and says what to mend beside the field', async () => {
    const form = await aForm({ consentRequired: true });
    const reply = await post(`/f/${form.id}`, { name: '', email: 'not <an> address', team_size: '99' });
    expect(reply.statusCode).toBe(422);
    expect(reply.body).toContain('value="not &#60;an&#62; address"');
    for (const message of ['Please fill in: Your name', 'Please check this address', 'Please choose one of the options', 'Please agree'])
      expect(reply.body).toContain(message);
    expect(reply.body.match(/aria-invalid="true"/g)).toHaveLength(4);
  });

  test('keeps the proof of consent: wording, version, address, time', async () => {
    const form = await aForm();
    const changed = await app.call(updateForm, { formId: form.id, consentWording: 'Write to me each month' });
    expect(changed.consentVersion).toBe(2);
    expect((await app.call(updateForm, { formId: form.id, title: 'Other' })).consentVersion).toBe(2);
    const email = anEmail();
    await post(`/f/${form.id}`, { name: 'Bo', email, consent: 'yes' }, '192.0.2.7');
    const [lead] = await leadsOf(email);
    const { items } = await app.call(consentLogOperation, { personId: lead?.personId ?? '' });
    expect(items).toMatchObject([
      {
        topic: 'marketing',
        state: 'granted',
        lawfulBasis: 'consent',
        source: 'form',
        evidence: { version: 2, wording: 'Write to me each month', ip: '192.0.2.7', at: app.clock.now().toISOString(), form_id: form.id },
      },
    ]);
  });

  test('sent five times at once, and five times again, makes one person, one lead, one start', async () => {
    const form = await aForm();
    const email = anEmail();
    const same = { name: 'Five', email, team_size: '11+' };
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => post(`/f/${form.id}`, same, '192.0.2.8')));
    expect(replies.map((reply) => reply.statusCode)).toEqual([200, 200, 200, 200, 200]);
    for (let index = 0; index < 5; index += 1) await post(`/f/${form.id}`, { ...same, name: `Five ${index}` }, '192.0.2.8');
    const leads = await leadsOf(email);
    expect(leads).toHaveLength(1);
    const names = (await eventsAbout(app, leads[0]?.id ?? '')).map(([name]) => name);
    expect(names.filter((name) => name === 'lead.created')).toHaveLength(1);
    expect(names.filter((name) => name === 'form.submitted')).toHaveLength(6);
    expect((await app.call(getForm, { formId: form.id })).submissions).toBe(6);
  });

  test('five different people at once are five leads', async () => {
    const form = await aForm();
    const emails = [1, 2, 3, 4, 5].map(anEmail);
    await Promise.all(emails.map((email) => post(`/f/${form.id}`, { name: 'Each', email })));
    for (const email of emails) expect(await leadsOf(email)).toHaveLength(1);
  });

  test('never brings back who opted out', async () => {
    const form = await aForm();
    const email = anEmail();
    await post(`/f/${form.id}`, { name: 'Out', email });
    const [lead] = await leadsOf(email);
    await app.call(updateLead, { leadId: lead?.id ?? '', status: 'unsubscribed' });
    expect((await post(`/f/${form.id}`, { name: 'Out', email, consent: 'yes', team_size: '11+' })).statusCode).toBe(200);
    expect(await leadsOf(email)).toMatchObject([{ status: 'unsubscribed', optedOut: true }]);
  });

  test('thanks a program that fills the hidden field, and stores nothing', async () => {
    const form = await aForm();
    const email = anEmail();
    const reply = await post(`/f/${form.id}`, { name: 'Bot', email, website: 'http://spam.example' });
    expect(reply.body).toContain('success-message');
    expect(await leadsOf(email)).toEqual([]);
  });

  test('lets a program that is too quick wait for its answer, and a person not', () => {
    const { secrets } = app.runtime;
    const now = app.clock.now();
    const ago = (ms: number) => renderedAt(secrets, new Date(now.getTime() - ms));
    expect(tooSoonMs(secrets, ago(3_000), now)).toBe(0);
    expect(tooSoonMs(secrets, ago(400), now)).toBe(600);
    expect(tooSoonMs(secrets, ago(-90_000), now)).toBe(1_000);
    for (const made of ['', 'x', `${ago(3_000)}x`, `0.${ago(3_000).split('.')[1]}`]) expect(tooSoonMs(secrets, made, now)).toBe(1_000);
  });

  test('slows a flood from one address down to a refusal that keeps the text', async () => {
    const form = await aForm();
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_each, index) =>
        post(`/f/${form.id}`, { name: 'Flood', email: `flood${index}@example.com` }, '192.0.2.9'),
      ),
    );
    const refused = replies.filter((reply) => reply.statusCode === 429);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]?.body).toContain('value="Flood"');
    expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/);
  });

  test('goes where its maker says afterwards', async () => {
    const form = await aForm({ redirectUrl: 'https://acme.example/thanks' });
    const reply = await post(`/f/${form.id}`, { name: 'Go', email: anEmail() });
    expect([reply.statusCode, reply.headers.location]).toEqual([303, 'https://acme.example/thanks']);
    expect((await open(`/f/${form.id}`)).headers['content-security-policy']).toContain("form-action 'self' https://acme.example");
  });

  test('answers 404 when it is unknown or switched off', async () => {
    const form = await aForm();
    await app.call(updateForm, { formId: form.id, active: false });
    for (const url of [`/f/${form.id}`, `/f/${newId()}`, '/f/nonsense']) {
      expect((await open(url)).statusCode).toBe(404);
      expect((await post(url, { email: anEmail() })).statusCode).toBe(404);
    }
  });

  test('puts phone and firm on the person', async () => {
    const form = await aForm({
      fields: [...FIELDS, { name: 'phone', label: 'Phone', type: 'phone' }, { name: 'organisation', label: 'Firm', type: 'text' }],
    });
    const email = anEmail();
    await post(`/f/${form.id}`, { name: 'Kim', email, phone: '+43 1 12345', organisation: 'Acme GmbH' });
    const [lead] = await leadsOf(email);
    const person = await app.call(getPersonOperation, { personId: lead?.personId ?? '' });
    expect(person).toMatchObject({ phone: '+43112345', organisation: { name: 'Acme GmbH' } });
  });

  test('takes JSON, too, and names the field at fault', async () => {
    const form = await aForm();
    const send = (payload: object) =>
      app.http.inject({ method: 'POST', url: `/api/forms/${form.id}/submissions`, remoteAddress: anAddress(), payload });
    const email = anEmail();
    const taken = await send({ answers: { name: 'Jo', email } });
    expect([taken.statusCode, taken.json()]).toEqual([
      201,
      { received: true, thank_you: 'Thank you for your message!', redirect_url: null },
    ]);
    expect(await leadsOf(email)).toHaveLength(1);
    const refused = await send({ answers: { name: 'Jo', email: 'nope' } });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().fields).toMatchObject([{ path: 'answers.email' }]);
  });

  test('is made by managers only, with an email field and plain names', async () => {
    const user = { kind: 'user', companyId: app.company.companyId, userId: app.company.userId, role: 'user' } as const;
    await expect(app.call(createForm, { title: 'X', fields: FIELDS }, { as: user })).rejects.toMatchObject({ code: 'forbidden' });
    for (const fields of [
      [FIELDS[0]],
      [FIELDS[1], FIELDS[1]],
      [FIELDS[1], { name: 'website', label: 'x', type: 'text' }],
      [FIELDS[1], { name: 'pick', label: 'x', type: 'select' }],
    ]) {
      // @ts-expect-error -- wrong on purpose
      await expect(app.call(createForm, { title: 'X', fields })).rejects.toMatchObject({ code: 'invalid_input' });
    }
    await expect(app.call(createForm, { title: 'X', fields: FIELDS, redirectUrl: 'javascript:alert(1)' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(app.call(createForm, { title: 'X', fields: FIELDS, consentRequired: true })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
