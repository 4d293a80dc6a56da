import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { ClientNotFound, getClient } from '#modules/clients/public.ts';
import { deleteMade, makeDocument } from '#modules/documents/public.ts';
import { powerDocument } from '../power/document.ts';
import { figuresOf } from '../power/figures.ts';
import { readPowerLog } from '../power/read.ts';
import { getReport, FROM_REPORTS, Report, REPORT_COLUMNS, ReportNotFound, ReportRow } from '../report.ts';
import { REPORT_MAIL } from '../workflow.ts';

const clientId = () => z.uuid().describe('Id of the client');
const reportId = () => z.uuid().describe('Id of the report');
/** Bytes of a log, unpacked: some ten million rows. */
const LARGEST = 512 * 1024 * 1024;

const KNOWN: Statement = {
  name: 'reports.known',
  text: `select id from reports where company_id = $1 and client_id = $2 and kind = $3 and sha256 = $4`,
};
const INSERT: Statement = {
  name: 'reports.insert',
  text: `insert into reports (id, company_id, client_id, kind, title, figures, sha256, created_by, created_at) values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)
         on conflict on constraint reports_once do nothing returning id`,
};
const ZONE: Statement = {
  name: 'reports.zone',
  text: `select coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = $1`,
};

const BELONGS: Statement = {
  name: 'reports.belongs',
  text: 'update reports set document_id = $3 where company_id = $1 and id = $2',
};
const LOCK: Statement = { name: 'reports.lock', text: 'select document_id from reports where company_id = $1 and id = $2 for update' };

/** The report with its document, made now where there is none yet. */
async function withDocument(ctx: Ctx, id: string): Promise<Report & { documentId: string }> {
  await ctx.query(LOCK, [ctx.companyId, id]);
  const report = await getReport(ctx, ctx.companyId, id);
  if (report.documentId !== null) return { ...report, documentId: report.documentId };
  const document = await makeDocument(ctx, powerDocument(report), { clientId: report.clientId, subjectType: 'report', subjectId: id });
  await ctx.query(BELONGS, [ctx.companyId, id, document.id]);
  return { ...report, documentId: document.id };
}

/** Works out the figures of a power log and publishes them as a document. The same log of the same client is one report, however often it comes. */
export const createPowerReport = operation({
  name: 'reports.create_power',
  summary: 'Make a power report for a client from a power log (CSV)',
  http: 'POST /api/clients/{client_id}/power-reports',
  cli: 'business report create-power',
  access: 'write',
  bodyLimit: 96 * 1024 * 1024,
  input: z.object({
    clientId: clientId(),
    csv: z.string().min(1).optional().describe('The log, as text'),
    csvGzipBase64: z.base64().min(1).optional().describe('Instead of that: the log packed by gzip, as base64'),
    title: z.string().trim().min(1).max(200).default('Power report'),
  }),
  output: Report,
  errors: [ClientNotFound],
  async run(ctx, { clientId: id, csv, csvGzipBase64: packed, title }) {
    const client = await getClient(ctx, ctx.companyId, id);
    if ((csv === undefined) === (packed === undefined))
      throw new InvalidInput('Send the log as csv or as csv_gzip_base64, one of both', { fields: [{ path: 'csv', message: 'or csv_gzip_base64, one of both' }] }); // prettier-ignore
    const hash = createHash('sha256');
    const bytes =
      csv === undefined ? Readable.from([Buffer.from(packed ?? '', 'base64')]).pipe(createGunzip()) : Readable.from([Buffer.from(csv)]);
    const log = await readPowerLog(Readable.from(counted(bytes, hash)));
    const sha256 = hash.digest('hex');
    const [known] = await ctx.query<{ id: string }>(KNOWN, [ctx.companyId, id, 'power', sha256]);
    if (known !== undefined) return withDocument(ctx, known.id);
    const [company] = await ctx.query<{ zone: string }>(ZONE, [ctx.companyId]);
    const figures = figuresOf(log, company?.zone ?? 'UTC');
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const mine = await ctx.query(INSERT, [
      newId(),
      ctx.companyId,
      id,
      'power',
      title,
      JSON.stringify(figures),
      sha256,
      by,
      ctx.clock.now(),
    ]);
    // Another request with the same log may have been quicker.
    const [made] = await ctx.query<{ id: string }>(KNOWN, [ctx.companyId, id, 'power', sha256]);
    ctx.subject('clients', id);
    const report = await withDocument(ctx, made?.id ?? '');
    const about = { subject: { type: 'report', id: report.id }, personId: client.personId };
    if (mine.length > 0)
      ctx.emit({ ...about, name: 'report.created', payload: { kind: report.kind, title, advice: figures.recommendations.length } });
    return report;
  },
});

async function* counted(bytes: AsyncIterable<Buffer>, hash: { update(chunk: Buffer): unknown }): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > LARGEST) throw new InvalidInput('The log is larger than 512 MB; send it in parts of some weeks');
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput('The log could not be unpacked; pack it by gzip once more', { fields: [{ path: 'csv_gzip_base64', message: 'is no gzip' }], cause: error }); // prettier-ignore
  }
}

