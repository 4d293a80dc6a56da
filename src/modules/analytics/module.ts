import { module } from '#core/module.ts';
import { getForecast, makeForecast } from './forecast/operations.ts';
import { listTargets, setTarget } from './targets/operations.ts';
import { listMetrics } from './metrics/operations.ts';
import { startTending } from './tend.ts';
import { createWatch, deleteWatch, listWatches, previewWatch, updateWatch } from './watches/operations.ts';

/** What is to be expected, what was wanted, and what the numbers say. */
export default module({
  name: 'analytics',
  operations: [
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
  ],
  start: startTending,
  whileHeld: true,
});
