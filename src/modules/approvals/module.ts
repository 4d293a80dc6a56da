import { module } from '#core/module.ts';
import { approveMany, decideApproval, getApproval, listApprovals } from './operations.ts';
import { onRequested, remindForEver } from './remind.ts';
import { approveStep } from './step.ts';

/** Decisions that people owe: a step asks, its run waits, a person who is signed in decides. */
export default module({
  name: 'approvals',
  operations: [listApprovals, getApproval, decideApproval, approveMany],
  steps: [approveStep],
  events: [onRequested],
  start: remindForEver,
});
