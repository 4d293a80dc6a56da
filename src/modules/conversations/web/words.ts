import type { Item, Output } from '#web/kit/api.ts';
import type { Tone } from '#web/kit/badge.tsx';
import { momentOf } from '#web/kit/time.tsx';

export type Thread = Output<'conversations.get'>;
export type Line = Item<'conversations.list'>;
export type Message = Thread['messages'][number];
export type Note = Thread['notes'][number];

export const views = [
  { value: 'open', label: 'Open' },
  { value: 'mine', label: 'Mine' },
  { value: 'unassigned', label: 'Nobody’s' },
  { value: 'snoozed', label: 'Snoozed' },
  { value: 'done', label: 'Done' },
] as const;
export type View = (typeof views)[number]['value'];

/** What a reply means, in the words of the page. */
export const classes = {
  interested: ['Interested', 'ok'],
  not_now: ['Not now', 'neutral'],
  out_of_office: ['Out of office', 'neutral'],
  wrong_person: ['Wrong person', 'warn'],
  stop: ['Wants no more', 'bad'],
  other: ['To read', 'accent'],
} as const satisfies Record<string, readonly [string, Tone]>;
export type ReplyClass = keyof typeof classes;

const delivered: Record<string, readonly [string, Tone]> = {
  deferred: ['Sent, waiting at their server', 'warn'],
  delivered: ['Delivered', 'ok'],
  bounced: ['Bounced', 'bad'],
  refused: ['Not delivered', 'bad'],
  complained: ['They complained', 'bad'],
};

/** Where a message of ours stands, in the ledger's words, and what the vendor told since. */
export function stateOf(message: Message): { label: string; tone: Tone; says: string } {
  const said = delivered[message.delivery ?? ''];
  const reason = message.state_reason ?? '';
  switch (message.state) {
    case 'queued':
      if (message.ledger === 'handed') return { label: 'Handed over', tone: 'accent', says: 'On its way to the mail server' };
      return message.due_at !== null && new Date(message.due_at).getTime() > Date.now() + 5_000
        ? { label: `Waits until ${momentOf(message.due_at)}`, tone: 'warn', says: reason }
        : { label: 'Reserved', tone: 'accent', says: reason === '' ? 'It leaves in a moment' : reason };
    case 'captured':
      return { label: 'Captured', tone: 'neutral', says: 'Kept here: nothing is connected that it could leave by' };
    case 'blocked':
      return { label: 'Blocked', tone: 'warn', says: reason };
    case 'refused':
      return { label: said?.[0] ?? 'Refused', tone: 'bad', says: reason };
    case 'in_doubt':
      return { label: 'In doubt', tone: 'bad', says: 'Nobody can say whether it left. It waits for a decision under Approvals' };
    default:
      return said === undefined
        ? { label: 'Sent', tone: 'ok', says: 'Confirmed by the server that took it' }
        : { label: said[0], tone: said[1], says: reason };
  }
}

/** Days by the reader's calendar: a line between them. */
export function dayOf(iso: string): string {
  const date = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
  }).format(date);
}
