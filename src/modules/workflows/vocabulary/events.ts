/** Something that starts, wakes or ends runs. */
export interface EventWords {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** What a workflow may be about to start from it. */
  readonly starts: readonly (
    | 'lead'
    | 'person'
    | 'company'
    | 'client'
    | 'deal'
    | 'invoice'
    | 'document'
    | 'report'
    | 'onboarding'
    | 'ticket'
  )[];
  readonly payload?: readonly {
    readonly path: string;
    readonly label: string;
    readonly type: 'text' | 'choice' | 'boolean' | 'number' | 'list';
    readonly options?: readonly string[];
  }[];
}

// An event starts workflows about its own subject, about its person, and about the company.
const LEAD = ['lead', 'person', 'company'] as const;
const PERSON = ['person', 'company'] as const;
const CLIENT = ['client', 'person', 'company'] as const;
const ONBOARDING = ['onboarding', 'person', 'company'] as const;
const INVOICE = ['invoice', 'company'] as const;
const DOCUMENT = ['document', 'person', 'company'] as const;
const NUMBER = [{ path: 'number', label: 'number', type: 'text' }] as const;
const CLIENT_STATUSES = ['prospect', 'active', 'inactive'];
const TICKET = ['ticket', 'person', 'company'] as const;
const TICKET_STATES = ['open', 'pending', 'on_hold', 'solved', 'closed'];
const PRIORITY = { path: 'priority', label: 'priority', type: 'choice', options: ['low', 'normal', 'high', 'urgent'] } as const;
const TARGET = [
  { path: 'target', label: 'which target', type: 'choice', options: ['first_response', 'next_response', 'resolution'] },
  PRIORITY,
  { path: 'due_at', label: 'when it is broken', type: 'text' },
] as const;
const DEAL = ['deal', 'person', 'company'] as const;
const STATUSES = ['new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed'];
const id = (path: string, label: string) => ({ path, label, type: 'text' }) as const;

const DEAL_PAYLOAD = [
  id('name', 'name'),
  id('stage', 'stage'),
  { path: 'status', label: 'open, won or lost', type: 'choice', options: ['open', 'won', 'lost'] },
  { path: 'amount_cents', label: 'amount in cents', type: 'number' },
  id('currency', 'currency'),
] as const;

