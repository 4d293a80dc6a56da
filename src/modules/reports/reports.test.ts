import { gzipSync } from 'node:zlib';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { getCheckinPlan } from '#modules/clients/operations/checkins.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { listDocuments } from '#modules/documents/operations/documents.ts';
import { linkOperation } from '#modules/portal/operations.ts';
import { shareDocument } from '#modules/documents/operations/shares.ts';
import { reportPdf } from './report.ts';
import { createPowerReport, deleteReport, documentOfReport, getReportOperation, listReports, sendReport } from './operations/reports.ts';

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: { SMTP_URL: sink.url, FROM_EMAIL: 'us@acme.test', FROM_NAME: 'Acme', SENDING: 'launched', SENDING_HOURS: 'always' },
  });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const csv = ['timestamp,cpu_power_mw,total_power_mw', ...Array.from({ length: 100 }, (_, i) => `${1_760_000_000 + i},${i % 2 === 0 ? 1_000 : ''},${i % 2 === 0 ? '' : 2_000}`)].join('\n'); // prettier-ignore

test('a log becomes a report, mailed once with its PDF, and the client is heard from in 30 days', async () => {
  const client = await app.call(createClient, { name: 'Paula Power', email: 'paula@power.test', status: 'active' });
  const made = await app.call(createPowerReport, { clientId: client.id, csv, title: 'October' });
  expect(made).toMatchObject({ title: 'October', clientName: 'Paula Power', figures: { totalFrom: 'log', total: { meanMw: 2_000 } } });
  // The same log once more, packed: the same report.
  const again = await app.call(createPowerReport, { clientId: client.id, csvGzipBase64: gzipSync(csv).toString('base64') });
  expect(again.id).toBe(made.id);
  const [one, two] = [await app.call(sendReport, { reportId: made.id }), await app.call(sendReport, { reportId: made.id })];
  expect([one.started, two.started, two.runId]).toEqual([true, false, one.runId]);
  await app.drain();
  const [mail, ...more] = sink.mails;
  expect(more).toEqual([]);
  const { subject, text, attachments } = await simpleParser(mail?.raw ?? '');
  expect(subject).toBe('October');
  expect(text).toContain('Hello Paula Power');
  expect(attachments.map((file) => [file.contentType, file.content.subarray(0, 8).toString()])).toEqual([['application/pdf', '%PDF-1.7']]);
  const in30 = new Date(app.clock.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 10);
  expect((await app.call(getCheckinPlan, { clientId: client.id })).nextOn).toBe(in30);
});

test('a report that is deleted while its mail waits keeps the mail from leaving', async () => {
  const client = await app.call(createClient, { name: 'Quick Quinn', email: 'quinn@power.test' });
  const { id } = await app.call(createPowerReport, { clientId: client.id, csv });
  await app.call(sendReport, { reportId: id });
  await app.call(deleteReport, { reportId: id });
  await app.drain();
  expect(sink.mails.filter(({ to }) => to === 'quinn@power.test')).toEqual([]);
  expect((await app.call(listReports, { clientId: client.id })).items).toEqual([]);
  await expect(app.call(getReportOperation, { reportId: id })).rejects.toThrow('no such report');
});

test('a report is a document: a page to share, the PDF that is mailed, on the client’s own page; both go together', async () => {
  const client = await app.call(createClient, { name: 'Dora Document', email: 'dora@power.test' });
  const odd = `${csv}\n1760000200,{{ company.name }},`;
  const { id, documentId } = await app.call(createPowerReport, { clientId: client.id, csv: odd, title: 'Server room' });
  expect(await app.call(documentOfReport, { reportId: id })).toEqual({ reportId: id, documentId });
  const share = await app.call(shareDocument, { documentId: documentId ?? '', days: 30 });
  const page = await app.http.inject({ url: new URL(share.url).pathname });
  expect(page.statusCode).toBe(200);
  for (const words of ['Server room', 'For Dora Document', 'Power over time', 'Processor', 'cpu_power_mw is {{ company.name }}']) expect(page.body).toContain(words);
  const portal = await app.call(linkOperation, { clientId: client.id });
  expect((await app.http.inject({ url: new URL(portal.url).pathname })).body).toContain('Server room');
  // What is mailed is the version that was published, byte by byte.
  const pdf = async (url: string) => (await app.http.inject({ url, headers: { authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId } })).rawPayload;
  const own = await pdf(`/api/reports/${id}/pdf`);
  expect(own.subarray(0, 8).toString()).toBe('%PDF-1.7');
  expect(own.equals(await pdf(`/api/documents/${documentId}/pdf`))).toBe(true);
  await app.call(deleteReport, { reportId: id });
  expect((await app.call(listDocuments, { clientId: client.id })).items).toEqual([]);
  expect((await app.http.inject({ url: new URL(share.url).pathname })).statusCode).toBe(404);
}); // prettier-ignore

test('a report of before has its PDF without a document, and gets one when it is asked for', async () => {
  const client = await app.call(createClient, { name: 'Olga Old', email: 'olga@power.test' });
  const { id, documentId } = await app.call(createPowerReport, { clientId: client.id, csv });
  await app.runtime.system.write((tx) => tx.query({ name: 't.old', text: 'update reports set document_id = null where id = $1' }, [id]));
  const found = await app.runtime.database.read(app.company.companyId, (tx) => reportPdf(tx, app.company.companyId, id));
  expect(found.subarray(0, 8).toString()).toBe('%PDF-1.7');
  const made = await app.call(documentOfReport, { reportId: id });
  expect(made.documentId).not.toBe(documentId);
  expect((await app.call(getReportOperation, { reportId: id })).documentId).toBe(made.documentId);
});

test('what is no log, or no gzip, is refused in words; nothing is kept', async () => {
  const { id } = await app.call(createClient, { name: 'Nora', email: 'nora@power.test' });
  await expect(app.call(createPowerReport, { clientId: id, csv: 'a,b\n1,2' })).rejects.toThrow('no column timestamp');
  await expect(app.call(createPowerReport, { clientId: id, csvGzipBase64: 'bm90aGluZw==' })).rejects.toThrow('could not be unpacked');
  await expect(app.call(createPowerReport, { clientId: id })).rejects.toThrow('one of both');
  expect((await app.call(listReports, { clientId: id })).items).toEqual([]);
});
