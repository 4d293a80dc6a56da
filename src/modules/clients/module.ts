import { module } from '#core/module.ts';
import { nextCheckinStep } from './checkins/next.ts';
import { checkinsStep, onClientActive, onClientCreated, workflows } from './checkins/workflow.ts';
import { onLeadConverted } from './events.ts';
import {
  getCheckinPlan,
  listCheckins,
  runCheckinsOperation,
  scheduleCheckin,
  scheduleWorkflow,
  settleCheckin,
} from './operations/checkins.ts';
import { createClient, deleteClient, findClient, getClientOperation, listClientsOperation, updateClient } from './operations/clients.ts';
import { convertLead } from './operations/convert.ts';
import { clientSubject } from './subject.ts';

/** Who is a client, what was agreed with them, and how they are invoiced. */
export default module({
  name: 'clients',
  operations: [
    listClientsOperation,
    findClient,
    getClientOperation,
    createClient,
    updateClient,
    deleteClient,
    convertLead,
    listCheckins,
    runCheckinsOperation,
    getCheckinPlan,
    scheduleCheckin,
    settleCheckin,
    scheduleWorkflow,
  ],
  workflows,
  steps: [checkinsStep, nextCheckinStep],
  subjects: [clientSubject],
  keeps: {
    'They are a client, or were one since': `exists (select from clients c where c.person_id = p.id and (c.status <> 'inactive' or c.updated_at >= :since))`,
  },
  events: [onLeadConverted, onClientCreated, onClientActive],
});
