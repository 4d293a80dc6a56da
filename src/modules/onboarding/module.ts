import { module } from '#core/module.ts';
import { nowAndThen } from '#core/now-and-then.ts';
import { onCallBooked, onCallCancelled, onCallMoved, onStarted, onTaskSettled, onTodoSettled } from './events.ts';
import {
  cancelCall,
  cancelOnboarding,
  getOnboardingOperation,
  listOnboardings,
  scheduleCall,
  settleOnboardingTask,
  startOnboarding,
} from './operations/onboardings.ts';
import { createPlan, deletePlan, getPlanOperation, listPlans, updatePlan } from './operations/plans.ts';
import { onboardingPart } from './portal/part.ts';
import { onboardingSubject } from './subject.ts';
import { tendOnboardings } from './tend.ts';
import { onboardingSigns } from './signs.ts';

const LOOK_MS = 60_000;

/** How a new client is taken on: plans, what is done and what is next, and who is waited for. */
export default module({
  name: 'onboarding',
  operations: [
    listPlans,
    getPlanOperation,
    createPlan,
    updatePlan,
    deletePlan,
    listOnboardings,
    getOnboardingOperation,
    startOnboarding,
    settleOnboardingTask,
    cancelOnboarding,
    scheduleCall,
    cancelCall,
  ],
  subjects: [onboardingSubject],
  events: [onTodoSettled, onStarted, onTaskSettled, onCallBooked, onCallMoved, onCallCancelled],
  portal: [onboardingPart],
  async start(runtime) {
    return nowAndThen({
      log: runtime.log,
      everyMs: LOOK_MS,
      what: 'look for overdue onboarding tasks',
      round: (going) => tendOnboardings(runtime, going),
    });
  },
  signs: onboardingSigns,
});
