import { module } from '#core/module.ts';
import { together } from '#core/now-and-then.ts';
import { alertOnAssigned, alertOnCreated, alertOnImported } from './assignment/alert.ts';
import { onCompanyCreated, onOptedOut } from './events.ts';
import { formRoutes } from './forms/routes.ts';
import { startSweepingForms } from './forms/sweep.ts';
import { resumeImports } from './import/resume.ts';
import { importRoutes } from './import/routes.ts';
import {
  applyAssignment,
  assignmentTeam,
  createAssignmentRule,
  deleteAssignmentRule,
  leadOrigin,
  listAssignmentRules,
  orderAssignmentRules,
  setAbsence,
  updateAssignmentRule,
} from './operations/assignment.ts';
import { captureLead } from './operations/capture.ts';
import { importLeads, startImport, undoImport } from './operations/import-runs.ts';
import { beginUpload, createImport, previewImport, readUpload, uploadPart } from './operations/import-uploads.ts';
import { importValues, suggestImport } from './operations/import-tables.ts';
import { getImportOperation, importErrors, listImportsOperation } from './operations/imports.ts';
import { createForm, formConsents, getFormOperation, listFormsOperation, previewForm, updateForm } from './operations/forms.ts';
import {
  formChallenge,
  listPartialsOperation,
  listSubmissionsOperation,
  savePartialOperation,
  submitFormOperation,
} from './operations/submissions.ts';
import { createInteraction, listInteractions } from './operations/interactions.ts';
import { createLeadOperation, deleteLeadOperation, getLeadOperation, listLeadsOperation, updateLeadOperation } from './operations/leads.ts';
import { countLeads, countLeadsFast, setLeadStatus } from './operations/overview.ts';
import { leadSubject } from './subject.ts';

/** Who may become a client, how they came in, and what was said. */
export default module({
  name: 'leads',
  operations: [
    listLeadsOperation,
    createLeadOperation,
    getLeadOperation,
    updateLeadOperation,
    deleteLeadOperation,
    countLeads,
    countLeadsFast,
    setLeadStatus,
    captureLead,
    importLeads,
    createImport,
    beginUpload,
    uploadPart,
    readUpload,
    previewImport,
    undoImport,
    startImport,
    listImportsOperation,
    getImportOperation,
    importErrors,
    suggestImport,
    importValues,
    listFormsOperation,
    getFormOperation,
    createForm,
    updateForm,
    submitFormOperation,
    formConsents,
    previewForm,
    formChallenge,
    savePartialOperation,
    listSubmissionsOperation,
    listPartialsOperation,
    listInteractions,
    createInteraction,
    listAssignmentRules,
    createAssignmentRule,
    updateAssignmentRule,
    deleteAssignmentRule,
    orderAssignmentRules,
    assignmentTeam,
    setAbsence,
    applyAssignment,
    leadOrigin,
  ],
  subjects: [leadSubject],
  slices: { assignment_rules: 'true' },
  keeps: {
    'They came in as a lead since, or became a customer': `exists (select from leads l where l.person_id = p.id and l.company_id = p.company_id and (l.created_at >= :since or l.status = 'converted'))`,
  },
  events: [onOptedOut, onCompanyCreated, alertOnCreated, alertOnAssigned, alertOnImported],
  routes(http, runtime) {
    formRoutes(http, runtime);
    importRoutes(http, runtime);
  },
  start: (runtime) => together(resumeImports(runtime), startSweepingForms(runtime)),
});
