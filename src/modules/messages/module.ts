import { module } from '#core/module.ts';
import { onOptedIn, onOptedOut } from './consent-events.ts';
import { emailEffect } from './send/effect.ts';
import { messageStep } from './send/step.ts';
import { accountMail } from './transactional.ts';

/** Messages to and from people, and the one gate that each of them passes. */
export default module({
  name: 'messages',
  operations: [],
  steps: [messageStep],
  effects: [emailEffect],
  events: [accountMail, onOptedOut, onOptedIn],
});
