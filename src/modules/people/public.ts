/** What other modules may use of people. */
export { MARKETING, currentConsent, optEvents, recordConsent, renewConsent, withdrawConsent } from './consent.ts';
export type { ConsentEntry, ConsentState, CurrentConsent, LawfulBasis, OptChange } from './consent.ts';
export { companyCountry, phoneReader, readPhone } from './contact.ts';
export type { PhoneFields } from './contact.ts';
export { emailAddress, normaliseEmail } from './email-address.ts';
export { EmailTaken, PersonOptedOut } from './errors.ts';
export { INTERACTION_COLUMNS, Interaction, recordInteractions, setInteractionStatus } from './interactions.ts';
export type { NewInteraction } from './interactions.ts';
export { findPersonsByEmail, organisationKey, requireUser, upsertOrganisations } from './lookups.ts';
export type { KnownPerson } from './lookups.ts';
export { cut, joinName, parseName, tidy } from './names.ts';
export type { Name } from './names.ts';
export { DIRECTIONS, INTERACTION_TYPES } from './tables.ts';
export { getPerson, updatePerson } from './person.ts';
export type { Person, PersonChanges } from './person.ts';
export { positionOf } from './cursor.ts';
export { ensurePerson } from './ensure-person.ts';
