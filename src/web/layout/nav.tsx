import { Link } from '@tanstack/react-router';
import {
  AlarmClock,
  BriefcaseBusiness,
  Building2,
  CalendarClock,
  ChartColumn,
  ChartSpline,
  Contact,
  DatabaseZap,
  Files,
  FileText,
  Handshake,
  HeartPulse,
  History,
  ListChecks,
  ListFilter,
  MessagesSquare,
  Plug,
  ReceiptText,
  Send,
  Settings,
  Stamp,
  Sun,
  TicketCheck,
  Users,
  Waypoints,
  Workflow,
} from 'lucide-react';

/** The rail, one line a module that exists; a list here is a group there. `keys`: pressed after `g`. */
const rail = [
  [
    { to: '/', label: 'Today', icon: <Sun />, keys: 't' },
    { to: '/conversations', label: 'Conversations', icon: <MessagesSquare />, keys: 'i' },
    { to: '/approvals', label: 'Approvals', icon: <Stamp />, keys: 'v' },
  ],
  [
    { to: '/leads', label: 'Leads', icon: <Users />, keys: 'l' },
    { to: '/deals', label: 'Deals', icon: <Handshake />, keys: 'd' },
    { to: '/pipeline', label: 'Pipeline', icon: <ChartColumn />, keys: 'y' },
    { to: '/insights', label: 'Analytics', icon: <ChartSpline />, keys: 'n' },
    { to: '/people', label: 'People', icon: <Contact />, keys: 'p' },
    { to: '/organisations', label: 'Organisations', icon: <Building2 />, keys: 'r' },
    { to: '/segments', label: 'Segments', icon: <ListFilter />, keys: 'm' },
    { to: '/forms', label: 'Forms', icon: <FileText />, keys: 'f' },
  ],
  [
    { to: '/clients', label: 'Clients', icon: <BriefcaseBusiness />, keys: 'k' },
    { to: '/onboarding', label: 'Onboarding', icon: <ListChecks />, keys: 'j' },
    { to: '/calls', label: 'Calls', icon: <CalendarClock />, keys: 'g' },
    { to: '/invoices', label: 'Invoices', icon: <ReceiptText />, keys: 'b' },
    { to: '/documents', label: 'Documents', icon: <Files />, keys: 'z' },
    { to: '/tickets', label: 'Tickets', icon: <TicketCheck />, keys: 'q' },
  ],
  [
    { to: '/sequences', label: 'Sequences', icon: <Workflow />, keys: 's' },
    { to: '/workflows', label: 'Workflows', icon: <Waypoints />, keys: 'w' },
    { to: '/triggers', label: 'Triggers', icon: <AlarmClock />, keys: 'a' },
    { to: '/runs', label: 'Runs', icon: <History />, keys: 'u' },
    { to: '/outbox', label: 'Outbox', icon: <Send />, keys: 'o' },
    { to: '/reliability', label: 'Reliability', icon: <HeartPulse />, keys: 'h' },
  ],
  [
    { to: '/sources', label: 'Sources', icon: <DatabaseZap />, keys: 'x' },
    { to: '/connections', label: 'Connections', icon: <Plug />, keys: 'c' },
    { to: '/settings', label: 'Settings', icon: <Settings />, keys: 'e' },
  ],
] as const;

export const places = rail.flat();
type Place = (typeof places)[number];

interface NavProps {
  readonly onGo?: () => void;
}

/** What is done every day; it scrolls where the window is low. */
export function Nav(props: NavProps) {
  return <Groups label="Main" groups={rail.slice(0, -1)} {...props} />;
}

/** What is set up once: the last group, always in sight. */
export function NavFoot(props: NavProps) {
  return <Groups label="Set-up" groups={rail.slice(-1)} {...props} />;
}

function Groups({ label, groups, onGo }: NavProps & { label: string; groups: readonly (readonly Place[])[] }) {
  return (
    <nav aria-label={label} className="space-y-4 px-2 lg:space-y-3">
      {groups.map((group) => (
        <div key={group[0]?.to} className="space-y-0.5 lg:space-y-0">
          {group.map((place) => (
            <Line key={place.to} place={place} onGo={onGo} />
          ))}
        </div>
      ))}
    </nav>
  );
}

function Line({ place, onGo }: { place: Place; onGo: (() => void) | undefined }) {
  return (
    <Link
      to={place.to}
      {...(onGo === undefined ? {} : { onClick: onGo })}
      activeOptions={{ exact: place.to === '/' }}
      className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-2 transition-colors hover:bg-hover hover:text-ink lg:h-7 [&_svg]:size-4 [&_svg]:text-ink-3"
      activeProps={{ className: 'bg-hover !text-ink font-medium [&_svg]:!text-ink' }}
    >
      {place.icon}
      {place.label}
    </Link>
  );
}
