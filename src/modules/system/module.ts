import { module } from '#core/module.ts';
import { sweepTraces } from './metrics/sweep.ts';
import { serveMetrics } from './metrics/serve.ts';
import { listAudit } from './operations/audit.ts';
import { takeBackup } from './operations/backup.ts';
import { getDashboard } from './operations/dashboard.ts';
import { getHold, holdInstallation, previewRelease, releaseInstallation } from './operations/hold.ts';
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
    listAudit,
    takeBackup,
    getHold,
    previewRelease,
    holdInstallation,
    releaseInstallation,
  ],
  start: sweepTraces,
  routes(http, runtime) {
    serveTick(http, runtime);
    serveMetrics(http, runtime);
  },
});
