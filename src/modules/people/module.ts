import { module } from '#core/module.ts';
import { dismissDuplicate, duplicateStatus, listDuplicates, searchDuplicates } from './duplicates/operations.ts';
import { eraseOperation, exportOperation, getErasure, listErasures } from './erasure/operations.ts';
import { listMerges, mergeOperation, mergePreview, undoMergeOperation } from './merge/operations.ts';
import { addEmail, addPhone, removeEmail, removePhone, updatePhone } from './operations/addresses.ts';
import { assignPeople, tagPeople, untagPeople } from './operations/bulk.ts';
import { consentLogOperation, setConsent } from './operations/consent.ts';
import { createCustomField, listCustomFields, orderCustomFields, updateCustomField } from './operations/custom-fields.ts';
import {
  createOrganisation,
  deleteOrganisation,
  getOrganisation,
  listOrganisations,
  updateOrganisation,
} from './operations/organisations.ts';
import {
  countPeopleOperation,
  createPersonOperation,
  getPersonOperation,
  listPeopleOperation,
  updatePersonOperation,
} from './operations/people.ts';
import { searchEverything } from './operations/search.ts';
import { createTag, deleteTag, listTags, mergeTags, updateTag } from './operations/tags.ts';
import { consentProof } from './operations/proof.ts';
import { createNote, deleteNote, listNotes, updateNote } from './operations/notes.ts';
import { personTimeline } from './operations/timeline.ts';
import { addFile, deleteFile, getFileOperation, listFiles, shareFile } from './operations/files.ts';
import { fileRoutes } from './files/routes.ts';
import { personSubject } from './subject.ts';
import { personBasis } from './basis/operation.ts';
import { listCountries, setCountry } from './topics/countries.ts';
import { createTopic, getTopic, listTopicsOperation, updateTopic } from './topics/operations.ts';

/** Everyone the company knows: one person, one timeline, one record of what they agreed to. */
export default module({
  name: 'people',
  operations: [
    listPeopleOperation,
    countPeopleOperation,
    createPersonOperation,
    getPersonOperation,
    updatePersonOperation,
    tagPeople,
    untagPeople,
    assignPeople,
    addEmail,
    removeEmail,
    addPhone,
    updatePhone,
    removePhone,
    personTimeline,
    createNote,
    listNotes,
    updateNote,
    deleteNote,
    listFiles,
    getFileOperation,
    addFile,
    deleteFile,
    shareFile,
    consentLogOperation,
    setConsent,
    consentProof,
    personBasis,
    listTopicsOperation,
    getTopic,
    createTopic,
    updateTopic,
    listCountries,
    setCountry,
    eraseOperation,
    getErasure,
    listErasures,
    exportOperation,
    searchDuplicates,
    duplicateStatus,
    listDuplicates,
    dismissDuplicate,
    mergePreview,
    mergeOperation,
    undoMergeOperation,
    listMerges,
    listOrganisations,
    createOrganisation,
    getOrganisation,
    updateOrganisation,
    deleteOrganisation,
    listTags,
    createTag,
    updateTag,
    deleteTag,
    mergeTags,
    listCustomFields,
    createCustomField,
    orderCustomFields,
    updateCustomField,
    searchEverything,
  ],
  subjects: [personSubject],
  slices: {
    people: 't.id in (select person_id from rehearsal_cohort)',
    tags: 'true',
    interactions: `t.person_id in (select person_id from rehearsal_cohort) and t.created_at >= :now - interval '31 days'`,
  },
  keeps: {
    'They wrote, called, met you or filled in a form since, or a colleague noted something': `exists (select from interactions i where i.person_id = p.id and i.created_at >= :since and (i.direction = 'inbound' or i.created_by is not null))`,
    'They agreed to hear from you since': `exists (select from consent_log c where c.person_id = p.id and c.created_at >= :since and c.state = 'granted')`,
  },
  routes: fileRoutes,
});
