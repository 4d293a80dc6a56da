/** What other modules may use of people. */
export { MARKETING, currentConsent, optEvents, recordConsent, renewConsent, withdrawConsent } from './consent.ts';
export type { ConsentEntry, ConsentState, CurrentConsent, LawfulBasis, OptChange } from './consent.ts';
export { companyCountry, phoneReader, readPhone } from './contact.ts';
export type { PhoneFields } from './contact.ts';
export { emailAddress, normaliseEmail } from './email-address.ts';
export { EmailTaken, OrganisationNotFound, PersonNotFound, PersonOptedOut } from './errors.ts';
export { INTERACTION_COLUMNS, Interaction, recordInteractions } from './interactions.ts';
export type { NewInteraction } from './interactions.ts';
export { findPersonsByEmail, organisationKey, requireUser, upsertOrganisations } from './lookups.ts';
export type { KnownPerson } from './lookups.ts';
export { joinName, parseName, tidy } from './names.ts';
export type { Name } from './names.ts';
export { DIRECTIONS, INTERACTION_TYPES } from './tables.ts';
export { isTimeZone, timeZoneName } from './time-zone.ts';
export { getPerson, updatePerson } from './person.ts';
export type { Person, PersonChanges } from './person.ts';
