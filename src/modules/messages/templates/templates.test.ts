import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VersionChanged } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { createPersonOperation as createPerson } from '#modules/people/operations/people.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createWorkflow } from '#modules/workflows/operations/workflows.ts';
import { BrokenTemplate } from '../liquid.ts';
import { getMessage } from '../operations/messages.ts';
import { sendEmail } from '../operations/send.ts';
import { deleteSnippet, listSnippets, saveSnippet, SnippetInUse } from '../operations/snippets.ts';
import { previewTemplate } from '../operations/template-preview.ts';
import { TemplateInUse, TemplateNotFound } from '../operations/template-shapes.ts';
import { getTemplateVersion, restoreTemplate } from '../operations/template-versions.ts';
import { deleteTemplate, getTemplate, listTemplates, saveDraft, updateTemplate } from '../operations/templates.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const text = (body: string) => ({ mode: 'text' as const, text: body });

describe('blocks', () => {
  test('become HTML for mail programs, and a plain text that says the same', async () => {
    const made = await app.call(updateTemplate, {
      key: 'offer',
      subject: 'For {{ person.first_name | default: "you" }}',
      preheader: 'Until <Friday>',
      source: {
        mode: 'blocks',
        theme: { accent: '#ffcc00' },
        blocks: [
          { id: 'a', type: 'heading', text: 'Hello {{ person.first_name | default: "there" }}' },
          { id: 'b', type: 'text', text: 'Some **bold** <i>text</i>, [a link](https://acme.test/?a=1&b=2)\n\n- one\n- two' },
          { id: 'c', type: 'button', label: 'Go', url: 'https://acme.test/{{ person.email }}' },
          {
            id: 'd',
            type: 'columns',
            columns: [
              [{ id: 'e', type: 'image', src: 'https://acme.test/x.png', alt: 'A "quoted" \\ 👩‍💻' }],
              [{ id: 'f', type: 'html', html: '<b>Right{% if 1 < 2 %}!{% endif %}</b>' }],
            ],
          },
        ],
      },
    });
    expect(made.body).toBe(
      'Hello {{ person.first_name | default: "there" }}\n\nSome bold <i>text</i>, a link (https://acme.test/?a=1&b=2)\n\n- one\n- two\n\nGo: https://acme.test/{{ person.email }}\n\nA "quoted" \\ 👩‍💻\n\nRight{% if 1 < 2 %}!{% endif %}',
    );
    const html = made.html ?? '';
    expect(html).toContain('<strong>bold</strong> &#60;i&#62;text&#60;/i&#62;, <a href="https://acme.test/?a=1&#38;b=2"');
    expect(html).toContain('alt="A &#34;quoted&#34; \\ 👩‍💻"');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('Until &#60;Friday&#62;');
    expect(html).toMatch(/<html lang="en"/);
    // black on yellow, and nobody else is asked for anything
    expect(html).toMatch(/background:#ffcc00;color:#18181b/);
    expect(html).not.toMatch(/googleapis|STEWARDKEEPS/);
    const preview = await app.call(previewTemplate, { template: 'offer' });
    expect(preview.html).toContain('https://acme.test/ann@example.com');
    expect(preview.html).toContain('Unsubscribe</a>');
    expect(preview.html.indexOf('Unsubscribe</a>')).toBeLessThan(preview.html.indexOf('</body>'));
  });

  test('a fault is told with its block', async () => {
    const blocks = [
      { id: 'a', type: 'text' as const, text: 'Fine' },
      { id: 'b', type: 'text' as const, text: 'One\nHello {{ person.first_name | upcas }}' },
    ];
    const published = app.call(updateTemplate, { key: 'broken', subject: 'S', source: { mode: 'blocks', blocks } });
    await expect(published).rejects.toThrow("Block 2: The template can't be read (line 2): there is no filter upcas; did you mean upcase?");
    const preview = await app.call(previewTemplate, { subject: 'S', source: { mode: 'blocks', blocks } });
    expect(preview.findings).toMatchObject([
      { code: 'unknown_filter', part: 'b', line: 2, says: 'There is no filter upcas; did you mean upcase?' },
    ]);
  });
});

describe('MJML', () => {
  const mjml = (inside: string) => `<mjml><mj-body><mj-section><mj-column>\n${inside}</mj-column></mj-section></mj-body></mjml>`;

  test('is compiled once, with its Liquid in place', async () => {
    const source = {
      mode: 'mjml' as const,
      mjml: mjml('<mj-text>Hi {{ person.first_name | default: "you" }}{% if 1 < 2 %} & all{% endif %}</mj-text>').replace('&', '&amp;'),
    };
    const made = await app.call(updateTemplate, { key: 'mjml', subject: 'S', source });
    expect(made.html).toContain('Hi {{ person.first_name | default: "you" }}{% if 1 < 2 %} &amp; all{% endif %}');
    expect(made.body).toBe('Hi {{ person.first_name | default: "you" }}{% if 1 < 2 %} & all{% endif %}');
  });

  test.each([
    ['<mj-text>a < b</mj-text>', /line 2/],
    ['<mj-text>a', /line 2|closed/],
    ['<mj-include path="/etc/passwd" />', /reads no files \(line 2\)/],
    [`<mj-text>${'<div>'.repeat(30_000)}</mj-text>`, /More than 100 tags/],
  ])('%s is refused, and the next one is compiled', async (inside, why) => {
    await expect(app.call(updateTemplate, { key: 'bad-mjml', subject: 'S', source: { mode: 'mjml', mjml: mjml(inside) } })).rejects.toThrow(
      why,
    );
    const good = await app.call(updateTemplate, {
      key: 'good-mjml',
      subject: 'S',
      source: { mode: 'mjml', mjml: mjml('<mj-text>ok</mj-text>') },
    });
    expect(good.html).toContain('ok');
  });
});

describe('strict', () => {
  test('names nobody knows are told with line and what may be meant; a default makes them harmless', async () => {
    const body =
      'Hi {{ first_name }}\n{{ person.frist_name }}\n{{ person.nickname | default: "you" }} {{ steps.letter.text }} {{ company.settings.anything }}';
    const { findings } = await app.call(previewTemplate, { subject: 'For {{ organisation.nme }}', body });
    expect(findings.filter((one) => one.code === 'unknown_variable')).toMatchObject([
      { part: 'subject', line: 1, says: 'organisation.nme is not known; did you mean organisation.name?' },
      { part: 'text', line: 1, says: 'first_name is not known; did you mean person.first_name?' },
      { part: 'text', line: 2, says: 'person.frist_name is not known; did you mean person.first_name?' },
    ]);
  });

  test('values of persons are escaped, and no filter goes round it', async () => {
    const { id } = await app.call(createPerson, { fullName: '<img src=x onerror=alert(1)>', email: 'evil@acme.test' });
    const preview = await app.call(previewTemplate, { subject: 'S', body: 'x', html: '<b>{{ person.name | raw }}</b>', personId: id });
    expect(preview.html).toContain('<b>&#60;img src=x onerror=alert(1)&#62;</b>');
  });

  test('a mail without subject, and an SMS made of blocks, are refused', async () => {
    await expect(app.call(updateTemplate, { key: 'no-subject', source: text('Hi') })).rejects.toThrow('The en text needs a subject');
    await expect(app.call(updateTemplate, { key: 'sms', kind: 'sms', source: { mode: 'blocks', blocks: [] } })).rejects.toThrow(
      BrokenTemplate,
    );
    expect(await app.call(updateTemplate, { key: 'sms', kind: 'sms', source: text('Hi {{ person.first_name }}') })).toMatchObject({
      kind: 'sms',
      version: 1,
    });
    expect((await app.call(previewTemplate, { template: 'sms' })).smsLength).toMatchObject({ segments: 1 });
  });
});

describe('checks', () => {
  const codes = async (input: Parameters<typeof app.call<typeof previewTemplate.input, typeof previewTemplate.output>>[1]) =>
    (await app.call(previewTemplate, input)).findings.map((one) => one.code);

  test.each([
    ['no_subject', { subject: '', body: 'x' }],
    ['capitals', { subject: 'BUY THIS RIGHT NOW', body: 'x' }],
    ['exclamation', { subject: 'Look!!', body: 'x' }],
    ['false_reply', { subject: 'Re: our talk', body: 'x' }],
    ['no_preheader', { subject: 'Hello', body: 'x' }],
    ['foreign_tag', { subject: 'Hello', body: 'Dear *|FNAME|*' }],
    ['only_pictures', { subject: 'Hello', body: 'x', html: '<img src="https://a.test/x.png" alt="x">' }],
    ['no_alt', { subject: 'Hello', body: 'x', html: '<img src="https://a.test/x.png">' }],
    ['not_https', { subject: 'Hello', body: 'x', html: '<a href="http://a.test/">a</a>' }],
    ['bad_link', { subject: 'Hello', body: 'x', html: '<a href="/page">a</a>' }],
    ['empty_link', { subject: 'Hello', body: 'x', html: '<a href="">a</a>' }],
    ['clipped', { subject: 'Hello', body: 'x', html: `<p>${'word '.repeat(22_000)}</p>` }],
    ['no_unsubscribe', { subject: 'Hello', body: 'x' }],
  ])('%s', async (code, input) => {
    expect(await codes(input)).toContain(code);
  });

  test('a plain answer has nothing against it but the address of the installation', async () => {
    expect(
      await codes({
        subject: 'Your question',
        preheader: 'Here it is',
        body: 'Dear Ann,\n\nsee https://acme.test/answer',
        class: 'commercial',
      }),
    ).toEqual(['no_unsubscribe']);
    expect(await codes({ subject: 'Your question', preheader: 'Here it is', body: 'Dear Ann', class: 'transactional' })).toEqual([]);
  });
});

describe('versions', () => {
  test('each publishing makes one; an earlier one comes back as the newest, and all stay readable', async () => {
    for (const body of ['one', 'two']) await app.call(updateTemplate, { key: 'letter', subject: 'S', body, note: `now ${body}` });
    expect(await app.call(restoreTemplate, { key: 'letter', version: 1 })).toMatchObject({
      version: 3,
      body: 'one',
      note: 'As version 1 was',
    });
    expect(await app.call(getTemplateVersion, { key: 'letter', version: 2 })).toMatchObject({ body: 'two', note: 'now two' });
    expect((await app.call(getTemplate, { key: 'letter' })).versions.map((one) => one.version)).toEqual([3, 2, 1]);
    await expect(app.call(getTemplateVersion, { key: 'letter', version: 9 })).rejects.toThrow(TemplateNotFound);
  });

  test('a draft is nobody’s mail, and is gone when it is published', async () => {
    await app.call(saveDraft, { key: 'letter', content: { subject: 'S', source: text('three') } });
    await app.call(saveDraft, { key: 'unborn', content: { title: 'Unborn', source: text('{{ broken') } });
    expect(await app.call(getTemplate, { key: 'letter' })).toMatchObject({
      body: 'one',
      draft: { content: { source: { text: 'three' } }, baseVersion: 3 },
    });
    expect(await app.call(getTemplate, { key: 'unborn' })).toMatchObject({ published: false, title: 'Unborn', version: 0 });
    expect((await app.call(listTemplates, {})).drafts).toMatchObject([{ key: 'unborn', title: 'Unborn' }]);
    await expect(app.call(previewTemplate, { template: 'unborn' })).rejects.toThrow(TemplateNotFound);
    expect(await app.call(updateTemplate, { key: 'letter', source: text('three') })).toMatchObject({ version: 4 });
    expect((await app.call(getTemplate, { key: 'letter' })).draft).toBeNull();
  });

  test('two who write at once do not overwrite each other unseen', async () => {
    const seen = await app.http.inject({ method: 'GET', url: '/api/templates/letter', headers: headers() });
    const put = (version: string) =>
      app.http.inject({
        method: 'PUT',
        url: '/api/templates/letter/draft',
        headers: { ...headers(), 'if-match': `"${version}"` },
        payload: { content: { subject: 'mine' } },
      });
    expect(seen.statusCode).toBe(200);
    const first = await app.call(saveDraft, { key: 'letter', content: { subject: 'theirs' } });
    app.clock.advance({ seconds: 5 });
    await app.call(saveDraft, { key: 'letter', content: { subject: 'theirs, later' } });
    const late = await put(first.updatedAt.toISOString());
    expect(late.json()).toMatchObject({ code: new VersionChanged('x').code });
  });

  const headers = () => ({ authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId });

  test('one that a workflow sends is not deleted; a built-in one goes back to its first text', async () => {
    await app.call(updateTemplate, { key: 'in-use', subject: 'S', body: 'B' });
    const definition = {
      name: 'uses-it',
      title: 'Uses it',
      subject: 'lead',
      triggers: [{ on: 'manual' }],
      steps: [
        { id: 'send', title: 'Send', type: 'message', input: { channel: 'email', class: 'commercial', template: 'in-use' } },
        { id: 'end', title: 'End', type: 'end', input: { outcome: 'done' } },
      ],
    };
    await app.call(createWorkflow, { definition });
    expect((await app.call(getTemplate, { key: 'in-use' })).usedBy).toMatchObject([{ kind: 'workflow', title: 'Uses it' }]);
    await expect(app.call(deleteTemplate, { key: 'in-use' })).rejects.toThrow(TemplateInUse);
    await app.call(updateTemplate, { key: 'checkin', subject: 'Mine', body: 'B' });
    await app.call(deleteTemplate, { key: 'checkin' });
    expect(await app.call(getTemplate, { key: 'checkin' })).toMatchObject({
      version: 0,
      origin: 'built_in',
      subject: 'How are things going?',
    });
    expect(await app.call(getTemplateVersion, { key: 'checkin', version: 1 })).toMatchObject({ subject: 'Mine' });
    // the number of a version is never given twice
    expect(await app.call(updateTemplate, { key: 'checkin', subject: 'Again', body: 'B' })).toMatchObject({ version: 2 });
  });
});

describe('snippets', () => {
  test('stand in every source; a change makes new versions of what holds them', async () => {
    await app.call(saveSnippet, { key: 'name', title: 'Name', body: 'Bea' });
    await app.call(saveSnippet, { key: 'sign', title: 'Signature', body: 'Yours,\n**{% snippet "name" %}**' });
    await app.call(updateTemplate, { key: 'plain', subject: 'S', source: text('Hi\n\n{% snippet "sign" %}') });
    await app.call(updateTemplate, { key: 'page', subject: 'S', source: { mode: 'html', html: '<p>Hi</p>{% snippet "sign" %}' } });
    await app.call(updateTemplate, {
      key: 'block',
      subject: 'S',
      source: { mode: 'blocks', blocks: [{ id: 'a', type: 'snippet', key: 'sign' }] },
    });
    expect((await app.call(getTemplate, { key: 'plain' })).body).toBe('Hi\n\nYours,\nBea');
    expect((await app.call(getTemplate, { key: 'page' })).html).toContain('Yours,<br><strong>Bea</strong>');
    expect((await app.call(getTemplate, { key: 'block' })).html).toContain('Yours,<br /><strong>Bea</strong>');
    const { republished } = await app.call(saveSnippet, { key: 'name', body: 'Cyd' });
    expect(republished.toSorted()).toEqual(['block', 'page', 'plain']);
    expect(await app.call(getTemplate, { key: 'plain' })).toMatchObject({
      version: 2,
      body: 'Hi\n\nYours,\nCyd',
      note: 'The snippet name was changed',
      source: { text: 'Hi\n\n{% snippet "sign" %}' },
    });
    expect((await app.call(listSnippets, {})).items).toMatchObject([
      { key: 'name', usedBy: [{ key: 'block' }, { key: 'page' }, { key: 'plain' }, { kind: 'snippet', key: 'sign' }] },
      { key: 'sign' },
    ]);
  });

  test('no loops, none that does not exist, none deleted that is in use', async () => {
    await expect(app.call(saveSnippet, { key: 'name', body: '{% snippet "sign" %}' })).rejects.toThrow('name → sign → name');
    await expect(app.call(updateTemplate, { key: 'plain', source: text('\n{% snippet "nobody" %}') })).rejects.toThrow(
      'There is no snippet nobody (line 2)',
    );
    await expect(app.call(deleteSnippet, { key: 'sign' })).rejects.toThrow(SnippetInUse);
  });
});

test('a person gets their own language, else its nearest, else the main one; the version stands with the message', async () => {
  const variant = (language: string, subject: string) => ({ language, subject, source: text(subject) });
  await app.call(updateTemplate, {
    key: 'tongues',
    language: 'en',
    subject: 'Hello',
    source: text('Hello'),
    variants: [variant('de', 'Hallo'), variant('pt-BR', 'Olá')],
  });
  for (const [language, subject] of [
    ['de-AT', 'Hallo'],
    ['pt', 'Olá'],
    ['fr', 'Hello'],
    [null, 'Hello'],
  ] as const) {
    const email = `${newId()}@acme.test`;
    await app.call(createPerson, { fullName: 'Ann', email, ...(language === null ? {} : { language }) });
    const sent = await app.call(sendEmail, { to: email, template: 'tongues', class: 'transactional' });
    expect(await app.call(getMessage, { messageId: sent.id })).toMatchObject({ subject, template: 'tongues', templateVersion: 1 });
  }
  await expect(app.call(updateTemplate, { key: 'tongues', variants: [variant('en', 'Again')] })).rejects.toThrow(
    'The language en is there twice',
  );
});
