/** What other modules may use of workflows. */
export { createTasks, TASK_SETTLED, taskStep } from './tasks.ts';
export type { NewTask } from './tasks.ts';
export { isWorkflowActive, setWorkflowActive } from './switch.ts';
export { EVENTS as WORKFLOW_EVENTS } from './vocabulary/events.ts';
