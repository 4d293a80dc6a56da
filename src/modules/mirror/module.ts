import { module } from '#core/module.ts';
import { mirrorStatus } from './operations.ts';
import { tendMirror } from './tend.ts';

/** Keeps a copy of what changes in Firestore, for programs that read it there. */
export default module({
  name: 'mirror',
  operations: [mirrorStatus],
  start: tendMirror,
});
