import type { Statement as Sql } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';
import { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS, WITH_CLIENT } from '#modules/clients/public.ts';
import { plainAmount } from '../money/currency.ts';
import { paperName, paperPdf, type StatementPaper } from './paper.ts';

const LOAD: Sql = {
  name: 'statements.facts',
  text: `select s.id, c.person_id as "personId", s.content, jsonb_build_object(${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
           from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
           join client_statements s on s.id = wanted.id and s.company_id = wanted.company_id
           join clients c on c.id = s.client_id
           ${WITH_CLIENT}`,
};
const CONTENT: Sql = {
  name: 'statements.content',
  text: `select s.id, s.content from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid) join client_statements s on s.id = w.id and s.company_id = w.company_id`,
};
interface Kept {
  readonly id: string;
  readonly content: StatementPaper;
}

/** What a run about a statement of account may look at; its PDF is what was worked out when it was asked for. */
export const statementSubject: SubjectType = {
  type: 'statement',
  newest: {
    name: 'statements.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", s.id from clients c join client_statements s on s.client_id = c.id and s.company_id = c.company_id where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, s.created_at desc, s.id desc`,
  },
  fields: [
    { path: 'statement.from', title: 'First day of the statement', type: 'moment' },
    { path: 'statement.to', title: 'Last day of the statement', type: 'moment' },
    { path: 'statement.currency', title: 'Currency of the statement', type: 'text' },
    { path: 'statement.balance', title: 'What is owed at its end', type: 'text' },
    { path: 'statement.balance_cents', title: 'What is owed at its end, in cents', type: 'number' },
    { path: 'statement.overdue', title: 'What of it is overdue', type: 'text' },
    { path: 'statement.overdue_cents', title: 'What of it is overdue, in cents', type: 'number' },
    { path: 'statement.seller', title: 'Name of the company, as on invoices', type: 'text' },
    ...CLIENT_FIELDS,
  ],
  async load(tx, subjects) {
    const rows = await tx.query<Kept & { personId: string | null; facts: Facts }>(LOAD, [wantedOf(subjects)]);
    return new Map(
      rows.map(({ id, personId, content: { statement, seller }, facts }) => {
        const { currency, from, to, closingCents, ageing } = statement;
        const overdue = ageing.reduce((sum, { bucket, cents }) => (bucket === 'not_due' ? sum : sum + cents), 0);
        const own = { from, to, currency, balance: plainAmount(closingCents, currency), balance_cents: closingCents, overdue: plainAmount(overdue, currency), overdue_cents: overdue, seller: seller.name ?? null };
        return [id, { personId, facts: { ...facts, statement: own } }];
      }),
    );
  },
  file: {
    async named(tx, subjects) {
      const rows = await tx.query<Kept>(CONTENT, [wantedOf(subjects)]);
      return new Map(rows.map(({ id, content }) => [id, { filename: paperName(content, 'pdf'), contentType: 'application/pdf' }]));
    },
    async bytes(tx, subject) {
      const [kept] = await tx.query<Kept>(CONTENT, [wantedOf([subject])]);
      if (kept === undefined) throw new NotFound('There is no such statement');
      return (await paperPdf(tx, subject.companyId, kept.content))();
    },
  },
}; // prettier-ignore
