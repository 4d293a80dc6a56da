import { id, type EventWords } from './event-words.ts';

// An event starts workflows about its own subject, about its person, and about the company.
const PERSON = ['person', 'company'] as const;
const CLIENT = ['client', 'person', 'company'] as const;
const ONBOARDING = ['onboarding', 'person', 'company'] as const;
const CALL = ['call', 'person', 'company'] as const;
const CALL_WORDS = [
  id('kind', 'what it is for'),
  id('at', 'when'),
  { path: 'by', label: 'by whom', type: 'choice', options: ['us', 'them'] },
] as const;
const INVOICE = ['invoice', 'company'] as const;
const DOCUMENT = ['document', 'person', 'company'] as const;
const NUMBER = [{ path: 'number', label: 'number', type: 'text' }] as const;
const PAYMENT = ['payment', 'company'] as const;
const MONEY = [
  ...NUMBER,
  { path: 'amount_cents', label: 'amount in cents', type: 'number' },
  { path: 'currency', label: 'currency', type: 'text' },
  id('invoice_id', 'id of the invoice'),
] as const;
const ANSWER = [
  ...NUMBER,
  { path: 'by', label: 'who said so', type: 'choice', options: ['client', 'us'] },
  { path: 'name', label: 'name, as typed', type: 'text' },
  { path: 'total_cents', label: 'total in cents', type: 'number' },
  { path: 'currency', label: 'currency', type: 'text' },
] as const;
const CLIENT_STATUSES = ['prospect', 'active', 'inactive'];
const HEALTH = ['good', 'watch', 'at_risk'];
const TICKET = ['ticket', 'person', 'company'] as const;
const TICKET_STATES = ['open', 'pending', 'on_hold', 'solved', 'closed'];
const PRIORITY = { path: 'priority', label: 'priority', type: 'choice', options: ['low', 'normal', 'high', 'urgent'] } as const;
const TARGET = [
  { path: 'target', label: 'which target', type: 'choice', options: ['first_response', 'next_response', 'resolution'] },
  PRIORITY,
  { path: 'due_at', label: 'when it is broken', type: 'text' },
] as const;

