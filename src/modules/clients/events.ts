import type { EventHandler } from '#core/engine/types.ts';
import { clientCreated, clientsFromLeads } from './create.ts';

/** A lead that was won is a client, whoever won it: a person, a workflow, an import. */
export const onLeadConverted: EventHandler = {
  event: 'lead.converted',
  name: 'clients.from_lead',
  async handle(tx, events, runtime) {
    const leads = events.map((event) => ({ companyId: event.companyId, leadId: event.subject.id }));
    const made = await clientsFromLeads(tx, leads, runtime.clock.now());
    if (made.length > 0) await runtime.engine.emit(tx, made.map(clientCreated));
  },
};
