import { module } from '#core/module.ts';
import { followers } from './mail/follow.ts';
import { addTheirWords, noteOnTicket, updateTicket } from './operations/change.ts';
import { createTicket } from './operations/create.ts';
import { getTicket } from './operations/get.ts';
import { countTickets, listTickets } from './operations/list.ts';
import { replyToTicket } from './operations/reply.ts';
import {
  addTicketAddress,
  getTicketSettings,
  listTicketAddresses,
  removeTicketAddress,
  updateTicketSettings,
} from './operations/settings.ts';
import { ticketSubject } from './subject.ts';
import { lookAfterTickets } from './tend.ts';

/** Support: what somebody wants settled, who settles it, and by when. */
export default module({
  name: 'tickets',
  operations: [
    listTickets,
    countTickets,
    getTicket,
    createTicket,
    updateTicket,
    replyToTicket,
    noteOnTicket,
    addTheirWords,
    getTicketSettings,
    updateTicketSettings,
    listTicketAddresses,
    addTicketAddress,
    removeTicketAddress,
  ],
  subjects: [ticketSubject],
  events: followers,
  slices: {
    ticket_settings: 'true',
    ticket_addresses: 'true',
    ticket_numbers: 'true',
    ticket_entries: 't.ticket_id in (select k.id from tickets k join rehearsal_cohort c on c.person_id = k.person_id)',
  },
  keeps: {
    'They have a ticket that is not closed, or had one since': `exists (select from tickets k where k.person_id = p.id and (k.state <> 'closed' or k.last_at >= :since))`,
  },
  start: lookAfterTickets,
});
