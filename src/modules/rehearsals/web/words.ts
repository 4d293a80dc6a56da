import type { Output } from '#web/kit/api.ts';
import { words } from '#web/kit/format.ts';

type Summary = NonNullable<Output<'rehearsals.get'>['summary']>;
export type RehearsalSummary = Summary;

const edges: Record<string, string> = {
  opted_out: 'Opted out',
  no_email: 'No address',
  suppressed: 'Address blocked',
  missing_name: 'No name',
  unusual_characters: 'Unusual characters',
  longest_name: 'Longest name',
  odd_time_zone: 'Far time zone',
  replied: 'Replied lately',
  other_sequence: 'In another sequence',
  duplicate: 'Twice by name',
  colleague_replied: 'Colleague replied',
};
export const edgeWords = (kind: string): string => edges[kind] ?? words(kind);

const ends: Record<string, string> = {
  'message.replied': 'Replied',
  'message.bounced': 'Bounced',
  'person.opted_out': 'Opted out',
  'lead.status_changed': 'Status changed',
  no_reply: 'No reply',
  completed: 'Came to the end',
  opted_out: 'Opted out',
  suppressed: 'Address blocked',
  no_address: 'No address',
  no_lead: 'No open lead',
  closed: 'Converted or lost',
  in_it_already: 'In it already',
};

/** Where people end, in two or three words. */
export function endWords(outcome: string, detail: string): string {
  if (outcome === 'waiting') return 'Still under way';
  if (outcome === 'failed') return 'Failed';
  return ends[detail] ?? (detail === '' ? words(outcome) : words(detail));
}

export const ruleWords = (rule: string): string => words(rule);

/** `Mon, 24 Nov` of a date without a time. */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** In the company's zone, because that is whose days are counted. */
export function clockIn(zone: string, at: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(at));
}
export function momentIn(zone: string, at: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(new Date(at));
}
