import { module } from '#core/module.ts';
import { getRetention, keepPerson, listAnnounced, listHolds, previewRetention, releasePerson, setRetention } from './operations.ts';
import { startTending } from './tend.ts';

/** Nobody is kept longer than the company has a reason to: told first, then erased as if they had asked. */
export default module({
  name: 'retention',
  operations: [getRetention, setRetention, previewRetention, listAnnounced, listHolds, keepPerson, releasePerson],
  start: startTending,
});
