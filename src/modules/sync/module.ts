import { z } from 'zod';
import { module } from '#core/module.ts';
import { archiveRoutes } from './archive/routes.ts';
import { keepHints } from './hints.ts';
import { chooseArchivePlace, getArchivePlace, listArchive, readArchive, rereadSource } from './operations/archive.ts';
import { decideConflict, listConflicts } from './operations/conflicts.ts';
import { listSourceConnectors, lookIntoSource, previewSource } from './operations/look.ts';
import { fixRefusal, listRefusals, retryRefusals } from './operations/refusals.ts';
import { listRuns, runSource, sourceQuality, stopSource } from './operations/runs.ts';
import { createSource, deleteSource, getSourceOperation, listSources, updateSource } from './operations/sources.ts';
import { writeEffect } from './push/effect.ts';
import { startSync } from './tend.ts';

const Hints = z.object({ hints: z.array(z.object({ object: z.string(), external_id: z.string() })) });

/** People, organisations and deals of other programs, kept in step. */
export default module({
  name: 'sync',
  operations: [
    listSourceConnectors,
    lookIntoSource,
    previewSource,
    listSources,
    getSourceOperation,
    createSource,
    updateSource,
    deleteSource,
    runSource,
    stopSource,
    listRuns,
    sourceQuality,
    listRefusals,
    fixRefusal,
    retryRefusals,
    listConflicts,
    decideConflict,
    listArchive,
    readArchive,
    rereadSource,
    getArchivePlace,
    chooseArchivePlace,
  ],
  effects: [writeEffect],
  events: [
    {
      event: 'connection.hinted',
      async handle(tx, events) {
        for (const [companyId, own] of Map.groupBy(events, (event) => event.companyId)) {
          const hints = own.flatMap((event) =>
            Hints.parse(event.payload).hints.map((hint) => ({
              connectionId: event.subject.id,
              object: hint.object,
              externalId: hint.external_id,
            })),
          );
          await keepHints(tx, companyId, hints, own[0]?.at ?? new Date(0));
        }
      },
    },
  ],
  routes: archiveRoutes,
  start: startSync,
});
