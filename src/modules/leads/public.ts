/** What other modules may use of leads. */
export { FORM_SCRIPT_HASH } from './forms/client.ts';
export { assignOwners } from './assignment/assign.ts';
export type { Assigned } from './assignment/assign.ts';
export { changeLeadStatus } from './status.ts';
export type { StatusChange, StatusChanged } from './status.ts';
export { leadsOfPersons } from './of-persons.ts';
export type { LeadOfPerson } from './of-persons.ts';
export type { LeadStatus } from './tables.ts';
export { loadLeadFacts } from './subject.ts';
export { LEAD_STATUSES } from './tables.ts';
export { applyStatus } from './status.ts';
export { leadsWhere } from './filter.ts';
export type { LeadFilter } from './filter.ts';
export { leadFilter, requireFilter } from './operations/fields.ts';
export { named } from './named.ts';
export { importedPeople } from './import/undo.ts';
export type { ImportedPeople } from './import/undo.ts';
