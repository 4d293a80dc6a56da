/** How a mail follows a notification: at once, once a day with the others, or never. */
export const EMAIL_CHOICES = ['off', 'instant', 'digest'] as const;
export type EmailChoice = (typeof EMAIL_CHOICES)[number];

interface Kind {
  /** In settings: "Tell me when …". */
  readonly title: string;
  /** Instead of single titles when many come at once. */
  readonly many: string;
  readonly email: EmailChoice;
}

/** What a user can be told. A reply has a mail of its own already (nurturing), so its default here is the bell alone. */
export const KINDS = {
  lead_assigned: { title: 'A lead is assigned to me', many: 'Leads assigned to you', email: 'instant' },
  hot_lead: { title: 'A lead becomes hot', many: 'Leads became hot', email: 'instant' },
  score_reached: { title: 'A lead reaches a score', many: 'Leads reached a score', email: 'off' },
  mention: { title: 'Somebody mentions me', many: 'You were mentioned', email: 'instant' },
  reply: { title: 'Somebody replies', many: 'People replied', email: 'off' },
  conversation_assigned: { title: 'A conversation is given to me', many: 'Conversations were given to you', email: 'instant' },
  conversation_back: { title: 'A conversation I snoozed comes back', many: 'Conversations came back', email: 'off' },
  ticket_assigned: { title: 'A ticket is given to me', many: 'Tickets were given to you', email: 'instant' },
  ticket_reply: { title: 'Somebody writes on a ticket of mine', many: 'People wrote on your tickets', email: 'off' },
  ticket_target: { title: 'A ticket is about to miss its target, or missed it', many: 'Tickets near or past their targets', email: 'off' },
  call_booked: {
    title: 'Somebody books, moves or calls off a call with me',
    many: 'Calls with you were booked or changed',
    email: 'instant',
  },
  quote_answered: { title: 'A client answers a quote of mine, or lets it lapse', many: 'Quotes were answered', email: 'instant' },
  task_due: { title: 'A task of mine is due', many: 'Tasks are due', email: 'digest' },
  alert: { title: 'Something goes wrong, or is well again', many: 'Alerts', email: 'instant' },
  schedule_missed: { title: 'A scheduled run does not happen', many: 'Scheduled runs did not happen', email: 'instant' },
  webhook_failed: { title: 'A webhook is switched off because it fails', many: 'Webhooks were switched off', email: 'instant' },
  approval_requested: { title: 'I am asked to decide', many: 'You are asked to decide', email: 'instant' },
  approval_due: { title: 'A decision of mine is nearly too late', many: 'Decisions are nearly too late', email: 'instant' },
  backup_failed: { title: 'A backup fails or is late', many: 'Backups failed', email: 'instant' },
  retention_due: { title: 'People will be erased because nothing is heard of them', many: 'People will be erased', email: 'instant' },
  daily_pipeline: { title: 'The daily run of the pipeline is done', many: 'Daily pipelines', email: 'instant' },
  import_done: { title: 'My import is done', many: 'Imports are done', email: 'off' },
} as const satisfies Record<string, Kind>;

export type NotificationKind = keyof typeof KINDS;
// The keys of a literal object are exactly its type's keys.
export const KIND_NAMES = Object.keys(KINDS) as [NotificationKind, ...NotificationKind[]];
