import { module } from '#core/module.ts';
import { getForecast, makeForecast } from './forecast/operations.ts';
import { getPerformance } from './performance.ts';
import { listTargets, setTarget } from './targets/operations.ts';
import {
  createSavedReport,
  deleteSavedReport,
  getSavedReportOperation,
  listSavedReports,
  runReport,
  sendSavedReport,
  updateSavedReport,
} from './reports/operations.ts';
import { reportFiles } from './reports/routes.ts';
import { issueSubject } from './reports/subject.ts';
import { listMetrics } from './metrics/operations.ts';
import { startTending } from './tend.ts';
import { createWatch, deleteWatch, listWatches, previewWatch, updateWatch } from './watches/operations.ts';

/** What is to be expected, what was wanted, and what the numbers say. */
export default module({
  name: 'analytics',
  operations: [
    getPerformance,
    getForecast,
    makeForecast,
    listTargets,
    setTarget,
    listMetrics,
    listWatches,
    previewWatch,
    createWatch,
    updateWatch,
    deleteWatch,
    runReport,
    listSavedReports,
    getSavedReportOperation,
    createSavedReport,
    updateSavedReport,
    deleteSavedReport,
    sendSavedReport,
  ],
  subjects: [issueSubject],
  routes: reportFiles,
  start: startTending,
  whileHeld: true,
});