const LIST: Statement = {
  name: 'reports.list',
  text: `select ${REPORT_COLUMNS} ${FROM_REPORTS} where r.company_id = $1 and ($3::uuid is null or r.client_id = $3) and ($4::timestamptz is null or (r.created_at, r.id) < ($4, $5::uuid))
          order by r.created_at desc, r.id desc limit $2`,
};

export const listReports = operation({
  name: 'reports.list',
  summary: 'List reports, newest first',
  http: 'GET /api/reports',
  cli: 'business report list',
  columns: ['title', 'client_name', 'kind', 'created_at', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, clientId: clientId().optional() }),
  output: pageOf(ReportRow),
  async run(ctx, input) {
    const [at, after] = input.cursor === undefined ? [null, null] : decodeCursor(input.cursor, 2);
    const rows = await ctx.query<ReportRow>(LIST, [ctx.companyId, input.limit + 1, input.clientId ?? null, at === null ? null : new Date(Number(at)), after]); // prettier-ignore
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const getReportOperation = operation({
  name: 'reports.get',
  summary: 'Read one report with its figures',
  http: 'GET /api/reports/{report_id}',
  cli: 'business report get',
  access: 'read',
  input: z.object({ reportId: reportId() }),
  output: Report,
  errors: [ReportNotFound],
  run: (ctx, input) => getReport(ctx, ctx.companyId, input.reportId),
});

/** Reports of before have no document until somebody wants to share or change one. */
export const documentOfReport = operation({
  name: 'reports.document',
  summary: 'The document of a report: its page, PDF, slides and links; made now where an older report has none',
  http: 'POST /api/reports/{report_id}/document',
  cli: 'business report document',
  access: 'write',
  status: 200,
  input: z.object({ reportId: reportId() }),
  output: z.object({ reportId: z.uuid(), documentId: z.uuid() }),
  errors: [ReportNotFound],
  async run(ctx, { reportId: id }) {
    const { documentId } = await withDocument(ctx, id);
    ctx.subject('reports', id);
    return { reportId: id, documentId };
  },
});

const DELETE: Statement = { name: 'reports.delete', text: 'delete from reports where company_id = $1 and id = $2' };

export const deleteReport = operation({
  name: 'reports.delete',
  summary: 'Delete a report with its document and links; a mail that still waits with it does not leave',
  http: 'DELETE /api/reports/{report_id}',
  cli: 'business report delete',
  access: 'write',
  input: z.object({ reportId: reportId() }),
  output: z.object({ deleted: z.literal(true) }),
  errors: [ReportNotFound],
  async run(ctx, input) {
    const { clientId: client, documentId } = await getReport(ctx, ctx.companyId, input.reportId);
    await ctx.query(DELETE, [ctx.companyId, input.reportId]);
    if (documentId !== null) await deleteMade(ctx, ctx.companyId, documentId);
    ctx.subject('clients', client);
    return { deleted: true as const };
  },
});

const WHOM: Statement = { name: 'reports.whom', text: `select p.id, p.email ${FROM_REPORTS} where r.company_id = $1 and r.id = $2` };
const BEFORE: Statement = {
  name: 'reports.mailed_before',
  text: `select u.id from runs u join workflows w on w.id = u.workflow_id where u.company_id = $1 and u.subject_id = $2 and w.name = $3 order by u.id desc limit 1`,
};

/** By a run of “Reports by mail”. The second call answers the run of the first, unless it says again. */
export const sendReport = operation({
  name: 'reports.send',
  summary: 'Mail a report to its client with the PDF; a check-in follows in 30 days',
  http: 'POST /api/reports/{report_id}/send',
  cli: 'business report send',
  access: 'write',
  status: 202,
  input: z.object({ reportId: reportId(), again: z.boolean().default(false).describe('Although it was mailed before') }),
  output: z.object({
    reportId: z.uuid(),
    runId: z.uuid(),
    to: z.string(),
    started: z.boolean().describe('false: it went, or was on its way, before'),
  }),
  errors: [ReportNotFound, InvalidInput],
  async run(ctx, { reportId: id, again }) {
    await getReport(ctx, ctx.companyId, id);
    const [whom] = await ctx.query<{ id: string; email: string | null }>(WHOM, [ctx.companyId, id]);
    if (whom?.email == null) throw new InvalidInput('The client has no address; add one on the person’s page, then send it');
    const [before] = await ctx.query<{ id: string }>(BEFORE, [ctx.companyId, id, REPORT_MAIL]);
    if (before !== undefined && !again) return { reportId: id, runId: before.id, to: whom.email, started: false };
    const started = await ctx.runtime.engine.start(ctx, {
      companyId: ctx.companyId,
      workflow: REPORT_MAIL,
      subjects: [{ type: 'report', id, personId: whom.id }],
      trigger: { type: 'manual', id: newId() },
    });
    const runId = started.get(id);
    if (runId === undefined) throw new InvalidInput('“Reports by mail” is switched off; switch it on under Workflows');
    ctx.subject('reports', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { reportId: id, runId, to: whom.email, started: true };
  },
});
