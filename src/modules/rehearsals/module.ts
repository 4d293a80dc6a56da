import { module } from '#core/module.ts';
import { launchRehearsal } from './operations/launch.ts';
import { rehearsalMessages, rehearsalPeople, rehearsalPerson } from './operations/people.ts';
import { checkRehearsal, getRehearsalOperation, listRehearsals } from './operations/read.ts';
import { cancelRehearsal, startRehearsal } from './operations/start.ts';
import { tendForEver } from './tend.ts';

/** What would happen: a workflow lived through on real people, on a clock of its own, with nothing leaving. */
export default module({
  name: 'rehearsals',
  operations: [
    startRehearsal,
    cancelRehearsal,
    listRehearsals,
    getRehearsalOperation,
    checkRehearsal,
    launchRehearsal,
    rehearsalPeople,
    rehearsalMessages,
    rehearsalPerson,
  ],
  start: tendForEver,
  whileHeld: true,
});
