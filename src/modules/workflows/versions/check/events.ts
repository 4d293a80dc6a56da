/** What Steward's modules say and what people may start, stop or wait by. A test compares this list with the code. */
const EVENTS = [
  'company.created',
  'company.updated',
  'connection.changed',
  'form.submitted',
  'lead.assigned',
  'lead.converted',
  'lead.created',
  'lead.deleted',
  'lead.restored',
  'lead.score_reached',
  'lead.status_changed',
  'leads.imported',
  'message.blocked',
  'message.bounced',
  'message.received',
  'message.refused',
  'message.replied',
  'message.sent',
  'person.created',
  'person.email_removed',
  'person.merged',
  'person.opted_in',
  'person.opted_out',
  'person.tagged',
  'person.unmerged',
  'person.untagged',
  'person.updated',
  'segment.entered',
  'segment.left',
  'task.settled',
] as const;

export function knownEvents(): ReadonlySet<string> {
  return new Set(EVENTS);
}
