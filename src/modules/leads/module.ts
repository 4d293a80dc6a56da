import { module } from '#core/module.ts';
import { onOptedOut } from './events.ts';
import { createInteraction, listInteractions } from './operations/interactions.ts';
import { createLeadOperation, deleteLeadOperation, getLeadOperation, listLeadsOperation, updateLeadOperation } from './operations/leads.ts';
import { countLeads, setLeadStatus } from './operations/overview.ts';
import { leadSubject } from './subject.ts';

/** Who may become a client, how they came in, and what was said. */
export default module({
  name: 'leads',
  operations: [
    listLeadsOperation,
    createLeadOperation,
    getLeadOperation,
    updateLeadOperation,
    deleteLeadOperation,
    countLeads,
    setLeadStatus,
    listInteractions,
    createInteraction,
  ],
  subjects: [leadSubject],
  events: [onOptedOut],
});
