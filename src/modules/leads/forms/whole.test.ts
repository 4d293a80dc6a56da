import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import fc from '#testing/property.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { consentLogOperation } from '#modules/people/operations/consent.ts';
import { createCustomField } from '#modules/people/operations/custom-fields.ts';
import { getPersonOperation } from '#modules/people/operations/people.ts';
import { personTimeline } from '#modules/people/operations/timeline.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createAssignmentRule, leadOrigin } from '../operations/assignment.ts';
import { createForm, formConsents, getFormOperation, updateForm } from '../operations/forms.ts';
import { listLeadsOperation, updateLeadOperation } from '../operations/leads.ts';
import { listPartialsOperation, listSubmissionsOperation } from '../operations/submissions.ts';
import { eventsAbout, operatorHeaders } from '../testing.ts';
import { isShown } from './answers.ts';
import { OPS } from './fields.ts';
import { newChallenge, readProof } from './proof.ts';
import { sweepForms } from './sweep.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let serial = 0;
const anEmail = () => `whole-${++serial}@example.com`;
const anAddress = () => `10.2.${Math.floor(++serial / 250)}.${serial % 250}`;
type Draft = Parameters<typeof app.call<typeof createForm.input, typeof createForm.output>>[1];
const EMAIL = { name: 'email', label: 'Email', type: 'email' as const };
const aForm = (more: Partial<Draft> = {}) =>
  app.call(createForm, { title: 'Ask us', fields: [EMAIL, { name: 'name', label: 'Name', type: 'text' }], ...more });
const send = (formId: string, payload: object, remoteAddress = anAddress()) =>
  app.http.inject({ method: 'POST', url: `/api/forms/${formId}/submissions`, remoteAddress, payload });
const leadOf = async (email: string) => (await app.call(listLeadsOperation, { q: email })).items[0];
const open = (url: string) => app.http.inject({ url, remoteAddress: anAddress() });

