import type { Statement } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS } from '#modules/clients/public.ts';
import { fileNameOf, getPublished } from './document.ts';
import { pictureBytes } from '#modules/brand/public.ts';
import { picturesOf } from './pictures.ts';

const LOAD: Statement = {
  name: 'documents.facts',
  text: `select d.id, c.person_id as "personId", jsonb_build_object('document', jsonb_build_object('id', d.id, 'kind', d.kind, 'title', d.title, 'version', d.version,
          'valid_until', d.valid_until, 'published_at', d.published_at, 'created_at', d.created_at),
        ${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join documents d on d.id = wanted.id and d.company_id = wanted.company_id
    join companies co on co.id = d.company_id
    left join clients c on c.id = d.client_id
    left join people p on p.id = c.person_id
    left join organisations o on o.id = c.organisation_id`,
};
const NAMED: Statement = {
  name: 'documents.named',
  text: `select d.id, d.title, d.published_at as at from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid) join documents d on d.id = w.id and d.company_id = w.company_id
          where d.version > 0`,
};

/** What a run about a document may look at; the PDF of what was published goes with its mails. */
export const documentSubject: SubjectType = {
  type: 'document',
  newest: {
    name: 'documents.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", d.id from clients c join documents d on d.client_id = c.id and d.company_id = c.company_id where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, d.created_at desc, d.id desc`,
  },
  fields: [
    { path: 'document.id', title: 'Id of the document', type: 'id' },
    { path: 'document.kind', title: 'Report, proposal or presentation', type: 'text' },
    { path: 'document.title', title: 'Title of the document', type: 'text' },
    { path: 'document.version', title: 'Its newest version', type: 'number' },
    { path: 'document.valid_until', title: 'Last day of a proposal', type: 'moment' },
    { path: 'document.published_at', title: 'When it was published', type: 'moment' },
    { path: 'document.created_at', title: 'When it was begun', type: 'moment' },
    ...CLIENT_FIELDS,
  ],
  async load(tx, subjects) {
    const rows = await tx.query<{ id: string; personId: string | null; facts: Facts }>(LOAD, [wantedOf(subjects)]);
    return new Map(rows.map(({ id, personId, facts }) => [id, { personId, facts }]));
  },
  file: {
    async named(tx, subjects) {
      const rows = await tx.query<{ id: string; title: string; at: Date }>(NAMED, [wantedOf(subjects)]);
      return new Map(rows.map(({ id, title, at }) => [id, { filename: fileNameOf(title, at.toISOString(), 'pdf'), contentType: 'application/pdf' }]));
    },
    async bytes(tx, { companyId, id }) {
      const { drawDocument } = await import('./pdf/draw.ts');
      const { content } = await getPublished(tx, companyId, id);
      const pictures = await pictureBytes(tx, companyId, picturesOf(content));
      return drawDocument(content, new Map([...pictures].map(([picture, { bytes }]) => [picture, bytes])));
    },
  },
}; // prettier-ignore
