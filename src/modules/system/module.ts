import { module } from '#core/module.ts';
import { together } from '#core/now-and-then.ts';
import { sweepTraces } from './metrics/sweep.ts';
import { serveMetrics } from './metrics/serve.ts';
import { listAudit } from './operations/audit.ts';
import { tendBackups } from './backups/tend.ts';
import {
  drillStoredBackup,
  getBackupPlan,
  listStoredBackups,
  restoreBackup,
  takeBackup,
  updateBackupPlan,
  verifyStoredBackup,
} from './operations/backup.ts';
import { getDashboard } from './operations/dashboard.ts';
import { getDoctor } from './operations/doctor.ts';
import { getHold, holdInstallation, previewRelease, releaseInstallation } from './operations/hold.ts';
import { getGauges, listBehindGauge } from './operations/gauges.ts';
import { getHealth } from './operations/health.ts';
import { getStats } from './operations/stats.ts';
import { getToday } from './operations/today.ts';
import { serveTick } from './tick.ts';

/** The installation itself: is it well, what did it do, what does it need. */
export default module({
  name: 'system',
  operations: [
    getHealth,
    getStats,
    getToday,
    getDashboard,
    getGauges,
    listBehindGauge,
    listAudit,
    takeBackup,
    listStoredBackups,
    getBackupPlan,
    updateBackupPlan,
    verifyStoredBackup,
    drillStoredBackup,
    restoreBackup,
    getDoctor,
    getHold,
    previewRelease,
    holdInstallation,
    releaseInstallation,
  ],
  start: (runtime) => together(sweepTraces(runtime), tendBackups(runtime)),
  whileHeld: true,
  routes(http, runtime) {
    serveTick(http, runtime);
    serveMetrics(http, runtime);
  },
});