describe('fields and conditions', () => {
  const fields = [
    EMAIL,
    { name: 'kind', label: 'You are', type: 'choice' as const, options: ['A firm', 'A person'], required: true },
    {
      name: 'firm_size',
      label: 'How many people?',
      type: 'number' as const,
      required: true,
      showWhen: { rules: [{ field: 'kind', op: 'is' as const, value: 'A firm' }] },
    },
    { name: 'topics', label: 'Topics', type: 'multi_choice' as const, options: ['Cars', 'Boats', 'Trains'] },
    { name: 'start', label: 'Start', type: 'date' as const },
    { name: 'site', label: 'Website', type: 'url' as const },
    { name: 'terms', label: 'Terms read', type: 'checkbox' as const },
    { name: 'plan', label: 'Plan', type: 'hidden' as const, value: 'basic' },
    { name: 'campaign', label: 'Campaign', type: 'utm' as const, value: 'utm_campaign' },
  ];

  test('a field that a condition hides is neither asked nor taken, whatever was sent', async () => {
    const form = await aForm({ fields });
    const email = anEmail();
    expect((await send(form.id, { answers: { email, kind: 'A person', firm_size: '7' } })).statusCode).toBe(201);
    const [row] = (await app.call(listSubmissionsOperation, { formId: form.id })).items;
    expect(row?.answers).toEqual({ email, kind: 'A person', plan: 'basic' });
    const refused = await send(form.id, { answers: { email, kind: 'A firm' } });
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({
      status: 422,
      code: 'invalid_input',
      fields: [{ path: 'answers.firm_size', message: 'Please fill in: How many people?' }],
    });
  });

  test('each type takes what it should and says what is wrong', async () => {
    const form = await aForm({ fields });
    const email = anEmail();
    const right = {
      email,
      kind: 'A firm',
      firm_size: '7,5',
      topics: ['Trains', 'Cars'],
      start: '2026-11-30',
      site: 'example.com',
      terms: 'on',
    };
    expect((await send(form.id, { answers: right, attribution: { utm_campaign: 'spring' } })).statusCode).toBe(201);
    const [row] = (await app.call(listSubmissionsOperation, { formId: form.id, q: 'trains' })).items;
    expect(row?.answers).toEqual({
      ...right,
      firm_size: '7.5',
      topics: ['Cars', 'Trains'],
      site: 'https://example.com',
      terms: 'yes',
      plan: 'basic',
      campaign: 'spring',
    });
    const wrong = { email, kind: 'A cow', firm_size: 'many', topics: ['Planes'], start: '2026-02-30', site: 'javascript:alert(1)' };
    const refused = await send(form.id, { answers: wrong });
    expect(refused.json().fields.map((fault: { path: string }) => fault.path)).toEqual([
      'answers.kind',
      'answers.topics',
      'answers.start',
      'answers.site',
    ]);
  });

  test('a condition looks at fields above only', async () => {
    const showWhen = { rules: [{ field: 'later', op: 'answered' as const }] };
    await expect(
      aForm({ fields: [EMAIL, { name: 'a', label: 'A', type: 'text', showWhen }, { name: 'later', label: 'L', type: 'text' }] }),
    ).rejects.toMatchObject({
      fields: [{ path: 'fields.1.show_when', message: 'looks at “later”, which is no field above this one' }],
    });
  });

  test('page and server agree on every condition', () => {
    const source = readFileSync(new URL('./client/form.js', import.meta.url), 'utf8');
    const body = /const shown = (\(when, all\) => \{[\s\S]*?\n {2}\});/.exec(source)?.[1] ?? '';
    const inPage: unknown = runInNewContext(`(${body})`);
    if (typeof inPage !== 'function') throw new Error('the page has no such function');
    const value = fc.constantFrom('', 'a', 'A firm', '3', '10', '-1', 'firm');
    const rule = fc.record({ field: fc.constantFrom('x', 'y'), op: fc.constantFrom(...OPS), value });
    fc.assert(
      fc.property(
        fc.record({ match: fc.constantFrom('all' as const, 'any' as const), rules: fc.array(rule, { minLength: 1, maxLength: 3 }) }),
        fc.dictionary(fc.constantFrom('x', 'y'), fc.array(value, { maxLength: 3 })),
        (when, answers) => {
          const given = Object.fromEntries(Object.entries(answers).map(([name, list]) => [name, list.filter((one) => one !== '')]));
          expect(Reflect.apply(inPage, undefined, [when, given])).toBe(isShown(when, given));
        },
      ),
    );
  });

  test('steps stand on one page, the consent text in the last; labels of the page are in the form’s language', async () => {
    const form = await aForm({
      title: 'Anfrage',
      language: 'de',
      steps: ['Sie', 'Ihr Anliegen'],
      consentWording: 'Schreiben Sie mir',
      fields: [EMAIL, { name: 'message', label: 'Nachricht', type: 'textarea', required: true, step: 1 }],
    });
    const page = await open(`/f/${form.id}`);
    expect(page.body).toContain('<html lang="de">');
    expect(page.body.match(/<section data-step=/g)).toHaveLength(2);
    expect(page.body.indexOf('Schreiben Sie mir')).toBeGreaterThan(page.body.indexOf('Ihr Anliegen'));
    const refused = await send(form.id, { answers: { email: 'nein' } });
    expect(refused.json().fields).toEqual([
      { path: 'answers.email', message: 'Bitte prüfen Sie die Adresse; sie sieht aus wie anna@example.com' },
      { path: 'answers.message', message: 'Bitte ausfüllen: Nachricht' },
    ]);
  });

  test('a page with everything in it stays under 30 kB over the wire', async () => {
    const many = Array.from({ length: 20 }, (_each, index) => ({
      name: `choice_${index}`,
      label: `Question number ${index}`,
      type: 'choice' as const,
      options: ['One', 'Two', 'Three'],
      step: index % 4,
    }));
    const form = await aForm({
      steps: ['A', 'B', 'C', 'D'],
      consentWording: 'x'.repeat(500),
      partialDays: 7,
      challenge: 'always',
      fields: [EMAIL, ...many],
    });
    const page = await open(`/f/${form.id}`);
    const worker = await open('/f/worker.js');
    expect(page.rawPayload.length + worker.rawPayload.length).toBeLessThan(30_000);
    expect((await open('/f/embed.js')).rawPayload.length).toBeLessThan(4_000);
  });

  test('a link fills fields beforehand and is escaped', async () => {
    const form = await aForm();
    const page = await open(`/f/${form.id}?name=%3Cb%3EAnn&utm_source=news%22&website=x`);
    expect(page.body).toContain('value="&#60;b&#62;Ann"');
    expect(page.body).toContain('name="utm_source" value="news&#34;"');
  });
});

