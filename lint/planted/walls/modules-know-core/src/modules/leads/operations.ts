import { compose } from '#app/compose.ts';
export const listLeads = compose;
