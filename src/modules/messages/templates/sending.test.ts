import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addFile, deleteFile } from '#modules/people/operations/files.ts';
import { createPersonOperation } from '#modules/people/operations/people.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { sendEmail } from '../operations/send.ts';
import { addAttachment } from '../operations/template-files.ts';
import { checkLinks } from '../operations/template-links.ts';
import { previewTemplate, testTemplate } from '../operations/template-preview.ts';
import { exportTemplate, importTemplate } from '../operations/template-transfer.ts';
import { getTemplate, updateTemplate } from '../operations/templates.ts';
import { fileTemplateFaults } from './from-files.ts';
import { outgoingFiles } from './store/files.ts';

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: {
      SMTP_URL: sink.url,
      FROM_EMAIL: 'hello@acme.test',
      FROM_NAME: 'Acme',
      POSTAL_ADDRESS: '1 High Street',
      SENDING_HOURS: 'always',
    },
  });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const arrived = async (to: string) => {
  await app.drain();
  const mail = sink.mails.find((one) => one.to === to);
  return mail === undefined ? null : simpleParser(mail.raw);
};

test('a test goes out before sending is launched, through gate and ledger, with its files; a real mail waits', async () => {
  const file = {
    filename: 'offer.pdf',
    contentType: 'application/pdf',
    contentBase64: Buffer.from('%PDF-1.7 an offer').toString('base64'),
  };
  const { attachmentId } = await app.call(addAttachment, file);
  // the same bytes are the same file
  expect(await app.call(addAttachment, { ...file, filename: 'again.pdf' })).toMatchObject({ attachmentId });
  await app.call(updateTemplate, {
    key: 'offer',
    class: 'transactional',
    subject: 'Offer for {{ person.first_name }}',
    source: { mode: 'blocks', blocks: [{ id: 'a', type: 'text', text: 'Dear **{{ person.first_name }}**' }] },
    attachments: [{ attachmentId, filename: 'Your offer.pdf' }],
  });
  await app.call(sendEmail, { to: 'ann@acme.test', name: 'Ann Lee', template: 'offer' });
  const sent = await app.call(testTemplate, { template: 'offer', sendTo: 'me@acme.test' });
  expect(sent).toMatchObject({ state: 'queued', reasons: [], subject: '[Test] Offer for Ann' });
  const mail = await arrived('me@acme.test');
  expect(mail).toMatchObject({ subject: '[Test] Offer for Ann', text: expect.stringContaining('Dear Ann') });
  expect(mail?.html).toContain('Dear <strong>Ann</strong>');
  expect(mail?.attachments.map((one) => [one.filename, one.contentType, one.content.toString()])).toEqual([
    ['Your offer.pdf', 'application/pdf', '%PDF-1.7 an offer'],
  ]);
  expect((await app.effects()).filter((one) => one.state === 'confirmed')).toHaveLength(1);
  expect(await arrived('ann@acme.test')).toBeNull();
});

test('a file of the person goes along as it is when the mail leaves; one that was deleted keeps the mail here', async () => {
  const { id: personId } = await app.call(createPersonOperation, { fullName: 'Ben Box', email: 'ben@files.test' });
  const file = await app.call(addFile, { personId, name: 'offer.pdf', contentBase64: Buffer.from('%PDF-1.7 for Ben').toString('base64') });
  const attachment = { fileId: file.id, filename: 'offer.pdf', contentType: 'application/pdf', size: 16 };
  const leaving = () => app.runtime.system.read((tx) => outgoingFiles(tx, app.runtime, file.companyId, [attachment]));
  expect((await leaving()).map(({ filename, content }) => [filename, content.toString()])).toEqual([['offer.pdf', '%PDF-1.7 for Ben']]);
  await app.call(deleteFile, { personId, fileId: file.id });
  await expect(leaving()).rejects.toMatchObject({ code: 'attachment_not_found' });
});

test('links are asked through the guard: what lies inside the own network is not', async () => {
  const { items } = await app.call(checkLinks, { urls: ['http://127.0.0.1:8080/admin', 'mailto:ann@acme.test'] });
  expect(items).toMatchObject([{ ok: false, status: null, says: expect.stringContaining('private network') }]);
});

test('a template leaves as a file and comes back whole; HTML and MJML come in as they are', async () => {
  const { template } = await app.call(exportTemplate, { key: 'offer' });
  const content = JSON.stringify({ template: { ...template, key: 'copy', steward_template: 1, stewardTemplate: undefined } });
  const copy = await app.call(importTemplate, { filename: 'offer.steward.json', content });
  expect(copy).toMatchObject({
    key: 'copy',
    version: 1,
    class: 'transactional',
    source: template.source,
    note: 'From the file offer.steward.json',
  });
  const page = await app.call(importTemplate, {
    filename: 'Spring News.html',
    content: '<html><head><title>Spring</title></head><body><p>Hi</p></body></html>',
  });
  expect(page).toMatchObject({ key: 'spring-news', subject: 'Spring', body: 'Hi', mode: 'html' });
  await expect(app.call(importTemplate, { filename: 'x.json', content: '{"a":1}' })).rejects.toThrow('not one that was exported here');
});

test('marketing.templates of the configuration stand where nothing was written; a company’s own takes their place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  writeFileSync(join(folder, 'welcome.html'), '---\nsubject: Hello {{ person.first_name | default: "there" }}\n---\n<p>From a file</p>');
  const config = { ...app.runtime.config, templates: { welcome: join(folder, 'welcome.html'), gone: join(folder, 'gone.html') } };
  expect(fileTemplateFaults(config)).toEqual([expect.stringContaining('marketing.templates.gone')]);
  const runtime = { ...app.runtime, config };
  const { currentTemplates } = await import('./current.ts');
  const now = async () =>
    (await app.runtime.system.read((tx) => currentTemplates(tx, runtime, [{ companyId: app.company.companyId, key: 'welcome' }])))(
      app.company.companyId,
      'welcome',
    );
  expect(await now()).toMatchObject({ origin: 'file', version: 0, body: 'From a file', html: '<p>From a file</p>' });
  await app.call(updateTemplate, { key: 'welcome', subject: 'Mine', body: 'Mine' });
  expect(await now()).toMatchObject({ origin: 'own', version: 1, subject: 'Mine' });
});

test('the preview shows what will be sent, with the plain words beside it', async () => {
  const drawn = await app.call(previewTemplate, { template: 'offer', inLanguage: 'de' });
  expect(drawn).toMatchObject({ subject: 'Offer for Ann', words: 'Dear Ann', language: 'en', unresolved: [] });
  expect(await app.call(getTemplate, { key: 'offer' })).toMatchObject({ attachments: [{ filename: 'Your offer.pdf' }] });
});