describe('consent', () => {
  test('each submission keeps the wording that was shown, even when the form has other words by now', async () => {
    const form = await aForm({ consentWording: 'Old words', topics: ['marketing', 'newsletter'] });
    await app.call(updateForm, { formId: form.id, consentWording: 'New words' });
    const [old, current] = [anEmail(), anEmail()];
    await send(form.id, { answers: { email: old }, consent: true, consent_version: 1 });
    await send(form.id, { answers: { email: current }, consent: true });
    const log = async (email: string) => (await app.call(consentLogOperation, { personId: (await leadOf(email))?.personId ?? '' })).items;
    expect(
      (await log(old))
        .map((entry) => [entry.topic, entry.evidence['wording'], entry.evidence['version']])
        .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['marketing', 'Old words', 1],
      ['newsletter', 'Old words', 1],
    ]);
    expect((await log(current))[0]?.evidence).toMatchObject({ wording: 'New words', version: 2 });
    expect((await app.call(formConsents, { formId: form.id })).items).toMatchObject([
      { version: 2, wording: 'New words', topics: ['marketing', 'newsletter'] },
      { version: 1, wording: 'Old words' },
    ]);
    const rows = (await app.call(listSubmissionsOperation, { formId: form.id, agreed: true })).items;
    expect(rows.map((row) => [row.shownVersion, row.shownWording])).toEqual([
      [2, 'New words'],
      [1, 'Old words'],
    ]);
    expect((await send(form.id, { answers: { email: anEmail() }, consent: true, consent_version: 9 })).statusCode).toBe(422);
  });

  test('a stranger’s post never revives an opt-out and overwrites nothing; what differs stands on the timeline', async () => {
    await app.call(createCustomField, { key: 'team_size', label: 'Team size', type: 'number' });
    const form = await aForm({
      consentWording: 'Write to me',
      fields: [
        EMAIL,
        { name: 'name', label: 'Name', type: 'text' },
        { name: 'phone', label: 'Phone', type: 'phone' },
        { name: 'team', label: 'Team', type: 'number', mapTo: 'custom.team_size' },
      ],
    });
    const email = anEmail();
    await send(form.id, { answers: { email, name: 'Ann Lee', team: '5' } });
    const lead = await leadOf(email);
    await app.call(updateLeadOperation, { leadId: lead?.id ?? '', status: 'unsubscribed' });
    const reply = await send(form.id, { answers: { email, name: 'Bad Bob', phone: '+43 1 5123456', team: '500' }, consent: true });
    expect(reply.statusCode).toBe(201);
    const person = await app.call(getPersonOperation, { personId: lead?.personId ?? '' });
    expect(person).toMatchObject({ fullName: 'Ann Lee', phone: '+4315123456', custom: { team_size: 5 } });
    expect(person.optedOutAt).not.toBeNull();
    const [touch] = (await app.call(personTimeline, { personId: person.id, kind: ['form'] })).items;
    expect(touch?.content).toContain('Name said: Bad Bob (known: Ann Lee)');
    expect(touch?.content).toContain('Team said: 500 (known: 5)');
  });
});

describe('sent again and again', () => {
  test('double click, reload, retry and five tabs at once are one lead and one start', async () => {
    const form = await aForm();
    const email = anEmail();
    const body = { answers: { email, name: 'Five' } };
    const tabs = Array.from({ length: 5 }, () => ({ ...body, token: newId() }));
    const [first] = tabs;
    const replies = await Promise.all([...tabs, first, first].map((tab) => send(form.id, tab ?? {})));
    expect(replies.map((reply) => reply.statusCode)).toEqual(replies.map(() => 201));
    expect((await app.call(getFormOperation, { formId: form.id })).submissions).toBe(1);
    const page = { answers: { email: anEmail(), name: 'Once' }, token: newId() };
    await send(form.id, page);
    app.clock.advance({ seconds: 86_400 }); // the same page again, a day later
    await send(form.id, page);
    expect((await app.call(getFormOperation, { formId: form.id })).submissions).toBe(2);
    const names = (await eventsAbout(app, (await leadOf(email))?.id ?? '')).map(([name]) => name);
    expect(names.filter((name) => name === 'lead.created' || name === 'form.submitted')).toEqual(['form.submitted', 'lead.created']);
  });

  test('the same page sent with other answers is taken: nothing that somebody mended is lost', async () => {
    const form = await aForm();
    const [token, email] = [newId(), anEmail()];
    await send(form.id, { token, answers: { email, name: 'Ann' } });
    await send(form.id, { token, answers: { email, name: 'Anna' } });
    expect((await app.call(getFormOperation, { formId: form.id })).submissions).toBe(2);
  });
});

