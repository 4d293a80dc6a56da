import type { SubjectRef } from './types.ts';

/** Subjects as one parameter: `jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)`. */
export const wantedOf = (subjects: readonly SubjectRef[]): string =>
  JSON.stringify(subjects.map(({ companyId, id }) => ({ company_id: companyId, id })));
