import { Link } from '@tanstack/react-router';
import {
  AlarmClock,
  Building2,
  Contact,
  FileText,
  History,
  ListFilter,
  Plug,
  Send,
  Settings,
  Stamp,
  Sun,
  Users,
  Waypoints,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';

/** The rail, one line a module that exists. `keys`: pressed after `g`. */
export const places = [
  { to: '/', label: 'Today', icon: <Sun />, keys: 't' },
  { to: '/leads', label: 'Leads', icon: <Users />, keys: 'l' },
  { to: '/people', label: 'People', icon: <Contact />, keys: 'p' },
  { to: '/segments', label: 'Segments', icon: <ListFilter />, keys: 'm' },
  { to: '/organisations', label: 'Organisations', icon: <Building2 />, keys: 'r' },
  { to: '/sequences', label: 'Sequences', icon: <Workflow />, keys: 's' },
  { to: '/workflows', label: 'Workflows', icon: <Waypoints />, keys: 'w' },
  { to: '/runs', label: 'Runs', icon: <History />, keys: 'u' },
  { to: '/approvals', label: 'Approvals', icon: <Stamp />, keys: 'v' },
  { to: '/triggers', label: 'Triggers', icon: <AlarmClock />, keys: 'a' },
  { to: '/outbox', label: 'Outbox', icon: <Send />, keys: 'o' },
  { to: '/forms', label: 'Forms', icon: <FileText />, keys: 'f' },
  { to: '/connections', label: 'Connections', icon: <Plug />, keys: 'c' },
  { to: '/settings', label: 'Settings', icon: <Settings />, keys: 'e' },
] as const;

export function Nav({ onGo, badge }: { onGo?: () => void; badge?: Partial<Record<string, ReactNode>> }) {
  return (
    <nav aria-label="Main" className="space-y-0.5 px-2">
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          {...(onGo === undefined ? {} : { onClick: onGo })}
          activeOptions={{ exact: place.to === '/' }}
          className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-2 transition-colors hover:bg-hover hover:text-ink lg:h-8 [&_svg]:size-4 [&_svg]:text-ink-3"
          activeProps={{ className: 'bg-hover !text-ink font-medium [&_svg]:!text-ink' }}
        >
          {place.icon}
          <span className="flex-1">{place.label}</span>
          {badge?.[place.to]}
        </Link>
      ))}
    </nav>
  );
}
