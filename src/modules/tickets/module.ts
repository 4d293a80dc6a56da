import { module } from '#core/module.ts';
import { helpRoutes } from './help/routes.ts';
import { followers } from './mail/follow.ts';
import { createArticle, deleteArticle, getArticle, listArticles, suggestAnswers, updateArticle } from './operations/articles.ts';
import { addTheirWords, noteOnTicket, updateTicket } from './operations/change.ts';
import { createTicket } from './operations/create.ts';
import { draftAnswer } from './operations/draft.ts';
import { getTicket } from './operations/get.ts';
import { countTickets, listTickets } from './operations/list.ts';
import { getHelpPage, updateHelpPage } from './operations/help.ts';
import { applyMacroToTicket, createMacro, deleteMacro, drawMacro, listMacros, updateMacro } from './operations/macros.ts';
import { mergeTickets, unmergeTicket } from './operations/merge.ts';
import { replyToTicket } from './operations/reply.ts';
import { ticketFigures } from './operations/satisfaction.ts';
import {
  addTicketAddress,
  getTicketSettings,
  listTicketAddresses,
  removeTicketAddress,
  updateTicketSettings,
} from './operations/settings.ts';
import { ticketLetters } from './mail/letters.ts';
import { ticketsPart } from './portal.ts';
import { ratingRoutes } from './rating/routes.ts';
import { ticketCreateStep, ticketMailStep, ticketNoteStep, ticketSurveyStep } from './steps.ts';
import { ticketSubject } from './subject.ts';
import { lookAfterTickets } from './tend.ts';
import { warnings } from './warn.ts';
import { workflows } from './workflows.ts';
import { ticketSigns } from './signs.ts';

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
    mergeTickets,
    unmergeTicket,
    listMacros,
    createMacro,
    updateMacro,
    deleteMacro,
    drawMacro,
    applyMacroToTicket,
    suggestAnswers,
    draftAnswer,
    ticketFigures,
    listArticles,
    getArticle,
    createArticle,
    updateArticle,
    deleteArticle,
    getHelpPage,
    updateHelpPage,
  ],
  workflows,
  steps: [ticketNoteStep, ticketMailStep, ticketSurveyStep, ticketCreateStep],
  subjects: [ticketSubject],
  events: [...followers, ...warnings],
  routes(http, runtime) {
    ratingRoutes(http, runtime);
    helpRoutes(http, runtime);
  },
  portal: [ticketsPart],
  templates: ticketLetters,
  slices: {
    ticket_settings: 'true',
    ticket_addresses: 'true',
    ticket_numbers: 'true',
    ticket_macros: 'true',
    ticket_entries: 't.ticket_id in (select k.id from tickets k join rehearsal_cohort c on c.person_id = k.person_id)',
  },
  keeps: {
    'They have a ticket that is not closed, or had one since': `exists (select from tickets k where k.person_id = p.id and (k.state <> 'closed' or k.last_at >= :since))`,
  },
  start: lookAfterTickets,
  signs: ticketSigns,
});