/** What happens with clients: their agreement, onboarding, invoices, documents and tickets. */
export const CLIENT_EVENTS: readonly EventWords[] = [
  {
    name: 'client.created',
    title: 'Somebody becomes a client',
    group: 'Clients',
    starts: CLIENT,
    payload: [{ path: 'status', label: 'status', type: 'choice', options: CLIENT_STATUSES }],
  },
  {
    name: 'client.status_changed',
    title: 'A client changes their status',
    group: 'Clients',
    starts: CLIENT,
    payload: [
      { path: 'from', label: 'status before', type: 'choice', options: CLIENT_STATUSES },
      { path: 'to', label: 'new status', type: 'choice', options: CLIENT_STATUSES },
    ],
  },
  {
    name: 'client.health_changed',
    title: 'The health of a client changes',
    group: 'Clients',
    starts: CLIENT,
    payload: [
      { path: 'from', label: 'health before', type: 'choice', options: HEALTH },
      { path: 'to', label: 'new health', type: 'choice', options: HEALTH },
      { path: 'score', label: 'health of 100', type: 'number' },
    ],
  },
  {
    name: 'client.contract_ending',
    title: 'The contract of a client ends soon',
    group: 'Clients',
    starts: CLIENT,
    payload: [
      id('contract_end', 'last day'),
      { path: 'days', label: 'days left', type: 'number' },
      { path: 'renews', label: 'goes on by itself', type: 'boolean' },
    ],
  },
  {
    name: 'client.contract_renewed',
    title: 'The contract of a client goes on by itself',
    group: 'Clients',
    starts: CLIENT,
    payload: [id('from', 'last day before'), id('to', 'new last day')],
  },
  {
    name: 'checkin.due',
    title: 'A check-in with a client is due',
    group: 'Clients',
    starts: CLIENT,
    payload: [id('checkin_id', 'id of the check-in'), id('due_on', 'day')],
  },
  {
    name: 'checkin.settled',
    title: 'A check-in was held or skipped',
    group: 'Clients',
    starts: ['client', 'company'],
    payload: [id('state', 'done or skipped')],
  },
  {
    name: 'report.created',
    title: 'A report is made of a client’s log',
    group: 'Documents',
    starts: ['report', 'company'],
    payload: [
      { path: 'title', label: 'title', type: 'text' },
      { path: 'advice', label: 'how much stands out', type: 'number' },
    ],
  },
  {
    name: 'document.published',
    title: 'A document is published',
    group: 'Documents',
    starts: DOCUMENT,
    payload: [
      { path: 'kind', label: 'kind', type: 'choice', options: ['report', 'proposal', 'presentation'] },
      { path: 'title', label: 'title', type: 'text' },
      { path: 'version', label: 'version', type: 'number' },
    ],
  },
  {
    name: 'document.viewed',
    title: 'A shared document is looked at for the first time',
    group: 'Documents',
    starts: DOCUMENT,
    payload: [
      { path: 'kind', label: 'kind', type: 'choice', options: ['report', 'proposal', 'presentation'] },
      { path: 'title', label: 'title', type: 'text' },
    ],
  },
  {
    name: 'proposal.accepted',
    title: 'A proposal is accepted',
    group: 'Documents',
    starts: DOCUMENT,
    payload: [
      { path: 'title', label: 'title', type: 'text' },
      { path: 'name', label: 'who accepted, as typed', type: 'text' },
      { path: 'total_cents', label: 'total in cents', type: 'number' },
      { path: 'currency', label: 'currency', type: 'text' },
    ],
  },
  { name: 'invoice.issued', title: 'An invoice is issued', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'invoice.overdue', title: 'An invoice is overdue', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  {
    name: 'invoice.reminded',
    title: 'A client is reminded of an invoice',
    group: 'Invoices',
    starts: INVOICE,
    payload: [{ path: 'level', label: 'which reminder', type: 'number' }],
  },
  {
    name: 'invoice.partly_paid',
    title: 'An invoice is paid in part',
    group: 'Invoices',
    starts: INVOICE,
    payload: [{ path: 'balance_cents', label: 'still owed, in cents', type: 'number' }],
  },
  {
    name: 'invoice.deposit_paid',
    title: 'The deposit of an invoice is paid',
    group: 'Invoices',
    starts: INVOICE,
    payload: [...NUMBER, { path: 'balance_cents', label: 'still owed, in cents', type: 'number' }],
  },
  { name: 'invoice.paid', title: 'An invoice is paid', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'invoice.reopened', title: 'A payment of an invoice is taken back', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  {
    name: 'invoice.refunded',
    title: 'Money of an invoice is given back online',
    group: 'Invoices',
    starts: INVOICE,
    payload: [...NUMBER, id('amount_cents', 'amount, in cents')],
  },
  {
    name: 'payment.received',
    title: 'A payment of an invoice comes in',
    group: 'Invoices',
    starts: PAYMENT,
    payload: MONEY,
  },
  { name: 'payment.reversed', title: 'A payment was booked by mistake', group: 'Invoices', starts: PAYMENT, payload: MONEY },
  { name: 'invoice.voided', title: 'An invoice is voided', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'invoice.written_off', title: 'An invoice is written off', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'quote.issued', title: 'A quote is issued', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'quote.accepted', title: 'A quote is accepted', group: 'Invoices', starts: INVOICE, payload: ANSWER },
  {
    name: 'quote.declined',
    title: 'A quote is declined',
    group: 'Invoices',
    starts: INVOICE,
    payload: [...ANSWER, { path: 'reason', label: 'why', type: 'text' }],
  },
  {
    name: 'quote.lapsed',
    title: 'A quote lapses unanswered',
    group: 'Invoices',
    starts: INVOICE,
    payload: [...NUMBER, id('valid_until', 'last day')],
  },
  { name: 'credit_note.issued', title: 'A credit note is issued', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'call.booked', title: 'A call is booked', group: 'Calls', starts: CALL, payload: CALL_WORDS },
  { name: 'call.moved', title: 'A call is moved', group: 'Calls', starts: CALL, payload: [...CALL_WORDS, id('was', 'when it was before')] },
  { name: 'call.cancelled', title: 'A call is called off', group: 'Calls', starts: CALL, payload: CALL_WORDS },
  {
    name: 'onboarding.started',
    title: 'An onboarding begins',
    group: 'Onboarding',
    starts: ONBOARDING,
    payload: [id('plan', 'plan')],
  },
  {
    name: 'onboarding.blocked',
    title: 'An onboarding waits for its client',
    group: 'Onboarding',
    starts: ONBOARDING,
    payload: [id('task', 'what the client does next'), id('since', 'since when')],
  },
  {
    name: 'onboarding.task_settled',
    title: 'A task of an onboarding is done or left out',
    group: 'Onboarding',
    starts: ONBOARDING,
    payload: [
      id('task', 'task'),
      { path: 'owner', label: 'whose task', type: 'choice', options: ['us', 'client'] },
      { path: 'state', label: 'done or left out', type: 'choice', options: ['done', 'skipped'] },
      { path: 'by', label: 'by whom', type: 'choice', options: ['us', 'client'] },
    ],
  },
  {
    name: 'onboarding.task_overdue',
    title: 'A task of an onboarding is overdue',
    group: 'Onboarding',
    starts: ONBOARDING,
    payload: [id('task', 'task'), { path: 'owner', label: 'whose task', type: 'choice', options: ['us', 'client'] }, id('due_on', 'day')],
  },
  {
    name: 'onboarding.call_scheduled',
    title: 'An onboarding call is planned or moved',
    group: 'Onboarding',
    starts: ONBOARDING,
    payload: [id('at', 'when'), { path: 'moved', label: 'was planned before', type: 'boolean' }],
  },
  {
    name: 'onboarding.call_cancelled',
    title: 'An onboarding call is called off',
    group: 'Onboarding',
    starts: ONBOARDING,
    payload: [id('at', 'when it was to be')],
  },
  { name: 'onboarding.done', title: 'An onboarding is finished', group: 'Onboarding', starts: ONBOARDING },
  { name: 'onboarding.cancelled', title: 'An onboarding is cancelled', group: 'Onboarding', starts: ONBOARDING },
  { name: 'portal.opened', title: 'A client opens their page', group: 'Clients', starts: CLIENT },
  {
    name: 'ticket.created',
    title: 'A ticket is opened',
    group: 'Tickets',
    starts: TICKET,
    payload: [
      PRIORITY,
      { path: 'source', label: 'how it came', type: 'choice', options: ['mail', 'api', 'form', 'portal', 'user', 'workflow'] },
      id('subject', 'subject'),
    ],
  },
  { name: 'ticket.waiting', title: 'Somebody waits for an answer on a ticket', group: 'Tickets', starts: TICKET, payload: [PRIORITY] },
  { name: 'ticket.answered', title: 'A ticket is answered', group: 'Tickets', starts: TICKET, payload: [PRIORITY] },
  { name: 'ticket.target_soon', title: 'A ticket is about to miss its target', group: 'Tickets', starts: TICKET, payload: TARGET },
  { name: 'ticket.target_broken', title: 'A ticket missed its target', group: 'Tickets', starts: TICKET, payload: TARGET },
  {
    name: 'ticket.state_changed',
    title: 'A ticket changes its state',
    group: 'Tickets',
    starts: TICKET,
    payload: [
      { path: 'from', label: 'state before', type: 'choice', options: TICKET_STATES },
      { path: 'to', label: 'new state', type: 'choice', options: TICKET_STATES },
      PRIORITY,
    ],
  },
  {
    name: 'ticket.assigned',
    title: 'A ticket is given to somebody',
    group: 'Tickets',
    starts: TICKET,
    payload: [PRIORITY, id('assignee_id', 'to whom')],
  },
  { name: 'ticket.solved', title: 'A ticket is solved', group: 'Tickets', starts: TICKET, payload: [PRIORITY] },
  { name: 'ticket.reopened', title: 'A solved ticket comes back', group: 'Tickets', starts: TICKET, payload: [PRIORITY] },
  { name: 'ticket.closed', title: 'A ticket is closed', group: 'Tickets', starts: TICKET, payload: [PRIORITY] },
  { name: 'ticket.merged', title: 'A ticket takes another one in', group: 'Tickets', starts: TICKET },
  {
    name: 'ticket.rated',
    title: 'They say how the help was',
    group: 'Tickets',
    starts: TICKET,
    payload: [{ path: 'score', label: 'score, 1 to 5', type: 'number' }],
  },
  { name: 'client.deleted', title: 'A client is deleted', group: 'Clients', starts: PERSON },
];
