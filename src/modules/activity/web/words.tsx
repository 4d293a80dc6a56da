import {
  ArrowRightLeft,
  Calendar,
  Eye,
  FileText,
  FileUp,
  GitMerge,
  Mail,
  MessageSquare,
  Phone,
  StickyNote,
  Trash2,
  TrendingUp,
  UserCheck,
  UserPlus,
  UserX,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';

export type Activity = Item<'activity.list'>;

export const icons: Record<Activity['kind'], ReactNode> = {
  email: <Mail />,
  sms: <MessageSquare />,
  call: <Phone />,
  meeting: <Calendar />,
  note: <StickyNote />,
  form: <FileText />,
  visit: <Eye />,
  lead_created: <UserPlus />,
  status_changed: <ArrowRightLeft />,
  assigned: <UserCheck />,
  lead_deleted: <Trash2 />,
  score_reached: <TrendingUp />,
  merged: <GitMerge />,
  unmerged: <GitMerge />,
  opted_out: <UserX />,
  opted_in: <UserCheck />,
  import: <FileUp />,
};

/** Filters of the feed, and what each stands for. */
export const groups: { value: string; label: string; kinds: Activity['kind'][] | null }[] = [
  { value: 'all', label: 'Everything', kinds: null },
  { value: 'messages', label: 'Messages', kinds: ['email', 'sms'] },
  { value: 'talks', label: 'Calls and meetings', kinds: ['call', 'meeting'] },
  { value: 'notes', label: 'Notes', kinds: ['note'] },
  { value: 'forms', label: 'Forms and visits', kinds: ['form', 'visit'] },
  { value: 'leads', label: 'Leads', kinds: ['lead_created', 'status_changed', 'assigned', 'lead_deleted', 'score_reached'] },
  { value: 'people', label: 'Merges and consent', kinds: ['merged', 'unmerged', 'opted_out', 'opted_in'] },
  { value: 'imports', label: 'Imports', kinds: ['import'] },
];

const word = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value).replaceAll('_', ' ') : '');

/** What happened, after the name of who did it or to whom. */
export function saying({ kind, direction, data }: Activity): string {
  switch (kind) {
    case 'email':
      return direction === 'inbound' ? 'wrote a mail' : data['status'] === 'bounced' ? 'was sent a mail that bounced' : 'was sent a mail';
    case 'sms':
      return direction === 'inbound' ? 'sent a text message' : 'was sent a text message';
    case 'call':
      return direction === 'inbound' ? 'called' : 'was called';
    case 'meeting':
      return data['booking'] === true ? 'has a call with us' : 'met us';
    case 'note':
      return 'has a new note';
    case 'form':
      return 'filled in a form';
    case 'visit':
      return 'visited a page';
    case 'lead_created':
      return data['source'] === undefined || data['source'] === null ? 'is a new lead' : `is a new lead from ${word(data['source'])}`;
    case 'status_changed':
      return `went from ${word(data['from'])} to ${word(data['to'])}`;
    case 'assigned':
      return 'has a new owner';
    case 'lead_deleted':
      return 'is no lead any more';
    case 'score_reached':
      return `came up to grade ${word(data['grade'])} with a score of ${word(data['score'])}`;
    case 'merged':
      return 'was merged with a duplicate';
    case 'unmerged':
      return 'was taken apart again after a merge';
    case 'opted_out':
      return 'wants no more messages';
    case 'opted_in':
      return 'wants messages again';
    case 'import':
      return data['state'] === 'failed' ? 'stopped' : data['state'] === 'done' ? 'was imported' : 'is being imported';
  }
}

/** A second line: the words that were said, or figures. */
export function detail({ kind, text, data }: Activity): string {
  if (kind === 'import') {
    const counts = [
      [data['created'], 'new'],
      [data['merged'], 'merged'],
      [data['opt_outs_kept'], 'opt-outs kept'],
      [data['refused'], 'refused'],
    ] as const;
    return counts
      .filter(([count]) => typeof count === 'number' && count > 0)
      .map(([count, what]) => `${Number(count).toLocaleString('en')} ${what}`)
      .join(', ');
  }
  if (kind === 'score_reached') return Array.isArray(data['reasons']) ? data['reasons'].join(' · ') : '';
  if (kind === 'assigned') return word(data['reason']);
  const subject = typeof data['subject'] === 'string' ? data['subject'] : '';
  // What was written begins with its subject.
  const said = (subject !== '' && text.startsWith(subject) ? text.slice(subject.length) : text).replace(/\s+/g, ' ').trim();
  return [subject, said].filter((part) => part !== '').join(' · ');
}
