import { people } from '#modules/people/tables.ts';
export const listLeads = people;
