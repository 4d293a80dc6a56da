import {
  Clock, Flag, GitBranch, Globe, ListTodo, Mail, MessageCircleQuestion, Pencil, Plug, Repeat, Signpost, Sparkles, Split, SquareFunction, Stamp, Workflow, Zap,
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
};

/** The icon that the vocabulary names. */
export function icon(name: string | undefined): ReactNode {
  return icons[name ?? ''] ?? <Zap />;
}
