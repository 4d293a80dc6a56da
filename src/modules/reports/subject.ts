import type { Statement } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS, WITH_CLIENT } from '#modules/clients/public.ts';
import { fileNameOf, reportPdf } from './report.ts';

const LOAD: Statement = {
  name: 'reports.facts',
  text: `select r.id, c.person_id as "personId", jsonb_build_object('report', jsonb_build_object('id', r.id, 'kind', r.kind, 'title', r.title, 'created_at', r.created_at,
          'from', r.figures ->> 'from', 'to', r.figures ->> 'to', 'energy_wh', round((r.figures ->> 'energyWh')::numeric, 2), 'advice', jsonb_array_length(r.figures -> 'recommendations')),
        ${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join reports r on r.id = wanted.id and r.company_id = wanted.company_id
    join clients c on c.id = r.client_id
    ${WITH_CLIENT}`,
};
const NAMED: Statement = {
  name: 'reports.named',
  text: `select r.id, r.title, r.created_at as "createdAt" from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid) join reports r on r.id = w.id and r.company_id = w.company_id`,
};

/** What a run about a report may look at; the PDF goes with its mails. */
export const reportSubject: SubjectType = {
  type: 'report',
  newest: {
    name: 'reports.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", r.id from clients c join reports r on r.client_id = c.id and r.company_id = c.company_id where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, r.created_at desc, r.id desc`,
  },
  fields: [
    { path: 'report.title', title: 'Title of the report', type: 'text' },
    { path: 'report.kind', title: 'Kind of the report', type: 'text' },
    { path: 'report.from', title: 'Begin of what it tells of', type: 'moment' },
    { path: 'report.to', title: 'End of what it tells of', type: 'moment' },
    { path: 'report.energy_wh', title: 'Energy, in watt hours', type: 'number' },
    { path: 'report.advice', title: 'How much stands out', type: 'number' },
    { path: 'report.created_at', title: 'When it was made', type: 'moment' },
    ...CLIENT_FIELDS,
  ],
  async load(tx, subjects) {
    const rows = await tx.query<{ id: string; personId: string; facts: Facts }>(LOAD, [wantedOf(subjects)]);
    return new Map(rows.map(({ id, personId, facts }) => [id, { personId, facts }]));
  },
  file: {
    async named(tx, subjects) {
      const rows = await tx.query<{ id: string; title: string; createdAt: Date }>(NAMED, [wantedOf(subjects)]);
      return new Map(rows.map((row) => [row.id, { filename: fileNameOf(row), contentType: 'application/pdf' }]));
    },
    bytes: (tx, { companyId, id }) => reportPdf(tx, companyId, id),
  },
};