/** Every event that a person may choose. */
export const EVENTS: readonly EventWords[] = [
  {
    name: 'lead.created',
    title: 'A lead comes in',
    group: 'Leads',
    starts: LEAD,
    payload: [
      { path: 'status', label: 'status', type: 'choice', options: STATUSES },
      { path: 'source', label: 'source', type: 'text' },
      { path: 'enrol', label: 'may be enrolled', type: 'boolean' },
      { path: 'imported', label: 'came by an import', type: 'boolean' },
    ],
  },
  {
    name: 'lead.status_changed',
    title: 'A lead changes its status',
    group: 'Leads',
    starts: LEAD,
    payload: [
      { path: 'from', label: 'status before', type: 'choice', options: STATUSES },
      { path: 'to', label: 'new status', type: 'choice', options: STATUSES },
      { path: 'reason', label: 'why', type: 'text' },
    ],
  },
  { name: 'lead.converted', title: 'A lead becomes a client', group: 'Leads', starts: LEAD },
  {
    name: 'lead.assigned',
    title: 'A lead gets an owner',
    group: 'Leads',
    starts: LEAD,
    payload: [id('user_id', 'new owner'), id('reason', 'why')],
  },
  {
    name: 'lead.score_reached',
    title: 'A lead reaches a grade',
    group: 'Leads',
    starts: LEAD,
    payload: [
      { path: 'score', label: 'score', type: 'number' },
      { path: 'grade', label: 'grade', type: 'choice', options: ['A', 'B', 'C', 'D'] },
    ],
  },
  { name: 'lead.deleted', title: 'A lead is deleted', group: 'Leads', starts: PERSON },
  {
    name: 'form.submitted',
    title: 'Somebody fills in a form',
    group: 'Leads',
    starts: LEAD,
    payload: [
      id('form_id', 'form'),
      id('submission_id', 'id of the answers'),
      { path: 'new_lead', label: 'is a new lead', type: 'boolean' },
    ],
  },
  {
    name: 'message.replied',
    title: 'They reply',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the reply'), id('class', 'what the reply means')],
  },
  {
    name: 'message.received',
    title: 'Any mail comes in, automatic ones too',
    group: 'Messages',
    starts: PERSON,
    payload: [
      id('message_id', 'id of the mail'),
      id('class', 'what it means'),
      { path: 'auto', label: 'was sent by a machine', type: 'boolean' },
      { path: 'answers', label: 'answers a mail of ours', type: 'boolean' },
      id('subject', 'subject line'),
      id('from', 'address of the sender'),
      id('to', 'mailbox it came to'),
      id('connection_id', 'id of the mailbox’s connection'),
    ],
  },
  { name: 'message.sent', title: 'A message is sent', group: 'Messages', starts: PERSON, payload: [id('message_id', 'id of the message')] },
  {
    name: 'message.blocked',
    title: 'The gate blocks a message',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message'), { path: 'rules', label: 'by which rules', type: 'list' }],
  },
  {
    name: 'message.bounced',
    title: 'A message bounces',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message'), { path: 'hard', label: 'for good', type: 'boolean' }, id('reason', 'why')],
  },
  {
    name: 'message.delivered',
    title: 'A message is delivered',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message')],
  },
  {
    name: 'message.opened',
    title: 'A message is opened',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message')],
  },
  {
    name: 'message.clicked',
    title: 'A link of a message is followed',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message')],
  },
  {
    name: 'message.complained',
    title: 'They complain about a message',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message'), id('reason', 'why')],
  },
  {
    name: 'message.refused',
    title: 'The mail server refuses a message',
    group: 'Messages',
    starts: PERSON,
    payload: [id('message_id', 'id of the message')],
  },
  { name: 'person.created', title: 'A person is added', group: 'People', starts: PERSON },
  {
    name: 'person.updated',
    title: 'A person’s details change',
    group: 'People',
    starts: PERSON,
    payload: [{ path: 'fields', label: 'what changed', type: 'list' }],
  },
  {
    name: 'person.tagged',
    title: 'A person gets a tag',
    group: 'People',
    starts: PERSON,
    payload: [{ path: 'tags', label: 'tags', type: 'list' }],
  },
  {
    name: 'person.untagged',
    title: 'A person loses a tag',
    group: 'People',
    starts: PERSON,
    payload: [{ path: 'tags', label: 'tags', type: 'list' }],
  },
  { name: 'person.opted_out', title: 'They opt out', group: 'People', starts: PERSON, payload: [id('source', 'how')] },
  { name: 'person.opted_in', title: 'They opt in', group: 'People', starts: PERSON, payload: [id('source', 'how')] },
  { name: 'person.merged', title: 'Two people become one', group: 'People', starts: PERSON },
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
  { name: 'invoice.paid', title: 'An invoice is paid', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'invoice.voided', title: 'An invoice is voided', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'invoice.written_off', title: 'An invoice is written off', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'quote.issued', title: 'A quote is issued', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'quote.accepted', title: 'A quote is accepted', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'quote.declined', title: 'A quote is declined', group: 'Invoices', starts: INVOICE, payload: NUMBER },
  { name: 'credit_note.issued', title: 'A credit note is issued', group: 'Invoices', starts: INVOICE, payload: NUMBER },
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
  {
    name: 'segment.entered',
    title: 'They enter a segment',
    group: 'Segments',
    starts: LEAD,
    payload: [id('segment', 'segment'), id('segment_id', 'id of the segment')],
  },
  {
    name: 'segment.left',
    title: 'They leave a segment',
    group: 'Segments',
    starts: LEAD,
    payload: [id('segment', 'segment'), id('segment_id', 'id of the segment')],
  },
  {
    name: 'task.settled',
    title: 'A task is done or dropped',
    group: 'Work',
    starts: LEAD,
    payload: [id('task_id', 'id of the task'), { path: 'state', label: 'done or dropped', type: 'choice', options: ['done', 'dropped'] }],
  },
  {
    name: 'connection.noticed',
    title: 'A connected service tells of something',
    group: 'Operations',
    starts: ['company'],
    payload: [
      { path: 'connector', label: 'service', type: 'choice', options: ['slack'] },
      id('type', 'what happened, in its words'),
      id('data.text', 'text'),
      id('data.channel', 'channel'),
      id('data.user', 'who'),
    ],
  },
  {
    name: 'schedule.missed',
    title: 'A scheduled run does not happen',
    group: 'Operations',
    starts: ['company'],
    payload: [
      id('workflow', 'workflow'),
      { path: 'kind', label: 'did not run or was not done', type: 'choice', options: ['not_run', 'not_done'] },
      id('reason', 'why'),
      id('planned_at', 'planned for'),
    ],
  },
  {
    name: 'schedule.recovered',
    title: 'A scheduled run happens again',
    group: 'Operations',
    starts: ['company'],
    payload: [id('workflow', 'workflow'), id('reason', 'how'), id('planned_at', 'planned for')],
  },
  { name: 'deal.created', title: 'A deal is noted', group: 'Deals', starts: DEAL, payload: DEAL_PAYLOAD },
  {
    name: 'deal.stage_changed',
    title: 'A deal changes its stage',
    group: 'Deals',
    starts: DEAL,
    payload: [...DEAL_PAYLOAD, id('from', 'stage before'), id('to', 'new stage')],
  },
  { name: 'deal.won', title: 'A deal is won', group: 'Deals', starts: DEAL, payload: DEAL_PAYLOAD },
  { name: 'deal.lost', title: 'A deal is lost', group: 'Deals', starts: DEAL, payload: DEAL_PAYLOAD },
  {
    name: 'alert.raised',
    title: 'Something goes wrong',
    group: 'Operations',
    starts: ['company'],
    payload: [id('kind', 'kind of alert'), id('title', 'what is wrong'), id('says', 'in a sentence')],
  },
  {
    name: 'alert.recovered',
    title: 'Something is well again',
    group: 'Operations',
    starts: ['company'],
    payload: [id('kind', 'kind of alert'), id('title', 'what was wrong'), id('says', 'in a sentence')],
  },
];

/** What Steward says besides: what undoes or tidies, and what its own parts wait for. No list offers these; a definition may name them. */
const INWARD = [
  'approval.decided',
  'approval.requested',
  'company.created',
  'company.updated',
  'connection.hinted',
  'message.classified',
  'connection.changed',
  'lead.restored',
  'leads.import_undone',
  'leads.imported',
  'person.email_removed',
  'person.unmerged',
  'run.ended',
  'webhook.received',
];

/** Every event that Steward says. A test compares them with what the code says, both ways. */
export const knownEvents: ReadonlySet<string> = new Set([...EVENTS.map(({ name }) => name), ...INWARD]);
