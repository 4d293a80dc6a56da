import { module } from '#core/module.ts';
import { calendarEntryEffect } from './entry/effect.ts';
import { startWatching } from './entry/watch.ts';
import {
  bookCall,
  callLinkOperation,
  callTimes,
  cancelCallOperation,
  enterCallAgain,
  getCallOperation,
  listCalls,
  moveCallOperation,
  planCallOperation,
} from './operations/calls.ts';
import { connectHost, disconnectHost, listHosts, saveHost } from './operations/hosts.ts';
import { createKind, deleteKind, listKinds, updateKind } from './operations/kinds.ts';
import { callRoutes } from './page/routes.ts';
import { callLetters } from './letters.ts';
import { callsPart } from './portal.ts';
import { offerCallStep } from './steps.ts';
import { callSubject } from './subject.ts';
import { callVariables } from './variables.ts';
import { workflows } from './workflows.ts';

/** Calls with people: times on offer, booked by either side, and standing in everybody's calendar. */
export default module({
  name: 'calls',
  operations: [
    listCalls,
    getCallOperation,
    callTimes,
    bookCall,
    planCallOperation,
    moveCallOperation,
    cancelCallOperation,
    enterCallAgain,
    callLinkOperation,
    listKinds,
    createKind,
    updateKind,
    deleteKind,
    listHosts,
    saveHost,
    connectHost,
    disconnectHost,
  ],
  workflows,
  steps: [offerCallStep],
  subjects: [callSubject],
  effects: [calendarEntryEffect],
  portal: [callsPart],
  templates: callLetters,
  variables: [callVariables],
  routes: callRoutes,
  start: startWatching,
  slices: { call_kinds: 'true', call_hosts: 'true' },
  keeps: { 'A call with them is planned, or was since': `exists (select from calls k where k.person_id = p.id and k.starts_at >= :since)` },
});
