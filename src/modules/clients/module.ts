import { module } from '#core/module.ts';
import { nextCheckinStep } from './checkins/next.ts';
import { checkinsStep, lookStep, onClientActive, onClientCreated, workflows } from './checkins/workflow.ts';
import { onLeadConverted } from './events.ts';
import { clientSigns } from './health/signs.ts';
import { startLooking } from './health/tend.ts';
import {
  getCheckinPlan,
  listCheckins,
  runCheckinsOperation,
  scheduleCheckin,
  scheduleWorkflow,
  settleCheckin,
} from './operations/checkins.ts';
import { createClient, deleteClient, findClient, getClientOperation, listClientsOperation, updateClient } from './operations/clients.ts';
import { clientHealth } from './operations/health.ts';
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
    clientHealth,
    convertLead,
    listCheckins,
    runCheckinsOperation,
    getCheckinPlan,
    scheduleCheckin,
    settleCheckin,
    scheduleWorkflow,
  ],
  workflows,
  steps: [lookStep, checkinsStep, nextCheckinStep],
  subjects: [clientSubject],
  keeps: {
    'They are a client, or were one since': `exists (select from clients c where c.person_id = p.id and (c.status <> 'inactive' or c.updated_at >= :since))`,
  },
  slices: {
    checkin_plans: 'true', // whether a company has any is asked, too
    checkins: 't.client_id in (select k.id from public.clients k join rehearsal_cohort c on c.person_id = k.person_id)',
  },
  signs: clientSigns,
  start: startLooking,
  events: [onLeadConverted, onClientCreated, onClientActive],
});
