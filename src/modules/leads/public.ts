/** What other modules may use of leads. */
export { changeLeadStatus } from './status.ts';
export type { StatusChange, StatusChanged } from './status.ts';
export { leadsOfPersons } from './of-persons.ts';
export type { LeadOfPerson } from './of-persons.ts';
export type { LeadStatus } from './tables.ts';
export { loadLeadFacts } from './subject.ts';
