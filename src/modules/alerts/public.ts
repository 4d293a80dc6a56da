import type { Runtime } from '#core/runtime.ts';
import { watchAlerts } from './watch.ts';

/** What other modules may use of alerts: what the watches of a company found is told now instead of within half a minute. */
export async function tellMetrics(runtime: Runtime, companyId: string): Promise<void> {
  await watchAlerts(runtime, { kind: 'metric', companyId });
  runtime.engine.nudge();
}
