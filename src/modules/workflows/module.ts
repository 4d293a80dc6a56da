import { module } from '#core/module.ts';
import { together } from '#core/now-and-then.ts';
import { decideEffect, listEffects } from './operations/effects.ts';
import { checkEnrolment, enrol, removeFromSequence } from './operations/enrol.ts';
import { getEngine, listFailedEvents, pauseEngine, resumeEngine, retryEvent } from './operations/engine.ts';
import { workflowPeople, workflowResults } from './operations/results.ts';
import { workflowGallery } from './operations/gallery.ts';
import { cancelRun, forwardRun, getRun, listRuns, pauseRun, replayRun, resumeRun, retryRun } from './operations/runs.ts';
import { bulkRuns, undoBulkRuns } from './operations/runs-bulk.ts';
import {
  getHook,
  hookSample,
  listenHook,
  listHookRequests,
  listHooks,
  renewHook,
  replayHookRequest,
  updateHook,
} from './operations/hooks.ts';
import {
  getSchedule,
  listFirings,
  listSchedules,
  pauseSchedule,
  previewSchedule,
  releaseScheduleOperation,
  updateSchedule,
} from './operations/schedules.ts';
import { createTask, listTasks, updateTask } from './operations/tasks.ts';
import {
  checkWorkflow,
  diffWorkflow,
  discardDraft,
  getMove,
  listMoves,
  listVersions,
  publishWorkflow,
  rollbackWorkflow,
  saveDraft,
  workflowCohorts,
} from './operations/versions.ts';
import { workflowVocabulary } from './operations/vocabulary.ts';
import { createWorkflow, getWorkflow, listWorkflows, startWorkflow, updateWorkflow } from './operations/workflows.ts';
import { whyOperation } from './operations/why.ts';
import { hookRoutes } from './hooks/routes.ts';
import { serveRunStream } from './runs/stream.ts';
import { tendSchedules, watchFromTheWeb } from './schedules/tend.ts';
import { taskStep } from './tasks.ts';
import { tendMovesForEver } from './versions/moves.ts';

/** What Steward does by itself: definitions, runs, schedules, the ledger of effects, and what people owe. */
export default module({
  name: 'workflows',
  operations: [
    listWorkflows,
    workflowVocabulary,
    workflowGallery,
    getWorkflow,
    createWorkflow,
    updateWorkflow,
    checkWorkflow,
    saveDraft,
    discardDraft,
    workflowCohorts,
    publishWorkflow,
    rollbackWorkflow,
    diffWorkflow,
    getMove,
    listMoves,
    listVersions,
    startWorkflow,
    checkEnrolment,
    enrol,
    removeFromSequence,
    workflowResults,
    whyOperation,
    workflowPeople,
    listRuns,
    getRun,
    pauseRun,
    resumeRun,
    cancelRun,
    retryRun,
    forwardRun,
    replayRun,
    bulkRuns,
    undoBulkRuns,
    listEffects,
    decideEffect,
    listSchedules,
    getSchedule,
    previewSchedule,
    updateSchedule,
    pauseSchedule,
    releaseScheduleOperation,
    listFirings,
    listHooks,
    getHook,
    updateHook,
    renewHook,
    listenHook,
    listHookRequests,
    replayHookRequest,
    hookSample,
    listTasks,
    createTask,
    updateTask,
    getEngine,
    pauseEngine,
    resumeEngine,
    listFailedEvents,
    retryEvent,
  ],
  steps: [taskStep],
  keeps: {
    'A run of a workflow goes on with them': `exists (select from runs r where r.person_id = p.id and r.state in ('running', 'waiting', 'paused'))`,
  },
  routes(http, runtime) {
    hookRoutes(http, runtime);
    watchFromTheWeb(http, runtime);
    serveRunStream(http, runtime);
  },
  start: (runtime) => together(tendSchedules(runtime), tendMovesForEver(runtime)),
});
