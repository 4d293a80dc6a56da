import {
  CalendarCheck, CalendarClock, Clock, FileText, Flag, GitBranch, Globe, HeartPulse, ListTodo, Mail, MessageCircleQuestion, Pencil, Plug, Repeat, Signpost, Siren, Sparkles, Split, SquareFunction, Stamp, Workflow, Zap,
} from 'lucide-react'; // prettier-ignore
import type { ReactNode } from 'react';

const icons: Readonly<Record<string, ReactNode>> = {
  mail: <Mail />,
  sparkles: <Sparkles />,
  'message-circle-question': <MessageCircleQuestion />,
  clock: <Clock />,
  'git-branch': <GitBranch />,
  repeat: <Repeat />,
  signpost: <Signpost />,
  split: <Split />,
  flag: <Flag />,
  workflow: <Workflow />,
  'list-todo': <ListTodo />,
  stamp: <Stamp />,
  pencil: <Pencil />,
  'function-square': <SquareFunction />,
  globe: <Globe />,
  plug: <Plug />,
  'file-text': <FileText />,
  'calendar-clock': <CalendarClock />,
  'calendar-check': <CalendarCheck />,
  'heart-pulse': <HeartPulse />,
  siren: <Siren />,
};

/** The icon that the vocabulary names. */
export function icon(name: string | undefined): ReactNode {
  return icons[name ?? ''] ?? <Zap />;
}
