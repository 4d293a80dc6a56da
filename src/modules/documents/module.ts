import { module } from '#core/module.ts';
import { dropDocumentData, setDocumentData } from './operations/data.ts';
import { checkDocument, createDocument, deleteDocument, getDocumentOperation, listDocuments, publishDocument, updateDocument } from './operations/documents.ts'; // prettier-ignore
import { addDocumentPicture } from './operations/pictures.ts';
import { createClientReport } from './operations/report.ts';
import { getAcceptance, listShares, listViews, revokeShare, shareDocument } from './operations/shares.ts';
import { documentsPart } from './portal.ts';
import { documentRoutes } from './routes.ts';
import { shareRoutes } from './share/routes.ts';
import { documentSubject } from './subject.ts';
import { documentSigns } from './signs.ts';

/** Reports, proposals and presentations: one set of blocks, seen as a page, a PDF or slides. */
export default module({
  name: 'documents',
  operations: [
    listDocuments,
    getDocumentOperation,
    createDocument,
    updateDocument,
    deleteDocument,
    checkDocument,
    publishDocument,
    createClientReport,
    setDocumentData,
    dropDocumentData,
    addDocumentPicture,
    shareDocument,
    listShares,
    revokeShare,
    listViews,
    getAcceptance,
  ],
  subjects: [documentSubject],
  portal: [documentsPart],
  routes(http, runtime) {
    documentRoutes(http, runtime);
    shareRoutes(http, runtime);
  },
  signs: documentSigns,
});
