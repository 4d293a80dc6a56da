import type { Output } from '#web/kit/api.ts';
import { Gauge } from '#web/kit/stat.tsx';
import { lengthOf } from '#web/kit/time.tsx';

/** What both pages measure. */
type Measured = Omit<Output<'system.gauges'>, 'days'>;

/** The four promises, measured: nothing measured yet shows a dash, never an invented number. */
export function Gauges({ gauges }: { gauges: Measured }) {
  const { daily_success: success, mean_run_s: mean, manual_interventions: manual, recovery_s: recovery } = gauges;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Gauge
        label="Daily success"
        value={success === null ? '–' : `${(success * 100).toFixed(1)} %`}
        target="target: above 99 %"
        tone={success === null || success >= 0.99 ? 'ok' : 'bad'}
        part={success ?? 0}
        to="/reliability"
        search={{ list: 'failed' }}
      />
      <Gauge
        label="Mean run time"
        value={mean === null ? '–' : mean < 1 ? 'under 1 s' : lengthOf(mean * 1000)}
        target="target: under 60 s"
        tone={mean === null || mean < 60 ? 'ok' : 'warn'}
        part={mean === null ? 0 : mean / 60}
        to="/reliability"
        search={{ list: 'work' }}
      />
      <Gauge
        label="By hand this month"
        value={manual === null ? '–' : String(manual)}
        target="target: under 1"
        tone={manual === null || manual < 1 ? 'ok' : 'warn'}
        part={manual === null ? 0 : Math.min(1, manual / 5)}
        to="/reliability"
        search={{ list: 'interventions' }}
      />
      <Gauge
        label="Time to recover"
        value={recovery === null ? '–' : lengthOf(recovery * 1000)}
        target="target: under 24 h"
        tone={recovery === null || recovery < 86_400 ? 'ok' : 'bad'}
        part={recovery === null ? 0 : recovery / 86_400}
        to="/reliability"
        search={{ list: 'recoveries' }}
      />
    </div>
  );
}
