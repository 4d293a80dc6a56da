import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useCentred } from '#web/kit/centred.ts';
import { Page } from '#web/kit/page.tsx';
import { useMay } from '#web/kit/session.ts';

/** What belongs together stands together; `role` is the least that may see it. */
const groups = [
  [
    { to: '/settings/me', label: 'Your account', role: 'user' },
    { to: '/settings/notifications', label: 'Notifications', role: 'user' },
  ],
  [
    { to: '/settings/company', label: 'Company', role: 'user' },
    { to: '/settings/brand', label: 'Brand', role: 'user' },
    { to: '/settings/sales', label: 'Sales', role: 'user' },
    { to: '/settings/invoices', label: 'Invoices', role: 'user' },
    { to: '/settings/users', label: 'People here', role: 'manager' },
  ],
  [
    { to: '/settings/sending', label: 'Sending', role: 'user' },
    { to: '/settings/senders', label: 'Senders', role: 'manager' },
    { to: '/settings/deliverability', label: 'Deliverability', role: 'user' },
    { to: '/settings/holidays', label: 'Holidays', role: 'user' },
    { to: '/settings/topics', label: 'Topics', role: 'user' },
    { to: '/settings/templates', label: 'Templates', role: 'user' },
    { to: '/settings/inbound', label: 'Incoming mail', role: 'user' },
    { to: '/settings/tickets', label: 'Tickets', role: 'user' },
    { to: '/settings/suppressions', label: 'Never written to', role: 'user' },
    { to: '/settings/tracking', label: 'Opens and clicks', role: 'user' },
  ],
  [
    { to: '/settings/fields', label: 'Custom fields', role: 'user' },
    { to: '/settings/tags', label: 'Tags', role: 'user' },
    { to: '/settings/score', label: 'Lead score', role: 'user' },
    { to: '/settings/assignment', label: 'Who gets leads', role: 'user' },
    { to: '/settings/retention', label: 'How long kept', role: 'manager' },
  ],
  [
    { to: '/settings/keys', label: 'API keys', role: 'user' },
    { to: '/settings/webhooks', label: 'Webhooks', role: 'manager' },
    { to: '/settings/export', label: 'Export', role: 'manager' },
    { to: '/settings/alerts', label: 'Alerts', role: 'manager' },
    { to: '/settings/audit', label: 'Audit log', role: 'admin' },
    { to: '/settings/health', label: 'Health', role: 'admin' },
    { to: '/settings/backups', label: 'Backups', role: 'admin' },
    { to: '/settings/held', label: 'Held', role: 'manager' },
  ],
] as const;

export function SettingsLayout() {
  const manager = useMay('manager');
  const admin = useMay('admin');
  // On a phone the list is one row: where one is stands in its middle.
  const row = useCentred<HTMLElement>('[aria-current=page]', useLocation().pathname);
  return (
    <Page title="Settings">
      <div className="grid items-start gap-6 lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
        <nav ref={row} aria-label="Settings" className="-mx-1 flex gap-1 overflow-x-auto px-1 lg:sticky lg:top-20 lg:flex-col">
          {groups.map((group) => (
            <div key={group[0].to} className="flex gap-1 lg:flex-col lg:pb-3">
              {group
                .filter(({ role }) => role === 'user' || (role === 'manager' ? manager : admin))
                .map(({ to, label }) => (
                  <Link
                    key={to}
                    to={to}
                    className="flex h-8 items-center rounded-md px-2.5 text-sm whitespace-nowrap text-ink-2 hover:bg-hover hover:text-ink"
                    activeProps={{ className: 'bg-hover !text-ink font-medium' }}
                  >
                    {label}
                  </Link>
                ))}
            </div>
          ))}
        </nav>
        <div className="min-w-0">
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