describe('where people came from', () => {
  test('first touch stays, last touch follows; territory by a custom field gives the owner, tags are put on', async () => {
    await app.call(createCustomField, { key: 'country', label: 'Country', type: 'text' });
    await app.call(createAssignmentRule, { name: 'France', fits: { countries: ['FR'] }, userIds: [app.company.userId] });
    const form = await aForm({
      tags: ['web lead'],
      fields: [
        EMAIL,
        { name: 'land', label: 'Country', type: 'text', mapTo: 'custom.country' },
        { name: 'message', label: 'M', type: 'text' },
      ],
    });
    const email = anEmail();
    await send(form.id, {
      answers: { email, land: 'FR' },
      attribution: { utm_source: 'ads', referrer: 'https://search.example/', landing_page: 'https://acme.example/a' },
    });
    await send(form.id, { answers: { email, message: 'again' }, attribution: { utm_source: 'news' } });
    const lead = await leadOf(email);
    const origin = await app.call(leadOrigin, { leadId: lead?.id ?? '' });
    expect(origin).toMatchObject({
      owner: { userId: app.company.userId, reason: 'Rule “France”: country FR, only one is asked' },
      firstTouch: { form: 'Ask us', utm_source: 'ads', referrer: 'https://search.example/', landing_page: 'https://acme.example/a' },
      lastTouch: { form: 'Ask us', utm_source: 'news' },
    });
    expect((await app.call(getPersonOperation, { personId: lead?.personId ?? '' })).tags).toMatchObject([{ name: 'web lead' }]);
  });
});

describe('answers that were begun', () => {
  test('are kept under a token without making anybody, go when the form is sent, and are deleted after their days', async () => {
    const form = await aForm({ steps: ['A', 'B'], partialDays: 3 });
    const [token, other, email] = [newId(), newId(), anEmail()];
    const save = (of: string, answers: object, step = 0) =>
      app.http.inject({
        method: 'POST',
        url: `/api/forms/${form.id}/partials`,
        remoteAddress: anAddress(),
        payload: { token: of, answers, step },
      });
    expect((await save(token, { email })).json()).toEqual({ kept: true });
    await save(token, { email, name: 'An', nonsense: 'x' }, 1);
    await save(other, { name: 'Somebody' });
    expect((await app.call(listPartialsOperation, { formId: form.id })).items).toMatchObject([
      { answers: { name: 'Somebody' } },
      { answers: { email, name: 'An' }, step: 1 },
    ]);
    await app.drain();
    expect(await leadOf(email)).toBeUndefined();
    await send(form.id, { token, answers: { email, name: 'Ann' } });
    await save(token, { email }); // a late save after the form was sent
    expect((await app.call(listPartialsOperation, { formId: form.id })).items).toHaveLength(1);
    app.clock.advance({ seconds: 3 * 86_400 + 1 });
    await sweepForms(app.runtime);
    expect((await app.call(listPartialsOperation, { formId: form.id })).items).toEqual([]);
  });

  test('are not kept by a form that says so', async () => {
    const form = await aForm();
    const reply = await app.http.inject({
      method: 'POST',
      url: `/api/forms/${form.id}/partials`,
      remoteAddress: anAddress(),
      payload: { token: newId(), answers: { name: 'x' } },
    });
    expect(reply.json()).toEqual({ kept: false });
  });
});

/** As the worker in the page does it. */
function solve(challenge: string): string {
  const bits = Number(challenge.split('.')[2]);
  for (let counter = 0; ; counter += 1) {
    const proof = `${challenge}:${counter}`;
    if (createHash('sha256').update(proof).digest().readUInt32BE(0) >>> (32 - bits) === 0) return proof;
  }
}

