import { module } from '#core/module.ts';
import { keepers } from './keep.ts';
import { listActivity } from './operations.ts';

/** What happened in the company, by whom. */
export default module({
  name: 'activity',
  operations: [listActivity],
  events: keepers,
});
