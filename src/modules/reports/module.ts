import { module } from '#core/module.ts';
import { reportLetters } from './letters.ts';
import { createPowerReport, deleteReport, documentOfReport, getReportOperation, listReports, sendReport } from './operations/reports.ts';
import { reportRoutes } from './routes.ts';
import { reportSubject } from './subject.ts';
import { workflows } from './workflow.ts';
import { reportSigns } from './signs.ts';

/** Reports for clients: figures of a log, as a document that goes out by mail with its PDF. */
export default module({
  name: 'reports',
  operations: [listReports, getReportOperation, createPowerReport, documentOfReport, deleteReport, sendReport],
  workflows,
  subjects: [reportSubject],
  templates: reportLetters,
  routes: reportRoutes,
  signs: reportSigns,
});
