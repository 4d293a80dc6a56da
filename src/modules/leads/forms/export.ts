import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getFormOperation } from '../operations/forms.ts';
import { answerText } from './answers.ts';
import type { StoredForm } from './form.ts';
import { listSubmissions, type Submitted } from './submissions.ts';

const ROWS_AT_ONCE = 500;

/** `GET /api/forms/{form_id}/submissions.csv`: everything that came in, newest first, streamed. */
export function submissionsRoute(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/forms/:formId/submissions.csv', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { formId } = Object(request.params);
    // Rights, scope and the 404 of another company are those of forms.get.
    const { result } = await execute(runtime, {
      operation: getFormOperation,
      principal,
      request: requestInfo(request),
      input: { formId },
      names: 'code',
    });
    const form = result as StoredForm; // what that operation's output schema says
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="form-${form.id}.csv"`)
      .send(Readable.from(csvOf(runtime, form)));
  });
}

/** RFC 4180 with a byte order mark, which Excel needs to read UTF-8. */
async function* csvOf(runtime: Runtime, form: StoredForm): AsyncGenerator<string> {
  const head = [
    'sent_at',
    'person',
    ...form.fields.map((field) => field.name),
    'consent',
    'consent_version',
    'consent_wording',
    'consent_confirmed_at',
    'utm_source',
    'utm_medium',
    'utm_campaign',
    'referrer',
    'landing_page',
  ];
  yield `\ufeff${head.join(',')}\r\n`;
  let after: readonly [Date, string] | null = null;
  for (;;) {
    const before: readonly [Date, string] | null = after;
    const rows: Submitted[] = await runtime.database.read(form.companyId, (tx) =>
      listSubmissions(tx, form.companyId, { formId: form.id, limit: ROWS_AT_ONCE, after: before }),
    );
    if (rows.length > 0) yield `${rows.map((row) => lineOf(form, row)).join('\r\n')}\r\n`;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = [last.createdAt, last.id];
  }
}

function lineOf(form: StoredForm, row: Submitted): string {
  const cells = [
    row.createdAt.toISOString(),
    row.person?.name ?? '',
    ...form.fields.map((field) => answerText(row.answers[field.name] ?? '')),
    row.consentVersion === null ? 'no' : 'yes',
    row.shownVersion === null ? '' : String(row.shownVersion),
    row.shownWording ?? '',
    row.confirmedAt?.toISOString() ?? '',
    ...['utm_source', 'utm_medium', 'utm_campaign', 'referrer', 'landing_page'].map((name) => row.attribution[name] ?? ''),
  ];
  return cells.map(csvCell).join(',');
}

/** Quoted; a value that a spreadsheet would run as a formula gets an apostrophe in front. @see https://owasp.org/www-community/attacks/CSV_Injection */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
