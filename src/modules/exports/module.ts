import { module } from '#core/module.ts';
import { exportRoutes } from './download.ts';
import { createArchive, createExport, exportKinds, getExportOperation, listExports } from './operations.ts';

/** What a company owns, to take away: tables as files, everything as an archive. */
export default module({
  name: 'exports',
  operations: [exportKinds, createExport, createArchive, listExports, getExportOperation],
  routes: exportRoutes,
});
