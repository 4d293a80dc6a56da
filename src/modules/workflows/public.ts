/** What other modules may use of workflows. */
export { readDefinition, workflowRow } from './definitions.ts';
export type { WorkflowRow } from './definitions.ts';
export { candidates } from './enrol/candidates.ts';
export type { Candidate } from './enrol/candidates.ts';
export { Finding, judge, noSubject } from './enrol/findings.ts';
export { RehearsalNeeded, RehearsalOutdated } from './launch/errors.ts';
export { changesSince, Parts, watermark } from './launch/watermark.ts';
export type { Watermark } from './launch/watermark.ts';
export { Enrolled, enrolPeople } from './operations/enrol.ts';
export { createTasks, TASK_SETTLED, taskStep } from './tasks.ts';
export type { NewTask } from './tasks.ts';
export { isWorkflowActive, setWorkflowActive } from './switch.ts';
export { EVENTS as WORKFLOW_EVENTS } from './vocabulary/events.ts';
export { setScheduleOf } from './schedules/set.ts';
