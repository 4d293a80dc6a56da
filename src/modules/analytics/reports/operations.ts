import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { checkDefinition, ReportDefinition, stretchesOf } from './definition.ts';
import { issueReport } from './issue.ts';
import { makeReport } from './make.ts';
import { getSavedReport, SavedReport, SavedReportNotFound, savedReports } from './saved.ts';
import { nextOf, Schedule } from './schedule.ts';
import { Report, showReport } from './show.ts';

const MOST = 200;
const savedReportId = () => z.uuid().describe('Id of the saved report');
const title = () => z.string().trim().min(1).max(200);

export const runReport = operation({
  name: 'reports.run',
  summary: 'Tell metrics apart by a dimension and over time, beside the stretch before: the report that a page draws',
  http: 'POST /api/analytics/report',
  cli: 'reports run',
  access: 'read',
  scope: 'analytics:read',
  input: ReportDefinition,
  output: Report,
  errors: [InvalidInput],
  run: async (ctx, input) => showReport(ctx, ctx.companyId, await makeReport(ctx, ctx.companyId, input, ctx.clock.now())),
});

export const listSavedReports = operation({
  name: 'saved_reports.list',
  summary: 'Reports that are kept, with when they are mailed',
  http: 'GET /api/saved-reports',
  cli: 'reports saved',
  access: 'read',
  scope: 'analytics:read',
  input: z.object({}),
  output: z.object({ items: z.array(SavedReport), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await savedReports(ctx, ctx.companyId), nextCursor: null }),
});

export const getSavedReportOperation = operation({
  name: 'saved_reports.get',
  summary: 'Read one saved report',
  http: 'GET /api/saved-reports/{saved_report_id}',
  cli: 'reports get',
  access: 'read',
  scope: 'analytics:read',
  input: z.object({ savedReportId: savedReportId() }),
  output: SavedReport,
  errors: [SavedReportNotFound],
  run: (ctx, input) => getSavedReport(ctx, ctx.companyId, input.savedReportId),
});

const ZONE: Statement = {
  name: 'saved_reports.zone',
  text: `select coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = $1`,
};
const READERS: Statement = {
  name: 'saved_reports.readers',
  text: 'select count(*)::int as n from users where company_id = $1 and id = any ($2::uuid[]) and deleted_at is null',
};

/** What stands in the row of a schedule. @throws InvalidInput a reader who is none of the company's */
async function scheduleOf(ctx: Ctx, schedule: Schedule | null) {
  if (schedule === null) return [null, null, null, null, [], ['pdf'], null];
  const recipients = [...new Set(schedule.recipients)];
  const [known] = await ctx.query<{ n: number }>(READERS, [ctx.companyId, recipients]);
  if (known?.n !== recipients.length)
    throw new InvalidInput('schedule.recipients names somebody who is no user here; list them with GET /api/users', {
      fields: [{ path: 'schedule.recipients', message: 'are users of the company' }],
    });
  const [company] = await ctx.query<{ zone: string }>(ZONE, [ctx.companyId]);
  const { every, weekday, monthDay, hour, formats } = schedule;
  return [every, weekday, monthDay, hour, recipients, formats, nextOf(schedule, company?.zone ?? 'UTC', ctx.clock.now())];
}

const INSERT: Statement = {
  name: 'saved_reports.insert',
  text: `insert into saved_reports (id, company_id, title, definition, every, weekday, month_day, hour, recipients, formats, next_at, created_by, created_at, updated_at)
         select $2, $1, $3, $4::jsonb, $5, $6, $7, $8, $9::uuid[], $10::text[], $11, $12, $13, $13 where (select count(*) from saved_reports where company_id = $1) < ${MOST} returning id`,
};

