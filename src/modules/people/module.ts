import { module } from '#core/module.ts';
import { consentLogOperation, setConsent } from './operations/consent.ts';
import { getOrganisation, listOrganisations } from './operations/organisations.ts';
import { getPersonOperation, listPeopleOperation, updatePersonOperation } from './operations/people.ts';
import { createNote, listNotes, personTimeline } from './operations/timeline.ts';

/** Everyone the company knows: one person, one timeline, one record of what they agreed to. */
export default module({
  name: 'people',
  operations: [
    listPeopleOperation,
    getPersonOperation,
    updatePersonOperation,
    personTimeline,
    createNote,
    listNotes,
    consentLogOperation,
    setConsent,
    listOrganisations,
    getOrganisation,
  ],
});
