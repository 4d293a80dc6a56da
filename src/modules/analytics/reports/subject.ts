import type { Statement, Transaction } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';
import { csvOf } from './csv.ts';
import type { ReportResult } from './make.ts';
import { showReport } from './show.ts';

/** One issue of a saved report. */
export const ISSUE = 'report_issue';

const slug = (title: string) =>
  title
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'report';

/** What the files of a report are called. */
export function namesOf(title: string, madeAt: string) {
  const name = `${slug(title)}-${madeAt.slice(0, 10)}`;
  return {
    pdf: { filename: `${name}.pdf`, contentType: 'application/pdf' },
    csv: { filename: `${name}.csv`, contentType: 'text/csv; charset=utf-8' },
  } as const;
}

const LOAD: Statement = {
  name: 'report_issues.facts',
  text: `select i.id, jsonb_build_object('report', jsonb_build_object('id', i.report_id, 'title', i.title, 'created_at', i.created_at), 'company', jsonb_build_object('id', c.id, 'name', c.name)) as facts
    from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid) join report_issues i on i.id = w.id and i.company_id = w.company_id join companies c on c.id = i.company_id`,
};
const ONE: Statement = {
  name: 'report_issues.one',
  text: `select i.title, i.result, c.name as company from report_issues i join companies c on c.id = i.company_id where i.company_id = $1 and i.id = $2`,
};
interface Issue {
  readonly title: string;
  readonly result: ReportResult;
  readonly company: string;
}

/** The files of a report that goes out by mail: drawn of what it said when it was made. */
export const issueSubject: SubjectType = {
  type: ISSUE,
  fields: [
    { path: 'report.id', title: 'Id of the report', type: 'id' },
    { path: 'report.title', title: 'Title of the report', type: 'text' },
    { path: 'report.created_at', title: 'When it was made', type: 'moment' },
  ],
  async load(tx, subjects) {
    const rows = await tx.query<{ id: string; facts: Facts }>(LOAD, [wantedOf(subjects)]);
    return new Map(rows.map(({ id, facts }) => [id, { personId: null, facts }]));
  },
  file: {
    async named(tx, subjects) {
      const found = new Map<string, { filename: string; contentType: string }>();
      for (const { companyId, id } of subjects) {
        const [issue] = await tx.query<Issue>(ONE, [companyId, id]);
        if (issue !== undefined) found.set(id, namesOf(issue.title, issue.result.madeAt).pdf);
      }
      return found;
    },
    async bytes(tx, { companyId, id }, { contentType }) {
      const issue = await issueOf(tx, companyId, id);
      const report = await showReport(tx, companyId, issue.result);
      if (contentType.startsWith('text/csv')) return Buffer.from(csvOf(report));
      const { drawReport } = await import('./draw.ts');
      return drawReport(report, issue);
    },
  },
};

async function issueOf(tx: Transaction, companyId: string, id: string): Promise<Issue> {
  const [issue] = await tx.query<Issue>(ONE, [companyId, id]);
  if (issue === undefined) throw new NotFound('This report was deleted; the mail must not leave without it');
  return issue;
}