describe('abuse', () => {
  test('a proof counts for its form, in its time, and once', async () => {
    const { secrets } = app.runtime;
    const form = await aForm({ challenge: 'always' });
    const now = app.clock.now();
    const proof = solve(newChallenge(secrets, form.id, now));
    expect(readProof(secrets, form.id, proof, now)).not.toBeNull();
    expect(readProof(secrets, newId(), proof, now)).toBeNull();
    expect(readProof(secrets, form.id, `${proof}0`, now)).toBeNull();
    expect(readProof(secrets, form.id, proof, new Date(now.getTime() + 2 * 3_600_000))).toBeNull();
    expect((await send(form.id, { proof, answers: { email: anEmail() } })).statusCode).toBe(201);
    const again = await send(form.id, { proof, answers: { email: anEmail() } });
    expect([again.statusCode, again.json().fields[0].path]).toEqual([422, 'proof']);
  });

  test('without proof few are taken from one address, with proof more; the count is kept in the database', async () => {
    const form = await aForm({ challenge: 'always' });
    const codes: number[] = [];
    for (let index = 0; index < 8; index += 1)
      codes.push((await send(form.id, { answers: { email: anEmail() } }, '192.0.2.50')).statusCode);
    expect(codes).toEqual([201, 201, 201, 201, 201, 429, 429, 429]);
    const challenge = await app.http.inject({ url: `/api/forms/${form.id}/challenge`, remoteAddress: '192.0.2.50' });
    expect(challenge.json().needed).toBe(true);
    const proof = solve(challenge.json().challenge);
    expect((await send(form.id, { proof, answers: { email: anEmail() } }, '192.0.2.50')).statusCode).toBe(201);
    expect((await open(`/f/${form.id}`)).body).toContain('data-challenge="');
  });

  test('the worker of the page finds proofs that the server takes', async () => {
    const found: string[] = [];
    const page = { onmessage: null as null | ((event: { data: string }) => void), postMessage: (text: string) => found.push(text) };
    runInNewContext((await open('/f/worker.js')).body, page);
    const challenge = newChallenge(app.runtime.secrets, 'x', app.clock.now());
    page.onmessage?.({ data: challenge });
    expect(readProof(app.runtime.secrets, 'x', found[0] ?? '', app.clock.now())).not.toBeNull();
  });

  test('a body that is too large, and one that is no form, are refused with a reason', async () => {
    const form = await aForm();
    expect((await send(form.id, { answers: { email: anEmail(), name: 'x'.repeat(70_000) } })).statusCode).toBe(413);
    for (const payload of [{}, { answers: [] }, { answers: { email: { a: 1 } } }, { answers: { email: 'a@b.example' }, token: 'x y' }])
      expect((await send(form.id, payload)).statusCode).toBe(422);
  });
});

describe('other sites', () => {
  test('may call the endpoint of a form by script, and nothing else', async () => {
    const form = await aForm();
    const headers = { origin: 'https://shop.example' };
    const preflight = await app.http.inject({ method: 'OPTIONS', url: `/api/forms/${form.id}/submissions`, headers });
    expect([
      preflight.statusCode,
      preflight.headers['access-control-allow-origin'],
      preflight.headers['access-control-allow-credentials'],
    ]).toEqual([204, '*', undefined]);
    const refused = await app.http.inject({ method: 'POST', url: `/api/forms/${form.id}/submissions`, headers, payload: { answers: {} } });
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([422, '*']);
    for (const url of [`/api/forms/${form.id}`, '/api/forms', '/api/lead-nurturing/leads'])
      expect((await app.http.inject({ url, headers })).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('may frame the form where its maker says so', async () => {
    const form = await aForm({ embedOrigins: ['https://Shop.example'] });
    expect((await open(`/f/${form.id}`)).headers['content-security-policy']).toContain("frame-ancestors 'self' https://shop.example");
    await expect(aForm({ embedOrigins: ["https://shop.example; script-src 'unsafe-inline'"] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const framed = await aForm({ redirectUrl: 'https://acme.example/thanks' });
    const payload = new URLSearchParams({ email: anEmail(), embed: '1' }).toString();
    const reply = await app.http.inject({
      method: 'POST',
      url: `/f/${framed.id}`,
      remoteAddress: anAddress(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload,
    });
    expect(reply.body).toContain('<a data-onwards href="https://acme.example/thanks" target="_top"');
  });

  test('get code for a script, a frame and plain HTML', async () => {
    const form = await aForm({ title: 'Say "hi"' });
    expect(form.embedScript).toMatch(
      /<script src="https?:\/\/[^"]+\/f\/embed\.js" data-form="[0-9a-f-]+" data-title="Say &#34;hi&#34;" async><\/script>/,
    );
    expect(form.embed).toContain(`${form.url}?embed=1`);
    expect(form.embedHtml).toContain(`<form method="post" action="${form.url}"`);
  });
});

test('what came in goes out as CSV that no spreadsheet runs', async () => {
  const form = await aForm();
  await send(form.id, { answers: { email: anEmail(), name: '=HYPERLINK("x")' } });
  const reply = await app.http.inject({ url: `/api/forms/${form.id}/submissions.csv`, headers: operatorHeaders(app) });
  expect(reply.headers['content-type']).toContain('text/csv');
  expect(reply.body).toContain(`"'=HYPERLINK(""x"")"`);
  expect((await app.http.inject({ url: `/api/forms/${form.id}/submissions.csv` })).statusCode).toBe(401);
  const other = await app.aCompany('Other');
  expect(
    (await app.http.inject({ url: `/api/forms/${form.id}/submissions.csv`, headers: operatorHeaders(app, other.companyId) })).statusCode,
  ).toBe(404);
});
