/** What other modules may use of people. */
export { addressHashes } from './address-hash.ts';
export { blockedHashes, liftOptOuts } from './blocked.ts';
export { recordOwnConsent } from './returned.ts';
export type { Blocked, BlockReason } from './blocked.ts';
export { keepNamedOptOuts } from './named-opt-outs.ts';
export { MARKETING, currentConsent, optEvents, recordConsent, recordFirstConsent, renewConsent, withdrawConsent } from './consent.ts';
export type { ConsentEntry, ConsentState, CurrentConsent, FirstGrant, LawfulBasis, OptChange } from './consent.ts';
export { basisOfPerson } from './basis/person.ts';
export { consentTo, findBasis } from './basis/find.ts';
export { whereOf } from './basis/country-of.ts';
export type { Basis, BasisSettings } from './basis/find.ts';
export { GROUNDS_COLUMN, GROUNDS_JOIN, groundsOf, phoneCountries } from './basis/grounds.ts';
export type { Grounds, GroundsRow } from './basis/grounds.ts';
export { listTopics, versionsIn } from './topics/topic.ts';
export { companyCountry, phoneReader, readPhone } from './contact.ts';
export type { PhoneFields } from './contact.ts';
export { emailAddress, normaliseEmail } from './email-address.ts';
export { EmailTaken, PersonNotFound, PersonOptedOut } from './errors.ts';
export { INTERACTION_COLUMNS, Interaction, recordInteractions, setInteractionFacts, setInteractionStatus } from './interactions.ts';
export type { NewInteraction } from './interactions.ts';
export {
  findPersonsByEmail,
  findPersonsByPhone,
  organisationKey,
  requireOrganisation,
  requireUser,
  requireUsers,
  upsertOrganisations,
} from './lookups.ts';
export type { KnownPerson } from './lookups.ts';
export { cut, joinName, parseName, tidy } from './names.ts';
export type { Name } from './names.ts';
export { DIRECTIONS, INTERACTION_TYPES } from './tables.ts';
export { LEAD_FIELDS, PERSON_FIELDS } from './subject-fields.ts';
export { ownerField, personUpdates, setPersons, something } from './subject-update.ts';
export { getPerson, updatePerson } from './person.ts';
export type { Person, PersonChanges } from './person.ts';
export { positionOf } from './cursor.ts';
export { ensurePerson } from './ensure-person.ts';
export { LARGEST_FILE, wholeFile } from './files/file.ts';
export { sniff } from './files/sniff.ts';
export { keepFile } from './files/upload.ts';
export { customFields } from './custom/field.ts';
export type { CustomField, CustomValue, CustomValues } from './custom/field.ts';
export { parseCustom } from './custom/parse.ts';
export type { ParsedCustom } from './custom/parse.ts';
export { readCustom } from './custom/changes.ts';
export type { CustomChanges } from './custom/changes.ts';
export { TAG_NAMES_COLUMN, tagKey, upsertTags } from './tags/tag.ts';
export { tagEvents, tagPersons, untagPersons } from './tags/tagging.ts';
export { refreshContacts } from './contacts.ts';
export { erasePerson } from './erasure/erase.ts';
export { applyReplay, replayWriter } from './erasure/replay.ts';
export { erasedSince } from './erasure/since.ts';
export { peopleFound } from './filter.ts';
export type { PeopleFilter } from './filter.ts';
export { peopleFilter, readPeopleFilter } from './operations/filter.ts';
export { isTimeZone } from './time-zone.ts';
