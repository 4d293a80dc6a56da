import { module } from '#core/module.ts';
import { createPowerReport, deleteReport, getReportOperation, listReports, sendReport } from './operations/reports.ts';
import { reportRoutes } from './routes.ts';
import { reportSubject } from './subject.ts';
import { workflows } from './workflow.ts';
import { reportSigns } from './signs.ts';

/** Reports for clients: figures of a log, as a PDF that goes out by mail. */
export default module({
  name: 'reports',
  operations: [listReports, getReportOperation, createPowerReport, deleteReport, sendReport],
  workflows,
  subjects: [reportSubject],
  routes: reportRoutes,
  signs: reportSigns,
});
