import { module } from '#core/module.ts';
import { checkBulk, getBulk, listBulk, startBulk, undoBulk } from './operations.ts';
import { tendChangesForEver } from './run.ts';

/** One change of many rows, counted beforehand, journaled row by row, and taken back when it was wrong. */
export default module({
  name: 'bulk',
  operations: [checkBulk, startBulk, getBulk, listBulk, undoBulk],
  start: tendChangesForEver,
  whileHeld: true,
});
