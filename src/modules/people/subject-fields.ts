import type { SubjectField } from '#core/engine/types.ts';

/** What a run about a person or a lead knows of the person, their organisation and the company. */
export const PERSON_FIELDS: readonly SubjectField[] = [
  { path: 'person.id', title: 'Id of the person', type: 'id' },
  { path: 'person.name', title: 'Full name', type: 'text' },
  { path: 'person.first_name', title: 'First name', type: 'text' },
  { path: 'person.last_name', title: 'Last name', type: 'text' },
  { path: 'person.email', title: 'Email', type: 'text' },
  { path: 'person.phone', title: 'Phone', type: 'text' },
  { path: 'person.time_zone', title: 'Time zone', type: 'text' },
  { path: 'person.language', title: 'Language', type: 'text' },
  { path: 'person.locale', title: 'Language, by its other name', type: 'text' },
  { path: 'person.opted_out', title: 'Opted out', type: 'boolean' },
  { path: 'person.owner_id', title: 'Who looks after the person', type: 'id' },
  { path: 'person.created_at', title: 'Known since', type: 'moment' },
  { path: 'person.tags', title: 'Tags', type: 'list' },
  { path: 'person.custom', title: 'Fields of your own', type: 'object' },
  { path: 'organisation.id', title: 'Id of the organisation', type: 'id' },
  { path: 'organisation.name', title: 'Organisation', type: 'text' },
  { path: 'organisation.domain', title: 'Domain of the organisation', type: 'text' },
  { path: 'company.id', title: 'Id of your company', type: 'id' },
  { path: 'company.name', title: 'Your company', type: 'text' },
  { path: 'company.industry', title: 'Industry of your company', type: 'text' },
  { path: 'company.website', title: 'Website of your company', type: 'text' },
  { path: 'company.settings', title: 'Settings of your company', type: 'object' },
];

/** What a run knows of the lead that the person is. */
export const LEAD_FIELDS: readonly SubjectField[] = [
  { path: 'lead.id', title: 'Id of the lead', type: 'id' },
  { path: 'lead.name', title: 'Name of the lead', type: 'text' },
  { path: 'lead.email', title: 'Email of the lead', type: 'text' },
  { path: 'lead.phone', title: 'Phone of the lead', type: 'text' },
  { path: 'lead.status', title: 'Status of the lead', type: 'text' },
  { path: 'lead.source', title: 'Source of the lead', type: 'text' },
  { path: 'lead.notes', title: 'Notes on the lead', type: 'text' },
  { path: 'lead.owner_id', title: 'Who looks after the lead', type: 'id' },
  { path: 'lead.created_at', title: 'Lead since', type: 'moment' },
];
