import { CLIENT_EVENTS } from './client-events.ts';
import { id, type EventWords } from './event-words.ts';

// An event starts workflows about its own subject, about its person, and about the company.
const LEAD = ['lead', 'person', 'company'] as const;
const PERSON = ['person', 'company'] as const;
const DEAL = ['deal', 'person', 'company'] as const;
const PAGE = [id('page_id', 'id of the page'), id('title', 'title'), id('url', 'address')] as const;
const STATUSES = ['new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed'];

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
      { path: 'landing_page', label: 'page that it stood on', type: 'text' },
      { path: 'utm_campaign', label: 'campaign (utm_campaign)', type: 'text' },
      { path: 'utm_source', label: 'source (utm_source)', type: 'text' },
      { path: 'utm_medium', label: 'medium (utm_medium)', type: 'text' },
      { path: 'utm_term', label: 'term (utm_term)', type: 'text' },
      { path: 'utm_content', label: 'content (utm_content)', type: 'text' },
      { path: 'referrer', label: 'page before (referrer)', type: 'text' },
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
  ...CLIENT_EVENTS,
  {
    name: 'page.published',
    title: 'A landing page is published',
    group: 'Landing pages',
    starts: ['company'],
    payload: [...PAGE, { path: 'version', label: 'version', type: 'number' }, id('shown_from', 'shown from')],
  },
  { name: 'page.ended', title: 'A landing page is taken away', group: 'Landing pages', starts: ['company'], payload: PAGE },
  {
    name: 'page.goal_reached',
    title: 'A landing page reaches its goal',
    group: 'Landing pages',
    starts: ['company'],
    payload: [...PAGE, { path: 'goal', label: 'goal', type: 'number' }, { path: 'forms', label: 'forms sent', type: 'number' }],
  },
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
