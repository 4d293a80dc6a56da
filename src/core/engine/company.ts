import type { SubjectType } from './types.ts';

/** What schedules and webhooks start runs about: the company itself. Its facts need no query. */
export const companySubject: SubjectType = {
  type: 'company',
  fields: [{ path: 'company.id', title: 'Id of the company', type: 'id' }],
  load: (_tx, subjects) =>
    Promise.resolve(new Map(subjects.map((subject) => [subject.id, { personId: null, facts: { company: { id: subject.companyId } } }]))),
};