export const createSavedReport = operation({
  name: 'saved_reports.create',
  summary: 'Keep a report and, with a schedule, mail it',
  http: 'POST /api/saved-reports',
  cli: 'reports save',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  input: z.object({ title: title(), definition: ReportDefinition, schedule: Schedule.nullable().default(null) }),
  output: SavedReport,
  errors: [InvalidInput],
  async run(ctx, input) {
    checkDefinition(input.definition);
    stretchesOf(input.definition, ctx.clock.now());
    const id = newId();
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const made = await ctx.query(INSERT, [
      ctx.companyId, id, input.title, JSON.stringify(input.definition), ...(await scheduleOf(ctx, input.schedule)), by, ctx.clock.now(),
    ]); // prettier-ignore
    if (made.length === 0) throw new InvalidInput(`There are ${MOST} already; delete one that nobody needs`);
    ctx.subject('saved_reports', id);
    return getSavedReport(ctx, ctx.companyId, id);
  },
});

const UPDATE: Statement = {
  name: 'saved_reports.update',
  text: `update saved_reports set title = $3, definition = $4::jsonb, every = $5, weekday = $6, month_day = $7, hour = $8, recipients = $9::uuid[], formats = $10::text[], next_at = $11, failed = null, updated_at = $12
          where company_id = $1 and id = $2`,
};

export const updateSavedReport = operation({
  name: 'saved_reports.update',
  summary: 'Change a saved report: its title, what it tells, or when it is mailed (schedule null: no more)',
  http: 'PUT /api/saved-reports/{saved_report_id}',
  cli: 'reports update',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  input: z.object({
    savedReportId: savedReportId(),
    title: title().optional(),
    definition: ReportDefinition.optional(),
    schedule: Schedule.nullable().optional(),
  }),
  output: SavedReport,
  errors: [SavedReportNotFound, InvalidInput],
  async run(ctx, input) {
    const old = await getSavedReport(ctx, ctx.companyId, input.savedReportId);
    ctx.expectVersion(old);
    const definition = input.definition ?? old.definition;
    checkDefinition(definition);
    stretchesOf(definition, ctx.clock.now());
    const schedule = input.schedule === undefined ? old.schedule : input.schedule;
    await ctx.query(UPDATE, [
      ctx.companyId, old.id, input.title ?? old.title, JSON.stringify(definition), ...(await scheduleOf(ctx, schedule)), ctx.clock.now(),
    ]); // prettier-ignore
    ctx.subject('saved_reports', old.id);
    return getSavedReport(ctx, ctx.companyId, old.id);
  },
});

const DELETE: Statement = { name: 'saved_reports.delete', text: 'delete from saved_reports where company_id = $1 and id = $2' };

export const deleteSavedReport = operation({
  name: 'saved_reports.delete',
  summary: 'Delete a saved report; a mail that still waits with it does not leave',
  http: 'DELETE /api/saved-reports/{saved_report_id}',
  cli: 'reports delete',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  input: z.object({ savedReportId: savedReportId() }),
  output: z.null(),
  errors: [SavedReportNotFound],
  async run(ctx, input) {
    const { id } = await getSavedReport(ctx, ctx.companyId, input.savedReportId);
    await ctx.query(DELETE, [ctx.companyId, id]);
    ctx.subject('saved_reports', id);
    return null;
  },
});

export const sendSavedReport = operation({
  name: 'saved_reports.send',
  summary: 'Mail a report to its readers now, beside its schedule',
  http: 'POST /api/saved-reports/{saved_report_id}/send',
  cli: 'reports send',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  status: 202,
  input: z.object({ savedReportId: savedReportId() }),
  output: z.object({ mails: z.int().describe('How many were written; they leave through the gate') }),
  errors: [SavedReportNotFound, InvalidInput],
  async run(ctx, input) {
    const saved = await getSavedReport(ctx, ctx.companyId, input.savedReportId);
    if (saved.schedule === null)
      throw new InvalidInput('Nobody gets this report yet; give it a schedule with recipients', { fields: [{ path: 'saved_report_id', message: 'has no recipients' }] }); // prettier-ignore
    ctx.subject('saved_reports', saved.id);
    return { mails: await issueReport(ctx, ctx.runtime, ctx.companyId, saved, ctx.clock.now()) };
  },
});
